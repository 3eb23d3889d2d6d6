"""Decisions lie by month, and references of what a run writes are looked up once per statement (decisions/0019)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"


def _sql(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / f"{name}.sql").read_text("utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("dunning", "0003_rules_of_assignment"), ("people", "0002_walls")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[_sql("decisions_by_month")],
            state_operations=[
                migrations.AddField(model_name="decision", name="month", field=models.DateField()),
                migrations.RemoveIndex(model_name="decision", name="decision_of_item"),
                migrations.RemoveIndex(model_name="decision", name="decision_of_customer"),
            ],
        ),
        migrations.AlterField(
            model_name="notice",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        _sql("bulk_checks"),
    ]
