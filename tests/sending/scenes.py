"""What the sending tests share: debtors, mails, rounds of sending, and the invariants that hold after each scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from debitora.documents.models import Blob
from debitora.documents.queries import read_bytes
from debitora.kit.smtp import Patience
from debitora.messaging.actions import rescue_abandoned, send_due
from debitora.messaging.models import Attempt, Intent
from debitora.messaging.queries.journal import Forgotten, forgotten
from debitora.messaging.rules.states import TRANSITIONS
from debitora.messaging.testing import MOMENT, a_queued_mail
from debitora.people.models import Company
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item
from tests.sending.workers import Worker
from tests.smtp_server import SmtpServer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = Patience(reply=0.3, body=0.3, dot=0.3)
Start = Callable[..., Worker]
LEGAL = {(state, after) for (state, _event), after in TRANSITIONS.items()}


def a_debtor(company: Company, number: str = "10001", **fields: object) -> tuple[int, Item]:
    """A customer with an address and one open item of 100.00."""
    with transaction.atomic():
        customer = a_customer(company.id, number, **{"email": f"k{number}@kunde.example", **fields})
        return customer, an_open_item(company.id, customer, number=f"R-{number}")


def a_credit(company: Company, customer: int, minor: int) -> Item:
    with transaction.atomic():
        return an_open_item(company.id, customer, number="GS-1", minor=-minor)


def a_mail(company: Company, number: str = "10001", **options: Any) -> Intent:
    customer, item = a_debtor(company, number)
    return a_queued_mail(company.id, customer, [item], subject=int(number), **options)


def send(company: Company, at: datetime = MOMENT) -> dict[str, int]:
    return send_due(company=company.id, clock=lambda: at, patience=PATIENCE)


def frozen(worker: Start, place: str, **options: bool) -> Worker:
    process = worker(failpoint=f"{place}:wait", **options)
    process.stopped()
    return process


def lease_runs_out(company: Company) -> None:
    """Leases are kept in database time, which no test can move: so they are put back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update messaging_intent set claimed_at = claimed_at - interval '16 minutes'")


def rescue(company: Company, at: datetime = MOMENT) -> dict[str, int]:
    lease_runs_out(company)
    return rescue_abandoned(company=company.id, at=at)


@contextmanager
def reading() -> Iterator[None]:
    with transaction.atomic():
        yield


def state_of(intent: Intent) -> str:
    with reading():
        return Intent.objects.get(id=intent.id).state


def reasons_of(intent: Intent) -> list[str]:
    with reading():
        found = Attempt.objects.filter(intent_id=intent.id).order_by("id")
        return [one.reason for one in found if one.reason]


def hold_invariants(company: Company, sink: SmtpServer, *, most_per_mail: int = 1) -> None:
    """I20 to I28, as far as a message's own tables tell them."""
    with reading():
        intents = list(Intent.objects.select_related("party").order_by("id"))
        attempts = list(Attempt.objects.order_by("intent_id", "id"))
        lost = forgotten(company=company.id)
        for blob in Blob.objects.all():
            read_bytes(blob)  # I23: raises if the bytes have another hash
    keys = Counter((one.kind, one.subject_id, one.channel, one.recipient) for one in intents)
    assert set(keys.values()) <= {1}  # I20
    paths: dict[int, list[str]] = {}
    for attempt in attempts:
        paths.setdefault(attempt.intent_id, []).append(attempt.state)
    for intent in intents:
        path = paths[intent.id]
        assert path.count("accepted") <= 1  # I21
        assert path[0] == "queued"
        assert set(pairwise(path)) <= LEGAL
        assert path[-1] == intent.state
        if intent.state in ("accepted", "returned"):
            assert all((intent.document_id, intent.recipient, intent.approved_by_label))  # I22
            assert intent.party.email == intent.recipient  # I24
    kept = Counter(str(message_from_bytes(mail.data)["Message-ID"]) for mail in sink.mails)
    for intent in intents:
        count = kept.pop(f"<{intent.public_id}@acme.example>", 0)
        assert count <= most_per_mail
        if intent.state == "accepted" and "settled_by_person" not in reasons_of(intent):
            assert count >= 1
        if count:
            assert intent.state in ("accepted", "uncertain", "data_started", "cancelled", "returned")
    assert not kept  # nothing left the house that the database does not know
    assert lost == Forgotten([], [], [])  # I28, both ways
