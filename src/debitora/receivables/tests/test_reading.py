"""Lists, sheets and facts on the real database."""

from __future__ import annotations

from datetime import date
from itertools import chain

import pytest

from debitora.people.models import Company
from debitora.receivables import queries as q
from debitora.receivables.queries import CustomerFilters
from debitora.receivables.rules.items import EVERYTHING, ItemFilters, Scope, State
from debitora.receivables.testing import ON, a_customer, a_listed, a_source, an_open_item, apply_listed
from debitora.values.money import Money


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


@pytest.mark.parametrize(
    "token", ["?", "bm90aGluZw", "WyJmIiwiYW1vdW50IiwiMSIsMV0", "WyJmIiwiZHVlIiwiMVx1MDAwMCIsMV0"]
)
def test_a_place_that_this_list_never_gave_is_unreadable(company: Company, token: str) -> None:
    with pytest.raises(q.CursorUnreadable):
        q.items_page(filters=ItemFilters(), on=ON, after=token)


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("-overdue", "Late Later Paid Due"),
        ("overdue", "Due Paid Later Late"),
        ("-balance", "Due Late Later Paid"),
        ("oldest", "Later Late Due Paid"),
        ("name", "Due Late Later Paid"),
    ],
)
def test_customers_are_sorted_by_their_sums_in_the_currency(company: Company, sort: str, shown: str) -> None:
    def due(name: str, *items: tuple[int, str, date]) -> None:
        customer = a_customer(company.id, name, name=name)
        for place, (minor, currency, day) in enumerate(items):
            an_open_item(
                company.id, customer, number=f"{name}{place}", minor=minor, currency=currency, due_on=day
            )

    due("Due", (9_000, "EUR", ON))
    due("Paid", (5_000, "CHF", ON), (-100, "EUR", date(2026, 1, 1)))
    due("Later", (700, "EUR", date(2026, 10, 1)))
    due("Late", (800, "EUR", date(2026, 11, 1)), (8_000, "CHF", ON))
    found: list[str] = []
    after: str | None = None
    while after is not None or not found:
        asked = q.customers_page(
            filters=CustomerFilters(), on=ON, currency="EUR", sort=sort, after=after, size=3
        )
        found, after = [*found, *(row.name for row in asked.rows)], asked.next
    assert " ".join(found) == shown


def test_a_list_has_its_words_to_sort_by(company: Company) -> None:
    with pytest.raises(q.SortUnknown):
        q.items_page(filters=ItemFilters(), on=ON, sort="colour")
    for word in q.CUSTOMER_SORTS:
        assert not q.customers_page(filters=CustomerFilters(), on=ON, currency="EUR", sort=f"-{word}").rows


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("R-1", {"R-1"}),
        (" r-1", {"R-1"}),
        ("r-", {"R-1", "R-2"}),
        ("1.190,00", {"R-1", "Y-1"}),
        ("1190", {"R-1", "Y-1"}),
        ("5", {"G-1"}),
        ("Österberg", {"R-1", "R-2", "G-1"}),
        ("sterberg", {"R-1", "R-2", "G-1"}),
        ("007", {"R-1", "R-2", "G-1"}),
        ("100%", {"Y-1"}),
        ("%", {"Y-1"}),
        ("_", set()),
        ("\\", set()),
        ("1190,001", set()),
    ],
)
@pytest.mark.parametrize("many", [1, 500], ids=["walked", "looked up"])
def test_text_finds_numbers_customers_and_amounts(
    company: Company, monkeypatch: pytest.MonkeyPatch, many: int, text: str, found: set[str]
) -> None:
    """A name of many customers is found by walking along the list's order: the same items, whichever way is taken."""
    monkeypatch.setattr("debitora.receivables.queries.items._MANY", many)
    a_customer(company.id, "7", name="Österberg & Söhne")
    apply_listed(company.id, a_listed([("R-1", 119_000), ("R-2", 300), ("G-1", -500)], customer="7"))
    tokyo = a_customer(company.id, "9", name="100% Tokyo")
    an_open_item(company.id, tokyo, number="Y-1", minor=1_190, currency="JPY")
    rows = q.items_page(filters=ItemFilters(text=text), on=ON).rows
    assert {row.number for row in rows} == found
    assert sum(one.items for one in q.items_sums(filters=ItemFilters(text=text), on=ON)) == len(found)


def numbers(filters: ItemFilters, scope: Scope = EVERYTHING) -> list[str]:
    return [row.number for row in q.items_page(filters=filters, on=ON, sort="number", scope=scope).rows]


