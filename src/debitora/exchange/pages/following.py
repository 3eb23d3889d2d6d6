"""While a list is applied, what came of it, its faults as a file, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from debitora.documents.queries import fault_advice, fault_text
from debitora.exchange import gates, queries
from debitora.exchange.actions import CustomersStay, ImportMoved, NotTheNewest, undo_import
from debitora.exchange.forms import UndoForm
from debitora.exchange.models import ListImport
from debitora.exchange.pages.reading import moved_on
from debitora.exchange.pages.shown import changes_shown, faults_shown, totals_shown
from debitora.formats.faults import Fault
from debitora.formats.sheets import Value, csv_bytes, dialect_of
from debitora.kit.queue import defer
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.people.gates import actor, page
from debitora.people.models import Progress
from debitora.people.queries import names_by_login, progress_of
from debitora.people.rules import may

STALLED: Final = timedelta(minutes=5)
"""Without a sign of life for so long, a person may start the work again; doing it twice is doing it once."""


@page("imports.view")
def progress(request: Any, list_import: int) -> HttpResponse:
    """How far applying is, for the page that polls it; when it is over, the page is sent on."""
    taken = gates.list_import(list_import=list_import)
    answer = render(request, "exchange/progress.html#bar", progress_facts(taken))
    if taken.state != "applying":
        answer.headers["HX-Redirect"] = reverse("exchange:list_import", args=[taken.id])
    return answer


def progress_facts(taken: ListImport) -> dict[str, Any]:
    """Done, total and the remaining time of an import that is being applied."""
    found = progress_of(kind="import", subject=taken.id)
    running = found is not None and found.state == "running"
    return {
        "taken": taken,
        "done": found.done if found and running else 0,
        "total": found.total if found and running else None,
        "is_running": running,
        "remaining": _remaining(found) if found and running else "",
        "is_stalled": found is not None and now() - found.changed_at > STALLED,
    }


def _remaining(found: Progress) -> str:
    passed = (now() - found.created_at).total_seconds()
    if not found.done or found.done >= found.total:
        return ""
    seconds = round(passed * (found.total - found.done) / found.done)
    if seconds < 90:
        return ngettext("about %(count)s second left", "about %(count)s seconds left", seconds) % {
            "count": seconds
        }
    minutes = round(seconds / 60)
    return ngettext("about %(count)s minute left", "about %(count)s minutes left", minutes) % {
        "count": minutes
    }


@page("imports.run", methods=("POST",))
def retry(request: Any, list_import: int) -> HttpResponse:
    """Ask once more for applying a list whose work seems to have stopped."""
    taken = gates.list_import(list_import=list_import)
    if taken.state == "applying":
        defer("exchange.apply", company=request.company.id, list_import=taken.id)
        messages.info(request, _("The work was asked for again. Nothing is applied twice."))
    return redirect("exchange:list_import", taken.id)


def result(
    request: Any, taken: ListImport, *, form: UndoForm | None = None, status: int = 200
) -> HttpResponse:
    """What an import did; the page stays."""
    newest = queries.newest_applied(company=request.company.id, source=taken.source_id)
    is_newest = newest is not None and newest.id == taken.id
    context = {
        "taken": taken,
        "changes": changes_shown(taken),
        "counts": taken.result.get("counts", {}),
        "totals": totals_shown(taken.result.get("listed", {})),
        "confirmed": taken.guards if taken.result.get("confirmed") else [],
        "released_by": taken.result.get("released_by", {}).get("label", ""),
        "names": names_by_login(company=request.company),
        "undone": taken.result.get("undone", {}),
        "may_undo": is_newest and taken.source.kind == "items" and may(request.role, "imports.run"),
        "newer": newest if newest is not None and newest.id > taken.id else None,
        "form": form or UndoForm(),
        "start_url": elsewhere("dunning:start") if may(request.role, "runs.start") else "",
        "customers_url": elsewhere("receivables:customers"),
        "items_url": elsewhere("receivables:items"),
        "strangers": taken.result.get("strangers", []),
        **faults_shown(taken),
    }
    return render(request, "exchange/result.html", context, status=status)


@page("imports.run", methods=("POST",))
def undo(request: Any, list_import: int) -> HttpResponse:
    """Take the newest import of a source back, with a reason."""
    taken = gates.list_import(list_import=list_import)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return result(request, taken, form=form, status=422)
    try:
        counts = undo_import(
            company=request.company,
            list_import=taken.id,
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=now(),
        )
    except ImportMoved as moved:
        messages.info(request, moved_on(str(moved)))
    except NotTheNewest:
        messages.warning(
            request, _("Only the newest list of a source can be undone. Undo the newer one first.")
        )
    except CustomersStay:
        messages.warning(
            request, _("A customer list cannot be undone. Correct the customers, or import a corrected list.")
        )
    else:
        said = ngettext(
            "The import was undone; %(count)s item was put back.",
            "The import was undone; %(count)s items were put back.",
            counts["items"],
        )
        messages.success(request, said % {"count": counts["items"]})
    return redirect("exchange:list_import", taken.id)


@page("imports.view")
def faults_csv(request: Any, list_import: int) -> HttpResponse:
    """What could not be read of a file, as CSV that no spreadsheet takes for formulas."""
    taken = gates.list_import(list_import=list_import)
    headers = [_("Line"), _("Column"), _("Value as read"), _("What is wrong"), _("What to do")]
    data = csv_bytes(headers, _cells(queries.faults_in(taken)), dialect=dialect_of(get_language() or "en"))
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{taken.id}-faults.csv"'
    return answer


def _cells(faults: Sequence[Fault]) -> Iterator[Sequence[Value]]:
    for fault in faults:
        yield fault.line or None, fault.column, fault.value, fault_text(fault), fault_advice(fault)
