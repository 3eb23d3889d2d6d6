"""The walls of documents: nothing stored is deleted by the application."""

from django.db import migrations

from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_refusals"), ("documents", "0001_initial")]
    operations = [
        company_table("documents_blob", keep=True),
        company_table("documents_source", keep=True),
        company_table(
            "documents_upload",
            references={"blob_id": "documents_blob", "source_id": "documents_source"},
            append_only=True,
        ),
        company_table("documents_mapping", references={"source_id": "documents_source"}, append_only=True),
        company_table("documents_fault", references={"upload_id": "documents_upload"}),
    ]
