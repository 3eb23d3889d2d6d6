"""A run that releases its notices tells the planner now and then how many there are.

Statistics that come a minute later come too late for the first run of a company, whose every join would be planned as if
it had one notice.
"""

from django.db import migrations

from debitora.kit.pg.walls import learns_sizes


class Migration(migrations.Migration):
    dependencies = [("dunning", "0006_who_has_no_recipient")]
    operations = [learns_sizes("dunning", ("notice", "noticeline", "noticeevent"))]
