"""Piles: letters joined in one PDF for the printing office, and the word that they were posted."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_walls"),
        ("messaging", "0004_sealed_password"),
        ("people", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("duplex", models.BooleanField()),
                ("letters", models.IntegerField()),
                ("pages", models.IntegerField()),
                ("sheets", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_by_label", models.CharField(max_length=64)),
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
                    "document",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.blob",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PileEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("intents", models.JSONField(default=list)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(max_length=64)),
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
                    "pile",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.pile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PileLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("pages", models.IntegerField()),
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
                    "intent",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.intent",
                    ),
                ),
                (
                    "pile",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.pile",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="pile",
            constraint=models.UniqueConstraint(fields=("company", "number"), name="pile_number_once"),
        ),
        migrations.AddConstraint(
            model_name="pile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("letters__gt", 0),
                    ("pages__gte", models.F("letters")),
                    ("sheets__gte", models.F("letters")),
                ),
                name="pile_holds_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="pileevent",
            index=models.Index(fields=["company", "pile", "-id"], name="events_of_pile"),
        ),
        migrations.AddConstraint(
            model_name="pileevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("posted", "taken_back"))), name="pile_event_known"
            ),
        ),
        migrations.AddIndex(
            model_name="pileletter",
            index=models.Index(fields=["company", "intent"], name="pile_of_letter"),
        ),
        migrations.AddConstraint(
            model_name="pileletter",
            constraint=models.UniqueConstraint(
                fields=("company", "pile", "intent"), name="letter_once_in_pile"
            ),
        ),
        migrations.AddConstraint(
            model_name="pileletter",
            constraint=models.UniqueConstraint(
                fields=("company", "pile", "place"), name="one_letter_per_place"
            ),
        ),
        company_table("messaging_pile", references={"document_id": "documents_blob"}, append_only=True),
        company_table(
            "messaging_pileletter",
            references={"pile_id": "messaging_pile", "intent_id": "messaging_intent"},
            append_only=True,
        ),
        company_table("messaging_pileevent", references={"pile_id": "messaging_pile"}, append_only=True),
    ]
