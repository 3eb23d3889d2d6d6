"""A company with many invoices, a bank's file that pays them, and what both must come to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from debitora.cash.testing import MOMENT, Paid, Sheet, a_policy, camt, taken
from debitora.cli.checks.examination import examine
from debitora.exchange.testing import a_list_file, a_row, applied
from debitora.people.models import Company
from tests.cash_oracle import cash_findings
from tests.ledger_oracle import findings

CARE = 20
"""So bold that a named invoice paid to the cent is booked without asking."""
A_CUSTOMERS = 30
"""So many invoices each customer has."""


def amount_of(number: int) -> int:
    """What invoice R-<100000 + number> is about: no two are alike."""
    return 10_000 + 7 * number


def paid(number: int) -> Paid:
    """A line that pays the invoice and names it."""
    return Paid(amount_of(number), name=f"Kunde {customer_of(number)}", text=f"Rechnung R-{100_000 + number}")


def customer_of(number: int) -> int:
    """The number of the customer of an invoice."""
    return 10_001 + number // A_CUSTOMERS


def euros(minor: int) -> str:
    """An amount as a German list writes it."""
    return f"{minor // 100},{minor % 100:02d}"


def invoiced(company: Company, count: int) -> None:
    """So many open invoices from a list, and a bold policy."""
    rows = [
        a_row(f"R-{100_000 + number}", euros(amount_of(number)), customer=str(customer_of(number)))
        for number in range(count)
    ]
    applied(company, a_list_file(rows))
    with transaction.atomic():
        a_policy(company, care=CARE)


def statement(count: int) -> bytes:
    """A bank's file with a line for each of so many invoices."""
    return camt(Sheet([paid(number) for number in range(count)], number="1"))


def paid_in(company: Company, count: int) -> None:
    """Take the bank's file with so many lines."""
    taken(company, statement(count), name="bank.xml")


@contextmanager
def reading() -> Iterator[None]:
    """Read behind the wall, which stands around transactions only."""
    with transaction.atomic():
        yield


def holds() -> None:
    """Nothing is wrong, neither by the oracles nor by `debitora check`."""
    with reading():
        assert cash_findings() == []
        assert findings() == []
    report = examine(database=str(connection.settings_dict["NAME"]), now=MOMENT)
    found = [f"{one.invariant} {one.object}: {one.difference}" for one in report.findings]
    assert found == [], found
