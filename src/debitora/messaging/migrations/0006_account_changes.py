"""Changes of the bank account that letters name: proposed by one person, confirmed by another."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0005_piles"),
        ("people", "0003_saved_views_and_read_marks"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, default="", max_length=11)),
                ("bank", models.CharField(blank=True, default="", max_length=120)),
                ("old_iban", models.CharField(max_length=34)),
                ("old_bic", models.CharField(blank=True, default="", max_length=11)),
                ("proposed_by_id", models.BigIntegerField(null=True)),
                ("proposed_by_label", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField()),
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
            name="AccountChangeEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("ended_by_id", models.BigIntegerField(null=True)),
                ("ended_by_label", models.CharField(max_length=64)),
                ("ended_at", models.DateTimeField()),
                (
                    "change",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="messaging.accountchange",
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
            model_name="accountchange",
            index=models.Index(fields=["company", "-id"], name="account_changes"),
        ),
        migrations.AddConstraint(
            model_name="accountchangeend",
            constraint=models.UniqueConstraint(fields=("company", "change"), name="account_change_ends_once"),
        ),
        migrations.AddConstraint(
            model_name="accountchangeend",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("confirmed", "withdrawn", "replaced"))),
                name="account_change_end_known",
            ),
        ),
        company_table("messaging_accountchange", append_only=True),
        company_table(
            "messaging_accountchangeend",
            references={"change_id": "messaging_accountchange"},
            append_only=True,
        ),
    ]
