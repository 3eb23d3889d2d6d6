"""Which copies of invoices went with a notice, frozen when its letter was made."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_dunning_is_a_source"),
        ("dunning", "0016_sales"),
        ("people", "0011_views_of_cases"),
        ("receivables", "0016_item_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeEnclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.SmallIntegerField()),
                ("sent", models.BooleanField()),
                (
                    "blob",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.blob",
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
                    "document",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.itemdocument",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "notice", "place"), name="one_enclosure_per_place"
                    ),
                    models.UniqueConstraint(fields=("company", "notice", "document"), name="enclosed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("place__gt", 0)), name="enclosures_count_from_one"
                    ),
                ],
            },
        ),
        company_table(
            "dunning_noticeenclosure",
            references={
                "notice_id": "dunning_notice",
                "document_id": "receivables_itemdocument",
                "blob_id": "documents_blob",
            },
            append_only=True,
        ),
    ]
