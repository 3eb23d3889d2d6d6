"""B09: the same file by two people at once; and by two without the company's lock, which must fail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from debitora.cash.actions import files
from debitora.cash.models import BankEntry, Statement
from debitora.cash.testing import MOMENT, Paid, Sheet, camt, taken
from debitora.documents.actions import store_bytes
from debitora.formats.bank.statements import BankFile
from debitora.people.models import Company


def at_once(company: Company, data: bytes, together: Barrier) -> list[str]:
    """Two people hand in a file; what became of each: known, new, or refused."""

    def one() -> str:
        together.wait()
        try:
            return "known" if taken(company, data).known else "new"
        except IntegrityError:
            return "IntegrityError"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=2) as pool:
        ends = [pool.submit(copy_context().run, one) for _person in range(2)]
        return sorted(end.result() for end in ends)


def entered() -> tuple[int, int]:
    with transaction.atomic():
        return Statement.objects.count(), BankEntry.objects.count()


def test_b09_one_enters_the_other_is_told_so(committed: str, company: Company) -> None:
    assert at_once(company, camt(Sheet([Paid(100), Paid(100)])), Barrier(2, timeout=20)) == ["known", "new"]
    assert entered() == (1, 2)


def test_b09_control_without_the_lock_they_collide(
    committed: str, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What saves the account then is that the database takes a file's bytes once; but somebody sees an error."""
    data = camt(Sheet([Paid(100)]))
    with transaction.atomic():
        store_bytes(company=company.id, data=data, media_type="text/xml", at=MOMENT)
    met = Barrier(2, timeout=20)
    read = files.read_bank_file

    def together(data: bytes, *, name: str) -> BankFile:
        met.wait()
        return read(data, name=name)

    monkeypatch.setattr(files, "lock_company", lambda *, company: None)
    monkeypatch.setattr(files, "read_bank_file", together)
    assert at_once(company, data, Barrier(2, timeout=20)) == ["IntegrityError", "new"]
    assert entered() == (1, 1)
