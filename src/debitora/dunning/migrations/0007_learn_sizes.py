"""A run that releases its notices tells the planner now and then how many there are."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("dunning", "0006_who_has_no_recipient")]
    operations = [
        migrations.RunSQL((SQL / "learn_sizes.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
