"""The second wall of allocations and reversals, references checked in bulk, and text search past row-level security."""

from pathlib import Path

from django.db import migrations

from debitora.kit.pg.walls import checked_in_bulk, company_table

SQL = Path(__file__).parent.parent / "sql"

WITHOUT_ROWWISE_KEYS = """
alter table receivables_item
    drop constraint receivables_item_customer_id_ref, drop constraint receivables_item_source_id_ref;
"""


class Migration(migrations.Migration):
    dependencies = [("receivables", "0003_lists_mark_and_numbers_sort_by_bytes")]
    operations = [
        company_table("receivables_listmark", append_only=True),
        checked_in_bulk("receivables_listmark", {"item_id": "receivables_item"}),
        migrations.RunSQL(WITHOUT_ROWWISE_KEYS, migrations.RunSQL.noop),
        checked_in_bulk(
            "receivables_item", {"customer_id": "receivables_customer", "source_id": "documents_source"}
        ),
        migrations.RunSQL((SQL / "ledger_checks.sql").read_text("utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "search.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
