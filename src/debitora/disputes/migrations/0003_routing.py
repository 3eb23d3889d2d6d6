"""Reasons and rules as versions, and by which rule a case was routed (both append-only); companies may have reasons of their own."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0002_mails"),
        ("people", "0012_views_of_sales"),
        ("receivables", "0019_charges_by_index"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("place", models.SmallIntegerField()),
                ("rule", models.JSONField()),
                ("asked_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RoutingVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("routing", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_by_label", models.CharField(max_length=64)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_reason_known",
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "^[a-z][a-z0-9_-]*$")), name="case_reason_is_a_code"
            ),
        ),
        migrations.AddField(
            model_name="caseroute",
            name="case",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="disputes.case",
            ),
        ),
        migrations.AddField(
            model_name="caseroute",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddField(
            model_name="routingversion",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseroute",
            constraint=models.UniqueConstraint(fields=("company", "case"), name="case_routed_once"),
        ),
        migrations.AddConstraint(
            model_name="caseroute",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__gte", 0), ("version__gte", 0)), name="case_route_counts"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingversion",
            constraint=models.UniqueConstraint(fields=("company", "number"), name="routing_version_once"),
        ),
        migrations.AddConstraint(
            model_name="routingversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="routing_number_counts"
            ),
        ),
        company_table("disputes_routingversion", append_only=True),
        company_table("disputes_caseroute", references={"case_id": "disputes_case"}, append_only=True),
    ]
