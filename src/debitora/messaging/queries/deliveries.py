"""What is to leave the house, what left it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from debitora.kit.pg.bulk import rows
from debitora.messaging.models import Attempt, Intent
from debitora.messaging.queries.calls import REACHED, live_calls
from debitora.values.numbers import number_key

TOUCHING = ("accepted", "printed", "uncertain")
"""States in which a customer may have been contacted: they count for caps and daily bounds."""


@dataclass(frozen=True, slots=True)
class DeliveryFilters:
    """What a deliveries list shows: all by default."""

    state: str = ""
    channel: str = ""
    customer: int | None = None
    subject: int | None = None
    since: datetime | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message, as lists show it."""

    id: int
    public_id: UUID
    kind: str
    subject_id: int
    customer_id: int
    customer_number: str
    customer_name: str
    channel: str
    recipient: str
    state: str
    stop_reason: str
    state_at: datetime
    created_at: datetime
    due_at: datetime
    attempts: int
    last_reason: str


def deliveries_page(
    *, filters: DeliveryFilters, before: int | None = None, size: int = 50, salesperson: int | None = None
) -> list[DeliveryRow]:
    """Messages, newest first; `before` is the intent id to continue from, `salesperson` narrows to her customers."""
    found = _filtered(filters)
    if salesperson is not None:
        found = found.filter(customer__salesperson_id=salesperson)
    if before is not None:
        found = found.filter(id__lt=before)
    intents = list(found.select_related("customer", "party").order_by("-id")[:size])
    reasons = _last_reasons([intent.id for intent in intents])
    return [_row(intent, reasons.get(intent.id, "")) for intent in intents]


def _filtered(filters: DeliveryFilters) -> QuerySet[Intent]:
    found = Intent.objects.all()
    wanted: dict[str, object] = {
        "state": filters.state,
        "channel": filters.channel,
        "customer_id": filters.customer,
        "subject_id": filters.subject,
        "created_at__gte": filters.since,
    }
    narrowed = found.filter(**{field: value for field, value in wanted.items() if value})
    return narrowed.filter(_like(filters.search)) if filters.search else narrowed


def _like(text: str) -> Q:
    """Address or name that contains the text, or a customer's number that begins with it."""
    return (
        Q(recipient__icontains=text)
        | Q(party__name__icontains=text)
        | Q(customer__number_key__startswith=number_key(text))
    )


def _last_reasons(ids: list[int]) -> dict[int, str]:
    newest = Attempt.objects.filter(intent_id__in=ids).order_by("intent_id", "-id").distinct("intent_id")
    return {attempt.intent_id: attempt.reason for attempt in newest}


def _row(intent: Intent, reason: str) -> DeliveryRow:
    return DeliveryRow(
        id=intent.id,
        public_id=intent.public_id,
        kind=intent.kind,
        subject_id=intent.subject_id,
        customer_id=intent.customer_id,
        customer_number=intent.customer.number,
        customer_name=intent.party.name,
        channel=intent.channel,
        recipient=intent.recipient,
        state=intent.state,
        stop_reason=intent.stop_reason,
        state_at=intent.state_at,
        created_at=intent.created_at,
        due_at=intent.due_at,
        attempts=intent.attempts,
        last_reason=reason,
    )


def last_reason(*, intent: int) -> str:
    """Why a message stands as it does, by its last attempt; "" where that needs no reason."""
    return _last_reasons([intent]).get(intent, "")


def attempts_of(*, intent: int) -> list[Attempt]:
    """Everything that happened to one message, oldest first."""
    return list(Attempt.objects.filter(intent_id=intent).order_by("id"))


def intents_of_subjects(*, kind: str, subjects: Iterable[int]) -> list[Intent]:
    """The messages made for these notices, oldest first."""
    return list(Intent.objects.filter(kind=kind, subject_id__in=list(subjects)).order_by("id"))


def letters_to_print() -> list[DeliveryRow]:
    """Letters that nobody has printed yet, oldest first."""
    waiting = (
        Intent.objects.filter(channel="letter", state="queued")
        .select_related("customer", "party")
        .order_by("id")
    )
    return [_row(intent, "") for intent in waiting]


def delivery_counts() -> dict[str, int]:
    """How many messages are in each state."""
    return dict(Intent.objects.values_list("state").annotate(Count("id")).order_by("state"))


def waiting_counts() -> dict[str, int]:
    """How many messages are uncertain or refused for now, and how many letters wait to be printed ("letters")."""
    found = rows(
        """select state, count(*) as n from messaging_intent where state in ('uncertain', 'refused_temp') group by state
           union all
           select 'letters', count(*) from messaging_intent where channel = 'letter' and state = 'queued'"""
    )
    return {row["state"]: row["n"] for row in found}


def touches(*, since: date, time_zone: str) -> list[tuple[int, date]]:
    """(customer id, day) of every contact made since a day: accepted mails, printed letters, uncertain ones too, calls that reached her.

    A notice that went by mail and by letter is one contact, on the day of the earlier.
    Days are those of the time zone: a mail of 00:30 in Berlin belongs to the new day, though UTC still has the old one.
    """
    zone = ZoneInfo(time_zone)
    found = Intent.objects.filter(state__in=TOUCHING, state_at__gte=datetime.combine(since, time.min, zone))
    once = found.values("customer_id", "kind", "subject_id").annotate(first=Min("state_at"))
    day = TruncDate("first", tzinfo=zone)
    written = once.annotate(day=day).order_by("customer_id", "first").values_list("customer_id", "day")
    return [*written, *_spoken(since, zone)]


def _spoken(since: date, zone: ZoneInfo) -> list[tuple[int, date]]:
    """The calls that reached a customer and that nobody took back."""
    called = live_calls().filter(outcome__in=REACHED, called_at__gte=datetime.combine(since, time.min, zone))
    day = TruncDate("called_at", tzinfo=zone)
    return list(called.annotate(day=day).order_by("customer_id", "id").values_list("customer_id", "day"))


def gone_or_held(*, since: datetime) -> int:
    """How many mails of the company may have gone out since a moment, or are held by a worker.

    Counted at one look: a mail that goes from the one to the other meanwhile would be counted twice.
    """
    gone = Q(state__in=(*TOUCHING, "data_started"), state_at__gte=since)
    came_back = Q(state="returned", claimed_at__gte=since)
    return Intent.objects.filter(Q(state="claimed") | gone | came_back, channel="mail").count()
