"""What was given up of items, proposed and decided, and the limit of one person; append-only, walled as company tables."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_views_of_segments"),
        ("receivables", "0022_product_groups"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="WriteOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("ground", models.CharField(max_length=16)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_id", models.BigIntegerField(null=True)),
                ("proposed_by_label", models.CharField(max_length=64)),
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
                    "hold",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
            name="WriteOffLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minor", models.BigIntegerField()),
                ("chosen_at", models.DateTimeField()),
                ("chosen_by_id", models.BigIntegerField(null=True)),
                ("chosen_by_label", models.CharField(max_length=64)),
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
            name="WriteOffStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("entry", models.BigIntegerField(null=True)),
                ("within_limit", models.BooleanField(default=False)),
                ("proposed_by_id", models.BigIntegerField(null=True)),
                ("done_on", models.DateField()),
                ("done_at", models.DateTimeField()),
                ("done_by_id", models.BigIntegerField(null=True)),
                ("done_by_label", models.CharField(max_length=64)),
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
                (
                    "write_off",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.writeoff",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="writeoff",
            index=models.Index(fields=["company", "item"], name="write_off_of_item"),
        ),
        migrations.AddIndex(
            model_name="writeoff",
            index=models.Index(fields=["company", "customer", "-id"], name="write_off_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="writeoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="write_off_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="writeoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ground__in", ["clarification", "uncollectible", "small", "goodwill", "other"])
                ),
                name="write_off_ground_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="writeofflimit",
            constraint=models.CheckConstraint(
                condition=models.Q(("minor__gte", 0), ("minor__lt", 1000000000000000)),
                name="write_off_limit_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="writeoffstep",
            constraint=models.UniqueConstraint(
                fields=("company", "write_off", "place"), name="write_off_step_once_per_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="writeoffstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["booked", "declined", "withdrawn", "reversed"])),
                name="write_off_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="writeoffstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry__isnull", False), ("kind__in", ("booked", "reversed"))),
                    models.Q(("entry__isnull", True), ("kind__in", ("declined", "withdrawn"))),
                    _connector="OR",
                ),
                name="write_off_booked_with_an_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="writeoffstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "booked"), _negated=True),
                    ("within_limit", True),
                    ("proposed_by_id__isnull", True),
                    models.Q(("done_by_id", models.F("proposed_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="write_off_needs_two_people",
            ),
        ),
        company_table("receivables_writeofflimit", append_only=True),
        company_table(
            "receivables_writeoff",
            references={
                "customer_id": "receivables_customer",
                "item_id": "receivables_item",
                "wording_id": "trail_wording",
                "hold_id": "receivables_hold",
            },
            append_only=True,
        ),
        company_table(
            "receivables_writeoffstep",
            references={"write_off_id": "receivables_writeoff", "wording_id": "trail_wording"},
            append_only=True,
        ),
    ]
