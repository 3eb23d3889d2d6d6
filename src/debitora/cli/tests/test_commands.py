"""Lists and runs as their users say them: what is printed, how it ends, and what is said to mistakes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from debitora.cli.tests.saying import ON, committed, counted, imported, known
from debitora.documents.models import Upload
from debitora.dunning.models import Decision, Run, RunApproval
from debitora.exchange.models import ListImport
from debitora.exchange.testing import a_list_file, a_list_of, a_row
from debitora.receivables.models import Item
from tests.terminal import Terminal

# ------------------------------------------------------------------------------------------------------- lists


@committed
def test_an_import_answers_in_the_promised_shape(terminal: Terminal, lists: Path) -> None:
    first = imported(terminal, lists / "ten.csv")
    assert {name: first[name] for name in ("status", "read", "opened", "changed", "settled", "unchanged")} == {
        "status": "done", "read": 10, "opened": 10, "changed": 0, "settled": 0, "unchanged": 0,
    }  # fmt: skip
    assert (first["faults"], first["guards"]) == ([], [])
    next_day = imported(terminal, lists / "nine.csv", as_of="2026-11-19")
    assert {name: next_day[name] for name in ("opened", "changed", "settled", "unchanged")} == {
        "opened": 0, "changed": 1, "settled": 1, "unchanged": 8,
    }  # fmt: skip


@committed
def test_the_same_file_again_is_nothing(terminal: Terminal, lists: Path) -> None:
    imported(terminal, lists / "ten.csv")
    again = imported(terminal, lists / "ten.csv")
    assert (again["status"], again["opened"], again["changed"], again["settled"]) == ("nothing", 0, 0, 0)
    assert counted(Item) == 10
    other_day = imported(terminal, lists / "ten.csv", as_of="2026-11-19")
    assert (other_day["status"], other_day["unchanged"]) == ("nothing", 10)


@committed
def test_a_dry_run_leaves_no_trace(terminal: Terminal, lists: Path) -> None:
    told = imported(terminal, lists / "ten.csv", "--dry-run")
    assert (told["status"], told["read"], told["opened"]) == ("done", 10, 10)
    assert [counted(model) for model in (Item, ListImport, Upload)] == [0, 0, 0]
    assert not known("file.uploaded")
    imported(terminal, lists / "ten.csv")
    held = imported(terminal, lists / "two.csv", "--dry-run", code=1)
    assert (held["status"], held["settled"]) == ("held", 8)
    assert imported(terminal, lists / "two.csv", "--dry-run", "--confirm")["status"] == "done"
    damaged = imported(terminal, lists / "damaged.csv", "--dry-run", code=1)
    assert [fault["code"] for fault in damaged["faults"]] == ["date_impossible"]
    assert [counted(model) for model in (Item, ListImport, Upload)] == [10, 1, 1]


@committed
def test_a_held_list_waits_for_a_word(terminal: Terminal, lists: Path) -> None:
    imported(terminal, lists / "ten.csv")
    held = imported(terminal, lists / "two.csv", code=1)
    assert held["status"] == "held"
    assert held["guards"] == [{"guard": "settles_many", "params": {"settled": 8, "open": 10}}]
    assert terminal.ask("aging", "--company", "acme", "--as-of", ON)["currencies"]["EUR"]["total"] == 100_000
    done = imported(terminal, lists / "two.csv", "--confirm")
    assert (done["status"], done["settled"]) == ("done", 8)
    assert terminal.ask("aging", "--company", "acme", "--as-of", ON)["currencies"]["EUR"]["total"] == 20_000


def test_what_cannot_be_read_is_named_with_its_place_and_advice(terminal: Terminal, lists: Path) -> None:
    refused = imported(terminal, lists / "damaged.csv", code=1)
    assert refused["status"] == "refused"
    assert refused["faults"] == [
        {
            "line": 3,
            "column": "Fällig am",
            "value": "31.02.2026",
            "code": "date_impossible",
            "advice": "correct_row",
        }
    ]
    said = terminal.say(
        "import", "items", lists / "damaged.csv", "--company", "acme", "--as-of", "2026-11-20", code=1
    )
    assert "line 3, column Fällig am, value 31.02.2026" in said
    assert counted(Item) == 0


@committed
def test_a_customer_list_is_imported_likewise(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("Kundennummer;Name;E-Mail\r\n1;Erste;a@debtor.example\r\n2;Zweite;\r\n")
    words = ("import", "customers", file, "--company", "acme")
    assert terminal.ask(*words, "--dry-run")["opened"] == 2
    assert (terminal.ask(*words)["opened"], terminal.ask(*words)["status"]) == (2, "nothing")


def test_a_file_by_a_name_that_is_no_text(terminal: Terminal, tmp_path: Path) -> None:
    strange = tmp_path / os.fsdecode(b"list\xff\n.csv")
    strange.write_bytes(a_list_of(range(1, 11)))
    assert imported(terminal, strange)["status"] == "done"


@committed
def test_open_items_and_their_aging(terminal: Terminal, lists: Path) -> None:
    imported(terminal, lists / "ten.csv")
    items = terminal.ask("items", "--company", "acme")["items"]
    assert len(items) == 10
    first = min(items, key=lambda item: item["id"])
    assert (first["number"], first["customer"], first["open_minor"], first["currency"]) == (
        "R-1", "10001", 10_000, "EUR",
    )  # fmt: skip
    assert (first["due_on"], first["level"]) == ("2026-10-30", 0)
    assert len(terminal.say("items", "--company", "acme").splitlines()) == 10
    assert terminal.ask("aging", "--company", "acme", "--as-of", ON) == {
        "currencies": {
            "EUR": {
                "not_due": 0, "d1_30": 100_000, "d31_60": 0, "d61_90": 0, "d90_plus": 0, "total": 100_000,
            }
        }
    }  # fmt: skip
    assert terminal.complaint == ""
    assert terminal.say("aging", "--company", "acme", "--as-of", ON).startswith(
        "EUR: not_due 0, d1_30 100000"
    )


def test_a_day_before_the_first_list_is_answered_with_a_remark(terminal: Terminal, lists: Path) -> None:
    assert terminal.ask("aging", "--company", "acme") == {"currencies": {}}
    assert "nothing is known" in terminal.complaint
    imported(terminal, lists / "ten.csv")
    assert terminal.ask("aging", "--company", "acme", "--as-of", "2026-11-17") == {"currencies": {}}
    assert "begins on 2026-11-18" in terminal.complaint


# --------------------------------------------------------------------------------------------------------- runs


@committed
def test_a_run_answers_in_the_promised_shape(terminal: Terminal, lists: Path) -> None:
    imported(terminal, lists / "ten.csv")
    answer = terminal.ask("run", "--company", "acme", "--on", ON)
    assert set(answer) >= {"run", "overdue_items", "decisions", "upcoming", "notices", "seconds"}
    assert set(answer["seconds"]) == {"read", "decide", "write", "total"}
    assert (answer["overdue_items"], answer["decisions"], answer["upcoming"]) == (10, {"notice": 10}, 0)
    assert (answer["notices"], answer["stopped_by_bound"]) == (10, False)
    early = terminal.ask("run", "--company", "acme", "--on", "2026-11-02")
    assert early["decisions"] == {"grace": 10}
    assert sum(early["decisions"].values()) == early["overdue_items"]


@committed
def test_a_dry_run_of_dunning_writes_nothing(terminal: Terminal, lists: Path) -> None:
    imported(terminal, lists / "ten.csv")
    answer = terminal.ask("run", "--company", "acme", "--on", ON, "--dry-run")
    assert (answer["run"], answer["overdue_items"]) == (None, 10)
    assert [counted(model) for model in (Run, Decision)] == [0, 0]


@committed
def test_approving_without_a_sender_approves_and_says_what_is_missing(
    terminal: Terminal, lists: Path
) -> None:
    imported(terminal, lists / "ten.csv")
    answer = terminal.ask("run", "--company", "acme", "--on", ON, "--approve", "--send", code=1)
    assert "sender_iban" in answer["missing_before_sending"]
    assert "sender_iban" in terminal.complaint
    assert counted(RunApproval) == 1


def test_an_unlikely_run_is_approved_only_with_a_word(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "many.csv").write_bytes(a_list_of(range(1, 61)))
    imported(terminal, tmp_path / "many.csv")
    answer = terminal.ask("run", "--company", "acme", "--on", ON, "--approve", code=1)
    assert (answer["notices"], answer["stopped_by_bound"]) == (60, True)
    assert "--confirm" in terminal.complaint
    assert counted(RunApproval) == 0
    terminal.ask("run", "--company", "acme", "--on", ON, "--approve", "--confirm")
    assert counted(RunApproval) == 1


@committed
def test_why_tells_the_decision_its_facts_and_what_would_change_it(terminal: Terminal, lists: Path) -> None:
    imported(terminal, lists / "ten.csv")
    terminal.say("run", "--company", "acme", "--on", "2026-11-02")
    card = terminal.ask("why", "R-1", "--company", "acme", "--on", "2026-11-02")
    assert (card["number"], card["decision"], card["strategy_version"]) == ("R-1", "grace", 1)
    assert card["facts"]["due_on"] == "2026-10-30"
    assert (card["facts"]["days_overdue"], card["facts"]["open_minor"]) == (3, 10_000)
    assert card["rule"]["reached_on"] == "2026-11-08"
    assert card["would_change"] == [{"code": "time", "days": 6, "on": "2026-11-08"}]
    assert (card["last_run"]["on"], card["last_run"]["reason"]) == ("2026-11-02", "grace")
    by_id = terminal.ask("why", str(card["item"]), "--company", "acme", "--on", "2026-11-08")
    assert (by_id["decision"], by_id["would_change"][0]["code"]) == ("notice", "paid")
    assert terminal.ask("why", "R-1", "--company", "acme", "--on", "2026-10-30")["decision"] is None
    assert "decision: grace" in terminal.say("why", "R-1", "--company", "acme", "--on", "2026-11-02")


def test_a_number_of_several_items_asks_for_an_id(terminal: Terminal, tmp_path: Path) -> None:
    rows = [a_row("R-1", "10,00", customer="1"), a_row("R-1", "20,00", customer="2")]
    (tmp_path / "twice.csv").write_bytes(a_list_file(rows))
    imported(terminal, tmp_path / "twice.csv")
    terminal.say("why", "R-1", "--company", "acme", code=2)
    assert "name one by its id: " in terminal.complaint


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["aging", "--company", "nope"], "no company"),
        (["items", "--company", "nope"], "no company"),
        (["import", "items", "list.csv", "--company", "nope"], "no company"),
        (["import", "items", "/nowhere/list.csv", "--company", "acme"], "No such file"),
        (["import", "items", "/", "--company", "acme"], "directory"),
        (["import", "items", "/etc/hostname", "--company", "acme", "--as-of", "31.02.2026"], "no day"),
        (["import", "items", "/etc/hostname", "--company", "acme", "--source", "s" * 81], "longer than 80"),
        (["aging", "--company", "acme", "--as-of", "2026-02-31"], "no day"),
        (["aging", "--company", "acme", "--as-of", "9999-12-31"], "outside the years"),
        (["run", "--company", "acme", "--on", "tomorrow"], "no day"),
        (["run", "--company", "acme", "--dry-run", "--approve"], "not allowed with"),
        (["run", "--company", "acme", "--send"], "--approve"),
        (["run", "--company", "acme", "--as", "nobody"], "nobody signs in"),
        (["why", "R-404", "--company", "acme"], "no item"),
        (["run"], "required"),
        (["check", "--company", "nope"], "no company"),
    ],
)
def test_wrong_usage_ends_with_two_and_a_line(terminal: Terminal, words: list[str], said: str) -> None:
    terminal.say(*words, code=2)
    assert said in terminal.complaint
