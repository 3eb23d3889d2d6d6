"""What left the house and what became of it: the list, and the panel on a customer's sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now, today
from debitora.kit.ways import elsewhere, whole_number
from debitora.messaging.forms import words
from debitora.messaging.forms.words import said
from debitora.messaging.pages.answers import changed
from debitora.messaging.queries import DeliveryFilters, DeliveryRow, deliveries_page, waiting_counts
from debitora.messaging.queries.consents import agreed_of
from debitora.messaging.queries.optouts import declined_by
from debitora.people.gates import CompanyRequest, page
from debitora.people.rules import may
from debitora.receivables.gates import customer as customer_gate
from debitora.receivables.gates import scope_of

SIZE = 50
_TELLING = ("queued", "refused_temp", "refused_perm", "returned")
"""States that say more with the reason of the last attempt."""
BESIDE = 8
"""How many a customer's sheet shows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter's menu."""

    word: str
    address: str
    active: bool


@page("deliveries.view")
def deliveries(request: CompanyRequest) -> HttpResponse:
    """All messages, newest first, as the address narrows them."""
    query = request.GET
    filters = _filters(request)
    rows = deliveries_page(filters=filters, before=whole_number(query.get("before", "")), size=SIZE + 1)
    shown = rows[:SIZE]
    counts = waiting_counts()
    chips = list(_chips(query, filters))
    context = {
        "rows": [_seen(row) for row in shown],
        "reset": reverse("messaging:deliveries") if chips else "",
        "more": changed(query, before=str(shown[-1].id)) if len(rows) > SIZE else "",
        "start": changed(query) if query.get("before") else "",
        "chips": chips,
        "menus": _menus(query),
        "text": filters.search,
        "carried": [(name, query[name]) for name in ("state", "channel", "period") if query.get(name)],
        "uncertain": counts.get("uncertain", 0),
        "letters": counts["letters"],
    }
    return render(request, "messaging/deliveries.html", context)


@page("deliveries.view")
def customer_deliveries(request: CompanyRequest, customer: int) -> HttpResponse:
    """A customer's last messages, as a piece of her sheet."""
    scope = scope_of(person=request.person, role=request.role, on=today(request.company.time_zone))
    found = customer_gate(scope=scope, customer=customer)
    rows = deliveries_page(filters=DeliveryFilters(customer=found.id), size=BESIDE + 1)
    context = {
        "rows": [_seen(row) for row in rows[:BESIDE]],
        "number": found.number,
        "more": len(rows) > BESIDE,
        "agreed": agreed_of(customer=found.id),
        "declined": declined_by(email=found.party.email) if found.party.email else None,
        "may_end": bool(found.party.email) and may(request.role, "segments.write"),
        "end_url": reverse("messaging:messages_ended", args=[found.id]),
    }
    return render(request, "messaging/_customer_deliveries.html", context)


def _filters(request: CompanyRequest) -> DeliveryFilters:
    query = request.GET
    period = _one_of(query, "period", words.PERIODS)
    filters = DeliveryFilters(
        state=_one_of(query, "state", words.STATES),
        channel=_one_of(query, "channel", words.CHANNELS),
        search=query.get("text", "").replace("\0", "").strip()[:100],
    )
    return replace(filters, since=_midnight(request, int(period) - 1)) if period else filters


def _midnight(request: CompanyRequest, days_ago: int) -> datetime:
    zone = request.company.time_zone
    return datetime.combine(today(zone) - timedelta(days=days_ago), time(), ZoneInfo(zone))


def _one_of(query: QueryDict, name: str, known: words.Words) -> str:
    value = query.get(name, "")
    return value if value in known else ""


def _chips(query: QueryDict, filters: DeliveryFilters) -> Iterator[dict[str, str]]:
    period = _one_of(query, "period", words.PERIODS)
    for name, label, value in (
        ("state", _("State"), said(words.STATES, filters.state)),
        ("channel", _("Channel"), said(words.CHANNELS, filters.channel)),
        ("period", _("Made"), said(words.PERIODS, period)),
    ):
        if value:
            yield {"label": label, "value": value, "without": changed(query, **{name: None})}


def _menus(query: QueryDict) -> list[tuple[str, Sequence[Choice]]]:
    return [
        (_("State"), _choices(query, "state", words.STATES)),
        (_("Channel"), _choices(query, "channel", words.CHANNELS)),
        (_("Made"), _choices(query, "period", words.PERIODS)),
    ]


def _choices(query: QueryDict, name: str, known: words.Words) -> list[Choice]:
    return [
        Choice(str(word), changed(query, **{name: code}), query.get(name) == code)
        for code, word in known.items()
    ]


def _seen(row: DeliveryRow) -> dict[str, Any]:
    """A row with its codes in words; `beside` says what the state alone does not."""
    reason = row.stop_reason or (row.last_reason if row.state in _TELLING else "")
    return {
        "id": row.id,
        "made_at": row.created_at,
        "state_at": row.state_at,
        "customer": row.customer_name,
        "customer_number": row.customer_number,
        "customer_url": elsewhere("receivables:customer", row.customer_id),
        "recipient": row.recipient,
        "channel": said(words.CHANNELS, row.channel),
        "state": said(words.STATES, row.state),
        "shape": words.SHAPES[row.state],
        "beside": said(words.REASONS, reason),
        "next_at": row.due_at if row.state == "refused_temp" else None,
        "leaves_at": row.due_at
        if row.state == "queued" and row.channel == "mail" and row.due_at > now()
        else None,
    }
