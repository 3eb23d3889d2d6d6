"""H05: one allocates while the other undoes. Two people at the real pages, their statements interleaved as Hypothesis draws it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Condition
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from debitora.cash.actions import Part, Share, book
from debitora.cash.models import BankEntry
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, a_proposal, camt, taken
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions import allocations
from debitora.receivables.models import Allocation, Customer, Item, ItemState
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record
from tests.cash.scenes import holds, reading
from tests.cash_oracle import cash_findings
from tests.ledger_oracle import findings

ClientOf = Callable[[User], Client]
A_MOMENT = 0.02
"""Seconds: whose turn it is waits no longer for one who stands at a lock."""
WORKS = ("take", "undo", "allocate", "release", "account")


class Turns:
    """Lets two threads send their statements in a drawn order; who stands at a lock or has ended loses the turn."""

    def __init__(self, order: Sequence[int]) -> None:
        self._order, self._place, self._moved = list(order), 0, Condition()

    def wait(self, who: int) -> None:
        """Come back when it is one's turn, or the other does not use hers."""
        with self._moved:
            while self._place < len(self._order) and self._order[self._place] != who:
                seen = self._place
                if not self._moved.wait(A_MOMENT) and self._place == seen:
                    self._place += 1
            self._place += 1
            self._moved.notify_all()


@pytest.fixture
def scene(committed: str, company: Company) -> Item:
    """An invoice of which one line has paid a part and put more on account; a second line waits."""
    with transaction.atomic():
        return an_open_item(company.id, a_customer(company.id), number="R-4711")


def prepared(company: Company, item: Item, nth: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """A new round: what each of the works would post, as the pages showed it."""
    with transaction.atomic():
        debit = an_open_item(company.id, item.customer_id, number=f"R-{nth}")
        opening = sum(BankEntry.objects.values_list("minor", flat=True))
    sheet = Sheet(
        [Paid(7_000, day=nth), Paid(6_000, day=nth), Paid(500, day=nth)], opening=opening, first=nth, last=nth
    )
    taken(company, camt(sheet), name=f"{nth}.xml")
    with transaction.atomic():
        first, second, third = BankEntry.objects.order_by("-id")[:3][::-1]
        share = Share(item.customer_id, 7_000, (Part(debit.id, 4_000),))
        (made,) = book(company=company.id, entry=first.id, shares=[share], by=TESTS, at=MOMENT)
        proposal = a_proposal(second, debit)
        proposal.parts = [[debit.id, 6_000, 0, 0]]
        proposal.save()
        put = Allocation.objects.get(credit_item=made.item_id)
    previewed = f"{made.item_id}.-3000.{debit.id}.6000.3000"
    form = {"other": made.item_id, "amount": "30,00", "previewed": previewed, "confirmed": "yes"}
    return {
        "take": (f"/c/acme/bank/entries/{second.id}/proposal/", {"proposal": proposal.id}),
        "undo": ("/c/acme/bank/bookings/reversals/", {"booking": made.id}),
        "allocate": (f"/c/acme/items/{debit.id}/allocation/", form),
        "release": (f"/c/acme/allocations/{put.id}/release/", {"reason": "mistake"}),
        "account": (f"/c/acme/bank/entries/{third.id}/account/", {"customer": item.customer_id}),
    }


def press(client: Client, turns: Turns, who: int, address: str, sent: dict[str, Any]) -> int:
    """Post the form, each statement in its turn; the status of the answer."""

    def in_turn(execute: Callable[..., Any], *said: Any) -> Any:
        turns.wait(who)
        return execute(*said)

    try:
        with clock_at(MOMENT), connection.execute_wrapper(in_turn):
            return int(client.post(address, sent).status_code)
    finally:
        connections.close_all()


@pytest.fixture
def people(clerk: User, manager: User, client_of: ClientOf) -> list[Client]:
    """The clerk and the manager, each at a page of her own."""
    found = [client_of(user) for user in (clerk, manager)]
    for client in found:
        client.raise_request_exception = False
    return found


def together(
    people: Sequence[Client], posts: Sequence[tuple[str, dict[str, Any]]], order: Sequence[int]
) -> list[int]:
    """What each is answered when they press at one moment."""
    turns = Turns(order)
    with ThreadPoolExecutor(len(people)) as pool:
        ends = [pool.submit(press, client, turns, who, *posts[who]) for who, client in enumerate(people)]
    return [end.result() for end in ends]


@pytest.mark.parametrize("work", WORKS)
def test_each_of_them_does_something_alone(
    scene: Item, company: Company, people: list[Client], work: str
) -> None:
    posts = prepared(company, scene, 1)
    with reading():
        before = Record.objects.count()
    assert together(people[:1], [posts[work]], []) == [303]
    with reading():
        assert Record.objects.count() > before


def test_h05_control_without_locks_one_forgets_what_the_other_did(
    scene: Item, company: Company, people: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    met = Barrier(2, timeout=30)

    def customers(*, company: int, customers: Collection[int]) -> dict[int, Customer]:
        return {one.id: one for one in Customer.objects.filter(company_id=company, id__in=customers)}

    def states(*, company: int, items: Collection[int]) -> dict[int, ItemState]:
        found = {one.item_id: one for one in ItemState.objects.filter(company_id=company, item__in=items)}
        met.wait()
        return found

    monkeypatch.setattr(allocations, "lock_customers", customers)
    monkeypatch.setattr(allocations, "lock_items", states)
    posts = prepared(company, scene, 1)
    assert together(people, [posts["allocate"], posts["release"]], []) == [303, 303]
    with reading():
        assert findings() != [], "the control must fail, or the random orders prove nothing"


def test_h05_in_whatever_order_two_go_every_cent_stays_where_it_belongs(
    scene: Item, company: Company, people: list[Client]
) -> None:
    rounds = count(1)

    @settings(
        max_examples=12,
        deadline=None,
        print_blob=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        works=st.lists(st.sampled_from(WORKS), min_size=2, max_size=2),
        order=st.lists(st.integers(0, 1), min_size=40, max_size=80),
    )
    @example(works=["allocate", "undo"], order=[0, 1] * 40)
    @example(works=["take", "undo"], order=[1, 0] * 40)
    @example(works=["undo", "undo"], order=[0, 1] * 40)
    def interleaved(works: list[str], order: list[int]) -> None:
        posts = prepared(company, scene, next(rounds))
        answers = together(people, [posts[work] for work in works], order)
        assert set(answers) <= {200, 303}
        with reading():
            assert findings() == []
            assert cash_findings() == []

    interleaved()
    holds()
