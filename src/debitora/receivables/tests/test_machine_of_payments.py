"""The ledger under random use once more, with payments: settled in bulk, taken back, returned by the bank, paid back, and that undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.actions import (
    LessIsLeft,
    MovedSince,
    Settled,
    refund_credit,
    return_payment,
    settle_payments,
    take_back_outflow,
    take_back_payment,
)
from debitora.receivables.actions.returns import NoSuchCredit, NotOfThisPayment
from debitora.receivables.actions.settlements import ALLOCATIONS, DEDUCTION_KINDS, DEDUCTIONS, PAYMENTS
from debitora.receivables.models import Entry, ItemState
from debitora.receivables.testing import MOMENT, TESTS, a_source
from debitora.receivables.tests.test_machine import AMOUNTS, Ledger
from tests.ledger_oracle import open_by_item

RUNS, STEPS = 75, 60
"""Two of these tests, with the thousand steps of test_machine: ten thousand."""
_BATCHES = st.lists(
    st.tuples(st.integers(0, 2), AMOUNTS, st.lists(st.tuples(st.integers(0, 9), AMOUNTS), max_size=2), st.integers(0, 3)),
    min_size=1,
    max_size=3,
)  # fmt: skip
"""Payments: customer, amount, what is put against which of the debits, and how much discount is taken off the first."""


class Payments(Ledger):
    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[int, list[int], list[int]]] = []
        self.steps = 0

    @initialize()
    def a_bank(self) -> None:
        self.bank = a_source(self.company, "bank")

    @rule(batch=_BATCHES)
    def settle(self, batch: list[tuple[int, int, list[tuple[int, int]], int]]) -> None:
        debits = list(ItemState.objects.filter(raised_minor__gt=0).order_by("item_id"))
        first = len(self.made) + self.opened + 1
        payments, puts, off = [], [], []
        for key, (customer, minor, wanted, discount) in enumerate(batch, start=first):
            payments.append(
                (key, key, self.customers[customer], f"B{key}", f"B{key}", "", "EUR", minor, self.day)
            )
            chosen = [(debits[place % len(debits)].item_id, part) for place, part in wanted if debits]
            puts += [(key, None, item, part, "matched") for item, part in dict(chosen).items()]
            off += (
                [(key, chosen[0][0], DEDUCTION_KINDS[discount - 1], discount)] if chosen and discount else []
            )
        self.opened += len(batch)
        before = open_by_item()
        done = settle_payments(
            company=self.company,
            source=self.bank,
            payments=pl.DataFrame(payments, schema=dict(PAYMENTS), orient="row"),
            allocations=pl.DataFrame(puts, schema=dict(ALLOCATIONS), orient="row"),
            deductions=pl.DataFrame(off, schema=dict(DEDUCTIONS), orient="row"),
            by=TESTS,
            at=MOMENT,
            skip_refused=True,
        )
        self._bore(done, len(batch), before)

    def _bore(self, done: Settled, asked: int, before: dict[int, int]) -> None:
        """What was not refused was written to the cent: each payment is what was put and what is left of it."""
        after = open_by_item()
        assert done.items.height + len(done.refused) == asked
        assert done.items["item"].is_in(list(before)).sum() == 0
        for row in done.items.iter_rows(named=True):
            mine = done.allocations.filter(pl.col("key") == row["key"])
            off = done.deductions.filter(pl.col("key") == row["key"])
            assert after[row["item"]] <= 0
            self.made.append((row["item"], mine["allocation"].to_list(), off["entry"].to_list()))

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        if self.made:
            payment, allocations, deductions = data.draw(st.sampled_from(self.made))
            gone = self._try(
                take_back_payment, payment=payment, allocations=allocations, deductions=deductions
            )
            assert gone or open_by_item()[payment] <= 0
            if gone:
                assert open_by_item()[payment] == 0

    @rule(data=st.data(), minor=AMOUNTS)
    def return_some(self, data: st.DataObject, minor: int) -> None:
        if self.made:
            payment, _allocations, deductions = data.draw(st.sampled_from(self.made))
            self._try(return_payment, payment=payment, minor=minor, deductions=deductions)

    @rule(data=st.data(), minor=AMOUNTS)
    def pay_back(self, data: st.DataObject, minor: int) -> None:
        credits_ = list(ItemState.objects.filter(raised_minor__lt=0).order_by("item_id"))
        if credits_:
            state = data.draw(st.sampled_from(credits_))
            paid = self._try(refund_credit, credit=state.item_id, minor=minor)
            assert paid == (minor <= -state.open_minor)

    @rule(data=st.data())
    def undo_outflow(self, data: st.DataObject) -> None:
        out = list(Entry.objects.filter(kind__in=("returned", "refunded")).order_by("id"))
        if out:
            entry = data.draw(st.sampled_from(out))
            live = entry.reverses_id is None and not Entry.objects.filter(reverses=entry).exists()
            assert self._try(take_back_outflow, entry=entry.id) == live

    def _try(self, action: Callable[..., Any], **said: Any) -> bool:
        """Whether it was done; what the ledger does not bear changes nothing."""
        try:
            with transaction.atomic():
                action(company=self.company, on=self.day, by=TESTS, at=MOMENT, **said)
        except (LessIsLeft, MovedSince, NoSuchCredit, NotOfThisPayment):
            return False
        return True

    def _every(self, steps: int) -> bool:
        """What is dear is looked at every so many steps: a wrong row stays, and is found then."""
        return self.steps % steps == 0

    @invariant()
    def rows_and_projection_agree(self) -> None:
        self.steps += 1
        if self._every(6):
            super().rows_and_projection_agree()

    @invariant()
    def balances_agree(self) -> None:
        if self._every(18):
            super().balances_agree()

    @invariant()
    def past_days_stand(self) -> None:
        if self._every(30):
            super().past_days_stand()

    @invariant()
    def lists_and_frames_agree(self) -> None:
        if self._every(30):
            super().lists_and_frames_agree()

    def teardown(self) -> None:
        try:
            super().rows_and_projection_agree()
        finally:
            super().teardown()


@pytest.mark.slow
@pytest.mark.parametrize("half", [1, 2])
def test_the_ledger_holds_with_payments(company: Company, half: int) -> None:
    class OfThisCompany(Payments):
        pass

    OfThisCompany.company = company.id
    with serving(company.id):
        run_state_machine_as_test(
            OfThisCompany,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                deadline=None,
                print_blob=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
