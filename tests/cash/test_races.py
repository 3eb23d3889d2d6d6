"""H04, H05: two clerks at the real pages at one moment. Money is never put anywhere twice, whoever is first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import Client

from debitora.cash.models import BankEntry, Booking
from debitora.cash.testing import MOMENT, Paid, Sheet, a_proposal, camt, taken
from debitora.documents.actions import source
from debitora.kit.postgres import Server
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions import settlements
from debitora.receivables.models import Item, ItemState
from debitora.receivables.testing import a_customer, an_open_item
from tests.cash.scenes import holds, reading
from tests.cash_oracle import cash_findings
from tests.ledger_oracle import findings

ClientOf = Callable[[User], Client]
PATIENCE = 500
"""So many looks, twenty milliseconds apart, until two sessions stand at a lock."""


@pytest.fixture
def item(committed: str, company: Company) -> Item:
    """An invoice of 100.00, for which two lines of 100.00 came in."""
    with transaction.atomic():
        found = an_open_item(company.id, a_customer(company.id), number="R-4711")
        source(company=company.id, kind="bank", name="Bank", at=MOMENT)
    taken(company, camt(Sheet([Paid(10_000, text="first"), Paid(10_000, text="second")])))
    return found


@pytest.fixture
def takings(item: Item, clerk: User, manager: User, client_of: ClientOf) -> list[Callable[[], int]]:
    """Two people, each of whom takes the proposal of a line of her own: the invoice."""
    with transaction.atomic():
        entries = list(BankEntry.objects.order_by("id"))
        proposals = [a_proposal(entry, item).id for entry in entries]
    return [
        posting(client_of(user), f"/c/acme/bank/entries/{entry.id}/proposal/", proposal=proposal)
        for user, entry, proposal in zip((clerk, manager), entries, proposals, strict=True)
    ]


def posting(client: Client, address: str, **sent: Any) -> Callable[[], int]:
    """A press on a button; it answers the status."""
    client.raise_request_exception = False

    def press() -> int:
        with clock_at(MOMENT):
            return int(client.post(address, sent).status_code)

    return press


@contextmanager
def beside(*works: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
    """Pieces of work in threads of their own, each with a connection of its own."""

    def closing(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        yield [pool.submit(closing, work) for work in works]


def until_waiting(sessions: int) -> None:
    """Come back when so many sessions of this database stand at a lock."""
    for _look in range(PATIENCE):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot(), pg_sleep(0.02)")
            cursor.execute(
                "select count(*) from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone() == (sessions,):
                return
    pytest.fail(f"never {sessions} sessions at a lock")


def left(item: Item) -> tuple[int, int]:
    """What is open of the invoice, and how many bookings there are."""
    with reading():
        return ItemState.objects.get(item=item).open_minor, Booking.objects.count()


def test_h04_of_two_who_take_the_same_item_one_is_told_that_it_is_gone(
    item: Item, takings: list[Callable[[], int]]
) -> None:
    with transaction.atomic():
        ItemState.objects.select_for_update().get(item=item)
        with beside(*takings) as answers:
            until_waiting(2)
            connection.connection.rollback()
        transaction.set_rollback(True)
    assert [answer.result() for answer in answers] == [303, 303]
    assert left(item) == (0, 1)
    holds()


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: nothing is locked, and both have looked at what is open before either writes."""
    looked = Barrier(2, timeout=30)
    run, numbers = settlements.run, settlements.numbers

    def without_locks(cursor: Any, name: str, **facts: Any) -> int:
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
            looked.wait()
        return found

    monkeypatch.setattr(settlements, "run", without_locks)
    monkeypatch.setattr(settlements, "numbers", together)


def test_h04_without_the_locks_the_database_still_refuses(
    item: Item, takings: list[Callable[[], int]], unlocked: None
) -> None:
    """The money is safe even so; but one of the two sees an error."""
    with beside(*takings) as answers:
        assert sorted(answer.result() for answer in answers) == [303, 500]
    assert left(item) == (0, 1)
    holds()


def test_h04_control_without_locks_and_constraint_the_item_is_paid_twice(
    committed: str, server: Server, item: Item, takings: list[Callable[[], int]], unlocked: None
) -> None:
    with psycopg.connect(**server.credentials("owner", committed).kwargs(), autocommit=True) as owner:
        owner.execute("alter table receivables_itemstate drop constraint open_between_zero_and_raised")
    with beside(*takings) as answers:
        assert [answer.result() for answer in answers] == [303, 303]
    assert left(item) == (-10_000, 2), "the control must fail, or the race test proves nothing"
    with reading():
        assert findings() != []
        assert cash_findings() == []
