"""Numbers as single payers abbreviate them; what is ambiguous names nothing."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from debitora.engine.abbreviations import KEPT, abbreviated, kept_digits
from debitora.engine.matching import ITEMS, LINES, PAYERS

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "number", "kept"),
    [
        ("Rechnung 471", "RE26-00471", 5),
        ("Rechnung 00471, danke", "RE26-00471", 5),
        ("Rg 12345", "2026-12345", 5),
        ("Rg 345", "2026-12345", 3),
        ("RE26-00471", "RE26-00471", None),
        ("re 26 00471", "RE26-00471", None),
        ("Rechnung 472", "RE26-00471", None),
        ("Rechnung A471", "RE26-00471", None),
        ("71", "RE26-00471", None),
        ("2026", "RE-12026", None),
        ("Danke", "", None),
    ],
)
def test_what_is_left_of_a_number(text: str, number: str, kept: int | None) -> None:
    assert kept_digits(text, number) == kept


def _items(*rows: tuple[int, int, str, str]) -> pl.DataFrame:
    told = [
        (item, customer, currency, number, 100, DAY, DAY, False) for item, customer, currency, number in rows
    ]
    return pl.DataFrame(told, schema=dict(ITEMS), orient="row")


def _named(text: str, *rows: tuple[int, int, str, str], payer: str = "DE1", kept: int = 5) -> list[int]:
    lines = pl.DataFrame([(1, "EUR", 100, DAY, payer, "Miller", text)], schema=dict(LINES), orient="row")
    payers = pl.DataFrame([("DE1", 7, 1)], schema=dict(PAYERS), orient="row")
    asked = pl.DataFrame([(7, kept)], schema=dict(KEPT), orient="row")
    found = abbreviated(lines, _items(*rows), payers, asked)
    assert not found["whole"].any()
    return found["item"].to_list()


def test_only_the_payers_own_items_are_named_and_only_by_what_she_writes() -> None:
    hers, other, abroad = (1, 7, "EUR", "RE26-00471"), (2, 8, "EUR", "RE25-00471"), (3, 7, "USD", "X-00471")
    assert _named("471 und 472", hers, other, abroad) == [1]
    assert _named("Rg 00471", hers) == [1]
    assert _named("471", hers, payer="DE2") == []
    assert _named("471", hers, payer="") == []
    assert _named("471", (1, 7, "EUR", "RE26-10471")) == []
    assert _named("471", (1, 7, "EUR", "RE26-10471"), kept=3) == [1]


def test_what_two_open_items_share_names_none() -> None:
    assert _named("471", (1, 7, "EUR", "RE26-00471"), (2, 7, "EUR", "RE25-00471")) == []
