"""camt messages of many banks: what another parser made of sixteen of them is what is read here, or a refusal that is stated."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from debitora.formats.bank.camt import read_camt
from debitora.formats.faults import FaultCode

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")
FILES, EXPECTED = CORPUS / "bank-camt", CORPUS / "bank-camt-expected"

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)")

REFUSED = {
    "camt052.v4": FaultCode.BANK_RULE,  # amounts of several currencies on one account
    "camt052.v6": FaultCode.BANK_RULE,
    "camt052.v6.Amt-zero": FaultCode.BANK_RULE,
    "camt053.v2.minimal": FaultCode.BANK_RULE,
    "camt053.v2.with-party-ids": FaultCode.BANK_RULE,
    "camt053.v4": FaultCode.BANK_RULE,
    "camt053.v2.with-account-name": FaultCode.STATEMENT_FRAGMENT,  # neither opening nor closing booked balance
    "camt53.only-Dt-with-DtTm": FaultCode.STATEMENT_FRAGMENT,  # no closing balance
    "camt054.v8-with-UETR": FaultCode.BANK_RULE,  # an entry without any day
}
NAMES = sorted(path.stem for path in EXPECTED.rglob("*.json"))


def expected(name: str) -> dict[str, Any]:
    (path,) = EXPECTED.rglob(f"{name}.json")
    return dict(json.loads(path.read_text("utf-8")))


def read(name: str) -> Any:
    (path,) = FILES.rglob(f"{name}.xml")
    return read_camt(path.read_bytes())


def found_in(value: Any, key: str) -> Iterator[Any]:
    """All values under a key, however deep."""
    if isinstance(value, list):
        for each in value:
            yield from found_in(each, key)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == key:
                yield each
            yield from found_in(each, key)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_contradicts_itself_is_refused_for_a_reason(name: str) -> None:
    found = read(name)
    assert not found.statements
    assert REFUSED[name] in {fault.code for fault in found.faults}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_amounts_and_days_agree(name: str) -> None:
    """Of several statements the other parser lists the entries of the last one only."""
    booked = [each for each in expected(name)["getEntries"] if each["getStatus"] == "BOOK"]
    theirs = [(each["getBookingDate"]["0"][:10], int(each["getAmount"]["getAmount"])) for each in booked]
    lines = [line for statement in read(name) for line in statement.lines]
    days = {line.place: line.booked_on.isoformat() for line in lines}
    ours = [(day, sum(line.minor for line in lines if line.place == place)) for place, day in days.items()]
    assert ours[-len(theirs) :] == theirs
    assert len(ours) == len(theirs) or "multi" in name


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_accounts_and_balances_agree(name: str) -> None:
    theirs = [each for each in found_in(expected(name), "getRecord") if isinstance(each, dict)]
    ours = list(read(name))
    assert {each["getAccount"]["getIdentification"] for each in theirs} <= {each.account for each in ours}
    told = {
        (each["getType"], int(each["getAmount"]["getAmount"]))
        for each in found_in(theirs, "getBalances")
        for each in each
        if each["getType"] in ("opening", "closing")
    }
    both = {("opening", each.opening_minor) for each in ours} | {
        ("closing", each.closing_minor) for each in ours
    }
    known = {(kind, minor) for kind, minor in both if minor is not None}
    assert known <= told or "multi" in name


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_whoever_is_named_is_one_of_the_parties(name: str) -> None:
    theirs = {each for each in found_in(expected(name), "getName") if isinstance(each, str)}
    assert {line.name for statement in read(name) for line in statement.lines} - {""} <= theirs
