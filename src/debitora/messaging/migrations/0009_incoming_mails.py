"""Mails that come in, and messages that come back; a message is found by its public id."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_walls"), ("messaging", "0008_piledrop"), ("people", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="IncomingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("state", models.CharField(max_length=16)),
                ("reason", models.CharField(blank=True, default="", max_length=20)),
                ("status", models.CharField(blank=True, default="", max_length=12)),
                ("sender", models.CharField(blank=True, default="", max_length=254)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("recipient", models.CharField(blank=True, default="", max_length=254)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("taken_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="intent",
            name="intent_state_known",
        ),
        migrations.AddConstraint(
            model_name="intent",
            constraint=models.UniqueConstraint(fields=("company", "public_id"), name="public_id_once"),
        ),
        migrations.AddConstraint(
            model_name="intent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "queued",
                            "claimed",
                            "data_started",
                            "accepted",
                            "refused_temp",
                            "refused_perm",
                            "uncertain",
                            "stopped",
                            "cancelled",
                            "printed",
                            "returned",
                        ),
                    )
                ),
                name="intent_state_known",
            ),
        ),
        migrations.AddField(
            model_name="incomingmail",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddField(
            model_name="incomingmail",
            name="document",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="documents.blob",
            ),
        ),
        migrations.AddField(
            model_name="incomingmail",
            name="intent",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="messaging.intent",
            ),
        ),
        migrations.AddIndex(
            model_name="incomingmail",
            index=models.Index(fields=["company", "state", "-id"], name="incoming_by_state"),
        ),
        migrations.AddIndex(
            model_name="incomingmail",
            index=models.Index(
                condition=models.Q(("intent__isnull", False)),
                fields=["company", "intent"],
                name="incoming_of_intent",
            ),
        ),
        migrations.AddConstraint(
            model_name="incomingmail",
            constraint=models.UniqueConstraint(fields=("company", "sha256"), name="incoming_taken_once"),
        ),
        migrations.AddConstraint(
            model_name="incomingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "returned",
                            "delayed",
                            "passed",
                            "nothing",
                            "other_recipient",
                            "not_ours",
                            "automatic",
                            "other",
                            "unread",
                        ),
                    )
                ),
                name="incoming_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="incomingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(("document__isnull", False), ("intent__isnull", False)),
                    _connector="OR",
                ),
                name="returned_by_a_kept_mail",
            ),
        ),
        company_table(
            "messaging_incomingmail",
            references={"intent_id": "messaging_intent", "document_id": "documents_blob"},
            keep=True,
        ),
        updated_only("messaging_incomingmail", "sender", "subject", "recipient", "words"),
    ]
