"""The barometer: shares, sums and durations against counting by hand, what stands out, and what of it one sees and follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.test import Client

from debitora.disputes.actions import close_case
from debitora.disputes.queries.barometer import LENGTHS, barometer
from debitora.disputes.queries.cases import CaseFilters, cases_page
from debitora.disputes.rules.barometer import (
    Became,
    Cause,
    Doubt,
    basis_points,
    by_department,
    by_product_group,
    by_reason,
    by_salesperson,
    causes,
    surely,
    total,
    trend,
)
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.routing import CaseReason
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.rules.items import Scope
from debitora.receivables.testing import a_customer, an_open_item

ClientOf = Callable[[User], Client]
PAGE = "/c/acme/clarification/barometer/"
REASONS = [one.value for one in CaseReason]
SALESPEOPLE = range(1, 11)
GROUPS = ["Pumps", "Drives", "Valves", "Service", "Spares", "Seals"]


def a_doubt(item: int, **changes: object) -> Doubt:
    known = {
        "period": 0, "case": item, "item": item, "customer": 1, "reason": "price", "department": "sales",
        "salesperson": 1, "currency": "EUR", "minor": 1_000, "days": None,
    }  # fmt: skip
    return Doubt(**{**known, **changes})  # type: ignore[arg-type]


def drawn(
    random: Random, *, chance: int, salesperson: int = 0, customer: int = 0, group: str = "", reason: str = ""
) -> list[Cause]:
    """What stands out among 6,000 items of 300 customers: a reason that falls on 2 %, and on `chance` % where planted."""
    salespeople: Counter[int] = Counter()
    customers: Counter[int] = Counter()
    groups: Counter[str] = Counter()
    shelf = Random(len(REASONS))
    doubts = []
    for item in range(6_000):
        goods = shelf.choice(GROUPS)
        groups[goods] += 1
        buyer = random.randrange(300)
        seller = SALESPEOPLE[buyer % len(SALESPEOPLE)]
        salespeople[seller] += 1
        customers[buyer] += 1
        planted = seller == salesperson or (bool(customer) and buyer == customer) or goods == group
        for one in REASONS:
            if random.randrange(100) < (chance if planted and one == reason else 2):
                doubts.append(
                    a_doubt(item, customer=buyer, reason=one, salesperson=seller, product_group=goods)
                )
                break
    return causes(salespeople=salespeople, customers=customers, groups=groups, whole=6_000, doubts=doubts)


@pytest.mark.parametrize("seed", range(20))
def test_planted_cause_is_ranked_first(seed: int) -> None:
    random = Random(seed)
    seller, reason = random.choice(SALESPEOPLE), random.choice(REASONS)
    first = drawn(random, chance=8, salesperson=seller, reason=reason)[0]
    assert (first.dimension, first.value, first.reason) == ("salesperson", seller, reason)
    buyer, reason = random.randrange(1, 300), random.choice(REASONS)
    first = drawn(random, chance=60, customer=buyer, reason=reason)[0]
    assert (first.dimension, first.value, first.reason) == ("customer", buyer, reason)
    goods, reason = random.choice(GROUPS), random.choice(REASONS)
    first = drawn(random, chance=8, group=goods, reason=reason)[0]
    assert (first.dimension, first.value, first.reason) == ("product_group", goods, reason)


def test_a_salesperson_is_not_blamed_for_the_goods_and_the_goods_not_for_her() -> None:
    """All doubts are about pumps, of which she sells most: the goods stand out, she does not; and the other way round."""

    def outstanding(salesperson: int, group: str, hers: int, theirs: int) -> list[tuple[str, int | str]]:
        """300 doubtful items of a thousand; so many of them are hers, and so many of the group."""
        doubts = [
            a_doubt(
                n,
                customer=n,
                salesperson=salesperson if n < hers else 2,
                product_group=group if n < theirs else "Drives",
            )
            for n in range(30)
        ]
        found = causes(
            salespeople={1: 200, 2: 800},
            customers={},
            groups={"Pumps": 150, "Drives": 850},
            whole=1_000,
            doubts=doubts,
        )
        return [(one.dimension, one.value) for one in found]

    assert outstanding(1, "Pumps", hers=22, theirs=30) == [("product_group", "Pumps")]
    assert outstanding(1, "Pumps", hers=30, theirs=12) == [("salesperson", 1)]


def test_where_nothing_is_planted_next_to_nothing_stands_out() -> None:
    found = [cause for seed in range(20) for cause in drawn(Random(seed), chance=2)]
    assert len(found) <= 4


def test_a_cause_needs_others_to_compare_with_and_enough_items() -> None:
    few = [a_doubt(item) for item in (1, 2)]
    assert causes(salespeople={1: 10}, customers={}, whole=1_000, doubts=few) == []
    many = [a_doubt(item) for item in range(30)]
    assert causes(salespeople={1: 100}, customers={1: 100}, whole=100, doubts=many) == []
    (cause,) = causes(salespeople={1: 100}, customers={}, whole=1_000, doubts=many)
    assert (cause.items, cause.became, cause.share, cause.elsewhere) == (30, 100, 3_000, 0)
    assert cause.spared == 17


@pytest.mark.parametrize(("part", "whole", "least"), [(0, 10, "0"), (10, 10, "0.5263"), (50, 100, "0.3563")])
def test_the_sure_share_is_wilsons_lower_bound(part: int, whole: int, least: str) -> None:
    assert round(surely(part, whole), 4) == Decimal(least)


def test_lines_count_items_once_and_cases_once() -> None:
    became = [Became(0, 1, 8), Became(0, None, 2), Became(1, 1, 4)]
    doubts = [
        a_doubt(1, case=1, minor=500, days=4),
        a_doubt(1, case=2, minor=700, days=2, reason="quality"),
        a_doubt(2, case=3, days=9),
        a_doubt(3, case=3, days=9, currency="USD"),
        a_doubt(4, salesperson=None, department=""),
        a_doubt(5, period=1, days=1),
    ]
    whole = total(became, doubts)
    assert (whole.became, whole.items, whole.share, whole.before) == (10, 4, 4_000, 2_500)
    assert (whole.cases, whole.pending, whole.days) == (4, 1, 4)
    assert whole.sums == {"EUR": 2_700, "USD": 1_000}
    reasons = {line.value: (line.items, line.share, line.before) for line in by_reason(became, doubts)}
    assert reasons == {"price": (4, 4_000, 2_500), "quality": (1, 1_000, 0)}
    people = {line.value: (line.items, line.share, line.before) for line in by_salesperson(became, doubts)}
    assert people == {"1": (3, 3_750, 2_500), "": (1, 5_000, None)}
    assert {line.value: line.items for line in by_department(became, doubts)} == {"sales": 3, "": 1}
    assert trend(became, doubts, periods=3) == [None, 2_500, 4_000]


def test_a_group_has_the_share_of_what_of_it_became_due() -> None:
    became = [Became(0, 1, 8, "Pumps"), Became(0, 2, 2, "Pumps"), Became(0, 1, 5), Became(1, 1, 4, "Pumps")]
    doubts = [
        a_doubt(1, product_group="Pumps"),
        a_doubt(2, product_group="Pumps", salesperson=2),
        a_doubt(3),
        a_doubt(4, product_group="Pumps", period=1),
    ]
    found = {line.value: (line.items, line.share, line.before) for line in by_product_group(became, doubts)}
    assert found == {"Pumps": (2, 2_000, 2_500), "": (1, 2_000, None)}
    people = {line.value: (line.became, line.share) for line in by_salesperson(became, doubts)}
    assert people == {"1": (13, 1_538), "2": (2, 5_000)}
    assert by_product_group([Became(0, 1, 8)], [a_doubt(1)]) == []


def test_without_cases_the_share_is_nought_and_without_items_there_is_none() -> None:
    assert total([Became(0, 1, 3)], []).share == 0
    assert total([], []).share is None
    assert basis_points(1, 3) == 3_333


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


@pytest.fixture
def planted(company: Company, sales: User) -> Company:
    """Of twelve invoices due lately six of the salesperson's customer are in clarification, one of nobody's."""
    hers, nobodys = (
        a_customer(company.id, number="1", name="Miller Ltd", salesperson_id=sales.id),
        a_customer(company.id, number="2", name="Nobody Inc"),
    )
    items = [
        an_open_item(
            company.id, hers, number=f"H-{n}", due_on=ON - timedelta(days=5), group="Pumps" if n < 4 else ""
        )
        for n in range(7)
    ]
    others = [
        an_open_item(company.id, nobodys, number=f"N-{n}", due_on=ON - timedelta(days=6)) for n in range(5)
    ]
    an_open_item(company.id, hers, number="ahead", due_on=ON)
    an_open_item(company.id, hers, number="before", due_on=ON - timedelta(days=40))
    an_open_item(company.id, hers, number="credit", minor=-500, due_on=ON - timedelta(days=5))
    for item in items[:5]:
        a_case(company, [item], minor=4_000)
    closed = a_case(company, [items[5]], reason=CaseReason.QUALITY)
    close_case(
        company=company,
        case=closed.id,
        proposal=Proposal(Outcome.VALID),
        by=TESTS,
        on=ON + timedelta(days=3),
        at=MOMENT,
    )
    a_case(company, [others[0]])
    return company


def test_the_figures_of_a_company(planted: Company, sales: User) -> None:
    found = barometer(on=ON, days=30)
    assert (found.total.became, found.total.items, found.total.before) == (12, 7, 0)
    assert found.total.sums == {"EUR": 5 * 4_000 + 2 * 10_000}
    assert {one.value: (one.items, one.became) for one in found.salespeople} == {
        str(sales.id): (6, 7),
        "": (1, 5),
    }
    assert {one.value: (one.items, one.became) for one in found.product_groups} == {
        "Pumps": (4, 4),
        "": (3, 8),
    }
    assert {one.value: one.days for one in found.reasons} == {"price": None, "quality": 3}
    assert found.trend == [None, None, None, None, 0, 5_833]
    assert barometer(on=ON, days=90).total.became == 13


@pytest.mark.parametrize("days", LENGTHS)
def test_the_cases_behind_a_figure_are_as_many(planted: Company, days: int) -> None:
    found = barometer(on=ON, days=days)
    asked = [({}, found.total)]
    asked += [({"reason": line.value}, line) for line in found.reasons]
    asked += [({"department": line.value or "none"}, line) for line in found.departments]
    asked += [({"salesperson": int(line.value or 0)}, line) for line in found.salespeople]
    asked += [
        ({"product_group": line.value} if line.value else {"ungrouped": True}, line)
        for line in found.product_groups
    ]
    assert len(found.product_groups) == 2
    for narrowed, line in asked:
        filters = CaseFilters(state="all", days=days, **narrowed)  # type: ignore[arg-type]
        assert len(cases_page(filters=filters, on=ON).rows) == line.cases


def test_a_salesperson_sees_the_figures_of_her_own_customers(
    planted: Company, client_of: ClientOf, sales: User
) -> None:
    found = barometer(on=ON, days=30, scope=Scope((sales.id,)))
    assert (found.total.became, found.total.items) == (7, 6)
    page = client_of(sales).get(PAGE).content.decode()
    assert "6 of 8 items" in page
    assert "nobody" not in page


def test_the_page_and_its_file(planted: Company, client_of: ClientOf, clerk: User) -> None:
    office = client_of(clerk)
    page = office.get(f"{PAGE}?days=30").content.decode()
    figures = ("7 of 12 items", "58.3%", "+58.3<", "Change in points")
    for word in (*figures, "By reason", "By salesperson", "Quality", "By product group"):
        assert word in page
    assert "state=all&amp;days=30&amp;group=Pumps" in page
    assert "state=all&amp;days=30&amp;ungrouped=yes" in page
    assert office.get(f"{PAGE}?days=nonsense").status_code == 200
    file = b"".join(office.get(f"{PAGE}export/csv/?days=30").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Miller" not in file
    assert "58.33" in file
    assert "Product group,Pumps,4,4,100.00," in file
    assert office.get(f"{PAGE}export/pdf/").status_code == 404
    board = office.get(
        "/c/acme/clarification/?state=all&days=30&reason=quality&salesperson=0&department=none&customer=7"
    )
    assert "Became due in the last 30 days" in board.content.decode()


def test_the_board_and_its_file_know_the_product_group(
    planted: Company, client_of: ClientOf, clerk: User
) -> None:
    office = client_of(clerk)
    board = office.get("/c/acme/clarification/?state=all&group=Pumps")
    assert len(board.context["rows"]) == 4
    assert {row.product_groups for row in board.context["rows"]} == {"Pumps"}
    assert len(office.get("/c/acme/clarification/?state=all&ungrouped=yes").context["rows"]) == 3
    assert len(office.get("/c/acme/clarification/?state=all&group=pumps%00").context["rows"]) == 0
    assert "Pumps" in office.get("/c/acme/clarification/").content.decode()  # in the menu
    case = board.context["rows"][0].id
    assert "Product group" in office.get(f"/c/acme/clarification/{case}/").content.decode()
    file = b"".join(office.get("/c/acme/clarification/export/csv/?group=Pumps")).decode()
    assert file.count("Pumps") == 4


def test_nothing_became_due(company: Company, client_of: ClientOf, clerk: User) -> None:
    assert "Nothing became due in this period" in client_of(clerk).get(PAGE).content.decode()
    an_open_item(company.id, a_customer(company.id), due_on=ON - timedelta(days=1))
    assert "Nothing of it stands in a case" in client_of(clerk).get(PAGE).content.decode()
