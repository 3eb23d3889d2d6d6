"""Documents of items, what became of them, and batches. Names may be erased when their time has come; nothing else changes."""

import django.db.models.deletion
from django.db import migrations, models

import debitora.kit.pg.fields
from debitora.kit.pg.walls import company_table, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_dunning_is_a_source"),
        ("people", "0011_views_of_cases"),
        ("receivables", "0015_contacts_of_items"),
        ("trail", "0004_subjects_by_the_hundred_thousand"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handed_at", models.DateTimeField()),
                ("handed_by_id", models.BigIntegerField(null=True)),
                ("handed_by_label", models.CharField(max_length=64)),
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
            name="ItemDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("added_at", models.DateTimeField()),
                ("added_by_id", models.BigIntegerField(null=True)),
                ("added_by_label", models.CharField(max_length=64)),
                (
                    "batch",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.documentbatch",
                    ),
                ),
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
            name="ItemDocumentChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("changed_at", models.DateTimeField()),
                ("changed_by_id", models.BigIntegerField(null=True)),
                ("changed_by_label", models.CharField(max_length=64)),
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
            name="DocumentBatchFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "batch",
                    debitora.kit.pg.fields.Ref(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="receivables.documentbatch",
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "batch", "blob", "name"), name="batch_file_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="itemdocument",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["company", "batch"],
                name="documents_of_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemdocument",
            constraint=models.UniqueConstraint(
                fields=("company", "item", "blob"), name="document_once_per_item"
            ),
        ),
        migrations.AddIndex(
            model_name="itemdocumentchange",
            index=models.Index(fields=["company", "document", "-id"], name="changes_of_document"),
        ),
        migrations.AddConstraint(
            model_name="itemdocumentchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("removed", "restored"))), name="document_change_known"
            ),
        ),
        company_table("receivables_documentbatch", append_only=True),
        company_table(
            "receivables_documentbatchfile",
            references={"batch_id": "receivables_documentbatch", "blob_id": "documents_blob"},
            keep=True,
        ),
        updated_only("receivables_documentbatchfile", "name"),
        company_table(
            "receivables_itemdocument",
            references={
                "item_id": "receivables_item",
                "blob_id": "documents_blob",
                "batch_id": "receivables_documentbatch",
            },
            keep=True,
        ),
        updated_only("receivables_itemdocument", "name"),
        company_table(
            "receivables_itemdocumentchange",
            references={"document_id": "receivables_itemdocument", "wording_id": "trail_wording"},
            append_only=True,
        ),
    ]
