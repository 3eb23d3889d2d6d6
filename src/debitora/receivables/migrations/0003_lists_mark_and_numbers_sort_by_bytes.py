import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_walls"),
        ("receivables", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("behind", models.BooleanField()),
                ("listed_minor", models.BigIntegerField()),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("list_import_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="item",
            name="item_identity_once",
        ),
        migrations.RemoveConstraint(
            model_name="levelevent",
            name="one_rise_per_notice",
        ),
        migrations.RemoveConstraint(
            model_name="levelevent",
            name="level_moves_by_one",
        ),
        migrations.AddField(
            model_name="levelevent",
            name="withdrawn",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="customer",
            name="number_key",
            field=models.CharField(db_collation="C", max_length=60),
        ),
        migrations.AlterField(
            model_name="entry",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="number_key",
            field=models.CharField(db_collation="C", max_length=60),
        ),
        migrations.AlterField(
            model_name="itemstate",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AlterField(
            model_name="levelevent",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AlterField(
            model_name="terms",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["company", "party"], name="customer_by_party"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="customer_is_not_its_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                fields=("company", "source_id", "customer", "number_key", "position", "currency", "kind"),
                name="item_identity_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="levelevent",
            constraint=models.UniqueConstraint(
                fields=("company", "item", "notice_id", "withdrawn"), name="one_rise_per_notice"
            ),
        ),
        migrations.AddConstraint(
            model_name="levelevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("raised__in", (0, 1)), ("withdrawn", False)),
                    models.Q(("raised__in", (0, -1)), ("withdrawn", True)),
                    _connector="OR",
                ),
                name="level_moves_by_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="levelevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 0)), name="level_event_not_negative"
            ),
        ),
        migrations.AddField(
            model_name="listmark",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.company",
            ),
        ),
        migrations.AddField(
            model_name="listmark",
            name="item",
            field=debitora.kit.pg.fields.Ref(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="receivables.item",
            ),
        ),
        migrations.AddIndex(
            model_name="listmark",
            index=models.Index(fields=["company", "item", "id"], name="mark_of_item"),
        ),
    ]
