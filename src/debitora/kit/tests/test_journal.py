"""The sent journal and the installation's id: files that outlive the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from debitora.kit import journal
from debitora.kit.instance import instance_id


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    monkeypatch.delenv("DEBITORA_JOURNAL", raising=False)
    return tmp_path / "journal" / "sent-1.log"


def test_lines_are_read_as_they_were_written(place: Path) -> None:
    for line in ("first", "second", "ä line\nwith a break"):
        journal.write_line(company=1, line=line)
    assert list(journal.lines(company=1)) == ["first", "second", "ä line with a break"]
    assert list(journal.lines(company=2)) == []
    assert place.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_short_swallows_no_other(place: Path) -> None:
    journal.write_line(company=1, line="whole")
    with place.open("ab") as file:
        file.write(b"ha")
    assert list(journal.lines(company=1)) == ["whole"]
    journal.write_line(company=1, line="next")
    assert list(journal.lines(company=1)) == ["whole", "next"]


def test_many_writers_write_whole_lines(place: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: journal.write_line(company=1, line=f"line {n} " + "x" * 500), range(80)))
    assert len({line.split()[1] for line in journal.lines(company=1)}) == 80


def test_the_journal_may_lie_on_another_disk(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "elsewhere"))
    journal.write_line(company=1, line="x")
    assert (tmp_path / "elsewhere" / "sent-1.log").exists()


def test_an_installation_keeps_its_id_and_another_has_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path / "one"))
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: instance_id(), range(16)))
    assert len(ids) == 1
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path / "two"))
    assert instance_id() not in ids
