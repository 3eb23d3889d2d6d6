"""Consent to invoices by e-mail: the link that asks for it, what it leads to, and what a customer said last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from debitora.kit.marks import marked, number_in
from debitora.messaging.models import Consent, SegmentReceiver
from debitora.people.models import Company


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link leads to: the message's receiver, her customer and address, and what was answered by it last ("" nothing)."""

    receiver: int
    customer: int
    email: str
    language: str
    said: str
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a customer said last about invoices by e-mail."""

    given: bool
    email: str
    at: datetime


def consent_link(company: Company, receiver: int) -> str:
    """Where the receiver of a message agrees; it can do nothing else, and stays good."""
    return f"{settings.BASE_URL}/c/{company.code}/consent/{marked(receiver, about=_about(company.id))}/"


def receiver_of(*, company: int, mark: str) -> int | None:
    """The receiver whom a link names; None if we never made it for this company."""
    return number_in(mark, about=_about(company))


def asked_by(*, receiver: int) -> Asked | None:
    """What the link of a receiver leads to, once her message was made. Needs the company to be served."""
    found = SegmentReceiver.objects.filter(id=receiver).select_related("intent").first()
    if found is None or found.intent is None:
        return None
    last = Consent.objects.filter(receiver=found).order_by("-place").first()
    return Asked(
        receiver=found.id,
        customer=found.customer_id,
        email=found.intent.recipient,
        language=found.intent.language,
        said=last.kind if last else "",
        said_at=last.recorded_at if last else None,
    )


def agreed_of(*, customer: int) -> Agreed | None:
    """What the customer said last; None before the first time."""
    last = Consent.objects.filter(customer_id=customer).order_by("-id").first()
    return Agreed(last.kind == "given", last.email, last.recorded_at) if last else None


def _about(company: int) -> str:
    return f"messaging.consent/{company}"
