"""A source's lists on the ledger: opened, paid, settled, corrected, reappeared, behind; and undone."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from debitora.engine.lists import diff
from debitora.people.models import Company
from debitora.receivables.actions import LedgerMovedOn, allocate, apply_list, undo_list
from debitora.receivables.models import (
    Allocation,
    Customer,
    Entry,
    Item,
    ItemGroup,
    ItemState,
    ListMark,
    Terms,
)
from debitora.receivables.queries import aging_as_of, balance_as_of, known_from, known_items
from debitora.receivables.testing import (
    MOMENT,
    ON,
    TESTS,
    a_customer,
    a_listed,
    a_source,
    an_open_item,
    apply_listed,
)
from debitora.trail.models import Record, Subject
from debitora.values.money import Money
from tests.ledger_oracle import findings


def opened(number: str) -> int:
    return ItemState.objects.get(item__number=number).open_minor


def entries(number: str) -> list[tuple[str, int]]:
    rows = Entry.objects.filter(item__number=number).order_by("id")
    return list(rows.values_list("kind", "amount_minor"))


def pay(company: Company, debit: str, minor: int) -> Allocation:
    item = Item.objects.get(number=debit)
    payment = an_open_item(company.id, item.customer_id, number=f"P-{minor}", minor=-minor, kind="payment")
    return allocate(
        company=company.id,
        credit_item=payment.id,
        debit_item=item.id,
        amount=Money(minor, "EUR"),
        on=ON,
        by=TESTS,
        at=MOMENT,
    )


def test_a_first_list_opens_items_and_makes_customers_known(company: Company) -> None:
    seen: list[tuple[int, int]] = []
    erp = a_source(company.id)
    applied = apply_list(
        company=company.id,
        source=erp,
        list_import=1,
        changes=diff(a_listed([("R-1", 10_000), ("G-1", -500)]), known_items(source=erp)),
        on=ON,
        by=TESTS,
        at=MOMENT,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert (applied.opened, applied.customers_created) == (2, 1)
    assert (opened("R-1"), opened("G-1")) == (10_000, -500)
    assert Customer.objects.select_related("party").get().party.name == "Customer 10001"
    assert seen == sorted(seen)
    assert seen[-1] == (8, 8)
    record = Record.objects.get(verb="list.applied")
    assert (record.facts["opened"], len(bytes(record.digest or b""))) == (2, 32)
    assert set(Subject.objects.filter(record=record).values_list("kind", flat=True)) == {
        "list_import",
        "customer",
    }
    again = apply_listed(company.id, a_listed([("R-1", 10_000), ("G-1", -500)]), list_import=2)
    assert (again.opened, again.unchanged, again.customers_created) == (0, 2, 0)
    assert findings() == []


def test_known_customers_keep_their_name(company: Company) -> None:
    a_customer(company.id, "10001", name="Berg AG")
    apply_listed(company.id, a_listed([("R-1", 1)], customer="010001"))
    assert Customer.objects.select_related("party").get().party.name == "Berg AG"


def test_less_is_paid_nothing_is_settled_more_is_corrected(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 10_000), ("R-2", 500), ("R-3", 100)]))
    applied = apply_listed(company.id, a_listed([("R-1", 4_000), ("R-3", 130)]), list_import=2)
    assert (applied.paid, applied.settled, applied.corrected) == (1, 1, 1)
    assert entries("R-1") == [("opened", 10_000), ("paid_per_list", -6_000)]
    assert entries("R-2") == [("opened", 500), ("settled_per_list", -500)]
    assert entries("R-3") == [("opened", 100), ("corrected", 30)]
    assert findings() == []


def test_what_reappears_takes_its_settling_back(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    apply_listed(company.id, a_listed([("R-1", 70)]), list_import=2)
    apply_listed(company.id, a_listed([]), list_import=3)
    assert apply_listed(company.id, a_listed([("R-1", 80)]), list_import=4).reappeared == 1
    assert entries("R-1")[3:] == [("settled_per_list", 70), ("paid_per_list", 30), ("paid_per_list", -20)]
    assert apply_listed(company.id, a_listed([("R-1", 120)]), list_import=5).reappeared == 1
    assert entries("R-1")[6:] == [("paid_per_list", 20), ("corrected", 20)]
    assert findings() == []


def test_another_due_day_is_a_row_of_terms(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    later = a_listed([("R-1", 100)], due_on=date(2026, 12, 1))
    assert apply_listed(company.id, later, list_import=2).terms_changed == 1
    assert list(Terms.objects.order_by("id").values_list("due_on", flat=True)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
    ]
    undo_list(company=company.id, list_import=2, by=TESTS, at=MOMENT)
    assert ItemState.objects.get().due_on == date(2026, 11, 1)
    assert findings() == []


def test_two_lists_undone_one_after_the_other_leave_the_first_due_day(company: Company) -> None:
    days = [date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 24)]
    for number, day in enumerate(days, start=1):
        apply_listed(company.id, a_listed([("R-1", 100)], due_on=day), list_import=number)
    for number, left in ((3, days[1]), (2, days[0])):
        undo_list(company=company.id, list_import=number, by=TESTS, at=MOMENT)
        assert ItemState.objects.get().due_on == left
    assert findings() == []


def test_another_product_group_is_a_row_and_undone_with_its_list(company: Company) -> None:
    def group() -> tuple[str, list[str]]:
        said = list(ItemGroup.objects.order_by("id").values_list("product_group", flat=True))
        return ItemState.objects.get().product_group, said

    apply_listed(company.id, a_listed([("R-1", 100)], group="20"))
    assert group() == ("20", [])
    assert apply_listed(company.id, a_listed([("R-1", 100)]), list_import=2).regrouped == 0
    assert apply_listed(company.id, a_listed([("R-1", 100)], group="30"), list_import=3).regrouped == 1
    assert apply_listed(company.id, a_listed([("R-1", 100)], group="40"), list_import=4).regrouped == 1
    assert group() == ("40", ["30", "40"])
    undo_list(company=company.id, list_import=4, by=TESTS, at=MOMENT)
    assert group() == ("30", ["30", "40", "30"])
    undo_list(company=company.id, list_import=3, by=TESTS, at=MOMENT)
    assert group() == ("20", ["30", "40", "30", "20"])
    undo_list(company=company.id, list_import=3, by=TESTS, at=MOMENT)
    assert group()[1] == ["30", "40", "30", "20"]
    assert findings() == []


def test_a_list_touches_its_own_source_only(company: Company) -> None:
    customer = a_customer(company.id)
    an_open_item(company.id, customer, number="M-1")
    apply_listed(company.id, a_listed([("R-1", 100)]), name="Other ERP")
    apply_listed(company.id, a_listed([]), list_import=2)
    assert (opened("M-1"), opened("R-1")) == (10_000, 100)


def test_a_ledger_that_moved_on_is_compared_again(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    erp = a_source(company.id)
    changes = diff(a_listed([("R-1", 40), ("R-2", 1)]), known_items(source=erp))
    given = {"company": company.id, "source": erp, "on": ON, "by": TESTS, "at": MOMENT}
    pay(company, "R-1", 10)
    with pytest.raises(LedgerMovedOn, match="1 items"), transaction.atomic():
        apply_list(list_import=2, changes=changes, **given)
    assert (opened("R-1"), Item.objects.filter(number="R-2").count()) == (90, 0)
    fresh = diff(a_listed([("R-1", 90), ("R-2", 1)]), known_items(source=erp))
    apply_list(list_import=2, changes=fresh, **given)
    with pytest.raises(LedgerMovedOn, match="opened meanwhile"), transaction.atomic():
        apply_list(list_import=3, changes=fresh, **given)


def test_a_list_of_another_source_is_not_as_it_was_compared(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    changes = diff(a_listed([]), known_items(source=a_source(company.id)))
    with pytest.raises(LedgerMovedOn), transaction.atomic():
        apply_list(
            company=company.id,
            source=a_source(company.id, "Other ERP"),
            list_import=2,
            changes=changes,
            on=ON,
            by=TESTS,
            at=MOMENT,
        )


def test_an_amount_beyond_all_bounds_is_refused(company: Company) -> None:
    with pytest.raises(IntegrityError, match="in_range"), transaction.atomic():
        apply_listed(company.id, a_listed([("R-1", 10**15)]))


def test_undone_as_if_it_had_never_been_and_the_same_file_again(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100), ("R-2", 50)]))
    before = known_items(source=a_source(company.id))
    second = a_listed([("R-1", 120), ("R-3", 70)])
    first_time = apply_listed(company.id, second, list_import=2, on=ON + timedelta(days=1))
    undone = undo_list(company=company.id, list_import=2, by=TESTS, at=MOMENT)
    numbers = Item.objects.filter(id__in=undone.items).values_list("number", flat=True)
    assert sorted(numbers) == ["R-1", "R-2", "R-3"]
    lost = Item.objects.filter(id__in=undone.ungrounded).values_list("number", flat=True)
    assert sorted(lost) == ["R-1", "R-3"], "R-2 was only settled: what was sent about it stands again"
    assert (len(undone.customers), undone.entries_reversed, undone.allocations_released) == (1, 3, 0)
    after = known_items(source=a_source(company.id))
    assert after.filter(pl.col("raised_minor") != 0).equals(before)
    assert aging_as_of(on=ON + timedelta(days=1))["EUR"].total == 150
    nothing = undo_list(company=company.id, list_import=2, by=TESTS, at=MOMENT)
    assert (nothing.entries_reversed, nothing.allocations_released) == (0, 0)
    again = apply_listed(company.id, second, list_import=3, on=ON + timedelta(days=1))
    assert (again.opened, again.corrected, again.settled) == (first_time.opened, 1, 1)
    assert findings() == []


def test_undoing_returns_credits_on_account(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    apply_listed(company.id, a_listed([("R-1", 150), ("R-2", 80)]), list_import=2)
    older, newer, of_new = pay(company, "R-1", 90), pay(company, "R-1", 40), pay(company, "R-2", 80)
    undone = undo_list(company=company.id, list_import=2, by=TESTS, at=MOMENT)
    assert undone.allocations_released == 2
    releases = Allocation.objects.exclude(reverses=None).order_by("id")
    assert [(one.reverses_id, one.reason) for one in releases] == [
        (newer.id, "list_undone"),
        (of_new.id, "list_undone"),
    ]
    assert (opened("R-1"), opened("R-2"), opened("P-90"), opened("P-40"), opened("P-80")) == (
        10,
        0,
        0,
        -40,
        -80,
    )
    assert older.id < newer.id
    assert findings() == []


def test_undoing_takes_the_mark_of_a_list_back(company: Company) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    pay(company, "R-1", 60)
    assert apply_listed(company.id, a_listed([("R-1", 90)]), list_import=2).behind == 1
    assert apply_listed(company.id, a_listed([("R-1", 40)]), list_import=3).caught_up == 1
    undo_list(company=company.id, list_import=3, by=TESTS, at=MOMENT)
    assert ItemState.objects.get(item__number="R-1").list_behind
    undo_list(company=company.id, list_import=2, by=TESTS, at=MOMENT)
    assert not ItemState.objects.get(item__number="R-1").list_behind
    assert list(ListMark.objects.order_by("id").values_list("behind", flat=True)) == [
        True,
        False,
        True,
        False,
    ]


def test_as_of_tells_what_counted_and_what_was_known(company: Company) -> None:
    """Backdated, an item counts from its day, but was not known before it was recorded."""
    customer = a_customer(company.id)
    an_open_item(company.id, customer, minor=100, on=ON - timedelta(days=5))
    yesterday = ON - timedelta(days=1)
    assert balance_as_of(on=yesterday, customer=customer) == {"EUR": 100}
    assert balance_as_of(on=yesterday, known_at=MOMENT - timedelta(days=1)) == {}
    assert balance_as_of(on=ON - timedelta(days=6)) == {}
    assert (known_from(), known_from(source=0)) == (ON - timedelta(days=5), None)
