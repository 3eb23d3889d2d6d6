"""Cases with their items, steps and holds, append-only; and their state, which follows."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0011_views_of_cases"),
        ("receivables", "0013_claims"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(max_length=20)),
                ("opened_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by_id", models.BigIntegerField(null=True)),
                ("opened_by_label", models.CharField(max_length=64)),
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
                    "wording",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("claimed_minor", models.BigIntegerField()),
                (
                    "case",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disputes.case",
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
                    "item",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("assignee_id", models.BigIntegerField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
                ("until_on", models.DateField(null=True)),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("done_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("done_by_id", models.BigIntegerField(null=True)),
                ("done_by_label", models.CharField(max_length=64)),
                (
                    "case",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disputes.case",
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
        migrations.CreateModel(
            name="CaseHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "case",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disputes.case",
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
                    "hold",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.hold",
                    ),
                ),
                (
                    "item",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
                (
                    "step",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="disputes.casestep",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseState",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="state",
                        serialize=False,
                        to="disputes.case",
                    ),
                ),
                ("state", models.CharField(max_length=10)),
                ("assignee_id", models.BigIntegerField(null=True)),
                ("due_on", models.DateField()),
                ("amount_minor", models.BigIntegerField()),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
                ("until_on", models.DateField(null=True)),
                ("last_step_at", models.DateTimeField()),
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
            ],
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        (
                            "price",
                            "quantity",
                            "quality",
                            "delivery",
                            "missing_order",
                            "duplicate",
                            "already_paid",
                            "special_deal",
                            "insolvency",
                            "other",
                        ),
                    )
                ),
                name="case_reason_known",
            ),
        ),
        migrations.AddIndex(
            model_name="caseitem",
            index=models.Index(fields=["company", "item", "case"], name="case_of_item"),
        ),
        migrations.AddConstraint(
            model_name="caseitem",
            constraint=models.UniqueConstraint(
                fields=("company", "case", "item"), name="item_once_in_a_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("claimed_minor__gt", 0)), name="case_item_disputes_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor", None), ("amount_minor", models.F("claimed_minor")), _connector="OR"
                ),
                name="case_item_amount_is_claimed",
            ),
        ),
        migrations.AddIndex(
            model_name="casestep",
            index=models.Index(fields=["company", "case", "id"], name="step_of_case"),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("opened", "assigned", "answered", "moved", "closed", "reopened"))
                ),
                name="case_step_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("answered", "closed")),
                        (
                            "outcome__in",
                            (
                                "valid",
                                "credit_expected",
                                "new_due_date",
                                "promised",
                                "already_paid",
                                "write_off_proposed",
                            ),
                        ),
                    ),
                    models.Q(
                        models.Q(("kind__in", ("answered", "closed")), _negated=True),
                        ("amount_minor", None),
                        ("outcome", ""),
                        ("until_on", None),
                    ),
                    _connector="OR",
                ),
                name="case_outcome_by_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "opened")), fields=("company", "case"), name="case_opened_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="casestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on", None), ("until_on__gte", models.F("done_on")), _connector="OR"
                ),
                name="case_outcome_ahead",
            ),
        ),
        migrations.AddIndex(
            model_name="casehold",
            index=models.Index(fields=["company", "case", "item", "id"], name="hold_of_case"),
        ),
        migrations.AddConstraint(
            model_name="casehold",
            constraint=models.UniqueConstraint(fields=("company", "hold"), name="hold_of_one_case"),
        ),
        migrations.AddIndex(
            model_name="casestate",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["company", "due_on", "case"],
                name="case_pending_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="casestate",
            index=models.Index(fields=["company", "assignee_id", "due_on", "case"], name="case_by_assignee"),
        ),
        migrations.AddIndex(
            model_name="casestate",
            index=models.Index(fields=["company", "customer", "case"], name="case_by_customer"),
        ),
        migrations.AddConstraint(
            model_name="casestate",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "answered", "closed"))), name="case_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="casestate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        (
                            "",
                            "valid",
                            "credit_expected",
                            "new_due_date",
                            "promised",
                            "already_paid",
                            "write_off_proposed",
                        ),
                    )
                ),
                name="case_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="casestate",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="case_amount_above_zero"
            ),
        ),
        company_table(
            "disputes_case",
            references={"customer_id": "receivables_customer", "wording_id": "trail_wording"},
            append_only=True,
        ),
        company_table(
            "disputes_caseitem",
            references={"case_id": "disputes_case", "item_id": "receivables_item"},
            append_only=True,
        ),
        company_table(
            "disputes_casestep",
            references={"case_id": "disputes_case", "wording_id": "trail_wording"},
            append_only=True,
        ),
        company_table(
            "disputes_casehold",
            references={
                "case_id": "disputes_case",
                "item_id": "receivables_item",
                "step_id": "disputes_casestep",
                "hold_id": "receivables_hold",
            },
            append_only=True,
        ),
        company_table(
            "disputes_casestate",
            references={"case_id": "disputes_case", "customer_id": "receivables_customer"},
            key="case_id",
            keep=True,
        ),
        updated_only(
            "disputes_casestate", "state", "assignee_id", "due_on", "outcome", "until_on", "last_step_at"
        ),
    ]
