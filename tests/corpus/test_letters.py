"""French ledgers with their letters taken off: lines, items and answers tie to the cent, held against a reading by hand."""

from __future__ import annotations

import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from bench.letters import SIDES, Lettered, lettered

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")
FEC = CORPUS / "ledger-fec"

pytestmark = pytest.mark.skipif(not FEC.is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)")

LETTERS = {
    ("000000000FEC20231231.txt", "401"): (122, 161),
    ("111111111FEC20221231.TXT", "411"): (43, 44),
    ("111111111FEC20221231.TXT", "401"): (19, 19),
    ("123456789FEC20500930.txt", "401"): (286, 422),
}
"""Letters with a payment that come out to the cent, and their lines."""


def of(name: str, prefix: str, *, names_customer: bool = False) -> Lettered:
    (path,) = FEC.rglob(name)
    return lettered(path, prefix=prefix, names_customer=names_customer)


@pytest.mark.parametrize(("name", "prefix"), LETTERS)
def test_letters_come_out_to_the_cent(name: str, prefix: str) -> None:
    found = of(name, prefix)
    assert (len(found.letters), len(found.case.lines)) == LETTERS[name, prefix]
    truth = found.case.truth.with_columns(settled=pl.col("minors").list.sum()).join(
        found.case.lines, on="line"
    )
    assert (truth["settled"] == truth["minor"]).all()
    flat = found.case.truth.explode("items", "minors").join(
        found.case.items, left_on="items", right_on="item"
    )
    assert len(flat) == found.case.truth["items"].list.len().sum()
    by_item = flat.group_by("items").agg(pl.col("minors").sum(), pl.col("amount_minor").first())
    assert (by_item["minors"].abs() <= by_item["amount_minor"].abs()).all()


@pytest.mark.parametrize(("name", "prefix"), LETTERS)
def test_a_letter_is_what_the_ledger_says(name: str, prefix: str) -> None:
    """Rows of each letter, read by hand: those of the items are the answers of its lines."""
    (path,) = FEC.rglob(name)
    found, rows = lettered(path, prefix=prefix), by_letter(path, prefix)
    answers = dict(found.case.truth.select("line", "items").iter_rows())
    for letter, lines in found.letters.items():
        assert {item for line in lines for item in answers[line]} | set(lines) == rows[letter].keys()
        assert sum(rows[letter].values()) == 0


def by_letter(path: Path, prefix: str) -> dict[str, dict[int, Decimal]]:
    """Account and letter -> row -> debit less credit."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    heads, *rows = [line.split("\t" if "\t" in text else "|") for line in text.splitlines() if line.strip()]
    names = [head.strip() for head in heads]
    found: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for place, cells in enumerate(rows):
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        if row["CompteNum"].startswith(prefix) and row["EcritureLet"]:
            account = f"{row['CompteNum']} {row['CompAuxNum']}".strip()
            debit, credit = (Decimal(row[name].replace(",", ".") or 0) for name in ("Debit", "Credit"))
            found[f"{account} {row['EcritureLet']}"][place] = debit - credit
    return found


def test_ledgers_without_letters_have_none() -> None:
    for name, prefix in (("000000000FEC20231231.txt", "411"), ("123456789FEC20500930.txt", "411")):
        assert not of(name, prefix).letters
    assert set(SIDES) == {"411", "401"}


def test_whose_a_line_is_can_be_told() -> None:
    name = "111111111FEC20221231.TXT"
    silent, told = of(name, "411").case, of(name, "411", names_customer=True).case
    assert set(silent.lines["payer"]) == {""}
    assert silent.payers.is_empty()
    known = dict(told.payers.select("payer", "customer").iter_rows())
    assert [[known[payer]] for payer in told.lines["payer"]] == told.truth.join(
        told.lines, on="line", maintain_order="right"
    )["customers"].to_list()
