"""Piles on their way into the folder of a letter service."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0007_letterhead"),
        ("people", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="PileDrop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=80)),
                ("intents", models.JSONField()),
                ("state", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                ("claimed_at", models.DateTimeField()),
                ("state_at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(max_length=64)),
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
            options={
                "indexes": [models.Index(fields=["company", "pile", "-id"], name="drops_of_pile")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "failed"), _negated=True),
                        fields=("company", "pile"),
                        name="pile_dropped_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("claimed", "started", "handed", "failed", "uncertain"))
                        ),
                        name="pile_drop_known",
                    ),
                ],
            },
        ),
        company_table("messaging_piledrop", references={"pile_id": "messaging_pile"}, keep=True),
    ]
