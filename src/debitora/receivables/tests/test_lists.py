"""A source's lists on the ledger: opened, paid, settled, corrected, reappeared, behind; and undone."""

from __future__ import annotations

from debitora.people.models import Company
from debitora.receivables.actions import undo_list
from debitora.receivables.models import Entry, ItemState
from debitora.receivables.testing import MOMENT, TESTS, a_listed, apply_listed


def _open(number: str) -> int:
    return ItemState.objects.get(item__number=number).open_minor


def test_a_first_list_opens_items_and_makes_customers_known(company: Company) -> None:
    applied = apply_listed(company.id, a_listed([("R-1", 10_000), ("G-1", -500)]))
    assert (applied.opened, applied.customers_created) == (2, 1)
    assert (_open("R-1"), _open("G-1")) == (10_000, -500)
    again = apply_listed(company.id, a_listed([("R-1", 10_000), ("G-1", -500)]), list_import=2)
    assert (again.opened, again.unchanged) == (0, 2)
    third = apply_listed(company.id, a_listed([("R-1", 4_000)]), list_import=3)
    assert (third.paid, third.settled) == (1, 1)
    fourth = apply_listed(company.id, a_listed([("R-1", 12_000), ("G-1", -500)]), list_import=4)
    assert (fourth.reappeared,) == (2,)
    assert (_open("R-1"), _open("G-1")) == (12_000, -500)
    undone = undo_list(company=company.id, list_import=4, by=TESTS, at=MOMENT)
    assert len(undone.items) == 2
    assert (_open("R-1"), _open("G-1")) == (4_000, 0)
    fourth = apply_listed(company.id, a_listed([("R-1", 12_000), ("G-1", -500)]), list_import=4)
    print(
        list(
            Entry.objects.order_by("id").values_list(
                "item__number", "kind", "amount_minor", "reverses_id", "list_import_id"
            )
        )
    )
