"""What people set aside again and again, and proposals of it, which name no customer."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("cash", "0005_exchanged_payments"),
        ("people", "0005_views_of_differences"),
        ("receivables", "0011_discounts_and_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Aside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counterpart", models.CharField(db_collation="C", max_length=140)),
                ("way", models.CharField(max_length=3)),
                ("ignored_for", models.CharField(max_length=20)),
                ("times", models.IntegerField()),
                ("last_on", models.DateField()),
            ],
        ),
        migrations.AddField(
            model_name="proposal",
            name="ignored_for",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="customer",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("customer__isnull", False), ("ignored_for", "")),
                    models.Q(("customer", None), ("parts", []), models.Q(("ignored_for", ""), _negated=True)),
                    _connector="OR",
                ),
                name="proposal_names_a_customer_or_a_reason",
            ),
        ),
        migrations.AddField(
            model_name="aside",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddConstraint(
            model_name="aside",
            constraint=models.UniqueConstraint(
                fields=("company", "counterpart", "way", "ignored_for"), name="aside_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="aside",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("times__gte", 0),
                    ("way__in", ("in", "out")),
                    models.Q(("counterpart", ""), _negated=True),
                    models.Q(("ignored_for", ""), _negated=True),
                ),
                name="aside_says_of_whom_and_why",
            ),
        ),
        company_table("cash_aside"),
    ]