def test_filters_narrow(company: Company) -> None:
    one, two = a_customer(company.id, "1", salesperson_id=5), a_customer(company.id, "2")
    an_open_item(company.id, one, number="A", due_on=date(2026, 11, 17))
    an_open_item(company.id, one, number="B", due_on=ON, minor=-50)
    an_open_item(company.id, two, number="C", due_on=date(2026, 7, 1), currency="USD")
    an_open_item(company.id, two, number="D", due_on=date(2026, 12, 1))
    apply_listed(company.id, a_listed([("E", 1)], customer="2"))
    apply_listed(company.id, a_listed([], customer="2"), list_import=2)
    for filters, expected in (
        (ItemFilters(), "ABCDE"),
        (ItemFilters(state=State.OPEN), "ABCD"),
        (ItemFilters(state=State.OVERDUE), "AC"),
        (ItemFilters(state=State.NOT_DUE), "D"),
        (ItemFilters(state=State.SETTLED), "E"),
        (ItemFilters(state=State.CREDITS), "B"),
        (ItemFilters(band="d1_30"), "A"),
        (ItemFilters(band="not_due"), "BD"),
        (ItemFilters(band="d90_plus", currency="USD"), "C"),
        (ItemFilters(customer=one), "AB"),
        (ItemFilters(salesperson=5, level=0), "AB"),
        (ItemFilters(level=1), ""),
        (ItemFilters(held=True), ""),
        (ItemFilters(held=False, list_behind=False), "ABCDE"),
        (ItemFilters(list_behind=True), ""),
        (ItemFilters(source=a_source(company.id)), "E"),
    ):
        assert "".join(numbers(filters)) == expected, filters
    assert numbers(ItemFilters(), Scope((5,))) == ["A", "B"]
    assert q.items_page(filters=ItemFilters(), on=ON, sort="-overdue").rows[0].number == "C"


def test_customers_show_their_sums(company: Company) -> None:
    one = a_customer(company.id, "1", name="Berg", kind="business", salesperson_id=5, email="b@berg.example")
    a_customer(company.id, "2", name="Anker")
    an_open_item(company.id, one, number="A", minor=300, due_on=date(2026, 11, 2))
    an_open_item(company.id, one, number="B", minor=200, due_on=date(2026, 12, 1))
    an_open_item(company.id, one, number="C", minor=-50)
    an_open_item(company.id, one, number="D", minor=7, currency="USD", due_on=date(2026, 10, 1))
    (row,) = q.customers_page(
        filters=CustomerFilters(
            text="ber", kind="business", salesperson=5, parked=False, overdue=True, reachable=True
        ),
        on=ON,
        currency="EUR",
    ).rows
    assert (row.open_items, row.balance_minor, row.overdue_minor, row.oldest_due_on) == (
        4,
        450,
        300,
        date(2026, 10, 1),
    )
    assert (row.other_currencies, row.holds, row.level) == (1, 0, 0)
    by_name = q.customers_page(filters=CustomerFilters(), on=ON, currency="EUR", sort="name").rows
    assert [each.name for each in by_name] == ["Anker", "Berg"]
    sheet = q.customer_sheet(customer=one, on=ON)
    assert sheet is not None
    assert {code: bands.total for code, bands in sheet.aging.items()} == {"EUR": 450, "USD": 7}
    assert q.aging(on=ON, scope=Scope((5,))) == q.aging(on=ON) == q.aging_as_of(on=ON, scope=Scope((5,)))
    assert q.aging(on=ON, scope=Scope((6,))) == {}


def test_a_row_tells_its_money_and_whether_it_is_overdue(company: Company) -> None:
    item = an_open_item(company.id, a_customer(company.id))
    row = q.item_row(item=item.id, on=ON)
    assert row is not None
    assert (row.open, row.overdue) == (Money(10_000, "EUR"), True)
    assert q.item_row(item=item.id, on=ON, scope=Scope((5,))) is None
    (now,) = q.conditions(customer=item.customer_id, items=[item.id, 999_999], on=ON).items
    assert (now.free_minor, now.held) == (10_000, False)


def test_sums_beyond_64_bits_are_exact(company: Company) -> None:
    most = 10**15 - 1
    apply_listed(company.id, a_listed([(f"R-{index}", most) for index in range(9_300)]))
    assert q.aging(on=ON)["EUR"].total == most * 9_300 > 2**63
    assert q.aging_as_of(on=ON)["EUR"].d1_30 == most * 9_300
    assert q.items_sums(filters=ItemFilters(), on=ON)[0].open_minor == most * 9_300


def test_a_search_finds_numbers_and_amounts_of_either_sign(company: Company) -> None:
    """The exact number stands in front; an amount is meant in the currency that has it."""
    customer = a_customer(company.id)
    items = [
        an_open_item(company.id, customer, number=number, minor=minor, due_on=date(2026, 11, day))
        for number, minor, day in (
            ("1200", 50, 1),
            ("12001", 60, 2),
            ("R-1", 1_200_00, 3),
            ("R-2", -1_200_00, 4),
        )
    ]
    found = q.items_found(text="1200", on=ON)
    assert [row.item for row in found.numbers] == [items[0].id, items[1].id]
    assert [row.item for row in found.amounts] == [items[3].id, items[2].id]
    assert q.items_found(text="", on=ON) == q.FoundItems((), ())
    assert q.items_found(text="1200", on=ON, scope=Scope((5,))) == q.FoundItems((), ())
    assert len(q.items_found(text="1200", on=ON, size=1).numbers) == 1
