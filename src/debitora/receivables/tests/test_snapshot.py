"""What a run reads of the ledger shows one moment, though somebody commits between its parts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import polars as pl
import psycopg
import pytest
from django.db import connection, transaction

from debitora.kit.pg.bulk import frame
from debitora.kit.pg.company import serving
from debitora.kit.postgres import Server
from debitora.people.models import Company
from debitora.receivables.queries import DunningFrames, dunning_frames
from debitora.receivables.queries.frames import _CUSTOMERS, _HOLDS, _ITEMS
from debitora.receivables.queries.reading import statement
from debitora.receivables.testing import ON, a_customer, an_open_item

Read = Callable[[], DunningFrames]


def in_one_statement() -> DunningFrames:
    return dunning_frames(on=ON)


def one_after_the_other() -> DunningFrames:
    """The control: three statements, each with a snapshot of its own."""
    params = {"on": ON, "ahead": 0, "customer": None}
    return DunningFrames(
        items=frame(statement("reading/dunning_items"), _ITEMS, **params),
        customers=frame(statement("reading/dunning_customers"), _CUSTOMERS, **params),
        holds=frame(statement("reading/dunning_holds"), _HOLDS, **params).drop("hold_id"),
    )


@contextmanager
def a_slow_writer(server: Server, database: str) -> Iterator[psycopg.Connection]:
    """A transaction that raised all levels and placed a hold; nobody can read customers until it commits."""
    with psycopg.connect(**server.credentials("superuser", database).kwargs()) as writer:
        writer.execute("lock table receivables_party in access exclusive mode")
        writer.execute("update receivables_itemstate set level = 3")
        writer.execute(
            """insert into receivables_hold (company_id, customer_id, reason, from_on, placed_by_label, recorded_at)
               select company_id, id, 'other', %s, 'tests', now() from receivables_customer""",
            [date(2026, 11, 1)],
        )
        yield writer


def wait_until_somebody_waits(writer: psycopg.Connection) -> None:
    for _ in range(400):
        row = writer.execute(
            "select count(*) from pg_locks where not granted and relation = 'receivables_party'::regclass"
        ).fetchone()
        if row and row[0]:
            return
        time.sleep(0.02)
    raise TimeoutError("nobody reads customers")


def read_while_it_commits(
    company: Company, server: Server, database: str, read: Read
) -> tuple[list[int], int]:
    """Levels and the number of holds, as read by somebody whom the writer kept waiting."""
    found: list[DunningFrames] = []

    def reading() -> None:
        try:
            with serving(company.id), transaction.atomic():
                found.append(read())
        finally:
            connection.close()

    with a_slow_writer(server, database) as writer:
        reader = threading.Thread(target=reading)
        reader.start()
        wait_until_somebody_waits(writer)
        writer.commit()
    reader.join(20)
    return found[0].items["level"].to_list(), found[0].holds.height


@pytest.mark.parametrize(
    ("read", "mixed"), [(in_one_statement, False), (one_after_the_other, True)], ids=["ours", "control"]
)
def test_a_commit_between_the_reads_is_seen_whole_or_not_at_all(
    committed: str, company: Company, server: Server, read: Read, mixed: bool
) -> None:
    with transaction.atomic():
        an_open_item(company.id, a_customer(company.id))
    assert read_while_it_commits(company, server, committed, read) in (
        [([0], 1)] if mixed else [([0], 0), ([3], 1)]
    )


def test_the_frames_are_typed_and_ordered(company: Company) -> None:
    for number in ("3", "1", "2"):
        an_open_item(company.id, a_customer(company.id, number, street="", city="Ulm"), number=f"R-{number}")
    found = dunning_frames(on=ON)
    assert dict(found.items.schema) == _ITEMS
    assert dict(found.customers.schema) == _CUSTOMERS
    assert dict(found.holds.schema) == {name: kind for name, kind in _HOLDS.items() if name != "hold_id"}
    assert found.items["item_id"].is_sorted()
    assert found.items["last_reminded_on"].to_list() == [None] * 3
    assert found.items.select(pl.col("list_behind").any()).item() is False
    assert found.customers.select("parked", "has_email", "has_address").unique().rows() == [(False,) * 3]


def test_an_empty_ledger_gives_empty_frames(company: Company) -> None:
    found = dunning_frames(on=ON)
    assert (found.items.height, found.customers.height, found.holds.height) == (0, 0, 0)
    assert dict(found.items.schema) == _ITEMS
