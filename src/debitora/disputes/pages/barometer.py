"""The barometer: what of the items that became due has to be clarified, where, for how long, and what stands out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from debitora.disputes.forms.words import DEPARTMENTS
from debitora.disputes.pages.layers import day_of, scope_of, words_of_reasons
from debitora.disputes.queries.barometer import LENGTHS, Barometer, Ranked
from debitora.disputes.queries.barometer import barometer as measured
from debitora.disputes.rules.barometer import Line
from debitora.formats.sheets import Value
from debitora.kit import exports
from debitora.kit.narrowing import choices
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.values.locales import format_date, format_money, format_points, format_share
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class Told:
    """A line as the page writes it; `change` against the period before, `address` of its cases."""

    name: str
    line: Line
    share: str
    change: str
    rising: bool
    sums: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Table:
    """One dimension with its lines."""

    code: str
    title: str
    head: str
    told: tuple[Told, ...]


@page("cases.view")
def barometer(request: CompanyRequest) -> HttpResponse:
    """The figures of the period chosen, beside those of the one before."""
    days = _days(request.GET)
    found = measured(on=day_of(request), days=days, scope=scope_of(request))
    reasons = words_of_reasons(request)
    context = {
        "found": found,
        "all": _told("", _("All"), found.total, days),
        "tabs": choices(request.GET, "days", _lengths(), now=str(days)),
        "tables": [table for table in _tables(found, reasons) if table.told],
        "causes": [_cause(one, days, reasons) for one in found.causes],
        "chart": _chart(found),
    }
    return render(request, "disputes/barometer.html", context)


@page("cases.view")
@fetched
def barometer_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """Every table of the view as CSV or XLSX: one line per value and currency."""
    if kind not in exports.KINDS:
        raise Http404
    on, days = day_of(request), _days(request.GET)
    found = measured(on=on, days=days, scope=scope_of(request))
    headers = [
        _("Dimension"), _("Value"), _("Became due"), _("Items in clarification"), _("Share in percent"),
        _("Share before in percent"), _("Cases"), _("Not closed"), _("Median days"), _("Currency"), _("Disputed"),
    ]  # fmt: skip
    return exports.as_file(
        kind, f"barometer-{on.isoformat()}", headers, _written(found, words_of_reasons(request))
    )


def _days(query: QueryDict) -> int:
    return next((days for days in LENGTHS if str(days) == query.get("days")), 90)


def _lengths() -> dict[str, str]:
    return {str(days): ngettext("%(days)s day", "%(days)s days", days) % {"days": days} for days in LENGTHS}


def _tables(found: Barometer, reasons: Mapping[str, str]) -> Iterator[Table]:
    days = found.days
    yield Table("reason", _("By reason"), _("Reason"), _of("reason", found.reasons, reasons, days))
    named = {line.value: DEPARTMENTS[line.value or "none"] for line in found.departments}
    yield Table(
        "department", _("By department"), _("Department"), _of("department", found.departments, named, days)
    )
    people = {"": _("nobody"), **found.names}
    yield Table(
        "salesperson",
        _("By salesperson"),
        _("Salesperson"),
        _of("salesperson", found.salespeople, people, days),
    )
    groups = {line.value: line.value or _("not said") for line in found.product_groups}
    yield Table(
        "product_group",
        _("By product group"),
        _("Product group"),
        _of("product_group", found.product_groups, groups, days),
    )


def _of(code: str, lines: Sequence[Line], names: Mapping[str, object], days: int) -> tuple[Told, ...]:
    return tuple(_told(code, str(names[line.value]), line, days) for line in lines)


_NOBODY = {"department": "none", "salesperson": "0"}
_KINDS = {
    "customer": gettext_lazy("Customer"),
    "salesperson": gettext_lazy("Salesperson"),
    "product_group": gettext_lazy("Product group"),
}


def _told(code: str, name: str, line: Line, days: int) -> Told:
    language = get_language() or "en"
    narrowed = _narrowed(code, line.value)
    change = line.share - line.before if line.share is not None and line.before is not None else None
    return Told(
        name=name,
        line=line,
        share=_share(line.share),
        change="" if change is None else format_points(change, language),
        rising=change is not None and change > 0,
        sums=tuple(
            format_money(Money(minor, currency), language) for currency, minor in sorted(line.sums.items())
        ),
        address=_cases(days, **narrowed),
    )


def _cause(one: Ranked, days: int, reasons: Mapping[str, str]) -> dict[str, Any]:
    cause = one.cause
    return {
        "name": one.name,
        "reason": reasons.get(cause.reason, cause.reason),
        "kind": _KINDS[cause.dimension],
        "cause": cause,
        "share": _share(cause.share),
        "elsewhere": _share(cause.elsewhere),
        "address": _cases(days, reason=cause.reason, **_narrowed(cause.dimension, str(cause.value))),
    }


def _narrowed(code: str, value: str) -> dict[str, str]:
    """How the board is narrowed to a value of a dimension; "" stands for nobody, and for no product group."""
    if code == "product_group":
        return {"group": value} if value else {"ungrouped": "yes"}
    return {code: value or _NOBODY.get(code, "")} if code else {}


def _cases(days: int, **narrowed: str) -> str:
    query = urlencode({"state": "all", "days": days, **narrowed})
    return f"{reverse('disputes:cases')}?{query}"


def _share(points: int | None) -> str:
    return "–" if points is None else format_share(points, get_language() or "en")


def _chart(found: Barometer) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "unit": "share",
        "x": [format_date(day, language) for day in found.ends()],
        "series": [{"name": _("Share in clarification"), "values": found.trend}],
    }


def _written(found: Barometer, reasons: Mapping[str, str]) -> Iterator[list[Value]]:
    every = Table("", "", _("All"), (_told("", _("All"), found.total, found.days),))
    for table in (every, *_tables(found, reasons)):
        for told in table.told:
            line = told.line
            for currency, minor in sorted(line.sums.items()) or [("", 0)]:
                yield [
                    table.head, told.name, line.became, line.items, _hundredths(line.share),
                    _hundredths(line.before), line.cases, line.pending, line.days, currency,
                    Money(minor, currency) if currency else None,
                ]  # fmt: skip


def _hundredths(points: int | None) -> Value:
    return None if points is None else Decimal(points).scaleb(-2)
