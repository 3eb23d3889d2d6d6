"""All imports of a company, newest first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from debitora.documents.queries.wording import KINDS
from debitora.exchange import queries
from debitora.exchange.templatetags.exchange import GROUPS
from debitora.people.gates import page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("imports.view")
def imports(request: Any) -> HttpResponse:
    """All imports, filtered by what they are and where they stand. An unknown filter is no filter."""
    kind, group = _known(request, "kind", KINDS), _known(request, "state", GROUPS)
    before = request.GET.get("before", "")
    found = queries.imports(kind=kind, group=group, before=int(before) if before.isdecimal() else None)
    rows = found[: queries.PAGE]
    context = {
        "rows": rows,
        "names": names_by_login(company=request.company),
        "more": rows[-1].id if len(found) > len(rows) else None,
        "is_later_page": bool(before),
        "kind": kind,
        "group": group,
        "kinds": KINDS.items(),
        "groups": GROUPS.items(),
        "group_word": GROUPS.get(group, ""),
        "may_import": may(request.role, "imports.run"),
    }
    return render(request, "exchange/imports.html", context)


def _known(request: Any, name: str, words: Any) -> str:
    value = str(request.GET.get(name, ""))
    return value if value in words else ""
