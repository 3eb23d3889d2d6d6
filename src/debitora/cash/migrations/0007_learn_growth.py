"""What many bookings at once make grow: the parts of the first ones were checked against each booking."""

from __future__ import annotations

from django.db import migrations

from debitora.kit.pg.walls import learns_growth


class Migration(migrations.Migration):
    """Run as the owner of the tables."""

    dependencies = [("cash", "0006_lines_set_aside")]

    operations = [learns_growth("cash", ("booking", "bookedpart", "entrystate", "proposal"))]
