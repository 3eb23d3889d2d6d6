"""Watched folders: a file becomes one import, moves on, and does no harm when it comes twice."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from debitora.exchange.actions import arrived, take_arrived
from debitora.exchange.jobs import apply
from debitora.exchange.models import ListImport
from debitora.exchange.testing import MOMENT, TESTS, a_list_of, applied
from debitora.exchange.tests.test_movements import FEBRUARY, JANUARY
from debitora.kit.runtime import clock_at
from debitora.people.models import Company
from debitora.receivables.models import Item, ItemState

WRITTEN = MOMENT - timedelta(minutes=10)
TEN = range(1, 11)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the source ERP."""
    made = tmp_path / "acme" / "items" / "ERP"
    made.mkdir(parents=True)
    return made


def dropped(folder: Path, data: bytes, name: str = "opos.csv", *, at: float = WRITTEN.timestamp()) -> Path:
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def looked(folder: Path, company: Company) -> list[str]:
    """Look into the folders, and apply what was given free. Where each file went."""
    inbox = folder.parents[2]
    went = [
        take_arrived(company=company, found=each, by=TESTS, at=MOMENT)
        for each in arrived(inbox=inbox, company=company, at=MOMENT)
    ]
    with clock_at(MOMENT):
        for taken in ListImport.objects.filter(state="applying"):
            apply(company=company.id, list_import=taken.id)
    return went


def test_the_first_file_of_a_source_waits_for_a_person(company: Company, folder: Path) -> None:
    dropped(folder, a_list_of(TEN))
    assert looked(folder, company) == ["held"]
    assert (folder / "held" / "opos.csv").exists()
    assert ListImport.objects.get().state == "previewed"
    assert not Item.objects.exists()


def test_a_file_that_is_read_as_the_last_one_is_applied(company: Company, folder: Path) -> None:
    applied(company, a_list_of(TEN), as_of=WRITTEN.date() - timedelta(days=1))
    dropped(folder, a_list_of(range(2, 12)))
    assert looked(folder, company) == ["done"]
    found = ListImport.objects.order_by("-id")[0]
    assert (found.state, found.as_of, found.created_by_label) == ("applied", WRITTEN.date(), TESTS.label)
    assert ItemState.objects.filter(open_minor=0).count() == 1
    assert looked(folder, company) == []


def test_the_same_file_twice_is_one_import(company: Company, folder: Path) -> None:
    applied(company, a_list_of(TEN), as_of=WRITTEN.date() - timedelta(days=1))
    for name in ("one.csv", "two.csv"):
        dropped(folder, a_list_of(range(2, 12)), name)
    assert looked(folder, company) == ["done", "done"]
    dropped(folder, a_list_of(range(2, 12)), "one.csv")
    assert looked(folder, company) == ["done"]
    assert ListImport.objects.count() == 2
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["one (2).csv", "one.csv", "two.csv"]


def test_a_crash_before_the_move_takes_the_file_once(company: Company, folder: Path) -> None:
    dropped(folder, a_list_of(TEN))
    looked(folder, company)
    (folder / "held" / "opos.csv").replace(folder / "opos.csv")
    assert looked(folder, company) == ["held"]
    assert ListImport.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"\x00" * 900], ids=["empty", "pdf", "zeros"])
def test_what_is_no_list_is_held_and_changes_nothing(company: Company, folder: Path, data: bytes) -> None:
    applied(company, a_list_of(TEN), as_of=WRITTEN.date() - timedelta(days=1))
    dropped(folder, data)
    assert looked(folder, company) == ["held"]
    assert ItemState.objects.filter(open_minor=0).count() == 0
    assert ListImport.objects.order_by("-id")[0].state == "refused"


def test_a_list_against_which_a_guard_speaks_is_held(company: Company, folder: Path) -> None:
    applied(company, a_list_of(TEN), as_of=WRITTEN.date() - timedelta(days=1))
    dropped(folder, a_list_of([1]))
    assert looked(folder, company) == ["held"]
    assert ItemState.objects.filter(open_minor=0).count() == 0


def test_files_that_grow_links_and_unfinished_ones_are_left_alone(
    company: Company, folder: Path, tmp_path: Path
) -> None:
    dropped(folder, a_list_of(TEN), at=(MOMENT - timedelta(seconds=5)).timestamp())
    dropped(folder, a_list_of(TEN), "opos.csv.part")
    dropped(folder, a_list_of(TEN), ".opos.csv")
    secret = dropped(tmp_path, b"secret", "secret.csv")
    (folder / "link.csv").symlink_to(secret)
    (folder.parent / "Other").symlink_to(tmp_path)
    assert looked(folder, company) == []
    assert secret.exists()


def test_batches_follow_each_other_once_a_person_took_the_first(company: Company, folder: Path) -> None:
    applied(company, JANUARY, as_of=WRITTEN.date() - timedelta(days=1))
    dropped(folder, FEBRUARY, "EXTF_februar.csv")
    assert looked(folder, company) == ["done"]
    assert Item.objects.count() == 6
