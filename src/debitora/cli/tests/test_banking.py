"""Bank files as the command takes them: what it answers, and how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from debitora.cash.models import BankEntry, Booking, Statement
from debitora.cash.testing import Paid, Sheet, camt, mt940
from debitora.cli.tests.saying import committed, counted
from debitora.trail.models import Record, Seal
from tests.terminal import Terminal


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """Files of one account: two days, a gap, a broken one."""
    first = Sheet([Paid(11900, text="R-1"), Paid(-500, name="Bank", text="fee")], opening=1000)
    files = {
        "first.xml": camt(first),
        "first.sta": mt940(first),
        "later.xml": camt(Sheet([Paid(100, 3)], opening=20_000, first=3, last=3)),
        "two.xml": camt(
            Sheet([Paid(5)], account="DE89370400440532013000"), Sheet([Paid(7)], account="NL91ABNA0417164300")
        ),
        "broken.xml": camt(first)[:400],
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def told(terminal: Terminal, *words: object, code: int = 0) -> list[dict[str, Any]]:
    answer = terminal.ask("import", "statements", *words, "--company", "acme", code=code)
    return list(answer["files"])


@committed
def test_a_file_answers_in_the_promised_shape(terminal: Terminal, bank: Path) -> None:
    (first,) = told(terminal, bank / "first.xml", "--new-accounts")
    shown = ("status", "format", "account", "currency", "opening", "closing", "lines", "new", "faults")
    assert [first[name] for name in shown] == [
        "done", "camt.053", "DE02120300000000202051", "EUR", 1000, 12_400, 2, 2, [],
    ]  # fmt: skip
    again = told(terminal, bank / "first.xml", bank / "first.sta")
    assert [(one["status"], one["new"]) for one in again] == [("known", 0), ("known", 0)]
    assert (counted(Statement), counted(BankEntry)) == (2, 2)


@committed
def test_what_a_command_wrote_is_sealed_though_no_worker_runs(terminal: Terminal, bank: Path) -> None:
    told(terminal, bank / "first.xml", "--new-accounts")
    assert counted(Record) == counted(Seal) > 0


@committed
def test_what_waits_or_is_refused_ends_with_one(terminal: Terminal, bank: Path) -> None:
    files = told(terminal, bank / "first.xml", code=1)
    assert [(one["status"], one["statements"][0]["held_for"]) for one in files] == [("held", "account")]
    (finished,) = told(terminal, bank / "first.xml", "--new-accounts")
    assert (finished["status"], finished["new"]) == ("done", 2)
    told(terminal, bank / "two.xml", "--new-accounts")
    broken, missing = told(terminal, bank / "broken.xml", bank / "two.xml", code=1)
    assert (broken["status"], missing["status"], missing["account"]) == ("refused", "known", None)
    assert broken["faults"][0]["code"]


@committed
def test_a_gap_is_named(terminal: Terminal, bank: Path) -> None:
    told(terminal, bank / "first.xml", "--new-accounts")
    (later,) = told(terminal, bank / "later.xml", code=1)
    (statement,) = later["statements"]
    assert (statement["status"], statement["held_for"], statement["missing"]) == ("held", "gap", 7600)


def test_mistakes_are_told_in_a_line(terminal: Terminal, bank: Path) -> None:
    terminal.say("import", "statements", bank / "none.xml", "--company", "acme", code=2)
    assert "none.xml: No such file" in terminal.complaint
    terminal.say("import", "statements", bank / "first.xml", "--company", "nope", code=2)
    assert "no company" in terminal.complaint


@committed
def test_lines_are_matched_in_the_promised_shape(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "Kundennummer;Name;Rechnungsnummer;Betrag;Fällig\n10001;Nordwind GmbH;R-4711;119,00;01.11.2026\n"
    )
    terminal.ask("import", "items", tmp_path / "list.csv", "--company", "acme")
    paid = Paid(11_900, text="Rechnung R-4711", name="Nordwind GmbH")
    (tmp_path / "bank.xml").write_bytes(camt(Sheet([paid, Paid(1, day=1, name="?"), Paid(-5, day=1)])))
    told(terminal, tmp_path / "bank.xml", "--new-accounts")
    dry = terminal.ask("match", "--company", "acme", "--dry-run")
    in_german = terminal.say("match", "--company", "acme", "--dry-run", "--language", "de")
    assert ": booked, 10001 Nordwind GmbH, 99" in in_german
    assert "Der Betrag ist, was von R-4711 offen ist" in in_german
    assert "item_named" not in in_german
    done = terminal.ask("match", "--company", "acme")
    for answer, was_dry in ((dry, True), (done, False)):
        counts = [answer[name] for name in ("lines", "booked", "proposed", "open", "ignored", "dry_run")]
        assert counts == [3, 1, 0, 2, 0, was_dry]
        best, *others = answer["proposals"]
        assert [(one["status"], one["items"], one["explanation"]) for one in others] == [("open", [], "")] * 2
        assert all(one.keys() == best.keys() for one in others)
        assert (best["status"], best["kind"], best["items"][0]["minor"]) == ("booked", "named", 11_900)
        assert "item_named" in best["evidence"]
        assert best["explanation"].startswith(
            "Amount equals what is open of R-4711, its number is named in the text"
        )
        assert (best["customer_number"], best["items"][0]["number"]) == ("10001", "R-4711")
        assert best["confidence"] >= 9_990
    assert terminal.ask("match", "--company", "acme")["lines"] == 2
    assert counted(Booking) == 1
