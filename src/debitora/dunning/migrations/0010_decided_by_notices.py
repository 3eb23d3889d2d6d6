"""What a notice asks for is decided by its line, and has no row of its own beside it (docs/decisions/0035)."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql" / "decided_by_notices.sql"


class Migration(migrations.Migration):
    dependencies = [("dunning", "0009_notices_come_back")]
    operations = [
        migrations.AddField(
            model_name="notice",
            name="line_days_overdue",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="line_held_minor",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), null=True, size=None
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SQL.read_text("utf-8"), migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterModelOptions(name="decision", options={"managed": False}),
                migrations.AlterModelTable(name="decision", table="dunning_decided"),
            ],
        ),
    ]
