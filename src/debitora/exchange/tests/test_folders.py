"""The page of watched folders: what lies in them, what they brought last, and what of it waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

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
    assert "No folder is watched yet" in page
    assert str(tmp_path / "inbox" / "acme" / "items" / "ERP") in page


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
