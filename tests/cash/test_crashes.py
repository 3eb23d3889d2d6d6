"""C06: killed in the middle of taking a bank's file and of booking its lines, ten times each, ending clean each time."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from debitora.cash.models import BankEntry, BankFile, Booking, EntryState, Statement, Telling
from debitora.cash.testing import Paid, Sheet, camt, iban_of
from debitora.people.models import Company
from debitora.receivables.models import Allocation, ItemState
from tests.cash.scenes import amount_of, holds, invoiced, paid_in, reading, statement
from tests.cash.workers import Workers
from tests.cash_oracle import cash_findings

KILLS = 10
LINES = 1_200
TAKEN = 300
BATCH = 100
MOST_STATEMENTS = 85
"""Within so many no second batch is booked: of twelve batches ten kills leave some to be booked in the end."""


@pytest.fixture
def chance() -> random.Random:
    """Its seed is printed where a test fails; set it here to see the same again."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def name() -> str:
    return str(connection.settings_dict["NAME"])


def test_c06_a_file_is_taken_as_a_whole_or_not_at_all(
    committed: str,
    company: Company,
    other_company: Company,
    workers: Workers,
    tmp_path: Path,
    chance: random.Random,
) -> None:
    """Killed at eight statements, before the commit, and after it. How many there are another company's file tells."""
    file, small = tmp_path / "bank.xml", tmp_path / "small.xml"
    file.write_bytes(statement(TAKEN))
    small.write_bytes(camt(Sheet([Paid(100)], number="1", account=iban_of(7))))

    def take(path: Path, by: Company, **kill: Any) -> tuple[bool, int]:
        return workers.run(work="take", company=by.id, database=name(), file=path, **kill)

    _killed, last = take(small, other_company)
    for place in [*sorted(chance.sample(range(1, last), KILLS - 2)), last]:
        assert take(file, company, kill_at=place)[0]
        assert kept() == (0, 0, 0, 0), f"killed at statement {place} of {last}"
    holds()
    assert take(file, company, kill_at=last, after=True)[0]
    whole = (1, 1, TAKEN, TAKEN)
    for _again in range(2):
        assert kept() == whole
        assert take(file, company)[0] is False
    assert kept() == whole
    holds()


def kept() -> tuple[int, int, int, int]:
    with reading():
        return (
            BankFile.objects.count(),
            Statement.objects.count(),
            BankEntry.objects.count(),
            Telling.objects.count(),
        )


def test_c06_lines_are_booked_in_whole_batches_and_each_once(
    committed: str, company: Company, workers: Workers, chance: random.Random
) -> None:
    """Killed ten times while lines are matched and booked; each matching goes on where the one before was cut off."""
    invoiced(company, LINES)
    paid_in(company, LINES)

    def go_on(**kill: Any) -> bool:
        return workers.run(work="match", company=company.id, database=name(), batch=BATCH, **kill)[0]

    done = 0
    for _kill in range(KILLS):
        place = chance.randint(1, MOST_STATEMENTS)
        assert go_on(kill_at=place, after=chance.random() < 0.5)
        booked = how_many_are_booked()
        assert done <= booked <= done + BATCH
        assert booked % BATCH == 0, f"killed at statement {place}"
        done = booked
        with reading():
            assert cash_findings() == []
    holds()
    assert go_on() is False
    assert how_many_are_booked() == LINES
    assert go_on() is False
    with reading():
        assert Booking.objects.count() == Allocation.objects.count() == LINES
        assert not ItemState.objects.exclude(open_minor=0).exists()
        assert not EntryState.objects.exclude(open_minor=0).exists()
        assert sum(BankEntry.objects.values_list("minor", flat=True)) == sum(map(amount_of, range(LINES)))
    holds()


def how_many_are_booked() -> int:
    """Lines with one booking of their whole amount. None has more, or a part of it."""
    with reading():
        booked = Counter(Booking.objects.values_list("entry_id", flat=True))
        assert set(booked.values()) <= {1}
        shut = set(EntryState.objects.filter(open_minor=0).values_list("entry_id", flat=True))
        assert shut == booked.keys()
        return len(shut)
