"""How runs come (append-only, the newest counts), how far they have read the record, and which runs are follow-ups."""

import django.db.models.deletion
from django.db import migrations, models

from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0017_enclosures"),
        ("people", "0011_views_of_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="follow_up",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Rhythm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mode", models.CharField(max_length=10)),
                ("begins", models.SmallIntegerField()),
                ("ends", models.SmallIntegerField()),
                ("chosen_at", models.DateTimeField()),
                ("chosen_by_id", models.BigIntegerField(null=True)),
                ("chosen_by_label", models.CharField(max_length=64)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ("hand", "daily", "continuous"))),
                        name="rhythm_mode_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begins__gte", 0), ("ends__lte", 24), ("begins__lt", models.F("ends"))
                        ),
                        name="rhythm_hours_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.BigIntegerField()),
                ("looked_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("company",), name="one_watch_per_company")],
            },
        ),
        company_table("dunning_rhythm", append_only=True),
        company_table("dunning_watch", keep=True),
        updated_only("dunning_watch", "sequence", "looked_at"),
    ]
