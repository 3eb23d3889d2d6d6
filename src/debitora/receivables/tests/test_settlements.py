"""Payments in bulk, what they settle, and taking it back: by cases, and against single allocations as the oracle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.actions import (
    LessIsLeft,
    MovedSince,
    PaymentsRefused,
    Settled,
    allocate,
    refund_credit,
    return_payment,
    settle_payments,
    settlements,
    take_back_outflow,
    take_back_payment,
    undo_list,
)
from debitora.receivables.actions.returns import NoSuchCredit, NotOfThisPayment
from debitora.receivables.actions.settlements import ALLOCATIONS, DEDUCTIONS, PAYMENTS
from debitora.receivables.models import Allocation, Entry, Item, ItemState
from debitora.receivables.queries import known_items
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
from debitora.trail.models import Record
from debitora.values.money import Money
from tests.ledger_oracle import findings, open_by_item

Put = tuple[int | None, int, int]
"""A credit's item or None for the payment, a debit's item, minor units."""


def settle(
    company: Company,
    paid: Sequence[tuple[int, int]],
    puts: Sequence[tuple[int, Put]] = (),
    off: Sequence[tuple[int, int, str, int]] = (),
    **options: Any,
) -> Settled:
    """Payments (customer, minor), keyed from 0; what they are put against; what is taken off (key, item, kind, minor)."""
    payments = [
        (key, key, customer, f"B-{key}", f"B-{key}", options.get("position", "1"), "EUR", minor, ON)
        for key, (customer, minor) in enumerate(paid)
    ]
    return settle_payments(
        company=company.id,
        source=a_source(company.id, "bank"),
        payments=pl.DataFrame(payments, schema=dict(PAYMENTS), orient="row"),
        allocations=pl.DataFrame(
            [(key, *put, "matched") for key, put in puts], schema=dict(ALLOCATIONS), orient="row"
        ),
        deductions=pl.DataFrame(list(off), schema=dict(DEDUCTIONS), orient="row"),
        by=TESTS,
        at=MOMENT,
        skip_refused=options.get("skip_refused", False),
    )


def opened(*items: int) -> list[int]:
    states = {state.item_id: state.open_minor for state in ItemState.objects.filter(item__in=items)}
    return [states[item] for item in items]


def test_payments_settle_items_less_what_is_taken_off(company: Company) -> None:
    customer = a_customer(company.id)
    first, second = (an_open_item(company.id, customer, number=f"R-{n}") for n in (1, 2))
    note = an_open_item(company.id, customer, number="G-1", minor=-1_000)
    made = settle(
        company,
        [(customer, 18_800), (customer, 5_000)],
        [(0, (None, first.id, 9_800)), (0, (None, second.id, 9_000)), (0, (note.id, second.id, 1_000))],
        [(0, first.id, "discount", 200)],
    )
    one, other = made.items["item"].to_list()
    assert opened(first.id, second.id, note.id, one, other) == [0, 0, 0, 0, -5_000]
    assert [row["minor"] for row in made.allocations.to_dicts()] == [9_800, 9_000, 1_000]
    assert made.allocations["credit"].to_list() == [one, one, note.id]
    assert Entry.objects.get(id=made.deductions["entry"][0]).amount_minor == -200
    assert Record.objects.filter(verb="payments.settled").count() == 1
    assert findings() == []


def test_what_the_ledger_does_not_bear_is_refused_as_a_whole_or_left_out(company: Company) -> None:
    customer, stranger = a_customer(company.id), a_customer(company.id, "20002")
    debit, foreign = (
        an_open_item(company.id, customer),
        an_open_item(company.id, customer, number="R-2", currency="CHF"),
    )
    hers = an_open_item(company.id, stranger, number="R-3")
    note = an_open_item(company.id, customer, number="G-1", minor=-1_000)
    paid = [(customer, 20_000)] * 9
    puts: list[tuple[int, Put]] = [
        (0, (None, debit.id, 6_000)),
        (1, (None, debit.id, 4_001)),  # beyond what the first leaves
        (2, (None, foreign.id, 1)),
        (3, (None, hers.id, 1)),
        (4, (None, note.id, 1)),  # a credit is not paid
        (5, (debit.id, debit.id, 1)),  # a debit settles nothing
        (6, (note.id, hers.id, 1)),
        (7, (None, 999_999_999, 1)),
        (8, (None, hers.id, 20_001)),
    ]
    with pytest.raises(PaymentsRefused) as refused:
        settle(company, paid, puts)
    assert refused.value.keys == (1, 2, 3, 4, 5, 6, 7, 8)
    assert not Allocation.objects.exists()
    assert settle(company, paid, puts, skip_refused=True).refused == (1, 2, 3, 4, 5, 6, 7, 8)
    assert opened(debit.id) == [4_000]
    assert findings() == []


def test_a_payment_cannot_be_spent_twice(company: Company) -> None:
    customer = a_customer(company.id)
    items = [an_open_item(company.id, customer, number=f"R-{n}").id for n in (1, 2)]
    with pytest.raises(PaymentsRefused):
        settle(company, [(customer, 10_000)], [(0, (None, item, 5_001)) for item in items])


@settings(
    max_examples=30,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    amounts=st.lists(st.integers(1, 500), min_size=1, max_size=6),
    wanted=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 400)), max_size=8),
    settled=st.lists(st.integers(0, 500), min_size=6, max_size=6),
)
def test_in_bulk_is_as_one_by_one(
    company: Company, amounts: list[int], wanted: list[tuple[int, int]], settled: list[int]
) -> None:
    """The oracle puts payments by hand, one after the other; what it refuses the bulk leaves out, and all is equally open."""
    with transaction.atomic():
        outcome = [
            _road(company, name, road, amounts, wanted, settled)
            for name, road in (("A", _in_bulk), ("B", _by_hand))
        ]
        found = findings()
        transaction.set_rollback(True)
    assert outcome[0] == outcome[1]
    assert found == []


def _road(
    company: Company,
    name: str,
    road: Callable[[Company, int, list[tuple[int, int]]], None],
    amounts: list[int],
    wanted: list[tuple[int, int]],
    settled: list[int],
) -> tuple[list[int], list[int]]:
    numbers = [f"{name}{n}" for n in range(len(amounts))]
    left = [max(minor - gone, 0) for minor, gone in zip(amounts, settled, strict=False)]
    for day, sums in enumerate((amounts, left)):
        rows = a_listed(zip(numbers, sums, strict=True), customer=name).filter(pl.col("open_minor") > 0)
        apply_listed(company.id, rows, list_import=day + 1, name=name)
    items = list(Item.objects.filter(number__in=numbers).order_by("number").values_list("id", flat=True))
    customer = Item.objects.get(id=items[0]).customer_id
    road(company, customer, [(items[place % len(items)], minor) for place, minor in wanted])
    per_list = known_items(source=a_source(company.id, name)).sort("item_id")["settled_per_list_minor"]
    return opened(*items), per_list.to_list()


def _in_bulk(company: Company, customer: int, wanted: list[tuple[int, int]]) -> None:
    if bearable := _bearable(wanted):
        settle(
            company,
            [(customer, minor) for _item, minor in bearable],
            [(key, (None, item, minor)) for key, (item, minor) in enumerate(bearable)],
            position=str(bearable[0][0]),
        )


def _by_hand(company: Company, customer: int, wanted: list[tuple[int, int]]) -> None:
    for number, (item, minor) in enumerate(_bearable(wanted)):
        payment = an_open_item(
            company.id, customer, number=f"P-{item}-{number}", minor=-minor, kind="payment"
        )
        allocate(
            company=company.id,
            credit_item=payment.id,
            debit_item=item,
            amount=Money(minor, "EUR"),
            on=ON,
            by=TESTS,
            at=MOMENT,
        )


def _bearable(wanted: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that what the items were opened with bears, in their order."""
    left = {item: Item.objects.get(id=item).amount_minor for item, _minor in wanted}
    found = []
    for item, minor in wanted:
        if minor <= left[item]:
            left[item] -= minor
            found.append((item, minor))
    return found


