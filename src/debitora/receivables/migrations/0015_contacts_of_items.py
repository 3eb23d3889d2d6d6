"""Whom items name as the customer's contact; of those a customer may have many, one per address."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_views_of_cases"),
        ("receivables", "0014_contacts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="contact",
            name="one_contact_per_role",
        ),
        migrations.RemoveConstraint(
            model_name="contact",
            name="contact_role_known",
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), models.Q(("role", "invoices"), _negated=True)),
                fields=("company", "customer", "role"),
                name="one_contact_per_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                models.F("company"),
                models.F("customer"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("ended_at", None), ("role", "invoices")),
                name="one_contact_per_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ("payables", "management", "signer", "invoices"))),
                name="contact_role_known",
            ),
        ),
        migrations.AddField(
            model_name="itemcontact",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddField(
            model_name="itemcontact",
            name="contact",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.contact",
            ),
        ),
        migrations.AddField(
            model_name="itemcontact",
            name="item",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.item",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemcontact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("company", "item"),
                name="one_contact_per_item",
            ),
        ),
        company_table(
            "receivables_itemcontact",
            references={"item_id": "receivables_item", "contact_id": "receivables_contact"},
            keep=True,
        ),
        updated_only("receivables_itemcontact", "ended_at"),
    ]
