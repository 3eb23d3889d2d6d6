"""Reference rates that a company adds, and their withdrawal: appended, never changed."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0012_calls"),
        ("people", "0009_views_of_calls"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table_key", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("bp", models.IntegerField()),
                ("known_to", models.DateField()),
                ("source", models.CharField(max_length=200)),
                ("checked_on", models.DateField()),
                ("added_at", models.DateTimeField()),
                ("added_by_id", models.BigIntegerField(null=True)),
                ("added_by_label", models.CharField(max_length=64)),
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
        ),
        migrations.CreateModel(
            name="RateWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField()),
                ("withdrawn_by_id", models.BigIntegerField(null=True)),
                ("withdrawn_by_label", models.CharField(max_length=64)),
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
                    "rate",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.rate",
                    ),
                ),
                (
                    "wording",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("known_to__gte", models.F("valid_from"))),
                name="rate_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("bp__gt", -500), ("bp__lt", 2500)), name="rate_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="rate_has_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="ratewithdrawal",
            constraint=models.UniqueConstraint(fields=("company", "rate"), name="rate_withdrawn_once"),
        ),
        company_table("dunning_rate", append_only=True),
        company_table(
            "dunning_ratewithdrawal",
            references={"rate_id": "dunning_rate", "wording_id": "trail_wording"},
            append_only=True,
        ),
    ]
