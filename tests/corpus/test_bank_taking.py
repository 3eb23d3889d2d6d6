"""Bank files of the corpus are taken, not only read: each is entered, held or refused, and none ends in an exception."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from debitora.cash.models import BankEntry, Statement
from debitora.cash.testing import taken
from debitora.people.models import Company
from tests.cash.test_roads import thrown_away
from tests.corpus.test_bank_files import CORPUS

FOLDERS = ("bank-camt", "bank-mt940", "bank-ofx", "bank-csv", "bank-coda", "bank-cfonb", "bank-n43")
EVERY = 3
"""One of so many files is taken, beside all of OFX; all of them are read by the other tests of the corpus."""

pytestmark = [
    pytest.mark.usefixtures("db"),
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CORPUS / "bank-camt").is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)"
    ),
]


def chosen(folder: str) -> list[Path]:
    files = sorted(path for path in (CORPUS / folder).rglob("*") if path.is_file())
    return files if folder == "bank-ofx" else files[::EVERY]


def test_every_file_is_entered_held_or_refused(company: Company) -> None:
    found: Counter[str] = Counter()
    for folder in FOLDERS:
        for path in chosen(folder):
            with thrown_away():
                file = taken(company, path.read_bytes(), name=path.name).file
                states = Statement.objects.filter(file=file)
                assert file.state == "refused" or states.exists(), path
                assert not states.filter(held_for="account").exists(), path
                entered = sum(states.values_list("new_count", flat=True))
                assert entered == BankEntry.objects.count(), path
                found[file.state] += 1
    assert min(found["taken"], found["refused"]) > 10, found
