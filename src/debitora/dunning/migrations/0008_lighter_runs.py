"""A run writes less: its steps once, lines within their notices; references are checked in the ledger's order (0022)."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table

SQL = Path(__file__).parent.parent / "sql"
LINES = {
    "line_items": models.BigIntegerField,
    "line_kinds": models.SmallIntegerField,
    "line_open_minor": models.BigIntegerField,
    "line_levels_from": models.SmallIntegerField,
    "line_levels_to": models.SmallIntegerField,
}


class Migration(migrations.Migration):
    dependencies = [("dunning", "0007_learn_sizes")]
    operations = [
        migrations.CreateModel(
            name="RunStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("strategy_version_id", models.BigIntegerField()),
                ("level", models.SmallIntegerField()),
                ("step", models.JSONField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "run",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "run", "strategy_version_id", "level"), name="one_step_per_run"
                    )
                ],
            },
        ),
        company_table(
            "dunning_runstep",
            references={"run_id": "dunning_run", "strategy_version_id": "dunning_strategyversion"},
            append_only=True,
        ),
        migrations.RunSQL((SQL / "steps_of_runs.sql").read_text("utf-8"), migrations.RunSQL.noop),
        migrations.RemoveField(model_name="notice", name="step"),
        *(
            migrations.AddField(
                model_name="notice",
                name=name,
                field=django.contrib.postgres.fields.ArrayField(base_field=kind(), default=list, size=None),
            )
            for name, kind in LINES.items()
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL((SQL / "lines_in_notices.sql").read_text("utf-8"), migrations.RunSQL.noop)
            ],
            state_operations=[
                migrations.DeleteModel("NoticeLine"),
                migrations.CreateModel(
                    name="NoticeLine",
                    fields=[
                        ("notice_id", models.BigIntegerField()),
                        ("item_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("kind", models.CharField(max_length=10)),
                        ("open_minor", models.BigIntegerField()),
                        ("level_from", models.SmallIntegerField()),
                        ("level_to", models.SmallIntegerField()),
                    ],
                    options={"managed": False},
                ),
            ],
        ),
        migrations.RunSQL((SQL / "references_in_order.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
