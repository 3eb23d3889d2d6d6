"""The demo company's bank as its users find it: every statement applied, every line there once, the next day to be tried."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from debitora.cash.models import BankAccount, BankEntry, Statement
from debitora.demo.bank.files import ACCOUNTS, OPENING_MINOR, demo_banking, statement_files, write_statements
from debitora.demo.building import EARLIER, list_days, take_statements
from debitora.demo.generator import generate
from debitora.demo.truth import Truth, next_weekday
from debitora.formats.bank.recognising import read_bank_file
from debitora.people.models import Company
from debitora.trail.rules import system

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def truth() -> Truth:
    return generate(seed=2, customers=80, items=1_200, months=6, on=DAY, ahead=14)


def test_statements_of_all_days_are_applied(company: Company, truth: Truth) -> None:
    days = list_days(truth)
    banking = demo_banking(truth, after=days[0])
    taken = [
        take_statements(company, banking, after=after, until=until, by=system("demo"))
        for after, until in pairwise(days)
    ]
    told = banking.lines.filter(pl.col("booked_on") <= DAY)
    assert sum(taken) == len(told) == BankEntry.objects.count()
    assert set(Statement.objects.values_list("state", flat=True)) == {"applied"}
    sums = dict(told.group_by("currency").agg(pl.col("minor").sum()).iter_rows())
    found = {one.currency: one.closing_minor for one in BankAccount.objects.all()}
    assert found == {currency: OPENING_MINOR + minor for currency, minor in sums.items()}


def test_what_was_taken_is_known(company: Company, truth: Truth) -> None:
    banking = demo_banking(truth, after=DAY - timedelta(days=7))
    for _ in range(2):
        take_statements(company, banking, after=DAY - timedelta(days=7), until=DAY, by=system("demo"))
    assert BankEntry.objects.count() == len(banking.lines.filter(pl.col("booked_on") <= DAY))


def test_the_next_day_can_be_tried(truth: Truth, tmp_path: Path) -> None:
    after = list_days(truth)[0]
    written = write_statements(truth, tmp_path / "lists", after=after)
    until = dict(statement_files(demo_banking(truth, after=after), since=after, until=DAY))
    for name, path in written.items():
        (statement,) = read_bank_file(path.read_bytes(), name=name)
        assert {line.booked_on for line in statement.lines} == {next_weekday(DAY)}
        before = read_bank_file(until[name.replace(str(next_weekday(DAY)), str(DAY))]).statements[-1]
        assert statement.opening_minor == before.closing_minor
    assert 1 <= len(written) <= len(ACCOUNTS)


def test_lists_come_in_on_bank_days(truth: Truth) -> None:
    days = list_days(truth)
    assert days == sorted(days)
    assert days[-1] == DAY
    assert len(days) == len(EARLIER) + 1
