"""Every bank file of the corpus says something: statements that tie, statements that are held, or a fault that refuses it.

The counts have been looked at. camt: 46 + 7 + 20 read; held are invented figures that do not add up, and one real statement whose
last entry is booked after its closing balance. Refused are messages without account, opening or closing balance, amounts of two
currencies on one account, an entry without a day, garbled amounts, another message, empty shells, and a zip. OFX: sixteen files
hold securities, pensions, answers to a sign-on, or are broken on purpose. Tables: most name no account or no currency, which who
uploads them must tell; then eleven more are read. The others have no header, or one in Czech or Hungarian, no rows, a broken
quotation mark, days and amounts that are none, amounts of a card whose sign cannot be known, or are no statements.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from debitora.formats.bank.recognising import read_bank_file
from debitora.formats.faults import HOLDING

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")

pytestmark = pytest.mark.skipif(
    not (CORPUS / "bank-camt").is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)"
)


def outcomes(folder: str, **told: str) -> Counter[str]:
    """How many files of a folder are read, held and refused."""
    found: Counter[str] = Counter()
    for path in sorted((CORPUS / folder).rglob("*")):
        if path.is_file():
            found[outcome(path, **told)] += 1
    return found


def outcome(path: Path, **told: str) -> str:
    """What becomes of a file; silence and statements that do not tie without saying so fail here."""
    read = read_bank_file(path.read_bytes(), path.name, **told)
    if not read.statements:
        assert read.faults.hindering, path
        return "refused"
    assert not read.faults.hindering, path
    is_held = any(read.faults.count(code) for code in HOLDING)
    assert is_held or not any(each.difference_minor for each in read), path
    return "held" if is_held else "read"


@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        ("bank-camt", {"read": 73, "held": 7, "refused": 20}),
        ("bank-ofx", {"read": 8, "refused": 16}),
        ("bank-csv", {"read": 4, "refused": 26}),
    ],
)
def test_so_many_files_are_read_held_and_refused(folder: str, counts: dict[str, int]) -> None:
    assert outcomes(folder) == counts


def test_a_person_who_names_the_account_has_more_tables_read() -> None:
    assert outcomes("bank-csv", account="DE89370400440532013000", currency="EUR") == {
        "read": 15,
        "refused": 15,
    }


@pytest.mark.parametrize("folder", ["bank-mt940", "bank-coda", "bank-cfonb", "bank-n43"])
def test_no_other_file_is_silent(folder: str) -> None:
    assert outcomes(folder)
