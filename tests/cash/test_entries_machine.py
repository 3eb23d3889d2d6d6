"""Bank lines under random use: after every step each line is what is booked of it and what is open, and each payment adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from debitora.cash.actions import (
    AlreadyTakenBack,
    BookingUnknown,
    EntryMovedOn,
    MoreThanIsOpen,
    NoPaymentOfOurs,
    Part,
    ProposalGone,
    Share,
    SharesDoNotFit,
    book,
    book_refund,
    book_return,
    ignore,
    match,
    take_back,
    take_proposal,
)
from debitora.cash.models import BankEntry, Booking, EntryState, Proposal
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, a_policy, camt, taken
from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.actions import (
    LessIsLeft,
    MovedSince,
    allocate,
    allocations,
    release_allocation,
)
from debitora.receivables.models import Allocation, ItemState
from debitora.receivables.testing import ON, a_customer, a_listed, an_open_item, apply_listed
from debitora.values.money import Money
from tests.cash.test_roads import thrown_away
from tests.cash_oracle import cash_findings
from tests.ledger_oracle import findings

AMOUNTS = st.integers(1, 60)
LINES = st.lists(st.tuples(st.integers(-40, 60).filter(bool), st.integers(0, 9)), min_size=1, max_size=4)
PARTS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 40), st.integers(0, 3)), max_size=2)
NAMES = ("Amsel", "Birke", "Cedern")
REFUSALS = (
    AlreadyTakenBack,
    BookingUnknown,
    EntryMovedOn,
    LessIsLeft,
    MoreThanIsOpen,
    MovedSince,
    NoPaymentOfOurs,
    ProposalGone,
    SharesDoNotFit,
    allocations.AllocationAlreadyReleased,
    allocations.MoreThanIsOpen,
    allocations.NotTheSameCustomer,
)


class Lines(RuleBasedStateMachine):
    company: Company

    def __init__(self) -> None:
        super().__init__()
        self._around = thrown_away()
        self._around.__enter__()
        self.days = self.opened = self.lists = self.steps = 0

    def teardown(self) -> None:
        try:
            self.hold()
        finally:
            self._around.__exit__(None, None, None)

    @initialize()
    def customers_and_a_policy(self) -> None:
        self.customers = [
            a_customer(self.company.id, str(10_001 + place), name=name) for place, name in enumerate(NAMES)
        ]
        a_customer(self.company.id, "10002", name=NAMES[1], parent_number="10001")
        a_policy(self.company, care=3, write_off_minor=2)

    @rule(customer=st.integers(0, 2), minor=st.integers(-20, 60).filter(bool))
    def open(self, customer: int, minor: int) -> None:
        self.opened += 1
        an_open_item(self.company.id, self.customers[customer], number=f"R-{1000 + self.opened}", minor=minor)

    @rule(rows=st.dictionaries(st.sampled_from(("L-2001", "L-2002", "L-2003")), AMOUNTS, max_size=3))
    def list_arrives(self, rows: dict[str, int]) -> None:
        self.lists += 1
        apply_listed(self.company.id, a_listed(rows.items()), list_import=self.lists)

    @rule(lines=LINES)
    def bank_tells(self, lines: list[tuple[int, int]]) -> None:
        day, opening = self.days, sum(BankEntry.objects.values_list("minor", flat=True))
        self.days += 1
        paid = [
            Paid(minor, day=day, name=NAMES[about % 3], text=f"R-{1000 + about} {day}.{place}")
            for place, (minor, about) in enumerate(lines)
        ]
        sheet = Sheet(paid, opening=opening, first=day, last=day, number=str(self.days))
        taken(self.company, camt(sheet), name=f"{day}.xml")

    @rule(data=st.data(), customer=st.integers(0, 2), minor=AMOUNTS, wanted=PARTS)
    def book_by_hand(
        self, data: st.DataObject, customer: int, minor: int, wanted: list[tuple[int, int, int]]
    ) -> None:
        entry, items = self._line(data), self._items()
        parts = {items[place % len(items)]: (put, off) for place, put, off in wanted if items}
        share = Share(
            self.customers[customer], minor, tuple(Part(item, put, discount=off) for item, (put, off) in parts.items())
        )  # fmt: skip
        if entry:
            self._try(book, entry=entry, shares=[share], note="a test", approved=True)

    @rule()
    def match_all(self) -> None:
        done = match(company=self.company.id, by=TESTS, at=MOMENT)
        assert done.booked + done.proposed + done.open == done.lines

    @rule(data=st.data())
    def take_a_proposal(self, data: st.DataObject) -> None:
        offered = list(Proposal.objects.order_by("entry", "rank").values_list("entry", "rank"))
        if offered:
            entry, rank = data.draw(st.sampled_from(offered))
            self._try(take_proposal, entry=entry, rank=rank)

    @rule(data=st.data())
    def set_aside(self, data: st.DataObject) -> None:
        if entry := self._line(data):
            self._try(ignore, entry=entry, ignored_for="other", note="a test")

    @rule(data=st.data())
    def return_a_payment(self, data: st.DataObject) -> None:
        self._pay_out(data, book_return, "payment_item")

    @rule(data=st.data())
    def pay_back(self, data: st.DataObject) -> None:
        self._pay_out(data, book_refund, "credit_item")

    def _pay_out(self, data: st.DataObject, action: Callable[..., Any], names: str) -> None:
        credits_ = list(
            ItemState.objects.filter(raised_minor__lte=0).order_by("item").values_list("item", flat=True)
        )
        out = list(
            EntryState.objects.filter(open_minor__lt=0).order_by("entry").values_list("entry", flat=True)
        )
        if credits_ and out:
            item, entry = data.draw(st.sampled_from(credits_)), data.draw(st.sampled_from(out))
            self._try(action, entry=entry, **{names: item})

    @rule(data=st.data())
    def take_one_back(self, data: st.DataObject) -> None:
        made = list(Booking.objects.order_by("id").values_list("id", flat=True))
        if made:
            self._try(take_back, booking=data.draw(st.sampled_from(made)), reason="wrong")

    @rule(data=st.data(), minor=AMOUNTS)
    def put_by_hand(self, data: st.DataObject, minor: int) -> None:
        """What is on account is put against something later, or what was put is released."""
        credits_ = list(
            ItemState.objects.filter(open_minor__lt=0).order_by("item").values_list("item", flat=True)
        )
        debits, live = self._items(), list(Allocation.objects.filter(reverses=None).order_by("id"))
        facts: dict[str, Any] = {"on": ON}
        if credits_ and debits and data.draw(st.booleans()):
            pair = {
                "credit_item": data.draw(st.sampled_from(credits_)),
                "debit_item": data.draw(st.sampled_from(debits)),
            }
            self._try(allocate, amount=Money(minor, "EUR"), **pair, **facts)
        elif live:
            self._try(release_allocation, allocation=data.draw(st.sampled_from(live)).id, **facts)

    def _line(self, data: st.DataObject) -> int:
        lines = list(EntryState.objects.order_by("entry").values_list("entry", flat=True))
        return int(data.draw(st.sampled_from(lines))) if lines else 0

    def _items(self) -> list[int]:
        found = ItemState.objects.filter(raised_minor__gt=0).order_by("item")
        return list(found.values_list("item", flat=True))

    def _try(self, action: Callable[..., Any], **said: Any) -> None:
        """Do it; what is refused has changed nothing, which the oracle sees."""
        try:
            with transaction.atomic():
                action(company=self.company.id, by=TESTS, at=MOMENT, **said)
        except REFUSALS:
            return

    @invariant()
    def look(self) -> None:
        """Every third step: a wrong row stays, and is found then."""
        self.steps += 1
        if self.steps % 3 == 0:
            self.hold()

    def hold(self) -> None:
        assert cash_findings() == []
        assert findings() == []


@pytest.mark.slow
def test_bank_lines_add_up_under_random_use(company: Company) -> None:
    class OfThisCompany(Lines):
        pass

    OfThisCompany.company = company
    with serving(company.id):
        run_state_machine_as_test(
            OfThisCompany,
            settings=settings(
                max_examples=12,
                stateful_step_count=40,
                deadline=None,
                print_blob=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
