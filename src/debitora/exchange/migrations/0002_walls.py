"""The walls of exchange."""

from django.db import migrations

from debitora.kit.pg.walls import company_table


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_refusals"), ("exchange", "0001_initial"), ("documents", "0002_walls")]
    operations = [
        company_table(
            "exchange_listimport",
            references={"source_id": "documents_source", "upload_id": "documents_upload"},
            keep=True,
        ),
    ]
