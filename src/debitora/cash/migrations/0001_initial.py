import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0002_walls"),
        ("people", "0003_saved_views_and_read_marks"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("booked_on", models.DateField()),
                ("valued_on", models.DateField(null=True)),
                ("minor", models.BigIntegerField()),
                ("fingerprint", models.CharField(db_collation="C", max_length=32)),
                ("occurrence", models.IntegerField()),
                ("code", models.CharField(blank=True, default="", max_length=40)),
                ("reversal", models.BooleanField(default=False)),
                ("return_reason", models.CharField(blank=True, default="", max_length=10)),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("original_minor", models.BigIntegerField(default=0)),
                ("original_currency", models.CharField(blank=True, default="", max_length=3)),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.CharField(db_collation="C", max_length=34)),
                ("currency", models.CharField(max_length=3)),
                ("name", models.CharField(blank=True, default="", max_length=80)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("opened_on", models.DateField(null=True)),
                ("opening_minor", models.BigIntegerField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("closing_minor", models.BigIntegerField(null=True)),
                ("added_at", models.DateTimeField()),
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
            name="EntryWords",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="cash.bankentry",
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=140)),
                ("account", models.CharField(blank=True, default="", max_length=40)),
                ("bank", models.CharField(blank=True, default="", max_length=40)),
                ("text", models.TextField(blank=True, default="")),
                ("reference", models.CharField(blank=True, default="", max_length=40)),
                ("end_to_end", models.CharField(blank=True, default="", max_length=70)),
                ("mandate", models.CharField(blank=True, default="", max_length=40)),
                ("bank_reference", models.CharField(blank=True, default="", max_length=70)),
                ("batch", models.CharField(blank=True, default="", max_length=70)),
            ],
        ),
        migrations.AddField(
            model_name="bankentry",
            name="account",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cash.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="bankentry",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("format", models.CharField(blank=True, default="", max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("statement_count", models.IntegerField(default=0)),
                ("line_count", models.IntegerField(default=0)),
                ("taken_at", models.DateTimeField()),
                ("taken_by_label", models.CharField(max_length=64)),
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
                    "upload",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.upload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("number", models.CharField(blank=True, default="", max_length=40)),
                ("reach", models.CharField(max_length=10)),
                ("opened_on", models.DateField(null=True)),
                ("opening_minor", models.BigIntegerField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("closing_minor", models.BigIntegerField(null=True)),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("line_count", models.IntegerField()),
                ("moved_minor", models.BigIntegerField()),
                ("new_count", models.IntegerField(default=0)),
                ("state", models.CharField(default="held", max_length=10)),
                ("held_for", models.CharField(blank=True, default="", max_length=10)),
                ("missing_minor", models.BigIntegerField(default=0)),
                ("applied_at", models.DateTimeField(null=True)),
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
                (
                    "file",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.bankfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minor", models.BigIntegerField()),
                ("wording_id", models.BigIntegerField(null=True)),
                ("accepted_at", models.DateTimeField()),
                ("accepted_by_label", models.CharField(max_length=64)),
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
                (
                    "statement",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.statement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.IntegerField()),
                ("answer", models.CharField(blank=True, default="", max_length=4)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by_label", models.CharField(blank=True, default="", max_length=64)),
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
                    "statement",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.statement",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="bankentry",
            name="statement",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cash.statement",
            ),
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weight", models.CharField(max_length=10)),
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
                    "statement",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cash.statement",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(
                fields=("company", "account", "currency"), name="bank_account_once"
            ),
        ),
        migrations.AddField(
            model_name="entrywords",
            name="company",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("company", "sha256"),
                name="bank_file_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("taken", "refused"))), name="bank_file_state_known"
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                fields=["company", "account", "-closed_on", "-id"], name="statement_by_account"
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["company", "account", "id"],
                name="statement_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                fields=("company", "file", "place"), name="statement_of_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("held", "applied", "known"))), name="statement_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_for__in", ("", "account", "faults", "difference", "gap", "doubt"))),
                name="statement_held_for_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), models.Q(("held_for", ""), _negated=True)),
                    models.Q(models.Q(("state", "held"), _negated=True), ("held_for", "")),
                    _connector="OR",
                ),
                name="statement_held_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="doubt",
            constraint=models.UniqueConstraint(
                fields=("company", "statement", "line"), name="doubt_of_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="doubt",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ("", "same", "new"))), name="doubt_answer_known"
            ),
        ),
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(fields=["company", "account", "booked_on", "id"], name="entry_by_day"),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.UniqueConstraint(
                fields=("company", "account", "booked_on", "fingerprint", "occurrence"),
                name="bank_entry_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minor__gt", -1000000000000000),
                    ("minor__lt", 1000000000000000),
                    models.Q(("minor", 0), _negated=True),
                ),
                name="bank_entry_in_range",
            ),
        ),
        migrations.AddIndex(
            model_name="telling",
            index=models.Index(fields=["company", "entry", "weight"], name="telling_of_entry"),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.UniqueConstraint(
                fields=("company", "statement", "entry"), name="told_once_by_statement"
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__in", ("announced", "final", "proven"))),
                name="telling_weight_known",
            ),
        ),
    ]
