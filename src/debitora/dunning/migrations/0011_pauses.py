"""Pauses of groups of customers, and their lifting: appended, never changed."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0010_decided_by_notices"),
        ("people", "0008_views_of_limitation"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(blank=True, default="", max_length=10)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("language", models.CharField(blank=True, default="", max_length=2)),
                ("salesperson_id", models.BigIntegerField(null=True)),
                ("instead", models.CharField(blank=True, default="", max_length=10)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("placed_at", models.DateTimeField()),
                ("placed_by_id", models.BigIntegerField(null=True)),
                ("placed_by_label", models.CharField(max_length=64)),
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
                    "wording",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PauseLift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lifted_at", models.DateTimeField()),
                ("lifted_by_id", models.BigIntegerField(null=True)),
                ("lifted_by_label", models.CharField(max_length=64)),
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
                    "pause",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.pause",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("", "business", "consumer"))), name="pause_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("country", ""), ("kind", ""), ("language", ""), ("salesperson_id", None), _negated=True
                ),
                name="pause_narrows",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("instead__in", ("", "call"))), name="pause_instead_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__gte", models.F("from_on"))), name="pause_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="pauselift",
            constraint=models.UniqueConstraint(fields=("company", "pause"), name="pause_lifted_once"),
        ),
        company_table("dunning_pause", references={"wording_id": "trail_wording"}, append_only=True),
        company_table("dunning_pauselift", references={"pause_id": "dunning_pause"}, append_only=True),
    ]
