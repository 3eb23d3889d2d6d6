"""Opt-outs: an address wants no more messages that may be declined; append-only. And what a message to many is for."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0018_mailbox"),
        ("people", "0015_views_of_segments"),
        ("receivables", "0020_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="OptOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.CharField(max_length=254)),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("recorded_by_label", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="segmentreceiver",
            name="segment_outcome_known",
        ),
        migrations.AddField(
            model_name="segment",
            name="purpose",
            field=models.CharField(default="optional", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ("optional", "contract"))), name="segment_purpose_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="segmentreceiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        (
                            "waiting",
                            "queued",
                            "no_address",
                            "dead_address",
                            "opted_out",
                            "parked",
                            "contacted",
                            "no_text",
                        ),
                    )
                ),
                name="segment_outcome_known",
            ),
        ),
        migrations.AddField(
            model_name="optout",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddField(
            model_name="optout",
            name="customer",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.customer",
            ),
        ),
        migrations.AddField(
            model_name="optout",
            name="receiver",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="messaging.segmentreceiver",
            ),
        ),
        migrations.AddIndex(
            model_name="optout",
            index=models.Index(fields=["company", "customer", "-id"], name="opt_out_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="optout",
            constraint=models.UniqueConstraint(
                fields=("company", "email", "place"), name="opt_out_once_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="optout",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("given", "withdrawn"))), name="opt_out_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="optout",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), _negated=True), name="opt_out_names_an_address"
            ),
        ),
        company_table(
            "messaging_optout",
            references={"receiver_id": "messaging_segmentreceiver", "customer_id": "receivables_customer"},
            append_only=True,
        ),
        updated_only(
            "messaging_segment", "name", "quiet_days", "purpose", "state", "started_by_label", "started_at"
        ),
    ]
