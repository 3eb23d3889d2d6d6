"""Lists, sheets and facts on the real database."""

from __future__ import annotations

from datetime import date
from itertools import chain

import pytest

from debitora.people.models import Company
from debitora.receivables import queries as q
from debitora.receivables.queries import CustomerFilters
from debitora.receivables.rules.items import ItemFilters, Scope, State
from debitora.receivables.testing import ON, a_customer, a_listed, an_open_item, apply_listed


@pytest.mark.parametrize("sort", [f"{sign}{word}" for word in q.ITEM_SORTS for sign in ("", "-")])
def test_pages_hold_every_item_once_in_both_directions(company: Company, sort: str) -> None:
    both = a_customer(company.id, "1", name="Berg"), a_customer(company.id, "2", name="Anker")
    for index in range(7):
        an_open_item(
            company.id,
            both[index % 2],
            number=f"R-{index}",
            minor=100 + index // 3,
            due_on=date(2026, 11, 1 + index % 3),
        )
    found: list[list[int]] = []
    after = before = None
    while True:
        shown = q.items_page(filters=ItemFilters(), on=ON, sort=sort, after=after, size=3)
        found.append([row.item for row in shown.rows])
        before, after = shown.previous, shown.next
        if after is None:
            break
    every = list(chain.from_iterable(found))
    assert len(every) == len(set(every)) == 7
    back = [found[-1]]
    while before is not None:
        shown = q.items_page(filters=ItemFilters(), on=ON, sort=sort, after=before, size=3)
        back.insert(0, [row.item for row in shown.rows])
        before = shown.previous
    assert back == found


def test_smoke(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 119_000), ("G-1", -500)]))
    for text in ("R-1", "r1", "1.190,00", "custom", "10001"):
        print(text, q.items_page(filters=ItemFilters(text=text), on=ON).rows)
    for state in State:
        q.items_page(
            filters=ItemFilters(
                state=state, band="d1_30", held=False, list_behind=False, level=0, currency="EUR"
            ),
            on=ON,
            scope=Scope(7),
        )
    print(
        q.customers_page(
            filters=CustomerFilters(text="custo", overdue=True, parked=False, reachable=False),
            on=ON,
            currency="EUR",
            sort="-overdue",
        )
    )
    c = q.items_page(filters=ItemFilters(), on=ON).rows[0]
    print(q.customer_sheet(customer=c.customer, on=ON))
    print(q.aging_as_of(on=ON), q.aging(on=ON), q.known_from(), q.items_sums(filters=ItemFilters(), on=ON))
    print(q.item_facts(item=c.item, on=ON))
    print(q.dunning_frames(on=ON), q.holds_about_to_end(on=ON))
    print(q.conditions(customer=c.customer, items=[c.item], on=ON))
