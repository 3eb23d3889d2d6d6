"""Text files of banks that nobody of this project wrote: MT940, CODA, CFONB 120, Norma 43.

Each file gives statements or a fault. The outcomes stand here as figures: `ties` without a fault; `held`, read with a fault that
a person decides (the samples have invented balances and accounts); else the first fault that refuses it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import category

import mt940
import pytest

from debitora.formats.bank.cfonb import read_cfonb120
from debitora.formats.bank.coda import read_coda
from debitora.formats.bank.mt940 import read_mt940
from debitora.formats.bank.norma43 import read_norma43
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.faults import HOLDING, WARNINGS
from debitora.values.money import Money

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")
SWIFT, EXPECTED = CORPUS / "bank-mt940", CORPUS / "bank-mt940-expected" / "svenstaro+mt940-rs" / "full"

pytestmark = pytest.mark.skipif(not SWIFT.is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)")

READERS: dict[str, Callable[[bytes], BankFile]] = {
    "bank-mt940": read_mt940,
    "bank-coda": read_coda,
    "bank-cfonb": read_cfonb120,
    "bank-n43": read_norma43,
}
OUTCOMES = {
    # fragments: single fields, statements without a balance or an account, a licence; impossible days: 31 November;
    # unknown currency: German marks
    "bank-mt940": {
        "ties": 49,
        "held": 36,
        "statement_fragment": 35,
        "date_impossible": 1,
        "currency_unknown": 4,
    },
    # an amount of 767,823 euros
    "bank-coda": {"ties": 6, "held": 7, "amount_unreadable": 1},
    # bank_rule: a complement before any movement, and a file of CFONB 240
    "bank-cfonb": {"ties": 2, "held": 1, "statement_fragment": 7, "bank_rule": 2},
    "bank-n43": {"ties": 1},
}


def files(folder: str) -> list[Path]:
    return sorted(each for each in (CORPUS / folder).rglob("*") if each.is_file())


def outcome(file: BankFile) -> str:
    codes = [one.code for one in file.faults if one.code not in WARNINGS]
    return codes[0].value if codes else "held" if file.faults else "ties"


@pytest.mark.parametrize("folder", READERS)
def test_every_file_is_read_held_or_refused_for_a_reason(folder: str) -> None:
    read = [READERS[folder](path.read_bytes()) for path in files(folder)]
    assert dict(Counter(map(outcome, read))) == OUTCOMES[folder]
    for file in read:
        assert bool(file.statements) != bool(file.faults.hindering)


@pytest.mark.parametrize("folder", READERS)
def test_statements_tie_or_say_by_how_much_they_do_not(folder: str) -> None:
    for path in files(folder):
        file = READERS[folder](path.read_bytes())
        for each in file:
            assert each.account
            has_balances = each.opening_minor is not None and each.closing_minor is not None
            assert has_balances == (each.reach is Reach.BOOKED), path
            told = [one for one in file.faults if one.code in HOLDING]
            assert not each.difference_minor or told, path


@pytest.mark.parametrize("folder", READERS)
def test_texts_are_single_lines_without_control_characters(folder: str) -> None:
    for path in files(folder):
        for line in (line for each in READERS[folder](path.read_bytes()) for line in each.lines):
            texts = [getattr(line, name) for name in Line.__slots__ if isinstance(getattr(line, name), str)]
            assert all(text == " ".join(text.split()) for text in texts), path
            assert not [letter for text in texts for letter in text if category(letter) == "Cc"], path


def expected() -> Iterator[Any]:
    """(file, what another parser read of it) where the corpus has both."""
    for path in sorted(EXPECTED.rglob("*.json")):
        source = SWIFT / "svenstaro+mt940-rs" / path.relative_to(EXPECTED).with_suffix(".sta")
        if source.is_file():
            yield pytest.param(source, path, id=path.stem)


@pytest.mark.parametrize(("source", "answer"), list(expected()))
def test_balances_and_movements_agree_with_another_parser(source: Path, answer: Path) -> None:
    theirs = json.loads(answer.read_text(encoding="utf-8"))
    assert [told(each) for each in read_mt940(source.read_bytes())] == [
        told_by_other(each) for each in theirs
    ]


def told(statement: Statement) -> tuple[Any, ...]:
    """Balances with their days, and amount, value day and references of each movement."""
    lines = [
        (_decimal(line.minor, statement), str(line.valued_on), line.bank_reference)
        for line in statement.lines
    ]
    opening, closing = statement.opening_minor or 0, statement.closing_minor or 0
    days = str(statement.opened_on), str(statement.closed_on)
    return statement.currency, _decimal(opening, statement), _decimal(closing, statement), days, lines


def _decimal(minor: int, statement: Statement) -> Decimal:
    return Money(minor, statement.currency).decimal


def told_by_other(statement: dict[str, Any]) -> tuple[Any, ...]:
    lines = [
        (
            _signed(line["amount"], line["ext_debit_credit_indicator"]),
            line["value_date"],
            " ".join((line["bank_ref"] or "").split()),
        )
        for line in statement["statement_lines"]
    ]
    opening, closing = statement["opening_balance"], statement["closing_balance"]
    balances = [_signed(each["amount"], each["debit_credit_indicator"]) for each in (opening, closing)]
    return opening["iso_currency_code"], *balances, (opening["date"], closing["date"]), lines


def _signed(amount: str, side: str) -> Decimal:
    return Decimal(amount) * (1 if side in {"Credit", "ReverseDebit"} else -1)


def of_the_library(path: Path) -> list[tuple[Decimal, str]] | None:
    """(amount, value day) of all movements as the library mt-940 reads them; None where it raises or finds nothing."""
    try:
        found = mt940.parse(path.read_bytes().decode("utf-8", "replace"), options=mt940.options.Options.all())
    except Exception:  # noqa: BLE001 - it raises whatever comes
        return None
    moved = [each.data for each in found if "amount" in each.data]
    return [(each["amount"].amount, str(each["date"])) for each in moved] or None


def test_movements_agree_with_the_library_where_it_reads_them() -> None:
    """Amounts and value days are the same wherever both find movements; of 16 fragments the library makes movements."""
    found: Counter[tuple[bool, bool]] = Counter()
    for path in files("bank-mt940"):
        file, theirs = read_mt940(path.read_bytes()), of_the_library(path)
        ours = [(_decimal(line.minor, each), str(line.valued_on)) for each in file for line in each.lines]
        found[bool(ours), bool(theirs)] += 1
        assert not ours or not theirs or ours == theirs, path
    assert found == {(True, True): 80, (True, False): 2, (False, True): 16, (False, False): 27}


def test_movements_of_the_day_are_told_apart() -> None:
    readings = Counter(read_mt940(path.read_bytes()).reading for path in files("bank-mt940"))
    assert readings[Reading.MT942] == 3
