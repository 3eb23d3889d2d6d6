"""The watched folder of copies: each goes to its item by its name, waits for it, or is refused; twice is once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import clear_script_prefix, reverse

from debitora.kit import arrivals
from debitora.kit.runtime import home, now
from debitora.people.models import Company, User
from debitora.receivables.actions.arriving import take_arrived_documents
from debitora.receivables.queries.document_folder import document_folder, watched_documents
from debitora.receivables.queries.documents import documents_of
from debitora.receivables.rules.documents import MOST_PER_ITEM
from debitora.receivables.testing import TESTS, a_customer, an_invoice_pdf, an_open_item, copies_kept


@pytest.fixture
def folder(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    place = document_folder(company_code=company.code)
    place.mkdir(parents=True)
    return place


def put(folder: Path, name: str, data: bytes | None = None) -> Path:
    """A file that was written an hour ago."""
    path = folder / name
    path.write_bytes(an_invoice_pdf(name) if data is None else data)
    hour_ago = (now() - timedelta(hours=1)).timestamp()
    os.utime(path, (hour_ago, hour_ago))
    return path


def look(company: Company) -> dict[str, int]:
    return take_arrived_documents(company=company, by=TESTS, clock=now)


def names_of(item: int) -> list[str]:
    return [one.name for one in documents_of(items=[item]).get(item, [])]


def test_each_goes_to_its_item_and_waits_where_there_is_none(company: Company, folder: Path) -> None:
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer, number="R-100")
    put(folder, "R-100.pdf")
    waiting = put(folder, "R-200.pdf")
    (folder / "R-100 new.pdf").write_bytes(b"still being written")
    assert look(company) == {"done": 1, "refused": 0}
    assert names_of(item.id) == ["R-100.pdf"]
    assert waiting.exists()
    later = an_open_item(company.id, customer, number="R-200")
    assert look(company) == {"done": 1, "refused": 0}
    assert names_of(later.id) == ["R-200.pdf"]
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["R-100.pdf", "R-200.pdf"]


def test_what_cannot_be_kept_is_refused_and_hinders_no_other(company: Company, folder: Path) -> None:
    customer = a_customer(company.id)
    full = an_open_item(company.id, customer, number="R-100")
    copies_kept(full, *(f"n{place}" for place in range(MOST_PER_ITEM)))
    item = an_open_item(company.id, customer, number="R-200")
    put(folder, "R-100.pdf")
    put(folder, "R-200 a.pdf", b"<html>")
    put(folder, "R-200 b.pdf", b"%PDF-" + b" " * 10_000_001)
    put(folder, "R-200 c.pdf")
    assert look(company) == {"done": 1, "refused": 3}
    assert names_of(item.id) == ["R-200 c.pdf"]
    assert watched_documents(company_code=company.code).refused == 3


def test_a_file_that_comes_twice_is_kept_once(company: Company, folder: Path) -> None:
    item = an_open_item(company.id, a_customer(company.id), number="R-100")
    for _time in range(2):
        put(folder, "R-100.pdf")
        assert look(company) == {"done": 1, "refused": 0}
    assert names_of(item.id) == ["R-100.pdf"]
    assert look(company) == {"done": 0, "refused": 0}


def test_a_file_that_is_taken_away_meanwhile_hinders_nobody(
    company: Company, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = a_customer(company.id)
    items = [an_open_item(company.id, customer, number=number) for number in ("R-100", "R-200")]
    first = put(folder, "R-100.pdf")
    put(folder, "R-200.pdf")
    read = arrivals.whole

    def gone(path: Path, *, most: int) -> bytes | None:
        first.unlink(missing_ok=True)
        return read(path, most=most)

    monkeypatch.setattr(arrivals, "whole", gone)
    assert look(company) == {"done": 1, "refused": 0}
    assert [names_of(item.id) for item in items] == [[], ["R-200.pdf"]]


def test_a_file_that_grows_while_it_is_read_is_taken_another_time(
    company: Company, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = an_open_item(company.id, a_customer(company.id), number="R-100")
    put(folder, "R-100.pdf")
    with monkeypatch.context() as growing:
        growing.setattr(arrivals, "whole", lambda _path, *, most: None)
        assert look(company) == {"done": 0, "refused": 0}
    assert names_of(item.id) == []
    assert look(company) == {"done": 1, "refused": 0}


def test_the_page_of_folders_tells_of_it(
    company: Company, manager: User, client_of: Callable[[User], Client], folder: Path
) -> None:
    put(folder, "R-900.pdf")
    clear_script_prefix()
    shown = client_of(manager).get(f"/c/acme{reverse('exchange:folders')}").content.decode()
    assert str(home()) in shown
    assert "Waiting for their items" in shown
