"""The walls of messaging: attempts and locks are append-only; an intent's row is its state."""

from django.db import migrations

from debitora.kit.pg.walls import checked_in_bulk, company_table, open_to_dispatcher


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_refusals"), ("messaging", "0001_initial"), ("receivables", "0002_walls")]
    operations = [
        company_table("messaging_sender", keep=True),
        company_table("messaging_allowedrecipient"),
        company_table("messaging_sendlock", references={"wording_id": "trail_wording"}, append_only=True),
        company_table("messaging_sendunlock", references={"lock_id": "messaging_sendlock"}, append_only=True),
        company_table("messaging_text", append_only=True),
        company_table(
            "messaging_intent",
            references={
                "customer_id": "receivables_customer",
                "party_id": "receivables_party",
                "document_id": "documents_blob",
                "body_id": "documents_blob",
            },
            keep=True,
        ),
        company_table("messaging_intentitem", append_only=True),
        company_table("messaging_attempt", references={"intent_id": "messaging_intent"}, append_only=True),
        checked_in_bulk(
            "messaging_intentitem", {"intent_id": "messaging_intent", "item_id": "receivables_item"}
        ),
        open_to_dispatcher(
            "messaging_intent", "company_id, id, state, due_at, claimed_at, state_at, channel"
        ),
    ]
