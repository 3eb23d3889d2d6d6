"""Companies and people, whom the trail names, and commands and jobs in processes of their own."""

from __future__ import annotations

import os
import pwd
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from procrastinate.contrib.django import app

from debitora.cli.setting_up import complete_texts
from debitora.cli.tests.saying import ON, PASSWORD, a_person, committed, counted, imported, known, typed
from debitora.dunning.models import Run, RunApproval
from debitora.dunning.testing import SENDER
from debitora.exchange.models import ListImport
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.messaging.actions import confirm_installation, save_sender
from debitora.messaging.queries import current_text
from debitora.people.actions import add_company
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from debitora.trail.rules import system
from debitora.values.locales import LANGUAGES
from tests.terminal import Terminal, in_a_process

# -------------------------------------------------------------------------------------------------- setting up


@committed
def test_a_company_is_enough_to_begin(terminal: Terminal, lists: Path) -> None:
    assert imported(terminal, lists / "ten.csv")["status"] == "done"
    assert terminal.ask("run", "--company", "acme", "--on", ON)["overdue_items"] == 10


@committed
def test_a_company_gets_the_texts_of_languages_that_came_after_it() -> None:
    company = add_company(
        code="old",
        name="Old",
        country="NL",
        currency="EUR",
        language="nl",
        time_zone="Europe/Amsterdam",
        by=system("check"),
        at=now(),
    )
    assert complete_texts(by=system("check")) == len(LANGUAGES) * 10
    assert complete_texts(by=system("check")) == 0
    with transaction.atomic(), serving(company.id):
        assert current_text(key="final.business", language="nl").language == "nl"


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


@committed
def test_who_lost_everything_gets_in_by_her_password_again(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, f"{PASSWORD}\n")
    terminal.say("user", "add", "kati", "--name", "Kati", "--company", "acme", "--role", "clerk")
    kati = User.objects.get(login="kati")
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=kati, type=kind, data={})
    assert terminal.say("user", "unlock", "kati") == "kati: 2 second factors removed, 0 sessions ended\n"
    assert not Authenticator.objects.exists()
    terminal.say("user", "unlock", "nobody", code=1)
    assert "nobody signs in" in terminal.complaint


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
        assert Run.objects.get(on=ON).state == "released"


def test_days_are_days_of_the_company(terminal: Terminal, lists: Path) -> None:
    """Without a day it is today where the company is, which may not be the server's."""
    terminal.say("company", "add", "far", "--name", "Far", "--time-zone", "Pacific/Kiritimati")
    answer = terminal.ask("import", "items", lists / "ten.csv", "--company", "far")
    with serving(Company.objects.get(code="far").id), transaction.atomic():
        as_of = ListImport.objects.get(id=answer["import"]).as_of
    assert as_of == now().astimezone(ZoneInfo("Pacific/Kiritimati")).date() >= date(2026, 1, 1)


@committed
def test_every_periodic_job_runs_outside_any_transaction(terminal: Terminal, lists: Path) -> None:
    """Row-level security answers an error to whoever reads without one: no sweep may do that."""
    imported(terminal, lists / "ten.csv")
    terminal.say("run", "--company", "acme", "--on", ON, "--approve")
    names = [periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()]
    assert {"dunning.clock", "dunning.sweep", "messaging.sweep", "trail.sweep"} <= set(names)
    for name in names:
        if not name.startswith("kit."):
            app.tasks[name].func(0)
