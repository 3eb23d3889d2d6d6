"""Whom lines point to and what they may have paid, on a small ledger where every answer is plain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from debitora.engine.frames import WrongFrame
from debitora.engine.matching import (
    CUSTOMERS,
    ITEMS,
    LINES,
    MOST_CUSTOMERS,
    PAYERS,
    POINTERS,
    mentioned,
    pointers,
)

DAY = date(2026, 11, 2)
MILLER, SMITH = 1, 2
LEDGER = pl.DataFrame(
    [
        (11, MILLER, "EUR", "R-4711", 10_000, DAY - timedelta(days=30), None, False),
        (12, MILLER, "EUR", "R-4712", 2_500, DAY - timedelta(days=10), None, False),
        (13, MILLER, "EUR", "G-0007", -500, DAY - timedelta(days=10), None, False),
        (14, MILLER, "EUR", "R-4799", 7_777, DAY + timedelta(days=20), None, False),
        (15, MILLER, "USD", "R-4800", 10_000, DAY, None, False),
        (21, SMITH, "EUR", "R-5001", 10_000, DAY - timedelta(days=5), None, False),
        (22, SMITH, "EUR", "R-5002", 10_000, DAY - timedelta(days=50), None, False),
    ],
    schema=dict(ITEMS),
    orient="row",
)
PEOPLE = pl.DataFrame(
    [(MILLER, "K-10001", "Müller Werkzeuge GmbH"), (SMITH, "K-10002", "Smith & Söhne GmbH")],
    schema=dict(CUSTOMERS),
    orient="row",
)
KNOWN = pl.DataFrame([("DE1", SMITH, 3)], schema=dict(PAYERS), orient="row")


def a_line(
    minor: int, text: str = "", *, name: str = "", payer: str = "", currency: str = "EUR"
) -> pl.DataFrame:
    return pl.DataFrame([(1, currency, minor, DAY, payer, name, text)], schema=dict(LINES), orient="row")


def whom(line: pl.DataFrame, items: pl.DataFrame, people: pl.DataFrame, payers: pl.DataFrame) -> pl.DataFrame:
    return pointers(line, items, people, payers, mentioned(line, items))


def pointed(line: pl.DataFrame) -> dict[int, dict[str, Any]]:
    found = whom(line, LEDGER, PEOPLE, KNOWN)
    assert found.schema == dict(POINTERS)
    return {row.pop("customer"): row for row in found.to_dicts()}


@pytest.mark.parametrize(
    ("line", "customer", "evidence"),
    [
        (a_line(1, "Rechnung R-4711"), MILLER, {"named_items": 1}),
        (a_line(1, "RE 4711"), MILLER, {"named_items": 0, "hinted_items": 1}),
        (a_line(1, "Kd.Nr. K 10001"), MILLER, {"by_number": True}),
        (a_line(1, name="MULLER WERKZEUGE"), MILLER, {"name_percent": 100}),
        (a_line(1, payer="DE1"), SMITH, {"payer_times": 3}),
        (a_line(7_777), MILLER, {"amount_bearers": 1}),
        (a_line(10_000), SMITH, {"amount_bearers": 3}),
    ],
)
def test_a_line_points_to_whom_it_names(
    line: pl.DataFrame, customer: int, evidence: dict[str, object]
) -> None:
    found = pointed(line)[customer]
    assert {name: found[name] for name in evidence} == evidence


def test_where_the_bank_names_nobody_a_name_is_looked_for_in_the_text() -> None:
    """Many banks write it there; one that names the payer is believed, whatever the text says."""
    said = "SEPA VIR MULLER WERKZEUGE 20/07 REF 99"
    assert pointed(a_line(1, said))[MILLER]["name_percent"] == 100
    assert MILLER not in pointed(a_line(1, said, name="Smith"))


def test_nobody_is_pointed_to_by_nothing() -> None:
    assert pointed(a_line(1, "thank you GmbH", name="GmbH", payer="DE9")) == {}


def test_a_line_points_to_few_customers() -> None:
    many = pl.DataFrame(
        [(n, n, "EUR", f"X-{n}00000", 333, DAY, None, False) for n in range(1, 20)],
        schema=dict(ITEMS),
        orient="row",
    )
    people = pl.DataFrame([(n, f"Z{n}00", "x") for n in range(1, 20)], schema=dict(CUSTOMERS), orient="row")
    assert whom(a_line(333), many, people, KNOWN).height == MOST_CUSTOMERS


def test_a_wrong_frame_is_refused_by_name() -> None:
    with pytest.raises(WrongFrame, match="items: no column due_on"):
        pointers(a_line(1), LEDGER.drop("due_on"), PEOPLE, KNOWN, mentioned(a_line(1), LEDGER))
