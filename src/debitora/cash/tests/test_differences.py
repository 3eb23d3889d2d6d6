"""The difference report: what the list, the ledger and the bank say of an item, where they differ, and where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from debitora.cash.actions import Part, Share, book
from debitora.cash.models import BankEntry
from debitora.cash.queries.differences import DifferenceSum
from debitora.cash.templatetags.differences import ADVICE, MARKS, WORDS, difference_sum
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, camt, taken
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Customer, Item
from debitora.receivables.testing import a_customer, a_listed, an_open_item, apply_listed

ClientOf = Callable[[User], Client]
HOME = "/c/acme/bank/differences/"


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def text_of(response: Any) -> str:
    return str(response.content.decode())


def paid(company: Company, minor: int, *items: str, day: int = 0, customer: int | None = None) -> None:
    """A bank line of 2 November and `day` days, put against these items as far as it reaches."""
    opening = sum(BankEntry.objects.values_list("minor", flat=True))
    sheet = Sheet([Paid(minor, day, text=f"{items}")], opening=opening, first=day, last=day)
    taken(company, camt(sheet), name=f"{minor}-{day}.xml")
    entry = BankEntry.objects.order_by("-id")[0]
    found = Item.objects.filter(number__in=items).order_by("id")
    owner = customer or found[0].customer_id
    parts = tuple(Part(one.id, one.amount_minor) for one in found)
    book(company=company.id, entry=entry.id, shares=[Share(owner, minor, parts)], by=TESTS, at=MOMENT)


def told(client: Client, query: str = "") -> list[tuple[str, str]]:
    return [(row.kind, row.number) for row in client.get(f"{HOME}?{query}").context["rows"]]


@pytest.fixture
def both_roads(company: Company) -> Company:
    """Five items by list. The bank paid R-1 long ago and R-2 lately, the list still shows both; the list settled R-3 and a part of
    R-4 that nobody paid, and R-5, which the bank explains; 700 more came than anybody owes.
    """
    rows = [(f"R-{n}", 10_000) for n in range(1, 6)]
    apply_listed(company.id, a_listed(rows), on=(MOMENT - timedelta(days=12)).date())
    paid(company, 10_000, "R-1", day=5)
    paid(company, 10_000, "R-2", day=14)
    later = [("R-1", 10_000), ("R-2", 10_000), ("R-4", 6_000)]
    apply_listed(company.id, a_listed(later), on=(MOMENT - timedelta(days=1)).date())
    paid(company, 10_700, "R-5", day=15)
    return company


def test_before_the_first_statement_the_page_says_what_it_waits_for(
    company: Company, clerk: User, auditor: User, client_of: ClientOf
) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    page = text_of(client_of(clerk).get(HOME))
    assert "No bank statement has been taken yet" in page
    assert "Take the first files" in page
    assert "Take the first files" not in text_of(client_of(auditor).get(HOME))


def test_what_agrees_is_no_difference(company: Company, clerk: User, client_of: ClientOf) -> None:
    an_open_item(company.id, a_customer(company.id), number="R-1")
    paid(company, 10_000, "R-1")
    client = client_of(clerk)
    assert "List, ledger and bank agree" in text_of(client.get(HOME))
    assert "No difference fits these filters" in text_of(client.get(f"{HOME}?kind=late"))


def test_each_kind_of_difference_is_told_with_three_sums(
    both_roads: Company, clerk: User, client_of: ClientOf
) -> None:
    found = {(row.kind, row.number): row for row in client_of(clerk).get(HOME).context["rows"]}
    waiting = next(row for row in found.values() if row.kind == "waiting")
    assert set(found) == {
        ("late", "R-1"), ("behind", "R-2"), ("unbacked", "R-3"), ("unbacked", "R-4"), ("waiting", waiting.number),
    }  # fmt: skip
    sums = {
        key[1]: (row.list_minor, row.open_minor, row.bank_minor, row.minor)
        for key, row in found.items()
        if row is not waiting
    }
    assert sums == {
        "R-1": (10_000, 0, 10_000, 10_000),
        "R-2": (10_000, 0, 10_000, 10_000),
        "R-3": (0, 0, 0, 10_000),
        "R-4": (6_000, 6_000, 0, 4_000),
    }
    assert (waiting.list_minor, waiting.open_minor, waiting.bank_minor, waiting.minor) == (
        None,
        -700,
        10_700,
        700,
    )


def test_an_item_leaves_the_report_when_the_three_agree_again(
    both_roads: Company, clerk: User, client_of: ClientOf
) -> None:
    paid(both_roads, 10_000, "R-3", day=16)
    apply_listed(both_roads.id, a_listed([("R-2", 10_000), ("R-4", 6_000)]), on=MOMENT.date())
    assert {number for kind, number in told(client_of(clerk)) if kind != "waiting"} == {"R-2", "R-4"}


def test_differences_are_narrowed_sorted_and_summed(
    both_roads: Company, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    assert told(client, "kind=late") == [("late", "R-1")]
    assert {number for _kind, number in told(client, "waits=7")} == {"R-1"}
    assert told(client, "text=r-4") == [("unbacked", "R-4")]
    assert len(told(client, "text=Customer+10001")) == 5
    assert told(client, "text=nobody") == told(client, "currency=USD") == told(client, "waits=30") == []
    assert [number for _kind, number in told(client, "sort=number")][1:] == ["R-1", "R-2", "R-3", "R-4"]
    assert told(client, "sort=amount")[0][0] == "waiting"
    assert told(client)[0] == ("late", "R-1")
    page = client.get(f"{HOME}?kind=unbacked")
    assert page.context["count"] == 2
    assert [(tile.items, [one.minor for one in tile.sums]) for tile in page.context["tiles"]] == [
        (1, [10_000]), (1, [10_000]), (2, [14_000]), (1, [700]),
    ]  # fmt: skip
    assert "cash, or a write-off?" in text_of(page)
    assert client.get(f"{HOME}?kind=x&waits=y&sort=z&after=nowhere&currency=TOOLONG").status_code == 200


def test_differences_are_leafed_through_by_item_and_exported(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    taken(company, camt(Sheet([])))
    apply_listed(company.id, a_listed([(f"R-{n:02}", 100) for n in range(60)]), on=MOMENT.date())
    apply_listed(company.id, a_listed([("R-99", 100)]), on=MOMENT.date() + timedelta(days=1))
    client = client_of(clerk)
    first = client.get(f"{HOME}?sort=-amount")
    rest = client.get(HOME + first.context["more"])
    assert len({row.number for page in (first, rest) for row in page.context["rows"]}) == 60
    assert first.context["count"] == 60
    for kind, status in (("csv", 200), ("xlsx", 200), ("pdf", 404)):
        assert client.get(f"{HOME}export/{kind}/").status_code == status
    file = b"".join(client.get(f"{HOME}export/csv/?text=R-0").streaming_content).decode()
    assert file.count("\n") == 11
    assert "settled by the list alone" in file


def test_what_a_list_settled_before_the_bank_told_anything_or_long_ago_is_no_question(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    early = (MOMENT - timedelta(days=30)).date()
    apply_listed(company.id, a_listed([("R-1", 100), ("R-2", 100)]), on=early)
    apply_listed(company.id, a_listed([("R-2", 100)]), on=early + timedelta(days=1))
    taken(company, camt(Sheet([])))
    apply_listed(company.id, a_listed([("R-9", 100)]), on=MOMENT.date())
    client = client_of(clerk)
    assert told(client) == [("unbacked", "R-2")]
    with clock_at(MOMENT + timedelta(days=91)):
        assert told(client) == []


def test_only_the_office_sees_it_and_only_its_own_company(
    both_roads: Company, sales: User, auditor: User, client_of: ClientOf
) -> None:
    assert client_of(sales).get(HOME).status_code == 403
    assert client_of(auditor).get(HOME).status_code == 200
    assert Customer.objects.exists()


def test_every_kind_has_words_a_shape_and_advice_and_sums_of_any_size() -> None:
    assert WORDS.keys() == MARKS.keys() == ADVICE.keys()
    with translation.override("de"):
        assert difference_sum(DifferenceSum("late", "EUR", 1, 119_000)) == "1.190,00\u00a0EUR"
        assert difference_sum(DifferenceSum("late", "EUR", 9, 10**17)) == "1.000.000.000.000.000 EUR"
