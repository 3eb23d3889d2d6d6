"""The record: who did what, when and why, as the trail has kept and sealed it; on the screen and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from debitora.desk.queries.first_page import customer_names
from debitora.desk.templatetags.desk import GROUPS, verb_word, verbs_of
from debitora.desk.templatetags.fact_words import actor_of, all_of, job_of, names_of, subjects_of
from debitora.formats.sheets import Value
from debitora.kit.exports import as_file
from debitora.kit.pg.company import serving
from debitora.kit.runtime import today
from debitora.kit.ways import elsewhere, whole_number
from debitora.people.gates import fetched, page
from debitora.people.queries import members
from debitora.trail.queries import Asked, RecordRow, record_of, records, subject_counts
from debitora.values.locales import format_date
from debitora.values.typed import typed_day

SIZE: Final = 50
_AT_A_TIME: Final = 1_000
_KINDS: Final[Mapping[str, str | Promise]] = {
    "system": gettext_lazy("the system"),
    "account": gettext_lazy("the command line"),
}
"""Actors that are no person of the company, by the kind that the trail gives them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address narrows the record to. What it says and nobody understands narrows nothing."""

    group: str
    who: str
    since: date | None
    until: date | None


@page("trail.view")
def shown(request: Any) -> HttpResponse:
    """Newest first, a page of 50 at a time."""
    filters, names = _filters(request), _actors(request)
    asked = _asked(filters, request.company.time_zone)
    found = records(asked=asked, before=whole_number(request.GET.get("before", "")), size=SIZE + 1)
    rows = found[:SIZE]
    called = customer_names(customers=[row.customer for row in rows if row.customer])
    _ids, logins = _people(request)
    context = {
        "rows": [
            {
                "row": row,
                "customer": called.get(row.customer or 0, ""),
                "who": actor_of(row.actor_kind, row.actor, logins),
            }
            for row in rows
        ],
        "more": rows[-1].id if len(found) > SIZE else None,
        "is_later_page": "before" in request.GET,
        "filters": filters,
        "is_narrowed": filters != Filters("", "", None, None),
        "groups": GROUPS.items(),
        "group_word": GROUPS.get(filters.group, ""),
        "actors": names.items(),
        "who_word": names.get(filters.who, ""),
        "dates_word": _dates_word(filters),
        "may_link": bool(elsewhere("receivables:customer", 0)),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/records.html", context)


@page("trail.view")
def record(request: Any, record: int) -> HttpResponse:
    """One record with all of its facts and its seal, in the side panel or as a page."""
    row = record_of(record=record)
    if row is None:
        raise Http404
    in_panel = bool(request.htmx) and request.htmx.target == "panel"
    ids, logins = _people(request)
    context = {
        "row": row,
        "who": actor_of(row.actor_kind, row.actor, logins),
        "job": job_of(row.actor_kind, row.actor),
        "facts": list(all_of(row.facts, currency=request.company.currency, people=ids)),
        "sealed_facts": json.dumps(row.facts, sort_keys=True, ensure_ascii=False),
        "subjects": list(subjects_of(subject_counts(record=record))),
        "customer": customer_names(customers=[row.customer or 0]).get(row.customer or 0, ""),
        "customer_url": elsewhere("receivables:customer", row.customer) if row.customer else "",
        "address": reverse("desk:record", args=[record]),
    }
    return render(request, "desk/record_panel.html" if in_panel else "desk/record.html", context)


@page("trail.view")
@fetched
def records_csv(request: Any) -> HttpResponseBase:
    """Every record of exactly this view as CSV, line by line."""
    asked = _asked(_filters(request), request.company.time_zone)
    headers = [
        _("Record"),
        _("Seal"),
        _("When"),
        _("Who"),
        _("Kind of actor"),
        _("What was done"),
        _("Verb"),
        _("Facts"),
        _("Reason"),
        _("Customers"),
        _("Digest"),
        _("Hash"),
    ]
    name = f"record-{today(request.company.time_zone).isoformat()}"
    return as_file("csv", name, headers, _lines(asked, request.company))


def _lines(asked: Asked, company: Any) -> Iterator[Sequence[Value]]:
    """Each page in a transaction of its own: the request's has ended when the stream begins."""
    language, zone, before = get_language(), ZoneInfo(company.time_zone), None
    while True:
        with serving(company.id), transaction.atomic(), override(language):
            found = records(asked=asked, before=before, size=_AT_A_TIME)
            lines = [_line(row, zone) for row in found]
        yield from lines
        if len(found) < _AT_A_TIME:
            return
        before = found[-1].id


def _line(row: RecordRow, zone: ZoneInfo) -> Sequence[Value]:
    return (
        row.id,
        row.sealed,
        row.recorded_at.astimezone(zone).isoformat(timespec="seconds"),
        row.actor,
        row.actor_kind,
        verb_word(row.verb),
        row.verb,
        json.dumps(row.facts, sort_keys=True, ensure_ascii=False),
        row.wording,
        row.customers,
        row.digest,
        row.seal_hash,
    )


def _filters(request: Any) -> Filters:
    query, on = request.GET, today(request.company.time_zone)
    group, who = query.get("group", ""), query.get("who", "")
    return Filters(
        group=group if group in GROUPS else "",
        who=who if who in _actors(request) else "",
        since=_past_day(query.get("since", ""), on),
        until=_past_day(query.get("until", ""), on),
    )


def _past_day(text: str, on: date) -> date | None:
    """The day that was typed; without a year the last one that has been."""
    is_relative = text.lstrip().startswith(("+", "-"))
    return typed_day(text, on=on if is_relative else on - timedelta(days=364))


def _people(request: Any) -> tuple[dict[int, str], dict[str, str]]:
    return names_of((one.user_id, one.login, one.name) for one in members(company=request.company))


def _actors(request: Any) -> dict[str, str | Promise]:
    """Whose records can be asked for: everybody with a role here, the system, the command line."""
    people = {str(one.user_id): one.name for one in members(company=request.company)}
    return {**people, **_KINDS}


def _asked(filters: Filters, time_zone: str) -> Asked:
    zone = ZoneInfo(time_zone)
    return Asked(
        verbs=verbs_of(filters.group),
        actor_id=whole_number(filters.who),
        actor_kind=filters.who if filters.who in _KINDS else "",
        since=_midnight(filters.since, zone),
        until=_midnight(filters.until + timedelta(days=1) if filters.until else None, zone),
    )


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def _dates_word(filters: Filters) -> str:
    language = get_language() or "en"
    days = [format_date(day, language) if day else "…" for day in (filters.since, filters.until)]
    return " – ".join(days) if filters.since or filters.until else ""
