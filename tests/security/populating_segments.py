"""Messages to many customers of the populated companies: a draft and one that was stopped, with marked words."""

from __future__ import annotations

from datetime import date, datetime

from debitora.messaging.actions.segments import add_segment, cancel_segment, save_segment, start_segment
from debitora.messaging.models import Consent, OptOut, SegmentReceiver
from debitora.messaging.rules.segments import Wording
from debitora.people.models import Company
from debitora.trail.rules import Actor


def write_to_many(*, company: Company, words: str, on: date, by: Actor, at: datetime) -> None:
    """One is stopped before any of its mails is made; the other is still written."""
    for stopped in (True, False):
        segment = add_segment(company=company, name=words[:80], query="", by=by, at=at).id
        texts = {"de": Wording("Bitte", words)}
        save_segment(segment=segment, name=words[:80], quiet_days=0, texts=texts, by=by, at=at)
        if stopped:
            start_segment(company=company, segment=segment, on=on, by=by, at=at)
            cancel_segment(segment=segment, by=by, at=at)
    consented(company, at)


def consented(company: Company, at: datetime) -> None:
    """Who has a mail at all agreed to invoices by e-mail; no mail was made here, so that the row is written as it lies."""
    receiver = SegmentReceiver.objects.order_by("id").first()
    if receiver is not None:
        Consent.objects.create(
            company=company,
            receiver=receiver,
            customer_id=receiver.customer_id,
            place=1,
            kind="given",
            email="agreed@x.example",
            recorded_at=at,
        )
        OptOut.objects.create(
            company=company,
            receiver=receiver,
            customer_id=receiver.customer_id,
            place=1,
            kind="given",
            email="declined@x.example",
            recorded_by_label="system:messaging.optout",
            recorded_at=at,
        )
