"""Aging: what is open by age and currency, today or as of a past day, in both meanings of "as of"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.engine.aging import Bands
from debitora.formats.sheets import Value
from debitora.kit import exports
from debitora.kit.agingbar import NAMES
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.receivables import queries
from debitora.receivables.forms.aging import AgingForm, Past
from debitora.receivables.forms.words import sum_text
from debitora.receivables.pages.layers import day_of, rights, scope_of
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a currency: what it is called, its sum, and the list behind it ("" for a past day)."""

    name: str
    sum: str
    address: str


@dataclass(frozen=True, slots=True)
class Aging:
    """One currency's aging: bands, total, and the chart's data."""

    currency: str
    bands: Bands
    told: tuple[Band, ...]
    total: str
    chart: dict[str, Any]


@page("items.view")
def aging(request: CompanyRequest) -> HttpResponse:
    """Bands per currency with a chart, as the form asks."""
    form = AgingForm(request.GET or None, on=day_of(request))
    asked = form.asked() if form.is_valid() else None
    known_from = queries.known_from() if asked else None
    context = {
        "form": form,
        "past": asked,
        "agings": _agings(request, asked),
        "known_from": known_from,
        "too_early": bool(asked and known_from and asked.on < known_from),
        "query": request.GET.urlencode(),
    }
    return render(request, "receivables/aging.html", {**rights(request), **context})


@page("items.view")
@fetched
def aging_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """The aging of the view as CSV or XLSX: one line per currency."""
    form = AgingForm(request.GET or None, on=day_of(request))
    if kind not in exports.KINDS:
        raise Http404
    asked = form.asked() if form.is_valid() else None
    on = asked.on if asked else day_of(request)
    headers = [_("As of"), _("Currency"), *(str(name).capitalize() for name in NAMES.values()), _("Total")]
    lines = [_line(on, currency, bands) for currency, bands in _bands(request, asked).items()]
    return exports.as_file(kind, f"aging-{on.isoformat()}", headers, lines)


def _bands(request: CompanyRequest, asked: Past | None) -> dict[str, Bands]:
    scope = scope_of(request)
    if asked is None:
        return queries.aging(on=day_of(request), scope=scope)
    known_at = _end_of(asked.on, request.company.time_zone) if asked.known else None
    return queries.aging_as_of(on=asked.on, known_at=known_at, scope=scope)


def _end_of(day: date, time_zone: str) -> datetime:
    """The last moment of a day in the company's time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone)) - timedelta(
        microseconds=1
    )


def _agings(request: CompanyRequest, asked: Past | None) -> list[Aging]:
    """One per currency, the company's own in front."""
    found = sorted(_bands(request, asked).items(), key=lambda one: one[0] != request.company.currency)
    return [
        Aging(
            currency=currency,
            bands=bands,
            told=tuple(_band(name, bands, currency, linked=asked is None) for name in NAMES),
            total=sum_text(bands.total, currency),
            chart=_chart(bands, currency),
        )
        for currency, bands in found
    ]


def _band(name: str, bands: Bands, currency: str, *, linked: bool) -> Band:
    address = f"{reverse('receivables:items')}?{urlencode({'band': name, 'currency': currency})}"
    return Band(str(NAMES[name]), sum_text(getattr(bands, name), currency), address if linked else "")


def _chart(bands: Bands, currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "unit": "money",
        "x": [str(word) for word in NAMES.values()],
        "bands": list(NAMES),
        "series": [{"name": _("Open"), "values": [getattr(bands, name) for name in NAMES]}],
    }


def _line(on: date, currency: str, bands: Bands) -> Sequence[Value]:
    sums = [Money(getattr(bands, name), currency) for name in (*NAMES, "total")]
    return (on, currency, *sums)
