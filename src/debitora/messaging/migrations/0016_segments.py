"""Segment messages: one text to many customers; whom it reaches is fixed once, and only its way is written on."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0015_inbox"),
        ("people", "0012_views_of_sales"),
        ("receivables", "0019_charges_by_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(blank=True, default="", max_length=2000)),
                ("quiet_days", models.SmallIntegerField(default=7)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("created_by_label", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("started_by_label", models.CharField(blank=True, default="", max_length=64)),
                ("started_at", models.DateTimeField(null=True)),
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
            name="SegmentReceiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outcome", models.CharField(default="waiting", max_length=12)),
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
                    "intent",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.intent",
                    ),
                ),
                (
                    "segment",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.segment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SegmentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
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
                    "segment",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.segment",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("draft", "sending", "sent", "cancelled"))),
                name="segment_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(("quiet_days__gte", 0), ("quiet_days__lte", 365)),
                name="segment_quiet_days_usual",
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("started_at", None), ("state", "draft")),
                    models.Q(models.Q(("state", "draft"), _negated=True), ("started_at__isnull", False)),
                    _connector="OR",
                ),
                name="segment_started_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="segmentreceiver",
            index=models.Index(fields=["company", "segment", "outcome", "id"], name="receivers_by_outcome"),
        ),
        migrations.AddConstraint(
            model_name="segmentreceiver",
            constraint=models.UniqueConstraint(
                fields=("company", "segment", "customer"), name="segment_reaches_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="segmentreceiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ("waiting", "queued", "no_address", "dead_address", "parked", "contacted", "no_text"),
                    )
                ),
                name="segment_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="segmentreceiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("intent__isnull", False), ("outcome", "queued")),
                    models.Q(models.Q(("outcome", "queued"), _negated=True), ("intent", None)),
                    _connector="OR",
                ),
                name="segment_queued_has_intent",
            ),
        ),
        migrations.AddConstraint(
            model_name="segmenttext",
            constraint=models.UniqueConstraint(
                fields=("company", "segment", "language"), name="segment_text_once"
            ),
        ),
        company_table("messaging_segment", keep=True),
        company_table("messaging_segmenttext", references={"segment_id": "messaging_segment"}),
        company_table(
            "messaging_segmentreceiver",
            references={
                "segment_id": "messaging_segment",
                "customer_id": "receivables_customer",
                "intent_id": "messaging_intent",
            },
            keep=True,
        ),
        updated_only("messaging_segment", "name", "quiet_days", "state", "started_by_label", "started_at"),
        updated_only("messaging_segmentreceiver", "outcome", "intent_id"),
    ]
