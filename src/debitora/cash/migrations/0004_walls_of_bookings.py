"""The walls of bookings: what was booked is append-only; states, proposals and what was learned follow from it."""

from django.db import migrations

from debitora.kit.pg.walls import checked_in_bulk, company_table, learns_sizes, updated_only


class Migration(migrations.Migration):
    dependencies = [
        ("cash", "0003_bookings"),
        ("receivables", "0011_discounts_and_returns"),
        ("trail", "0002_walls"),
    ]
    operations = [
        company_table("cash_entrystate", key="entry_id", keep=True),
        checked_in_bulk(
            "cash_entrystate", {"entry_id": "cash_bankentry.id", "account_id": "cash_bankaccount.id"}
        ),
        updated_only("cash_entrystate", "open_minor", "confidence"),
        company_table("cash_booking", append_only=True),
        checked_in_bulk(
            "cash_booking",
            {
                "entry_id": "cash_bankentry.id",
                "customer_id": "receivables_customer.id",
                "item_id": "receivables_item.id",
                "third_party_id": "receivables_customer.id",
                "wording_id": "trail_wording.id",
                "reverses_id": "cash_booking.id",
            },
        ),
        company_table("cash_bookedpart", append_only=True),
        checked_in_bulk(
            "cash_bookedpart",
            {
                "booking_id": "cash_booking.id",
                "item_id": "receivables_item.id",
                "allocation_id": "receivables_allocation.id",
                "ledger_entry_id": "receivables_entry.id",
            },
        ),
        company_table("cash_proposal"),
        checked_in_bulk(
            "cash_proposal", {"entry_id": "cash_bankentry.id", "customer_id": "receivables_customer.id"}
        ),
        company_table("cash_payer", references={"customer_id": "receivables_customer"}),
        company_table("cash_habit", references={"customer_id": "receivables_customer"}),
        company_table("cash_tally"),
        company_table("cash_matchpolicy", append_only=True),
        learns_sizes("cash", ["bankentry", "entrywords", "telling", "statement", "entrystate", "proposal"]),
        migrations.RunSQL(
            """insert into cash_entrystate (company_id, entry_id, account_id, booked_on, minor, open_minor)
select company_id, id, account_id, booked_on, minor, minor from cash_bankentry""",
            migrations.RunSQL.noop,
        ),
    ]
