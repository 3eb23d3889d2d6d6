"""The watched folder of bank files: every payment is entered once, whatever is put there in which order and how often."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from debitora.cash.actions import Taken, take_arrived_files, watching
from debitora.cash.jobs import look, watch
from debitora.cash.models import BankEntry, BankFile, Statement
from debitora.cash.queries.folders import WATCHER, watched_folder
from debitora.cash.testing import MOMENT, Paid, Sheet, camt, taken
from debitora.formats.tables import MAX_BYTES
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.trail.models import Record
from debitora.trail.rules import system

WRITTEN = MOMENT - timedelta(minutes=10)
MONDAY = Sheet([Paid(10_000), Paid(20_000)], number="1")
TUESDAY = Sheet([Paid(30_000, 1)], opening=30_000, first=1, last=1, number="2")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of acme's bank files, in a home of its own."""
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    made = tmp_path / "inbox" / "acme" / "bank"
    made.mkdir(parents=True)
    return made


def dropped(folder: Path, data: bytes, name: str, *, seconds: int = 0) -> Path:
    """A file that was written so many seconds after WRITTEN."""
    path, moment = folder / name, WRITTEN.timestamp() + seconds
    path.write_bytes(data)
    os.utime(path, (moment, moment))
    return path


def looked(company: Company) -> dict[str, int]:
    return take_arrived_files(company=company, by=system(WATCHER), clock=lambda: MOMENT)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_files_are_taken_the_oldest_first_and_put_away(company: Company, folder: Path) -> None:
    taken(company, camt(Sheet(number="0")))
    dropped(folder, camt(TUESDAY), "a-tuesday.xml", seconds=60)
    dropped(folder, camt(MONDAY), "z-monday.xml")
    assert looked(company) == {"done": 2, "refused": 0}
    assert names(folder) == []
    assert names(folder / "done") == ["a-tuesday.xml", "z-monday.xml"]
    assert set(Statement.objects.values_list("state", flat=True)) == {"applied"}
    assert BankEntry.objects.count() == 3
    assert BankFile.objects.filter(taken_by_label=WATCHER).count() == 2


def test_the_same_payments_twice_are_entered_once(company: Company, folder: Path) -> None:
    taken(company, camt(MONDAY))
    dropped(folder, camt(MONDAY), "again.xml")
    dropped(folder, camt(Sheet(MONDAY.lines, number="1", note="made anew")), "exported-anew.xml")
    assert looked(company) == {"done": 2, "refused": 0}
    assert BankEntry.objects.count() == 2


def test_a_crash_before_the_file_is_put_away_enters_nothing_twice(company: Company, folder: Path) -> None:
    taken(company, camt(Sheet(number="0")))
    dropped(folder, camt(MONDAY), "monday.xml")
    looked(company)
    (folder / "done" / "monday.xml").rename(folder / "monday.xml")
    assert looked(company) == {"done": 1, "refused": 0}
    assert (BankFile.objects.count(), BankEntry.objects.count()) == (2, 2)


def test_what_is_no_bank_file_is_refused_and_hinders_no_other(company: Company, folder: Path) -> None:
    taken(company, camt(Sheet(number="0")))
    dropped(folder, b"%PDF-1.7\n", "advert.pdf")
    dropped(folder, b"", "empty.sta", seconds=1)
    dropped(folder, camt(MONDAY), "monday.xml", seconds=2)
    assert looked(company) == {"done": 1, "refused": 2}
    assert names(folder / "refused") == ["advert.pdf", "empty.sta"]
    found = watched_folder(company_code="acme")
    assert (found.exists, found.waiting, found.refused) == (True, 0, 2)
    assert found.newest is not None
    assert found.newest.name == "monday.xml"


def test_a_file_at_which_the_program_fails_is_refused_and_hinders_no_other(
    company: Company, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(company, camt(Sheet(number="0")))
    take = watching.take_file

    def failing(*, name: str, **facts: Any) -> Taken:
        if name == "poison.csv":
            raise RuntimeError("nobody has thought of this")
        return take(name=name, **facts)

    monkeypatch.setattr(watching, "take_file", failing)
    dropped(folder, camt(TUESDAY), "poison.csv")
    dropped(folder, camt(MONDAY), "monday.xml", seconds=1)
    assert looked(company) == {"done": 1, "refused": 1}
    assert (names(folder), names(folder / "refused")) == ([], ["poison.csv"])
    assert "could not be taken" in caplog.text


def test_a_file_with_more_bytes_than_are_read_is_listed_with_its_reason(
    company: Company, folder: Path, clerk: User, client_of: Callable[[User], Client]
) -> None:
    """A file of that size, of which the disk has nothing; none of its bytes is kept."""
    path = dropped(folder, b"", "all-of-2025.xml")
    os.truncate(path, MAX_BYTES + 1)
    os.utime(path, (WRITTEN.timestamp(), WRITTEN.timestamp()))
    assert looked(company) == {"done": 0, "refused": 1}
    assert names(folder / "refused") == ["all-of-2025.xml"]
    file = BankFile.objects.select_related("upload__blob").get()
    assert (file.state, file.upload.name, file.upload.blob.size) == ("refused", "all-of-2025.xml", 0)
    client = client_of(clerk)
    with clock_at(MOMENT):
        listed = client.get("/c/acme/bank/files/").content.decode()
        page = client.get(f"/c/acme/bank/files/{file.id}/").content.decode()
    assert "all-of-2025.xml" in listed
    for shown in (listed, page):
        assert "The file has more than 600" in shown
    assert "original/" not in page


def test_a_new_account_is_taken_and_waits_for_a_person(company: Company, folder: Path) -> None:
    dropped(folder, camt(MONDAY), "monday.xml")
    assert looked(company) == {"done": 1, "refused": 0}
    found = Statement.objects.get()
    assert (found.state, found.held_for) == ("held", "account")
    assert not BankEntry.objects.exists()


def test_unfinished_files_links_and_other_companies_are_left_alone(
    company: Company, other_company: Company, folder: Path, tmp_path: Path
) -> None:
    dropped(folder, camt(MONDAY), "growing.xml", seconds=595)
    dropped(folder, camt(MONDAY), "monday.xml.part")
    dropped(folder, camt(MONDAY), ".monday.xml")
    (folder / "link.xml").symlink_to(dropped(tmp_path, camt(MONDAY), "elsewhere.xml"))
    theirs = tmp_path / "inbox" / other_company.code / "bank"
    theirs.mkdir(parents=True)
    dropped(theirs, camt(MONDAY), "theirs.xml")
    assert looked(company) == {"done": 0, "refused": 0}
    assert names(theirs) == ["theirs.xml"]
    assert not BankFile.objects.exists()


def test_a_company_without_a_folder_has_nothing_to_take(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    assert looked(company) == {"done": 0, "refused": 0}
    assert not watched_folder(company_code="acme").exists


def test_the_worker_looks_and_the_record_names_it(company: Company, folder: Path) -> None:
    taken(company, camt(Sheet(number="0")))
    dropped(folder, camt(MONDAY), "monday.xml")
    with clock_at(MOMENT):
        watch(int(MOMENT.timestamp()))
        look(company=company.id)
    assert names(folder / "done") == ["monday.xml"]
    assert Record.objects.filter(actor_label=WATCHER).exists()
