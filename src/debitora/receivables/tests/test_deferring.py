"""Due days agreed with customers, beside those that lists name: what counts, what comes back, and what a list changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debitora.engine.lists import diff
from debitora.people.models import Company, User
from debitora.receivables.actions import ItemUnknown, undo_list
from debitora.receivables.actions.deferring import defer_items, end_deferrals
from debitora.receivables.models import Item, ItemState, Terms
from debitora.receivables.queries import aging_as_of, dunning_frames, known_items
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
from tests.ledger_oracle import findings

DAY = timedelta(days=1)
LISTED, AGREED, LATER = date(2026, 11, 1), date(2026, 12, 15), date(2027, 1, 31)
DAYS = st.sampled_from([LISTED, LISTED + DAY, AGREED, LATER])


@pytest.fixture
def facts(company: Company) -> dict[str, Any]:
    return {"company": company.id, "on": ON, "by": TESTS, "at": MOMENT}


@pytest.fixture
def item(company: Company) -> Item:
    apply_listed(company.id, a_listed([("R-1", 100)]))
    return Item.objects.get()


def due() -> tuple[date, date | None]:
    state = ItemState.objects.get()
    return state.due_on, state.listed_due_on


def test_an_agreed_day_counts_until_it_is_taken_back(item: Item, facts: dict[str, Any]) -> None:
    assert defer_items(items=[item.id], due_on=AGREED, **facts | {"on": ON + DAY}) == [item.id]
    assert due() == (AGREED, LISTED)
    assert [aging_as_of(on=ON + days * DAY)["EUR"].not_due for days in (0, 1)] == [0, 100]
    assert dunning_frames(on=ON, upcoming_days=60).items["due_on"].to_list() == [AGREED]
    assert defer_items(items=[item.id], due_on=AGREED, **facts) == []
    assert end_deferrals(items=[item.id], due_on=LATER, **facts) == []
    assert end_deferrals(items=[item.id], due_on=AGREED, **facts) == [item.id]
    assert due() == (LISTED, None)
    assert end_deferrals(items=[item.id], due_on=AGREED, **facts) == []
    assert [one.agreed for one in Terms.objects.order_by("id")] == [False, True, False]
    verbs = Record.objects.filter(verb__in=["item.deferred", "item.undeferred"]).order_by("id")
    assert [one.verb for one in verbs] == ["item.deferred", "item.undeferred"]
    assert findings() == []


def test_a_newer_agreement_takes_the_place_of_an_older_one(item: Item, facts: dict[str, Any]) -> None:
    defer_items(items=[item.id], due_on=AGREED, **facts)
    defer_items(items=[item.id], due_on=LATER, **facts)
    assert due() == (LATER, LISTED)
    assert end_deferrals(items=[item.id], due_on=AGREED, **facts) == []
    assert due() == (LATER, LISTED)


def test_a_list_that_says_the_same_changes_nothing_and_one_that_says_another_day_counts(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    defer_items(items=[item.id], due_on=AGREED, **facts)
    assert diff(a_listed([("R-1", 100)]), known_items(source=a_source(company.id))).is_nothing
    apply_listed(company.id, a_listed([("R-1", 60)]), list_import=2)
    assert due() == (AGREED, LISTED)
    apply_listed(company.id, a_listed([("R-1", 60)], due_on=LATER), list_import=3)
    assert due() == (LATER, None)
    undo_list(company=company.id, list_import=3, by=TESTS, at=MOMENT)
    assert due() == (AGREED, LISTED)
    assert findings() == []


def test_a_day_agreed_after_a_list_outlives_its_undoing(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    apply_listed(company.id, a_listed([("R-1", 100)], due_on=LATER), list_import=2)
    defer_items(items=[item.id], due_on=AGREED, **facts)
    undo_list(company=company.id, list_import=2, by=TESTS, at=MOMENT)
    assert due() == (AGREED, LISTED)
    end_deferrals(items=[item.id], due_on=AGREED, **facts)
    assert due() == (LISTED, None)
    assert findings() == []


def test_what_is_settled_is_not_deferred_and_what_is_not_there_is_said(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    apply_listed(company.id, a_listed([]), list_import=2)
    assert defer_items(items=[item.id], due_on=AGREED, **facts) == []
    for act in (defer_items, end_deferrals):
        with pytest.raises(ItemUnknown), transaction.atomic():
            act(items=[item.id, 4711], due_on=AGREED, **facts)


def test_the_item_says_what_was_agreed_and_what_its_list_says(
    item: Item, facts: dict[str, Any], clerk: User, client_of: Callable[[User], Client]
) -> None:
    def page() -> str:
        return client_of(clerk).get(f"/c/acme/items/{item.id}/").content.decode()

    assert "agreed" not in page()
    defer_items(items=[item.id], due_on=AGREED, **facts)
    assert "agreed; the list says 01/11/2026" in page()


# ------------------------------------------------------------------------------------------- in any order


@dataclass
class Model:
    """What the words of lists and agreements come to: the day of the list, the agreed one, and the way back per list."""

    listed: date = LISTED
    agreed: date | None = None
    lists: list[tuple[int, date, date | None, bool]] = field(default_factory=list)

    def list(self, number: int, day: date) -> None:
        self.lists.append((number, self.listed, self.agreed, day != self.listed))
        if day != self.listed:
            self.listed, self.agreed = day, None

    def undo(self) -> int:
        number, listed, agreed, changed = self.lists.pop()
        if changed:
            self.listed, self.agreed = listed, self.agreed or agreed
        return number

    def defer(self, day: date) -> None:
        if day != self.due[0]:
            self.agreed = day

    @property
    def due(self) -> tuple[date, date | None]:
        return (self.listed, None) if self.agreed is None else (self.agreed, self.listed)


class _Undone(Exception):
    pass


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["list", "defer"]), DAYS),
        st.tuples(st.sampled_from(["end", "undo"]), st.none()),
    ),
    max_size=12,
)


def test_in_any_order_the_day_is_the_one_that_was_said_last(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    @settings(max_examples=120, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def once(steps: list[tuple[str, date | None]]) -> None:
        with suppress(_Undone), transaction.atomic():
            model = Model()
            for number, (step, day) in enumerate(steps, start=2):
                if step == "list" and day:
                    model.list(number, day)
                    apply_listed(company.id, a_listed([("R-1", 100)], due_on=day), list_import=number)
                elif step == "defer" and day:
                    model.defer(day)
                    defer_items(items=[item.id], due_on=day, **facts)
                elif step == "end" and model.agreed:
                    end_deferrals(items=[item.id], due_on=model.agreed, **facts)
                    model.agreed = None
                elif step == "undo" and model.lists:
                    undo_list(company=company.id, list_import=model.undo(), by=TESTS, at=MOMENT)
                assert due() == model.due
            assert findings() == []
            raise _Undone

    once()


def test_a_deferred_item_of_another_customer_stays_as_it_is(
    company: Company, item: Item, facts: dict[str, Any]
) -> None:
    other = an_open_item(company.id, a_customer(company.id, "20002"), number="R-9")
    defer_items(items=[item.id], due_on=AGREED, **facts)
    assert ItemState.objects.get(item=other).listed_due_on is None
