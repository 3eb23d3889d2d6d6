"""The ledger under random use: after every step the projection equals what the rows say, and no identity is broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from debitora.engine.lists import diff
from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.actions import (
    NewItem,
    allocate,
    apply_list,
    open_item,
    place_hold,
    raise_levels,
    release_allocation,
    release_hold,
    undo_list,
    withdraw_levels,
)
from debitora.receivables.actions.allocations import (
    AllocationAlreadyReleased,
    MoreThanIsOpen,
    NotTheSameCustomer,
)
from debitora.receivables.actions.holds import HoldAlreadyReleased
from debitora.receivables.models import Allocation, Hold, ItemState
from debitora.receivables.queries import (
    aging,
    aging_as_of,
    conditions,
    dunning_frames,
    items_page,
    known_items,
)
from debitora.receivables.rules.items import ItemFilters
from debitora.receivables.testing import MOMENT, ON, TESTS, a_customer, a_listed, a_source, apply_listed
from debitora.values.money import Money
from tests.ledger_oracle import findings, open_by_item

AMOUNTS = st.integers(1, 40)
CUSTOMERS = ("1", "2", "3")
LISTS = st.dictionaries(
    st.tuples(st.sampled_from(CUSTOMERS[:2]), st.sampled_from(("A", "B", "C"))),
    st.integers(-20, 40).filter(bool),
    max_size=5,
)


class _RolledBack(Exception):
    pass


@contextmanager
def throw_away() -> Iterator[None]:
    """A transaction that never was: each run of the machine begins with the same company and nothing in it."""
    try:
        with transaction.atomic():
            yield
            raise _RolledBack
    except _RolledBack:
        return


class Ledger(RuleBasedStateMachine):
    company: int

    def __init__(self) -> None:
        super().__init__()
        self._around = throw_away()
        self._around.__enter__()
        self.imports: list[int] = []
        self.next_import = 0
        self.notices = 0
        self.opened = 0
        self.day = ON
        self.stood: dict[date, dict[int, int]] = {}

    def teardown(self) -> None:
        error = _RolledBack()
        self._around.__exit__(type(error), error, None)

    @initialize()
    def company_with_a_group(self) -> None:
        self.erp = a_source(self.company)
        self.customers = [a_customer(self.company, number) for number in CUSTOMERS]
        a_customer(self.company, "2", parent_number="1")

    @rule(customer=st.integers(0, 2), kind=st.sampled_from(("invoice", "credit", "payment")), minor=AMOUNTS)
    def open(self, customer: int, kind: str, minor: int) -> None:
        self.opened += 1
        amount = Money(minor if kind == "invoice" else -minor, "EUR")
        item = NewItem(kind=kind, number=f"M-{self.opened}", amount=amount, due_on=self.day)
        open_item(
            company=self.company,
            source=a_source(self.company, "by hand"),
            customer=self.customers[customer],
            item=item,
            on=self.day,
            by=TESTS,
            at=MOMENT,
        )

    @rule(data=st.data(), minor=AMOUNTS)
    def allocate_some(self, data: st.DataObject, minor: int) -> None:
        credits_ = list(ItemState.objects.filter(open_minor__lt=0).order_by("item_id"))
        debits = list(ItemState.objects.filter(raised_minor__gt=0).order_by("item_id"))
        if not credits_ or not debits:
            return
        credit, debit = data.draw(st.sampled_from(credits_)), data.draw(st.sampled_from(debits))
        before = open_by_item()
        try:
            with transaction.atomic():
                allocate(
                    company=self.company,
                    credit_item=credit.item_id,
                    debit_item=debit.item_id,
                    amount=Money(minor, "EUR"),
                    on=self.day,
                    by=TESTS,
                    at=MOMENT,
                )
        except NotTheSameCustomer:
            assert self.customers[2] in (credit.customer_id, debit.customer_id)
        except MoreThanIsOpen:
            assert minor > min(-before[credit.item_id], before[debit.item_id])

    @rule(data=st.data())
    def release_some(self, data: st.DataObject) -> None:
        made = list(Allocation.objects.filter(reverses=None).order_by("id"))
        if not made:
            return
        one = data.draw(st.sampled_from(made))
        was_live = not Allocation.objects.filter(reverses=one).exists()
        try:
            with transaction.atomic():
                release_allocation(company=self.company, allocation=one.id, on=self.day, by=TESTS, at=MOMENT)
            assert was_live
        except AllocationAlreadyReleased:
            assert not was_live

    @rule(shown=LISTS, later=st.integers(0, 3))
    def apply(self, shown: dict[tuple[str, str], int], later: int) -> None:
        self._pass_days(later)
        listed = _listed(shown)
        self.next_import += 1
        changes = diff(listed, known_items(source=self.erp))
        apply_list(
            company=self.company,
            source=self.erp,
            list_import=self.next_import,
            changes=changes,
            on=self.day,
            by=TESTS,
            at=MOMENT,
        )
        self.imports.append(self.next_import)
        assert diff(listed, known_items(source=self.erp)).is_nothing

    @precondition(lambda self: self.imports)
    @rule()
    def undo(self) -> None:
        """As of its day, the undone list was never there; so the days seen before are asked again from here on."""
        undo_list(company=self.company, list_import=self.imports.pop(), by=TESTS, at=MOMENT)
        self.stood.clear()

    @rule(data=st.data(), amount=st.none() | AMOUNTS, days=st.integers(0, 3))
    def hold(self, data: st.DataObject, amount: int | None, days: int) -> None:
        debits = list(ItemState.objects.filter(open_minor__gt=0).order_by("item_id"))
        if not debits:
            return
        state = data.draw(st.sampled_from(debits))
        part = Money(min(amount, state.open_minor), "EUR") if amount else None
        place_hold(
            company=self.company,
            customer=state.customer_id,
            item=state.item_id,
            amount=part,
            reason="complaint",
            from_on=self.day,
            until_on=self.day + timedelta(days=days),
            by=TESTS,
            at=MOMENT,
        )

    @rule(data=st.data())
    def lift(self, data: st.DataObject) -> None:
        holds = list(Hold.objects.order_by("id"))
        if holds:
            hold = data.draw(st.sampled_from(holds))
            try:
                with transaction.atomic():
                    release_hold(company=self.company, hold=hold.id, on=self.day, by=TESTS, at=MOMENT)
            except HoldAlreadyReleased:
                pass

    @rule()
    def remind(self) -> None:
        items = [(state.item_id, state.level + 1) for state in ItemState.objects.filter(open_minor__gt=0)]
        self.notices += 1
        raise_levels(company=self.company, notice=self.notices, items=items, on=self.day, at=MOMENT)

    @precondition(lambda self: self.notices)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        notice = data.draw(st.integers(1, self.notices))
        withdraw_levels(company=self.company, notice=notice, on=self.day, at=MOMENT)

    def _pass_days(self, days: int) -> None:
        """A day that has passed keeps what stood at its end."""
        if days:
            self.stood[self.day] = {item: minor for item, minor in open_by_item(on=self.day).items() if minor}
            self.day += timedelta(days=days)

    @invariant()
    def rows_and_projection_agree(self) -> None:
        assert findings() == []

    @invariant()
    def balances_agree(self) -> None:
        """Open items per customer add up to the balance from rows; aging adds up to the same, now and as of today."""
        total = sum(open_by_item().values())
        now = aging(on=self.day)
        assert (now["EUR"].total if now else 0) == total
        assert aging_as_of(on=self.day) == now

    @invariant()
    def past_days_stand(self) -> None:
        """What stood at the end of a day stands for ever, as of that day: opening plus movements is closing."""
        for day, stood in self.stood.items():
            found = aging_as_of(on=day)
            assert (found["EUR"].total if found else 0) == sum(stood.values())

    @invariant()
    def lists_and_frames_agree(self) -> None:
        """Pages, frames for the run and the re-check at the edge tell the same sums and holds."""
        page = {row.item: row for row in items_page(filters=ItemFilters(), on=self.day, size=500).rows}
        frames = dunning_frames(on=self.day, upcoming_days=3660)
        open_rows = {item for item, row in page.items() if row.open_minor}
        assert set(frames.items["item_id"].to_list()) == open_rows
        for customer in {row.customer for row in page.values()}:
            mine = [item for item, row in page.items() if row.customer == customer]
            for one in conditions(customer=customer, items=mine, on=self.day).items:
                assert one.open_minor == page[one.item].open_minor
                assert 0 <= one.held_minor <= max(one.open_minor, 0)
                assert page[one.item].held or not one.held_minor


def _listed(shown: dict[tuple[str, str], int]) -> pl.DataFrame:
    rows = [a_listed([(number, minor)], customer=customer) for (customer, number), minor in shown.items()]
    return pl.concat([a_listed([]), *rows])


@pytest.mark.slow
def test_undoing_lists_one_by_one_goes_back_exactly_the_way_they_came(company: Company) -> None:
    erp = a_source(company.id)

    def standing() -> pl.DataFrame:
        return known_items(source=erp).filter(pl.col("raised_minor") != 0)

    @settings(max_examples=60, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(lists=st.lists(LISTS, min_size=2, max_size=5), again=st.booleans())
    def there_and_back(lists: list[dict[tuple[str, str], int]], again: bool) -> None:
        with throw_away():
            way = []
            for number, shown in enumerate(lists, start=1):
                way.append(standing())
                apply_listed(company.id, _listed(shown), list_import=number)
            if again:
                undo_list(company=company.id, list_import=len(lists), by=TESTS, at=MOMENT)
                apply_listed(company.id, _listed(lists[-1]), list_import=len(lists) + 1)
                undo_list(company=company.id, list_import=len(lists) + 1, by=TESTS, at=MOMENT)
            for number in range(len(lists), 0, -1):
                undo_list(company=company.id, list_import=number, by=TESTS, at=MOMENT)
                assert standing().equals(way[number - 1])
                assert findings() == []

    there_and_back()


@pytest.mark.slow
def test_the_ledger_holds_under_random_use(company: Company) -> None:
    class OfThisCompany(Ledger):
        pass

    OfThisCompany.company = company.id
    with serving(company.id):
        run_state_machine_as_test(
            OfThisCompany,
            settings=settings(
                max_examples=40,
                stateful_step_count=25,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
