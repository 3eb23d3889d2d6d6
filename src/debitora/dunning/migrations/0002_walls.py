"""The walls of dunning: decisions, notices and their lines are append-only and checked in bulk."""

from django.db import migrations

from debitora.kit.pg.walls import checked_in_bulk, company_table


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0001_refusals"),
        ("dunning", "0001_initial"),
        ("receivables", "0002_walls"),
        ("messaging", "0002_walls"),
    ]
    operations = [
        company_table("dunning_strategy", keep=True),
        company_table(
            "dunning_strategyversion", references={"strategy_id": "dunning_strategy"}, append_only=True
        ),
        company_table("dunning_assignment", references={"strategy_id": "dunning_strategy"}),
        company_table("dunning_run", keep=True),
        company_table("dunning_runapproval", references={"run_id": "dunning_run"}, append_only=True),
        company_table(
            "dunning_rundiscard",
            references={"run_id": "dunning_run", "wording_id": "trail_wording"},
            append_only=True,
        ),
        company_table("dunning_decision", key="run_id, item_id", append_only=True),
        company_table("dunning_notice", append_only=True),
        company_table("dunning_noticeline", key="notice_id, item_id", append_only=True),
        company_table(
            "dunning_noticeevent",
            references={
                "notice_id": "dunning_notice",
                "document_id": "documents_blob",
                "party_id": "receivables_party",
            },
            append_only=True,
        ),
        checked_in_bulk(
            "dunning_decision",
            {
                "run_id": "dunning_run",
                "item_id": "receivables_item",
                "customer_id": "receivables_customer",
                "strategy_version_id": "dunning_strategyversion",
            },
        ),
        checked_in_bulk(
            "dunning_notice",
            {
                "run_id": "dunning_run",
                "customer_id": "receivables_customer",
                "strategy_version_id": "dunning_strategyversion",
            },
        ),
        checked_in_bulk("dunning_noticeline", {"notice_id": "dunning_notice", "item_id": "receivables_item"}),
    ]
