"""Two ledgers that somebody else kept live through a year day by day; after each day the identities are recomputed.

What is open on a day: of the one list what was not settled by then; of the other, whose items are all open, what a payer of that
list, late as payers of it were, has not paid. DEBITORA_SEED draws other payers.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from debitora.dunning.actions import install_presets
from debitora.dunning.testing import SENDER
from debitora.exchange.testing import a_list_file
from debitora.messaging.actions import confirm_installation, install_texts, save_sender, try_server
from debitora.people.models import Company
from debitora.receivables.actions import save_customers
from debitora.receivables.rules.customers import CustomerRow
from tests.simulation.test_year import BY, SEED, Year, bring_in, look, remind
from tests.smtp_server import SmtpServer

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")
IBM, HIGHRADIUS = CORPUS / "invoices-ibm", CORPUS / "invoices-highradius"
DAYS = 365
PAYERS = 40
"""So many customers of each list, drawn by the seed."""

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not IBM.is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)"),
]


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice of the list, open from the day it was issued until the day before it was paid; None is never."""

    customer: str
    number: str
    currency: str
    issued_on: date
    due_on: date
    paid_on: date | None
    minor: int

    def line(self) -> str:
        """As a row of a German list."""
        euros = f"{self.minor // 100},{self.minor % 100:02}"
        return (
            f"{self.customer};Payer {self.customer};{self.number};{self.issued_on:%d.%m.%Y};"
            f"{self.due_on:%d.%m.%Y};{self.currency};{euros}"
        )


def settled() -> list[Invoice]:
    """The invoices that were all settled, with the days on which they were."""
    (path,) = IBM.glob("*.csv")
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    chosen = set(Random(SEED).sample(sorted({row["customerID"] for row in rows}), PAYERS))
    return [
        Invoice(
            row["customerID"],
            row["invoiceNumber"],
            "EUR",
            _month_first(row["InvoiceDate"]),
            _month_first(row["DueDate"]),
            _month_first(row["SettledDate"]),
            _cents(row["InvoiceAmount"]),
        )
        for row in rows
        if row["customerID"] in chosen
    ]


def never_closed() -> list[Invoice]:
    """The open items of some customers, paid as late as closed ones of the same source were; one in fifteen never is."""
    closed = json.loads((HIGHRADIUS / "closed_items_actual_days_late.json").read_text("utf-8"))["invoices"]
    late = [int(one["actual_days_late"]) for one in closed]
    random = Random(SEED)
    with (HIGHRADIUS / "open_items_full_columns.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    chosen = set(random.sample(sorted({row["cust_number"].lstrip("0") for row in rows}), PAYERS))
    return [_drawn(row, late, random) for row in rows if row["cust_number"].lstrip("0") in chosen]


def _drawn(row: dict[str, str], late: list[int], random: Random) -> Invoice:
    issued_on, due_on = date.fromisoformat(row["posting_date"]), date.fromisoformat(row["due_in_date"])
    paid_on = max(due_on + timedelta(days=random.choice(late)), issued_on + timedelta(days=1))
    return Invoice(
        row["cust_number"].lstrip("0"),
        row["invoice_id"].removesuffix(".0"),
        row["invoice_currency"],
        issued_on,
        due_on,
        None if random.random() < 1 / 15 else paid_on,
        _cents(row["total_open_amount"]),
    )


def _month_first(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()


def _cents(text: str) -> int:
    return int(Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)


@pytest.fixture
def year(committed: str, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    at = datetime(2012, 1, 1, 9, tzinfo=UTC)
    with SmtpServer() as mail:
        server = {"smtp_host": mail.host, "smtp_port": mail.port, "smtp_security": "none"}
        with transaction.atomic():
            confirm_installation(at=at)
            install_presets(company=company, by=BY, at=at)
            install_texts(company=company.id, by=BY, at=at)
        save_sender(company=company.id, changes={**SENDER, **server}, by=BY, at=at)
        try_server(company=company.id, by=BY, at=at)
        yield Year(company, None, mail, Random(SEED), at, step=timedelta(days=1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ledger", "begin"),
    [(settled, date(2012, 2, 1)), (never_closed, date(2020, 3, 1))],
    ids=["ibm", "highradius"],
)
def test_a_year_of_a_real_ledger_keeps_what_must_be_true(
    year: Year, ledger: Callable[[], list[Invoice]], begin: date
) -> None:
    print(f"DEBITORA_SEED={SEED}")
    invoices = ledger()
    _customers(year, invoices, begin)
    for place in range(DAYS):
        year.at = datetime.combine(begin + timedelta(days=place), time(9), tzinfo=UTC)
        still = [
            one
            for one in invoices
            if one.issued_on <= year.on and (one.paid_on is None or one.paid_on > year.on)
        ]
        bring_in(year, "items", a_list_file(one.line() for one in still))
        remind(year)
        look(year)
        assert {name: minor for name, minor in year.balance.items() if minor} == _sums(still), year.on
    print(dict(year.happened))
    assert year.happened["accepted"] > 20, "too quiet to prove anything"


def _sums(invoices: list[Invoice]) -> dict[str, int]:
    found = Counter[str]()
    for one in invoices:
        found[one.currency] += one.minor
    return dict(found)


def _customers(year: Year, invoices: list[Invoice], begin: date) -> None:
    """Every second one is a company; all have an address for mails and one for letters."""
    year.at = datetime.combine(begin, time(8), tzinfo=UTC)
    rows = [
        CustomerRow(
            number=number,
            name=f"Payer {number}",
            kind="business" if place % 2 else "consumer",
            email=f"ap@{number.lower()}.example",
            street="Main 1",
            postcode="10115",
            city="Berlin",
            country="DE",
        )
        for place, number in enumerate(sorted({one.customer for one in invoices}))
    ]
    save_customers(company=year.company.id, rows=rows, by=BY, at=year.at)
