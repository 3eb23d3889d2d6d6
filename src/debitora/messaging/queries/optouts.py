"""Opt-outs: the link that ends messages to many, what it leads to, and which addresses want none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from debitora.kit.marks import marked, number_in
from debitora.messaging.models import OptOut, SegmentReceiver
from debitora.people.models import Company


@dataclass(frozen=True, slots=True)
class EndAsked:
    """What a link leads to: the message's receiver, her customer and address, and whether that address wants none now."""

    receiver: int
    customer: int
    email: str
    language: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Declined:
    """What was said last for an address, when, and in which message ("" by word of mouth)."""

    email: str
    at: datetime
    message: str


def end_link(company: Company, receiver: int) -> str:
    """Where the receiver of a message ends such messages; it can do nothing else, and stays good."""
    return f"{settings.BASE_URL}/c/{company.code}/messages/end/{marked(receiver, about=_about(company.id))}/"


def receiver_to_end(*, company: int, mark: str) -> int | None:
    """The receiver whom a link names; None if we never made it for this company."""
    return number_in(mark, about=_about(company))


def end_asked(*, receiver: int) -> EndAsked | None:
    """What the link of a receiver leads to, once her message was made. Needs the company to be served."""
    found = SegmentReceiver.objects.filter(id=receiver).select_related("intent").first()
    if found is None or found.intent is None:
        return None
    email = found.intent.recipient.lower()
    return EndAsked(
        found.id, found.customer_id, email, found.intent.language, email in declined_among([email])
    )


def declined_among(recipients: Iterable[str]) -> frozenset[str]:
    """Those of the addresses, in lower case, that want no messages which may be declined."""
    asked = sorted({one.lower() for one in recipients})
    newest = OptOut.objects.filter(email__in=asked).order_by("email", "-place").distinct("email")
    return frozenset(email for email, kind in newest.values_list("email", "kind") if kind == "given")


def declined_by(*, email: str) -> Declined | None:
    """That an address wants none, if it is so."""
    last = (
        OptOut.objects.filter(email=email.lower())
        .select_related("receiver__segment")
        .order_by("-place")
        .first()
    )
    if last is None or last.kind != "given":
        return None
    return Declined(last.email, last.recorded_at, last.receiver.segment.name if last.receiver else "")


def _about(company: int) -> str:
    return f"messaging.end_messages/{company}"
