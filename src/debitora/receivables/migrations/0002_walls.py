"""The sub-ledger's walls: facts are append-only, masters are kept, only the projection and masters are updated."""

from django.db import migrations

from debitora.kit.pg.walls import checked_in_bulk, company_table


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0001_refusals"),
        ("receivables", "0001_initial"),
        ("trail", "0002_walls"),
        ("documents", "0002_walls"),
    ]
    operations = [
        company_table("receivables_party", keep=True),
        company_table(
            "receivables_customer",
            references={"party_id": "receivables_party", "parent_id": "receivables_customer"},
            keep=True,
        ),
        company_table(
            "receivables_item",
            references={"customer_id": "receivables_customer", "source_id": "documents_source"},
            append_only=True,
        ),
        company_table("receivables_terms", append_only=True),
        company_table("receivables_levelevent", append_only=True),
        company_table("receivables_itemstate", key="item_id", keep=True),
        company_table("receivables_entry", append_only=True),
        company_table(
            "receivables_allocation",
            references={"credit_item_id": "receivables_item", "debit_item_id": "receivables_item"},
            append_only=True,
        ),
        company_table(
            "receivables_hold",
            references={
                "customer_id": "receivables_customer",
                "item_id": "receivables_item",
                "wording_id": "trail_wording",
            },
            append_only=True,
        ),
        company_table(
            "receivables_holdrelease", references={"hold_id": "receivables_hold"}, append_only=True
        ),
        checked_in_bulk("receivables_terms", {"item_id": "receivables_item"}),
        checked_in_bulk("receivables_levelevent", {"item_id": "receivables_item"}),
        checked_in_bulk(
            "receivables_itemstate", {"item_id": "receivables_item", "customer_id": "receivables_customer"}
        ),
        checked_in_bulk(
            "receivables_entry", {"item_id": "receivables_item", "reverses_id": "receivables_entry"}
        ),
    ]
