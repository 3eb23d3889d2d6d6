import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("trail", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("number_key", models.CharField(max_length=60)),
                ("kind", models.CharField(default="unknown", max_length=10)),
                ("language", models.CharField(blank=True, default="", max_length=2)),
                ("salesperson_id", models.BigIntegerField(null=True)),
                ("parked_at", models.DateTimeField(null=True)),
                ("parked_reason", models.CharField(blank=True, default="", max_length=40)),
                ("version", models.IntegerField(default=1)),
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
                    "parent",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("number", models.CharField(max_length=60)),
                ("number_key", models.CharField(max_length=60)),
                ("position", models.CharField(blank=True, default="", max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("issued_on", models.DateField(null=True)),
                ("order_reference", models.CharField(blank=True, default="", max_length=60)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("list_import_id", models.BigIntegerField(null=True)),
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
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("reason", models.CharField(max_length=20)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("placed_by_id", models.BigIntegerField(null=True)),
                ("placed_by_label", models.CharField(max_length=64)),
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trail.wording",
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
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("amount_minor", models.BigIntegerField()),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("list_import_id", models.BigIntegerField(null=True)),
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
                        to="receivables.entry",
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
            name="Allocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=40)),
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
                        to="receivables.allocation",
                    ),
                ),
                (
                    "credit_item",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.item",
                    ),
                ),
                (
                    "debit_item",
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
            name="LevelEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("notice_id", models.BigIntegerField()),
                ("level", models.SmallIntegerField()),
                ("raised", models.SmallIntegerField(default=1)),
                ("effective_on", models.DateField()),
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
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("contact_name", models.CharField(blank=True, default="", max_length=200)),
                ("street", models.CharField(blank=True, default="", max_length=200)),
                ("postcode", models.CharField(blank=True, default="", max_length=20)),
                ("city", models.CharField(blank=True, default="", max_length=120)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("recorded_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
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
        migrations.AddField(
            model_name="customer",
            name="party",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.party",
            ),
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField()),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("list_import_id", models.BigIntegerField(null=True)),
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
            name="HoldRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("released_by_id", models.BigIntegerField(null=True)),
                ("released_by_label", models.CharField(max_length=64)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("company", "hold"), name="hold_released_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemState",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="state",
                        serialize=False,
                        to="receivables.item",
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("raised_minor", models.BigIntegerField()),
                ("open_minor", models.BigIntegerField()),
                ("due_on", models.DateField()),
                ("level", models.SmallIntegerField(default=0)),
                ("last_reminded_on", models.DateField(null=True)),
                ("list_behind", models.BooleanField(default=False)),
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
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["company", "customer"], name="item_by_customer"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["company", "number_key", "id"], name="item_by_number"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("company", "source_id", "customer", "number_key", "position"),
                name="item_identity_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("invoice", "credit", "payment", "charge"))),
                name="item_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_minor__gte", 0), ("kind__in", ("invoice", "charge"))),
                    models.Q(("amount_minor__lte", 0), ("kind__in", ("credit", "payment"))),
                    _connector="OR",
                ),
                name="item_sign_by_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", -1000000000000000), ("amount_minor__lt", 1000000000000000)
                ),
                name="item_amount_in_range",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["company", "customer", "id"], name="hold_of_customer"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("item", None), _negated=True),
                fields=["company", "item", "id"],
                name="hold_of_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        (
                            "clarification",
                            "promise",
                            "complaint",
                            "agreement",
                            "legal",
                            "insolvency",
                            "other",
                        ),
                    )
                ),
                name="hold_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="hold_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor", None),
                    models.Q(("amount_minor__gt", 0), ("item__isnull", False)),
                    _connector="OR",
                ),
                name="hold_amount_needs_item",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["company", "item", "id"], name="entry_of_item"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("list_import_id", None), _negated=True),
                fields=["company", "list_import_id", "id"],
                name="entry_of_import",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("company", "reverses"), name="entry_reversed_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "opened",
                            "corrected",
                            "charged",
                            "paid_per_list",
                            "settled_per_list",
                            "exchange",
                            "written_off",
                        ),
                    )
                ),
                name="entry_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", -1000000000000000), ("amount_minor__lt", 1000000000000000)
                ),
                name="entry_amount_in_range",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["company", "credit_item", "id"], name="allocation_of_credit"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["company", "debit_item", "id"], name="allocation_of_debit"),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                fields=("company", "reverses"), name="allocation_reversed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_minor__gt", 0), ("reverses", None)),
                    models.Q(("amount_minor__lt", 0), ("reverses__isnull", False)),
                    _connector="OR",
                ),
                name="allocation_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("credit_item", models.F("debit_item")), _negated=True),
                name="allocation_joins_two_items",
            ),
        ),
        migrations.AddConstraint(
            model_name="levelevent",
            constraint=models.UniqueConstraint(
                fields=("company", "item", "notice_id", "raised"), name="one_rise_per_notice"
            ),
        ),
        migrations.AddConstraint(
            model_name="levelevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("raised__in", (1, -1))), name="level_moves_by_one"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["company", "salesperson_id", "id"], name="customer_by_salesperson"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(fields=("company", "number_key"), name="customer_number_once"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("business", "consumer", "unknown"))),
                name="customer_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="terms",
            index=models.Index(fields=["company", "item", "id"], name="terms_of_item"),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                condition=models.Q(("open_minor", 0), _negated=True),
                fields=["company", "due_on", "item"],
                name="open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                condition=models.Q(("open_minor", 0), _negated=True),
                fields=["company", "open_minor", "item"],
                name="open_by_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(fields=["company", "customer", "item"], name="state_by_customer"),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                condition=models.Q(("open_minor", 0), _negated=True),
                fields=["company", "source_id", "item"],
                name="open_by_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemstate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("open_minor__gte", 0),
                        ("open_minor__lte", models.F("raised_minor")),
                        ("raised_minor__gte", 0),
                    ),
                    models.Q(
                        ("open_minor__gte", models.F("raised_minor")),
                        ("open_minor__lte", 0),
                        ("raised_minor__lt", 0),
                    ),
                    _connector="OR",
                ),
                name="open_between_zero_and_raised",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemstate",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 0)), name="level_not_negative"
            ),
        ),
    ]