def take_back(company: Company, payment: int, **rows: Any) -> None:
    take_back_payment(company=company.id, payment=payment, on=ON, by=TESTS, at=MOMENT, **rows)


def give_back(company: Company, payment: int, minor: int, **rows: Any) -> Entry:
    return return_payment(
        company=company.id, payment=payment, minor=minor, on=ON, by=TESTS, at=MOMENT, **rows
    )


def test_taking_a_payment_back_leaves_nothing_of_it(company: Company) -> None:
    customer = a_customer(company.id)
    debit, later = (an_open_item(company.id, customer, number=f"R-{n}") for n in (1, 2))
    note = an_open_item(company.id, customer, number="G-1", minor=-1_000)
    made = settle(
        company,
        [(customer, 8_900)],
        [(0, (None, debit.id, 8_800)), (0, (note.id, debit.id, 1_000))],
        [(0, debit.id, "discount", 200)],
    )
    payment = made.items["item"][0]
    allocate(
        company=company.id, credit_item=payment, debit_item=later.id, amount=Money(100, "EUR"), on=ON, by=TESTS, at=MOMENT
    )  # fmt: skip
    with pytest.raises(NotOfThisPayment):
        take_back(company, payment, deductions=[Entry.objects.get(item=debit, kind="opened").id])
    take_back(
        company,
        payment,
        allocations=made.allocations["allocation"].to_list(),
        deductions=made.deductions["entry"].to_list(),
    )
    assert opened(debit.id, later.id, note.id, payment) == [10_000, 10_000, -1_000, 0]
    assert open_by_item(on=date(2099, 1, 1)) == open_by_item(on=ON)
    with pytest.raises(NoSuchCredit):
        take_back(company, payment)
    with pytest.raises(LessIsLeft):
        give_back(company, payment, 1)
    assert findings() == []


