"""A line whose amount nothing explains: the page says that no sum comes to it, and whether all were tried."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from debitora.cash.queries.proposals import customers_by_id
from debitora.cash.queries.searching import no_sum
from debitora.cash.testing import Paid, a_proposal, an_open_line
from debitora.cash.tests.test_by_hand_pages import BANK, text_of
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item
from debitora.values.money import Money


@pytest.mark.parametrize(
    ("minors", "asked", "found"),
    [
        ([6_000, 4_000, -500], 5_400, (3, 3, True)),
        ([6_000, 4_000, -500], 9_500, None),
        ([6_000], 5_000, (1, 1, True)),
        ([], 5_000, None),
        ([100 * 2**place for place in range(25)], 55, (25, 3, False)),
        ([1] * 121, 5_000, None),
    ],
)
def test_no_sum_comes_to_the_amount(
    company: Company, minors: list[int], asked: int, found: tuple[int, int, bool] | None
) -> None:
    customer = a_customer(company.id, "1", name="Miller")
    for place, minor in enumerate(minors):
        an_open_item(company.id, customer, number=f"R-{place}", minor=minor)
    an_open_item(company.id, customer, number="R-USD", minor=asked, currency="USD")
    none = no_sum(customer=customers_by_id([customer])[customer], money=Money(asked, "EUR"))
    assert (none and (none.items, none.up_to, none.all)) == found


def test_the_page_says_that_all_were_tried(
    company: Company, clerk: User, client_of: Callable[[User], Client]
) -> None:
    customer = a_customer(company.id, "1", name="Miller")
    items = [an_open_item(company.id, customer, number=f"R-{n}", minor=1_000 * n) for n in (1, 2)]
    line = an_open_line(company, Paid(1_500, name="Miller"))
    said = "No sum of the 2 open items of Miller comes to this amount: all were tried."
    assert said not in text_of(client_of(clerk).get(f"{BANK}entries/{line.id}/"))
    a_proposal(line, items[0], kind="by_law")
    assert said in text_of(client_of(clerk).get(f"{BANK}entries/{line.id}/"))
