"""What sales is asked before a step, what it answers, and the mails that tell it: appended, never changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0015_claims"),
        ("people", "0011_views_of_cases"),
        ("receivables", "0014_contacts"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="SalesQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("place", models.IntegerField()),
                ("strategy_version_id", models.BigIntegerField()),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("asked_on", models.DateField()),
                ("until_on", models.DateField()),
                ("silence", models.CharField(max_length=10)),
                ("asked_at", models.DateTimeField()),
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
                    "customer",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.customer",
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
        ),
        migrations.CreateModel(
            name="SalesAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=20)),
                ("until_on", models.DateField(null=True)),
                ("answered_on", models.DateField()),
                ("answered_at", models.DateTimeField()),
                ("answered_by_id", models.BigIntegerField(null=True)),
                ("answered_by_label", models.CharField(max_length=64)),
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
                    ),
                ),
                (
                    "question",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.salesquestion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SalesMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("on", models.DateField()),
                ("questions", models.IntegerField()),
                ("told_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("company", "user_id", "on"), name="sales_mail_once_a_day")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="salesquestion",
            constraint=models.UniqueConstraint(
                fields=("company", "customer", "level", "place"), name="sales_question_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("silence__in", ["release", "stop"])), name="sales_silence_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level__gte", 1), ("place__gte", 1), models.Q(("items", []), _negated=True)
                ),
                name="sales_question_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="salesanswer",
            constraint=models.UniqueConstraint(
                fields=("company", "question", "place"), name="sales_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("released", "stopped", "undone"))), name="sales_answer_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "stopped"),
                        ("until_on__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("kind", "stopped"), _negated=True),
                        ("reason", ""),
                        ("until_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="sales_stop_has_day_and_reason",
            ),
        ),
        company_table(
            "dunning_salesquestion",
            references={
                "customer_id": "receivables_customer",
                "run_id": "dunning_run",
                "strategy_version_id": "dunning_strategyversion",
            },
            append_only=True,
        ),
        company_table(
            "dunning_salesanswer",
            references={"question_id": "dunning_salesquestion", "wording_id": "trail_wording"},
            append_only=True,
        ),
        company_table("dunning_salesmail", append_only=True),
    ]
