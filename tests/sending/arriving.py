"""What tests of incoming mails share: reports that arrive in the company's folder, and looks into it."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from debitora.messaging.actions.fetching import fetch_mails
from debitora.messaging.models import Intent
from debitora.messaging.testing import MOMENT, TESTS, a_report
from debitora.people.models import Company

LATER = MOMENT + timedelta(hours=2)


def name_of(intent: Intent) -> str:
    return f"<{intent.public_id}@acme.example>"


def dropped(folder: Path, data: bytes, name: str = "1.eml", *, at: datetime = MOMENT) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def fetch(company: Company, at: datetime = LATER) -> dict[str, int]:
    return fetch_mails(company=company, by=TESTS, clock=lambda: at)


def bounced(folder: Path, intent: Intent, name: str = "1.eml", **options: str) -> Path:
    return dropped(folder, a_report(name_of(intent), intent.recipient, **options), name)
