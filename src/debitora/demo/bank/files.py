"""The demo company's own accounts, and the files that its bank hands out for some days."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from debitora.demo import names
from debitora.demo.bank.camt import camt053, closing
from debitora.demo.bank.lines import Banking, bank_lines
from debitora.demo.generator import CREDITOR
from debitora.demo.truth import Truth, next_weekday

OPENING_MINOR: Final = 85_000_000
"""What each account has before the first line."""
ACCOUNTS: Final = {
    "EUR": CREDITOR.iban,
    "CHF": names.german_iban(90_123_456, 4_711_002),
    "USD": names.german_iban(90_123_456, 4_711_003),
}


def demo_banking(truth: Truth, *, after: date) -> Banking:
    """Return what the bank tells from the day after `after`, when the company's first list came in, to the day after its own."""
    return bank_lines(truth, since=after + timedelta(days=1), until=next_weekday(truth.on))


def write_statements(truth: Truth, folder: Path, *, after: date) -> dict[str, Path]:
    """Write what a person can try an import with: the statements of the working day after the company's. Returns them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    since, until = truth.on + timedelta(days=1), next_weekday(truth.on)
    told = dict(statement_files(demo_banking(truth, after=after), since=since, until=until))
    for name, data in told.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in told}


def statement_files(banking: Banking, *, since: date, until: date) -> Iterator[tuple[str, bytes]]:
    """Return (name, bytes) of the statements of each account that has lines from `since` to `until`.

    `banking` must begin where the first of all files did: each file opens with what the lines before left.
    """
    before = banking.lines.filter(pl.col("booked_on") < since)
    told = banking.lines.filter(pl.col("booked_on").is_between(since, until))
    for currency, account in ACCOUNTS.items():
        lines = told.filter(pl.col("currency") == currency)
        if lines.is_empty():
            continue
        opening = closing(before, currency=currency, opening_minor=OPENING_MINOR)
        data = camt053(lines, account=account, currency=currency, opening_minor=opening, owner=CREDITOR.name)
        yield f"statement-{currency}-{until}.xml", data
