"""Every command as its users say it: what it prints, how it ends, whom it records, and what it says to mistakes."""

from __future__ import annotations

import io
import os
import pwd
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from debitora.documents.models import Upload
from debitora.dunning.models import Decision, Run, RunApproval
from debitora.exchange.models import ListImport
from debitora.exchange.testing import a_list_file, a_list_of, a_row
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.messaging.actions import confirm_installation, save_sender
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from debitora.trail.models import Record
from debitora.trail.rules import system
from tests.terminal import Terminal, in_a_process

ON = "2026-11-18"
TEN = a_list_of(range(1, 11))
PASSWORD = "correct horse battery"


committed = pytest.mark.usefixtures("committed")
"""Each command is said at least once as it is meant, outside any transaction; mistakes are told within one."""


@pytest.fixture
def terminal(database: None, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal in an installation with the company Acme."""
    found = Terminal(capsys)
    found.say(
        "company", "add", "acme", "--name", "Acme Werkzeuge GmbH", "--country", "DE", "--currency", "EUR"
    )
    return found


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder with lists of November 2026: ten items, nine of them with a part payment, two, and a damaged one."""
    files = {
        "ten.csv": TEN,
        "nine.csv": a_list_file(
            a_row(f"R-{number}", "40,00" if number == 1 else "100,00", customer=str(10_000 + number))
            for number in range(1, 10)
        ),
        "two.csv": a_list_of(range(1, 3)),
        "damaged.csv": a_list_file([a_row("R-1", "1,00"), a_row("R-2", "1,00", due="31.02.2026")]),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def imported(terminal: Terminal, file: Path, *more: str, code: int = 0, as_of: str = ON) -> dict[str, Any]:
    words = ("import", "items", file, "--company", "acme", "--as-of", as_of, *more)
    return terminal.ask(*words, code=code)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the next command read this from standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def a_person(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, role: str) -> str:
    typed(monkeypatch, f"{PASSWORD}\n")
    terminal.say("user", "add", role, "--name", role.title(), "--company", "acme", "--role", role)
    return role


def known(verb: str) -> list[tuple[str, str]]:
    """(kind, label) of who is recorded with that verb in Acme's trail, oldest first."""
    with serving(Company.objects.get(code="acme").id), transaction.atomic():
        return list(Record.objects.filter(verb=verb).order_by("id").values_list("actor_kind", "actor_label"))


def counted(model: Any) -> int:
    with serving(Company.objects.get(code="acme").id), transaction.atomic():
        return int(model.objects.count())


# -------------------------------------------------------------------------------------------------- setting up


@committed
def test_a_company_is_enough_to_begin(terminal: Terminal, lists: Path) -> None:
    assert imported(terminal, lists / "ten.csv")["status"] == "done"
    assert terminal.ask("run", "--company", "acme", "--on", ON)["overdue_items"] == 10


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["company", "add", "acme", "--name", "Again"], 1, "exists already"),
        (["company", "add", "a b", "--name", "Blank"], 2, "is no code"),
        (["company", "add", "x" * 21, "--name", "Long"], 2, "longer than 20"),
        (["company", "add", "umbra", "--name", " "], 2, "blank"),
        (["company", "add", "umbra", "--name", "n" * 201], 2, "longer than 200"),
        (["company", "add", "umbra", "--name", "U", "--country", "Germany"], 2, "no ISO code"),
        (["company", "add", "umbra", "--name", "U", "--country", "XX"], 2, "no country"),
        (["company", "add", "umbra", "--name", "U", "--currency", "XYZ"], 2, "no currency"),
        (["company", "add", "umbra", "--name", "U", "--time-zone", "Mars/Base"], 2, "no time zone"),
        (["company", "add", "umbra", "--name", "U", "--as", "nobody"], 2, "nobody signs in"),
        (["user", "add", "eve", "--name", "Eve", "--company", "acme", "--role", "boss"], 2, "invalid choice"),
        (["user", "add", "eve", "--name", "Eve", "--company", "nope", "--role", "clerk"], 2, "no company"),
        ([], 2, ""),
        (["dance"], 2, "invalid choice"),
        (["company"], 2, "required"),
    ],
)
def test_mistakes_in_setting_up_are_told_in_a_line(
    terminal: Terminal, words: list[str], code: int, said: str
) -> None:
    terminal.say(*words, code=code)
    assert said in terminal.complaint
    assert list(Company.objects.values_list("code", flat=True)) == ["acme"]


