import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("people", "0001_initial"),
        ("receivables", "0001_initial"),
        ("trail", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("schedule", models.CharField(max_length=20)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("data_as_of", models.DateTimeField()),
                ("overdue_items", models.BigIntegerField()),
                ("counts", models.JSONField(default=dict)),
                ("notice_count", models.BigIntegerField(default=0)),
                ("digest", models.BinaryField()),
                ("stopped_by_bound", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_label", models.CharField(max_length=64)),
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
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("group_key", models.CharField(max_length=60)),
                ("number", models.CharField(max_length=30)),
                ("currency", models.CharField(max_length=3)),
                ("level", models.SmallIntegerField()),
                ("due_minor", models.BigIntegerField()),
                ("also_open_minor", models.BigIntegerField()),
                ("credit_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("total_minor", models.BigIntegerField()),
                ("item_count", models.IntegerField()),
                ("strategy_version_id", models.BigIntegerField()),
                ("step", models.JSONField()),
                ("created_at", models.DateTimeField()),
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
                    "run",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("item_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("customer_id", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.SmallIntegerField()),
                ("level_before", models.SmallIntegerField()),
                ("level_to", models.SmallIntegerField()),
                ("days_overdue", models.IntegerField()),
                ("open_minor", models.BigIntegerField()),
                ("held_minor", models.BigIntegerField()),
                ("strategy_version_id", models.BigIntegerField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "run",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RunApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("approved_by_id", models.BigIntegerField(null=True)),
                ("approved_by_label", models.CharField(max_length=64)),
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
                    "run",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RunDiscard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("discarded_by_id", models.BigIntegerField(null=True)),
                ("discarded_by_label", models.CharField(max_length=64)),
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
                    "run",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.run",
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
            name="Strategy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
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
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("customer_kind", models.CharField(max_length=10)),
                ("assigned_at", models.DateTimeField()),
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
                    "strategy",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.strategy",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StrategyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("policy", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
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
                (
                    "strategy",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.strategy",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoticeEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("deadline_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_label", models.CharField(max_length=64)),
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
                    "document",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.blob",
                    ),
                ),
                (
                    "notice",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="dunning.notice",
                    ),
                ),
                (
                    "party",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.party",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["company", "notice", "id"], name="event_of_notice")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "withheld",
                                    "reinstated",
                                    "no_recipient",
                                    "rendered",
                                    "render_failed",
                                    "accepted",
                                    "printed",
                                    "stopped",
                                    "refused",
                                    "cancelled",
                                    "ground_withdrawn",
                                ),
                            )
                        ),
                        name="notice_event_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeLine",
            fields=[
                ("notice_id", models.BigIntegerField()),
                ("item_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("open_minor", models.BigIntegerField()),
                ("level_from", models.SmallIntegerField()),
                ("level_to", models.SmallIntegerField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.company",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["company", "item_id"], name="notice_line_of_item")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("due", "also_open", "credit", "upcoming"))),
                        name="notice_line_kind_known",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["company", "-on", "-id"], name="run_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "discarded"), _negated=True),
                fields=("company", "schedule", "on"),
                name="one_run_per_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("proposed", "approved", "released", "discarded"))),
                name="run_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["company", "customer", "-id"], name="notice_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("company", "run", "group_key"), name="one_notice_per_group"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 0)), name="notice_level_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["company", "item_id", "run"], name="decision_of_item"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["company", "run", "customer_id"], name="decision_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="runapproval",
            constraint=models.UniqueConstraint(fields=("company", "run"), name="run_approved_once"),
        ),
        migrations.AddConstraint(
            model_name="rundiscard",
            constraint=models.UniqueConstraint(fields=("company", "run"), name="run_discarded_once"),
        ),
        migrations.AddConstraint(
            model_name="strategy",
            constraint=models.UniqueConstraint(fields=("company", "name"), name="strategy_name_once"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("company", "customer_kind"), name="one_strategy_per_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer_kind__in", ("business", "consumer"))),
                name="assigned_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="strategyversion",
            constraint=models.UniqueConstraint(
                fields=("company", "strategy", "version"), name="strategy_version_once"
            ),
        ),
    ]
