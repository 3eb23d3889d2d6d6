"""Cash application: so many open bank lines against ten times as many open items, read, matched, proposed, booked, committed.

Of ten lines seven name their item, one names two, one names nobody but the payer, one nothing that anybody knows. The ledger is planted; the
statement comes in as a file, which is not measured here (`reading_statements` does). A dry run goes before: `matched_s` of the
seconds are its, the others match once more, propose and book. Only the first run has anything to book, so there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import polars as pl

from bench import ground
from bench.lists import DAY
from bench.planting import plant

SIZES = (1_000, 10_000, 100_000)
UNIT = "lines"
_ITEMS_A_LINE = 10
_FOUND: dict[str, float] = {}


def prepare(size: int) -> Callable[[], object]:
    """Plant the ledger and take the statement."""
    ground.lay()
    from django.db import transaction

    from debitora.cash.actions import match, take_file
    from debitora.demo.bank.accounts import iban
    from debitora.demo.bank.camt import camt053
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    company = ground.found()
    plant(company, items=size * _ITEMS_A_LINE)
    by = system("bench")
    ground.tidy()
    with serving(company.id), transaction.atomic():
        lines = _lines(size)
    with serving(company.id):
        statement = camt053(lines, account=iban("DE", 1), currency="EUR", opening_minor=0, owner="Bench")
        take_file(company=company.id, data=statement, name="bank.xml", by=by, at=now(), new_accounts=True)

    def work() -> None:
        with serving(company.id):
            begun = perf_counter()
            match(company=company.id, by=by, at=now(), dry_run=True)
            _FOUND["matched_s"] = perf_counter() - begun
            done = match(company=company.id, by=by, at=now())
        _FOUND.update(lines=done.lines, booked=done.booked)

    return work


def times(size: int) -> int:
    """What is booked is no longer open."""
    return 1


def also() -> dict[str, float]:
    """How many were booked, how long the dry run took of it all, and the server's memory."""
    return {**ground.server_peak(), **_FOUND}


def _lines(size: int) -> pl.DataFrame:
    """Lines over ten days, in the columns of the demo's bank."""
    from debitora.demo.bank.shapes import SCHEMA
    from debitora.receivables.models import Item

    wanted = list(
        Item.objects.filter(kind="invoice")
        .order_by("id")
        .values_list("number", "amount_minor", "customer__party__name")[: size * 3 : 2]
    )
    told = [_line(place, *wanted[place], wanted[-1 - place]) for place in range(size)]
    return pl.DataFrame(told, schema={name: kind for name, kind in SCHEMA.items() if name in told[0]}).sort(
        "booked_on", "line"
    )


def _line(place: int, number: str, minor: int, name: str, other: tuple[str, int, str]) -> dict[str, object]:
    text, paid = f"Rechnung {number}", minor
    if place % 10 == 7:
        text, paid = f"RE {number} + {other[0]}", minor + other[1]
    if place % 10 == 8:
        text = "Danke"
    if place % 10 == 9:
        text, name, paid = "Zahlung", "Niemand", 999 + place
    return {
        "line": place, "booked_on": DAY - timedelta(days=place % 10), "currency": "EUR", "minor": paid, "payer_name": name,
        "payer_iban": "", "text": text, "end_to_end": "", "reference": "", "mandate": "", "code": "PMNT/RCDT/ESCT",
        "return_reason": "", "fee_minor": 0, "original_minor": 0, "original_currency": "",
    }  # fmt: skip