def test_what_a_bank_takes_back_opens_the_newest_first(company: Company) -> None:
    customer = a_customer(company.id)
    first, second = (an_open_item(company.id, customer, number=f"R-{n}") for n in (1, 2))
    made = settle(
        company,
        [(customer, 20_500)],
        [(0, (None, first.id, 9_800)), (0, (None, second.id, 10_000))],
        [(0, first.id, "discount", 200)],
    )
    payment, entries = made.items["item"][0], made.deductions["entry"].to_list()
    give_back(company, payment, 4_700, deductions=entries)
    assert opened(first.id, second.id, payment) == [0, 4_000, 0]
    for wrong in (0, 15_801):
        with pytest.raises(LessIsLeft):
            give_back(company, payment, wrong)
    with pytest.raises(MovedSince):
        take_back(company, payment)
    gone = give_back(company, payment, 15_800, deductions=entries)
    assert opened(first.id, second.id, payment) == [10_000, 10_000, 0]
    assert findings() == []
    take_back_outflow(company=company.id, entry=gone.id, on=ON, by=TESTS, at=MOMENT)
    assert opened(payment) == [-15_800]
    with pytest.raises(NoSuchCredit):
        take_back_outflow(company=company.id, entry=gone.id, on=ON, by=TESTS, at=MOMENT)
    with pytest.raises(NoSuchCredit):
        take_back_outflow(company=company.id, entry=0, on=ON, by=TESTS, at=MOMENT)
    assert findings() == []


