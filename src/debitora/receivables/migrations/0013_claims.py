"""Claims beside the items, and their entries: appended, never changed; a claim's amounts follow from its entries."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_views_of_limitation"),
        ("receivables", "0012_learn_growth"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("notice_id", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("accrued_minor", models.BigIntegerField(default=0)),
                ("waived_minor", models.BigIntegerField(default=0)),
                ("paid_minor", models.BigIntegerField(default=0)),
                ("booked_minor", models.BigIntegerField(default=0)),
                ("until_on", models.DateField(null=True)),
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
                    "item",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClaimEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("minor", models.BigIntegerField()),
                ("notice_id", models.BigIntegerField(null=True)),
                ("until_on", models.DateField(null=True)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(max_length=64)),
                (
                    "claim",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.claim",
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
                (
                    "reverses",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.claimentry",
                    ),
                ),
                (
                    "wording",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["company", "customer", "id"], name="claim_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("item", None), _negated=True),
                fields=("company", "item", "kind"),
                name="claim_once_per_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("notice_id", None), _negated=True),
                fields=("company", "notice_id", "kind"),
                name="claim_once_per_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("item", None), ("kind", "fee"), ("notice_id__isnull", False)),
                    models.Q(
                        ("item__isnull", False), ("kind__in", ("interest", "lump_sum")), ("notice_id", None)
                    ),
                    _connector="OR",
                ),
                name="claim_is_of_notice_or_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "accrued_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("waived_minor"), "+", models.F("paid_minor")
                            ),
                            "+",
                            models.F("booked_minor"),
                        ),
                    ),
                    ("booked_minor__gte", 0),
                    ("paid_minor__gte", 0),
                    ("waived_minor__gte", 0),
                ),
                name="claim_adds_up",
            ),
        ),
        migrations.AddIndex(
            model_name="claimentry",
            index=models.Index(fields=["company", "claim", "id"], name="entry_of_claim"),
        ),
        migrations.AddIndex(
            model_name="claimentry",
            index=models.Index(fields=["company", "notice_id"], name="claim_entry_of_notice"),
        ),
        migrations.AddConstraint(
            model_name="claimentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("notice_id", None), _negated=True),
                fields=("company", "claim", "notice_id", "kind"),
                name="claim_changed_once_per_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses", None), _negated=True),
                fields=("company", "reverses"),
                name="claim_entry_reversed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ("accrued", "returned", "waived", "restored", "paid", "unpaid", "booked", "unbooked"),
                    )
                ),
                name="claim_entry_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("minor__gt", 0)), name="claim_entry_above_zero"
            ),
        ),
        company_table(
            "receivables_claim",
            references={"customer_id": "receivables_customer", "item_id": "receivables_item"},
            keep=True,
        ),
        updated_only(
            "receivables_claim", "accrued_minor", "waived_minor", "paid_minor", "booked_minor", "until_on"
        ),
        company_table(
            "receivables_claimentry",
            references={
                "claim_id": "receivables_claim",
                "reverses_id": "receivables_claimentry",
                "wording_id": "trail_wording",
            },
            append_only=True,
        ),
    ]
