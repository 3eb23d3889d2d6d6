"""The product group of an item, as lists name it: what it was opened with, what lists said since, and what counts now."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import checked_in_bulk, company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_views_of_segments"),
        ("receivables", "0021_agreements"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("product_group", models.CharField(blank=True, max_length=60)),
                ("recorded_at", models.DateTimeField()),
                ("list_import_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="item",
            name="product_group",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="itemstate",
            name="product_group",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                condition=models.Q(
                    models.Q(("open_minor", 0), _negated=True), models.Q(("product_group", ""), _negated=True)
                ),
                fields=["company", "product_group", "item"],
                name="open_by_product_group",
            ),
        ),
        migrations.AddField(
            model_name="itemgroup",
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
            model_name="itemgroup",
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
            model_name="itemgroup",
            index=models.Index(fields=["company", "item", "id"], name="product_group_of_item"),
        ),
        company_table("receivables_itemgroup", append_only=True),
        checked_in_bulk("receivables_itemgroup", {"item_id": "receivables_item.id"}),
        updated_only(
            "receivables_itemstate",
            "raised_minor",
            "open_minor",
            "due_on",
            "level",
            "last_reminded_on",
            "list_behind",
            "product_group",
        ),
    ]
