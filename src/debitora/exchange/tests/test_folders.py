"""The page of watched folders: what lies in them, what they brought last, and what of it waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from debitora.cash.actions import take_arrived_files
from debitora.cash.queries import folders as cash_folders
from debitora.cash.testing import Paid, Sheet, camt
from debitora.exchange.actions import arrived, take_arrived
from debitora.exchange.queries import WATCHER
from debitora.exchange.testing import MOMENT, a_list_file, a_list_of, a_row, applied
from debitora.exchange.tests.test_watching import dropped
from debitora.people.models import Company, User
from debitora.trail.rules import system

ClientOf = Callable[[User], Client]
PAGE = "/c/acme/settings/folders/"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the source ERP, in a home of its own."""
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    made = tmp_path / "inbox" / "acme" / "items" / "ERP"
    made.mkdir(parents=True)
    return made


def looked(folder: Path, company: Company) -> list[str]:
    found = arrived(inbox=folder.parents[2], company=company, at=MOMENT)
    return [take_arrived(company=company, found=each, by=system(WATCHER), at=MOMENT) for each in found]


def test_without_a_folder_the_page_says_where_one_would_be(
    manager: User, client_of: ClientOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    page = client_of(manager).get(PAGE).content.decode()
    assert "No folder of lists is watched yet" in page
    assert str(tmp_path / "inbox" / "acme" / "items" / "ERP") in page
    assert "No folder of bank files is watched" in page
    assert str(tmp_path / "inbox" / "acme" / "bank") in page


def test_the_folder_of_bank_files_says_what_it_brought_last(
    company: Company, manager: User, client_of: ClientOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    bank = tmp_path / "inbox" / "acme" / "bank"
    bank.mkdir(parents=True)
    dropped(bank, camt(Sheet([Paid(10_000)])), "monday.xml")
    dropped(bank, b"no statement", "tuesday.sta")
    take_arrived_files(company=company, by=system(cash_folders.WATCHER), clock=lambda: MOMENT)
    dropped(bank, b"later", "wednesday.sta")
    page = client_of(manager).get(PAGE).content.decode()
    assert "tuesday.sta" in page, "the newest that was looked at"
    assert "Look why" in page
    shown = client_of(manager).get("/c/acme/bank/files/").content.decode()
    assert "monday.xml" in shown
    assert "cash.look" not in shown, "a program is named as people know it"


def test_what_was_taken_and_what_was_refused_with_its_reason(
    company: Company, manager: User, client_of: ClientOf, folder: Path
) -> None:
    applied(company, a_list_of(range(1, 11)))
    dropped(folder, a_list_of(range(1, 11), euros="90,00"), "good.csv")
    assert looked(folder, company) == ["done"]
    dropped(folder, a_list_of(range(1, 4)), "short.csv")
    dropped(folder, a_list_file([a_row("R-1", "1,2,3")]), "broken.csv")
    assert looked(folder, company) == ["held", "held"]
    dropped(folder, b"later", "later.csv")
    page = client_of(manager).get(PAGE).content.decode()
    assert str(folder) in page
    assert "would settle 7 of the 10 open items" in page
    assert "1 fault stands against it." in page
    assert page.count("short.csv") + page.count("broken.csv") >= 3, "the newest stands as last taken, too"


def test_the_settings_lead_there_and_a_clerk_may_not(clerk: User, manager: User, client_of: ClientOf) -> None:
    assert PAGE in client_of(manager).get("/c/acme/settings/").content.decode()
    assert client_of(clerk).get(PAGE).status_code in (403, 404)


def test_another_company_has_folders_of_its_own(
    other_company: Company, manager: User, client_of: ClientOf, folder: Path
) -> None:
    (folder.parents[2] / other_company.code / "items" / "Foreign").mkdir(parents=True)
    page = client_of(manager).get(PAGE).content.decode()
    assert "Foreign" not in page