@committed
def test_a_person_gets_her_password_from_standard_input(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("user", "add", "kati", "--name", "Kati", "--company", "acme", "--role", "clerk")
    typed(monkeypatch, "short\n")
    terminal.say(*words, code=1)
    assert "password" in terminal.complaint
    assert not User.objects.exists()
    typed(monkeypatch, f"{PASSWORD}\n")
    assert terminal.say(*words) == "kati: clerk of acme\n"
    assert User.objects.get(login="kati").check_password(PASSWORD)
    typed(monkeypatch, f"{PASSWORD}\n")
    terminal.say(*words, code=1)
    assert "already" in terminal.complaint
    terminal.say(*words, "--email", "no address", code=2)


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
    strange.write_bytes(TEN)
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


# --------------------------------------------------------------------------------------------------- who did it


def test_the_actor_is_the_account_of_the_system_whatever_the_environment_says(
    terminal: Terminal, lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    imported(terminal, lists / "ten.csv")
    account = ("account", pwd.getpwuid(os.getuid()).pw_name)
    assert known("company.added") == known("import.applied") == [account]


@committed
def test_a_named_person_is_recorded_and_needs_the_permission(
    terminal: Terminal, lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = a_person(terminal, monkeypatch, "clerk")
    auditor = a_person(terminal, monkeypatch, "auditor")
    words = ("import", "items", lists / "ten.csv", "--company", "acme", "--as-of", ON)
    terminal.say(*words, "--as", auditor, code=1)
    assert "may not do this" in terminal.complaint
    assert counted(Item) == 0
    terminal.say(*words, "--as", clerk)
    assert known("import.applied") == [("user", "clerk")]
    terminal.say("run", "--company", "acme", "--on", ON, "--as", clerk)
    assert known("run.proposed") == [("user", "clerk")]
    terminal.say("run", "--company", "acme", "--on", ON, "--approve", "--as", clerk, code=1)
    assert counted(RunApproval) == 0
    User.objects.filter(login=clerk).update(is_active=False)
    terminal.say(*words, "--as", clerk, code=1)


def test_a_manager_of_another_company_may_do_nothing_here(
    terminal: Terminal, lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = a_person(terminal, monkeypatch, "manager")
    terminal.say("company", "add", "umbra", "--name", "Umbra")
    words = ("import", "items", lists / "ten.csv", "--company", "umbra", "--as", manager)
    terminal.say(*words, code=1)
    assert "may not do this" in terminal.complaint


# ------------------------------------------------------------------------------------------- in their own process


@committed
def test_the_same_words_in_a_process_of_their_own(terminal: Terminal, lists: Path) -> None:
    words = ("import", "items", lists / "ten.csv", "--company", "acme", "--as-of", ON)
    assert in_a_process(*words, "--json").returncode == 0
    wrong = in_a_process("aging", "--company", "nope")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("debitora: no company has the code 'nope'")
    assert in_a_process("aging", "--company", "acme", "--as-of", "soon").returncode == 2
    assert in_a_process("--help").returncode == 0


@committed
def test_jobs_that_wait_are_done_once(terminal: Terminal, lists: Path) -> None:
    """An approved run is made into documents by the worker, and the trail is sealed."""
    company = Company.objects.get(code="acme")
    imported(terminal, lists / "ten.csv")
    with serving(company.id), transaction.atomic():
        confirm_installation(at=now())
        save_sender(company=company.id, changes=SENDER, by=system("tests"), at=now())
    terminal.say("run", "--company", "acme", "--on", ON, "--approve")
    worked = in_a_process("worker", "--once")
    assert (worked.returncode, worked.stderr) == (0, "")
    with serving(company.id), transaction.atomic():
        assert Run.objects.get().state == "released"


SENDER = {
    "name": "Acme Werkzeuge GmbH",
    "street": "Hafenstr. 1",
    "postcode": "20095",
    "city": "Hamburg",
    "email": "mahnung@acme.example",
    "iban": "DE02120300000000202051",
    "imprint": "Amtsgericht Hamburg HRB 1234",
}


def test_days_are_days_of_the_company(terminal: Terminal, lists: Path) -> None:
    """Without a day it is today where the company is, which may not be the server's."""
    terminal.say("company", "add", "far", "--name", "Far", "--time-zone", "Pacific/Kiritimati")
    answer = terminal.ask("import", "items", lists / "ten.csv", "--company", "far")
    with serving(Company.objects.get(code="far").id), transaction.atomic():
        as_of = ListImport.objects.get(id=answer["import"]).as_of
    assert as_of == now().astimezone(_zone("Pacific/Kiritimati")).date() >= date(2026, 1, 1)


def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