def test_a_credit_is_paid_back_as_far_as_it_is_left(company: Company) -> None:
    customer = a_customer(company.id)
    note = an_open_item(company.id, customer, number="G-1", minor=-1_000)
    debit = an_open_item(company.id, customer)
    refund = {"company": company.id, "on": ON, "by": TESTS, "at": MOMENT}
    assert refund_credit(credit=note.id, minor=400, **refund).amount_minor == 400
    with pytest.raises(LessIsLeft):
        refund_credit(credit=note.id, minor=601, **refund)
    with pytest.raises(NoSuchCredit):
        refund_credit(credit=debit.id, minor=1, **refund)
    assert opened(note.id) == [-600]
    assert findings() == []


def test_an_undone_list_takes_back_what_its_item_no_longer_bears(company: Company) -> None:
    """A discount of a debit and a refund of a credit that only the undone list had made large enough; the older discount stands."""
    apply_listed(company.id, a_listed([("R-1", 20), ("C-1", -1)]))
    apply_listed(company.id, a_listed([("R-1", 100), ("C-1", -15)]), list_import=2)
    debit, credit = (Item.objects.get(number=number) for number in ("R-1", "C-1"))
    customer = debit.customer_id
    settle(company, [(customer, 60)], [(0, (None, debit.id, 60))], [(0, debit.id, "discount", 5)])
    settle(company, [(customer, 1)], [], [(0, debit.id, "discount", 35)], position="2")
    refund_credit(company=company.id, credit=credit.id, minor=14, on=ON, by=TESTS, at=MOMENT)
    assert opened(debit.id, credit.id) == [0, -1]
    undone = undo_list(company=company.id, list_import=2, by=TESTS, at=MOMENT)
    assert (undone.allocations_released, undone.entries_reversed) == (1, 4)
    assert opened(debit.id, credit.id) == [15, -1]
    assert findings() == []


@pytest.mark.parametrize("locked", [True, False])
def test_two_batches_never_put_more_than_is_open(
    company: Company, committed: str, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """H04 in bulk: of two at one moment one leaves out what the other took. The control, without locks, is stopped by force."""
    with transaction.atomic():
        customer = a_customer(company.id)
        debit = an_open_item(company.id, customer)
        a_source(company.id, "bank")
    if not locked:
        _leave_the_locks_out(monkeypatch)
    outcome = _at_once(company, customer, debit.id)
    with transaction.atomic():
        left = opened(debit.id)
    assert left == [0], outcome
    if locked:
        assert outcome == ["()", "(0,)"]
    else:
        assert "open_between_zero_and_raised" in outcome[1]


def _leave_the_locks_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked at what is open before either writes."""
    looked = threading.Barrier(2)
    run, numbers = settlements.run, settlements.numbers

    def unlocked(cursor: Any, name: str, **facts: Any) -> int:
        if name != "settling/lock":
            return run(cursor, name, **facts)
        cursor.execute(
            "create temp table settle_touched on commit drop as"
            " select debit_item as item_id from settle_allocation"
        )
        return 0

    def together(cursor: Any, name: str, **facts: Any) -> list[int]:
        found = numbers(cursor, name, **facts)
        if name == "settling/refused":
            looked.wait(30)
        return found

    monkeypatch.setattr(settlements, "run", unlocked)
    monkeypatch.setattr(settlements, "numbers", together)


def _at_once(company: Company, customer: int, debit: int) -> list[str]:
    """Two clerks pay one item wholly, each over a connection of her own."""
    barrier = threading.Barrier(2)
    outcome = ["", ""]

    def clerk(index: int) -> None:
        try:
            with serving(company.id), transaction.atomic():
                barrier.wait(30)
                paid = settle(
                    company,
                    [(customer, 10_000)],
                    [(0, (None, debit, 10_000))],
                    position=str(index),
                    skip_refused=True,
                )
                outcome[index] = str(paid.refused)
        except Exception as refused:  # noqa: BLE001  # the outcome is what the test looks at
            outcome[index] = str(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(index,)) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcome, key=len)
