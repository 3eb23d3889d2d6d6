"""Three shapes of one real open-item list, untouched: totals, keys and days equal an independent reading.

The corpus is no part of the repository: `DEBITORA_CORPUS`, by default `../shared/corpus` beside it.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from debitora.formats.faults import FaultCode, Faults
from debitora.formats.guess import guess_mapping
from debitora.formats.items import company_codes, read_items
from debitora.formats.mapping import fit
from debitora.formats.tables import read_table

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")
LISTS = CORPUS / "invoices-highradius"

pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)")

FULL, CURRENCY, RAW = "open_items_full_columns.csv", "open_items_currency.csv", "open_items_raw.csv"
COUNTS = {FULL: 5813, CURRENCY: 5680, RAW: 5621}
COLUMNS = {
    FULL: {
        "number": "invoice_id",
        "open": "total_open_amount",
        "open_flag": "isOpen",
        "currency": "invoice_currency",
    },
    CURRENCY: {
        "number": "invoice_id",
        "open": "total_open_amount",
        "open_flag": "isOpen",
        "cleared_on": "clear_date",
    },
    RAW: {
        "number": "doc_id",
        "open": "converted_usd",
        "company_code": "business_code",
        "cleared_on": "clear_date",
    },
}


def independent(name: str) -> Iterator[tuple[str, str, str, str, int]]:
    """(number, customer, due day, currency, cents) of each row, by the standard library alone."""
    with (LISTS / name).open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            number = (row.get("invoice_id") or row["doc_id"]).removesuffix(".0")
            amount = Decimal(row.get("total_open_amount") or row["converted_usd"])
            cents = int(amount.quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)
            yield number, row["cust_number"], row["due_in_date"], row.get("invoice_currency") or "USD", cents


@pytest.mark.parametrize("name", COUNTS)
def test_every_row_and_every_total_equals_an_independent_reading(name: str) -> None:
    table, faults = read_table((LISTS / name).read_bytes(), name)
    assert table is not None
    proposal = guess_mapping(table, currency="EUR")
    rows, more = read_items(table, proposal.mapping)
    assert not faults
    assert not proposal.faults
    assert not more
    assert rows.frame.height == COUNTS[name]
    assert rows.frame["is_open"].all()
    wanted = list(independent(name))
    found = [
        (number, customer, due.isoformat(), currency, cents)
        for number, customer, due, currency, cents in rows.frame.select(
            "number", "customer_number", "due_on", "currency", "open_minor"
        ).iter_rows()
    ]
    assert found == wanted
    totals: dict[str, int] = defaultdict(int)
    for *_, currency, cents in wanted:
        totals[currency] += cents
    sums = {key[0]: int(part["open_minor"].sum()) for key, part in rows.frame.group_by("currency")}
    assert sums == dict(totals)


@pytest.mark.parametrize("name", COUNTS)
def test_the_columns_are_those_that_a_person_would_choose(name: str) -> None:
    table, _ = read_table((LISTS / name).read_bytes(), name)
    assert table is not None
    mapping = guess_mapping(table).mapping
    assert {field: mapping.header(field) for field in COLUMNS[name]} == COLUMNS[name]
    assert mapping.header("issued_on") == "baseline_create_date"
    assert mapping.float_shaped == ("number",)


def test_company_codes_are_counted_so_that_a_person_can_be_asked() -> None:
    table, _ = read_table((LISTS / FULL).read_bytes(), FULL)
    assert table is not None
    rows, _ = read_items(table, guess_mapping(table).mapping)
    counts = company_codes(rows.frame)
    assert sum(counts.values()) == COUNTS[FULL]
    assert len(counts) == 4


def test_customers_stand_with_and_without_leading_zeros() -> None:
    table, _ = read_table((LISTS / FULL).read_bytes(), FULL)
    assert table is not None
    frame = read_items(table, guess_mapping(table).mapping)[0].frame
    assert (frame["customer_number"].n_unique(), frame["customer_key"].n_unique()) == (379, 301)


def test_a_mapping_remembered_from_one_file_fits_the_same_file_again() -> None:
    table, _ = read_table((LISTS / FULL).read_bytes(), FULL)
    assert table is not None
    mapping = guess_mapping(table).mapping
    assert fit(mapping, table) == (mapping, Faults())


@pytest.mark.parametrize(
    "path", sorted(CORPUS.rglob("*.md"))[:20] if CORPUS.is_dir() else [], ids=lambda path: path.name
)
def test_a_note_is_no_list(path: Path) -> None:
    table, faults = read_table(path.read_bytes(), "list.csv")
    assert table is None
    assert faults.hindering == 1


def test_predictions_beside_the_lists_are_refused_as_no_table() -> None:
    """Its file holds how late payers were, for forecasts; nothing in it is open."""
    name = "closed_items_actual_days_late.json"
    table, faults = read_table((LISTS / name).read_bytes(), name)
    assert table is None
    assert [(fault.code, dict(fault.params)) for fault in faults] == [
        (FaultCode.NOT_A_TABLE, {"kind": "json"})
    ]


FOREIGN = sorted(
    path
    for folder in (
        "bank-csv",
        "ledger-datev",
        "ledger-fec",
        "einvoice-zugferd",
        "invoices-cassandra",
        "invoices-ibm",
    )
    for path in (CORPUS / folder).rglob("*")
    if path.is_file() and path.stat().st_size < 3_000_000
)[:200]


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name[:40])
def test_no_foreign_file_raises(path: Path) -> None:
    table, faults = read_table(path.read_bytes(), path.name)
    assert (table is None) == bool(faults)
    if table is not None:
        proposal = guess_mapping(table, currency="EUR")
        if not proposal.faults:
            read_items(table, proposal.mapping)
