import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cash", "0002_walls"),
        ("people", "0003_saved_views_and_read_marks"),
        ("receivables", "0011_discounts_and_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("minor", models.BigIntegerField()),
                ("ignored_for", models.CharField(blank=True, default="", max_length=20)),
                ("wording_id", models.BigIntegerField(null=True)),
                ("origin", models.CharField(max_length=10)),
                ("confidence", models.SmallIntegerField(null=True)),
                ("proposal", models.JSONField(default=dict)),
                ("booked_at", models.DateTimeField()),
                ("booked_by_label", models.CharField(max_length=64)),
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.customer",
                    ),
                ),
                (
                    "entry",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.bankentry",
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
                (
                    "reverses",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.booking",
                    ),
                ),
                (
                    "third_party",
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
            name="BookedPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("minor", models.BigIntegerField()),
                ("ledger_entry_id", models.BigIntegerField(null=True)),
                (
                    "allocation",
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
                (
                    "booking",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.booking",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntryState",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="state",
                        serialize=False,
                        to="cash.bankentry",
                    ),
                ),
                ("booked_on", models.DateField()),
                ("minor", models.BigIntegerField()),
                ("open_minor", models.BigIntegerField()),
                ("confidence", models.SmallIntegerField(null=True)),
                (
                    "account",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.bankaccount",
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
        migrations.CreateModel(
            name="Habit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("times", models.IntegerField()),
                ("last_on", models.DateField()),
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
            name="MatchPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_itself", models.BooleanField(default=True)),
                ("care", models.IntegerField(default=1000)),
                ("most_minor", models.BigIntegerField(null=True)),
                ("discount_bp", models.SmallIntegerField(default=0)),
                ("discount_days", models.SmallIntegerField(default=0)),
                ("grace_days", models.SmallIntegerField(default=0)),
                ("write_off_minor", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
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
            ],
        ),
        migrations.CreateModel(
            name="Payer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(db_collation="C", max_length=40)),
                ("times", models.IntegerField()),
                ("last_on", models.DateField()),
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
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("confidence", models.SmallIntegerField()),
                ("parts", models.JSONField()),
                ("evidence", models.JSONField()),
                ("pattern", models.CharField(db_collation="C", max_length=80)),
                ("made_at", models.DateTimeField()),
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
                    "entry",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.bankentry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pattern", models.CharField(db_collation="C", max_length=80)),
                ("right", models.IntegerField(default=0)),
                ("wrong", models.IntegerField(default=0)),
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
            model_name="booking",
            index=models.Index(fields=["company", "entry", "id"], name="booking_of_entry"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("item", None), _negated=True),
                fields=["company", "item"],
                name="booking_of_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(fields=("company", "reverses"), name="booking_reversed_once"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("payment", "returned", "refunded", "ignored"))),
                name="booking_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ("sure", "proposal", "by_hand"))),
                name="booking_origin_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("minor", 0), _negated=True), name="booking_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("customer", None),
                        ("item", None),
                        ("kind", "ignored"),
                        models.Q(("ignored_for", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("kind", "ignored"), _negated=True),
                        ("customer__isnull", False),
                        ("ignored_for", ""),
                        ("item__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="booking_names_what_it_is",
            ),
        ),
        migrations.AddIndex(
            model_name="bookedpart",
            index=models.Index(fields=["company", "booking", "id"], name="part_of_booking"),
        ),
        migrations.AddIndex(
            model_name="bookedpart",
            index=models.Index(fields=["company", "item", "id"], name="part_of_item"),
        ),
        migrations.AddConstraint(
            model_name="bookedpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("allocated", "discount", "written_off", "returned", "refunded"))
                ),
                name="part_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookedpart",
            constraint=models.CheckConstraint(condition=models.Q(("minor__gt", 0)), name="part_above_zero"),
        ),
        migrations.AddIndex(
            model_name="entrystate",
            index=models.Index(
                condition=models.Q(("open_minor", 0), _negated=True),
                fields=["company", "booked_on", "entry"],
                name="entry_open_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="entrystate",
            index=models.Index(
                condition=models.Q(("open_minor", 0), _negated=True),
                fields=["company", "confidence", "entry"],
                name="entry_open_by_sureness",
            ),
        ),
        migrations.AddConstraint(
            model_name="entrystate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("minor__gt", 0), ("open_minor__gte", 0), ("open_minor__lte", models.F("minor"))
                    ),
                    models.Q(
                        ("minor__lt", 0), ("open_minor__gte", models.F("minor")), ("open_minor__lte", 0)
                    ),
                    _connector="OR",
                ),
                name="entry_open_between_zero_and_minor",
            ),
        ),
        migrations.AddConstraint(
            model_name="habit",
            constraint=models.UniqueConstraint(fields=("company", "customer", "kind"), name="habit_once"),
        ),
        migrations.AddConstraint(
            model_name="habit",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__gte", 0)), name="habit_times_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="matchpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("care__gte", 1),
                    ("discount_bp__gte", 0),
                    ("discount_bp__lte", 2000),
                    ("discount_days__gte", 0),
                    ("grace_days__gte", 0),
                    ("write_off_minor__gte", 0),
                ),
                name="match_policy_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="payer",
            constraint=models.UniqueConstraint(fields=("company", "account", "customer"), name="payer_once"),
        ),
        migrations.AddConstraint(
            model_name="payer",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__gte", 0)), name="payer_times_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                fields=("company", "entry", "rank"), name="proposal_ranked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__gte", 0), ("confidence__lte", 10000)),
                name="proposal_confidence_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("company", "pattern"), name="tally_once"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.CheckConstraint(
                condition=models.Q(("right__gte", 0), ("wrong__gte", 0)), name="tally_not_negative"
            ),
        ),
    ]
