"""Consent to invoices by e-mail, answered by the link of a message: append-only."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0016_segments"),
        ("people", "0013_views_of_inbox"),
        ("receivables", "0020_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("email", models.CharField(max_length=254)),
                ("recorded_at", models.DateTimeField()),
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
                    "receiver",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.segmentreceiver",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["company", "customer", "-id"], name="consent_of_customer")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "receiver", "place"), name="consent_once_per_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("given", "withdrawn"))), name="consent_kind_known"
                    ),
                ],
            },
        ),
        company_table(
            "messaging_consent",
            references={"receiver_id": "messaging_segmentreceiver", "customer_id": "receivables_customer"},
            append_only=True,
        ),
    ]
