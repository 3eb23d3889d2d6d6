"""Who gets which strategy: rules for groups of customers, and the choice for a single one."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


def _ref(to: str) -> debitora.kit.pg.fields.Ref:
    return debitora.kit.pg.fields.Ref(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


def _company() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="people.company",
    )


class Migration(migrations.Migration):
    dependencies = [("dunning", "0002_walls"), ("receivables", "0002_walls")]
    operations = [
        migrations.CreateModel(
            name="OwnStrategy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chosen_at", models.DateTimeField()),
                ("chosen_by_id", models.BigIntegerField(null=True)),
                ("chosen_by_label", models.CharField(max_length=64)),
                ("company", _company()),
                ("customer", _ref("receivables.customer")),
                ("strategy", _ref("dunning.strategy")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "customer"), name="own_strategy_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("kind", models.CharField(blank=True, default="", max_length=10)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("language", models.CharField(blank=True, default="", max_length=2)),
                ("salesperson_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_by_label", models.CharField(max_length=64)),
                ("company", _company()),
                ("strategy", _ref("dunning.strategy")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=models.Deferrable.DEFERRED,
                        fields=("company", "place"),
                        name="segment_place_once",
                    ),
                    models.UniqueConstraint(
                        fields=("company", "kind", "country", "language", "salesperson_id"),
                        name="segment_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("", "business", "consumer"))),
                        name="segment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(
                            ("country", ""), ("kind", ""), ("language", ""), ("salesperson_id", None)
                        ),
                        name="segment_narrows",
                    ),
                ],
            },
        ),
        company_table(
            "dunning_ownstrategy",
            references={"customer_id": "receivables_customer", "strategy_id": "dunning_strategy"},
        ),
        company_table("dunning_segment", references={"strategy_id": "dunning_strategy"}),
    ]
