"""What was agreed with customers, walled as company tables; append-only."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_absences"),
        ("receivables", "0020_notes"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("with_whom", models.CharField(blank=True, default="", max_length=120)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("entered_at", models.DateTimeField()),
                ("entered_by_id", models.BigIntegerField(null=True)),
                ("entered_by_label", models.CharField(max_length=64)),
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
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgreementChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("changed_at", models.DateTimeField()),
                ("changed_by_id", models.BigIntegerField(null=True)),
                ("changed_by_label", models.CharField(max_length=64)),
                (
                    "agreement",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.agreement",
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
            model_name="agreement",
            index=models.Index(fields=["company", "customer", "-id"], name="agreement_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["terms", "price", "discount", "delivery", "other"])),
                name="agreement_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="agreement_ends_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementchange",
            constraint=models.UniqueConstraint(
                fields=("company", "agreement", "place"), name="agreement_change_once_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("ended", "resumed"))), name="agreement_change_known"
            ),
        ),
        company_table(
            "receivables_agreement",
            references={"customer_id": "receivables_customer", "wording_id": "trail_wording"},
            append_only=True,
        ),
        company_table(
            "receivables_agreementchange",
            references={"agreement_id": "receivables_agreement"},
            append_only=True,
        ),
    ]
