"""Calls to customers, and words about them that were taken back: appended, never changed."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0009_incoming_mails"),
        ("people", "0009_views_of_calls"),
        ("receivables", "0012_learn_growth"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(default="notice", max_length=20)),
                ("subject_id", models.BigIntegerField()),
                ("outcome", models.CharField(max_length=12)),
                ("promised_on", models.DateField(null=True)),
                ("called_at", models.DateTimeField()),
                ("called_by_id", models.BigIntegerField(null=True)),
                ("called_by_label", models.CharField(max_length=64)),
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
        migrations.CreateModel(
            name="CallUndo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("undone_at", models.DateTimeField()),
                ("undone_by_id", models.BigIntegerField(null=True)),
                ("undone_by_label", models.CharField(max_length=64)),
                (
                    "call",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.call",
                    ),
                ),
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
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["company", "called_at"], name="call_by_day"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["company", "kind", "subject_id", "-id"], name="calls_of_subject"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ("reached", "promised", "not_reached", "wrong_number"))),
                name="call_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "promised"), ("promised_on__isnull", False)),
                    models.Q(models.Q(("outcome", "promised"), _negated=True), ("promised_on", None)),
                    _connector="OR",
                ),
                name="call_promise_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="callundo",
            constraint=models.UniqueConstraint(fields=("company", "call"), name="call_undone_once"),
        ),
        company_table(
            "messaging_call",
            references={"customer_id": "receivables_customer", "wording_id": "trail_wording"},
            append_only=True,
        ),
        company_table("messaging_callundo", references={"call_id": "messaging_call"}, append_only=True),
    ]
