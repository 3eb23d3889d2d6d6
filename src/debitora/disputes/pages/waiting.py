"""Who waits for whom: a page and a file."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from debitora.disputes.pages.layers import day_of, scope_of
from debitora.disputes.queries.waiting import Waits, who_waits
from debitora.formats.sheets import Value
from debitora.kit import exports
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.people.queries import names_by_login


@page("cases.view")
def waiting(request: CompanyRequest) -> HttpResponse:
    """Every pair of people, with what of their cases waits."""
    context = {
        "rows": who_waits(on=day_of(request), scope=scope_of(request)),
        "names": names_by_login(company=request.company),
    }
    return render(request, "disputes/waiting.html", context)


@page("cases.view")
@fetched
def waiting_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """The same as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    on, names = day_of(request), names_by_login(company=request.company)
    headers = [
        _("Asked by"), _("Who answers"), _("Cases"), _("Overdue"), _("Currency"), _("Disputed"), _("Oldest last day"),
    ]  # fmt: skip
    lines = (_written(row, names) for row in who_waits(on=on, scope=scope_of(request)))
    return exports.as_file(kind, f"waiting-{on.isoformat()}", headers, lines)


def _written(row: Waits, names: Mapping[str, str]) -> list[Value]:
    return [
        names.get(row.asker, row.asker), row.answerer, row.cases, row.overdue, row.currency, row.amount, row.oldest_on,
    ]  # fmt: skip
