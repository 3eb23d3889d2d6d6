"""How a file is read: the mapping beside the first rows, and what comes of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from debitora.exchange import gates
from debitora.exchange.actions import ImportMoved, Opened, correct_mapping, open_list, preview_list
from debitora.exchange.actions.taking import OPEN_STATES
from debitora.exchange.forms import ReadingForm
from debitora.exchange.models import ListImport
from debitora.exchange.pages.uploading import steps
from debitora.exchange.rules.columns import SAMPLE_ROWS, head_of, header_of, marked_lines, rows_below
from debitora.exchange.templatetags.exchange import state_word
from debitora.formats.customers import read_customers
from debitora.formats.faults import Faults
from debitora.formats.guess import missing_fields
from debitora.formats.items import read_items
from debitora.formats.mapping import letters
from debitora.kit.runtime import now
from debitora.kit.runtime import today as day_now
from debitora.people.gates import actor, page

SHOWN_ROWS = 12
READ_ROWS = 5


@page("imports.run", methods=("GET", "POST"))
def columns(request: Any, list_import: int) -> HttpResponse:
    """Show how the file is read; a change is kept and shown at once, and "Preview" goes on."""
    taken = gates.list_import(list_import=list_import)
    if taken.state not in OPEN_STATES:
        messages.info(request, moved_on(taken.state))
        return redirect("exchange:list_import", taken.id)
    opened = open_list(company=request.company, taken=taken)
    form = _form(request, taken, opened, posted=request.method == "POST")
    if request.method != "POST":
        return _shown(request, taken, opened, form)
    if not form.is_valid():
        return _shown(request, taken, opened, form, status=422)
    try:
        taken = correct_mapping(
            company=request.company,
            list_import=taken.id,
            mapping=form.wanted(),
            as_of=form.as_of,
            by=actor(request),
            at=now(),
        )
        opened = open_list(company=request.company, taken=taken)
        if "preview" in request.POST and _lacks_columns(opened):
            return _shown(request, taken, opened, _form(request, taken, opened, posted=False), status=422)
        if "preview" in request.POST:
            preview_list(company=request.company, list_import=taken.id, at=now())
            return redirect("exchange:list_import", taken.id)
    except ImportMoved as moved:
        messages.info(request, moved_on(str(moved)))
        return redirect("exchange:list_import", taken.id)
    if not request.htmx:
        return redirect("exchange:columns", taken.id)
    return _shown(request, taken, opened, _form(request, taken, opened, posted=False))


def _lacks_columns(opened: Opened) -> bool:
    """Whether a column has to be named before the table can be read; a file that is no table has other faults."""
    return opened.table is not None and bool(missing_fields(opened.mapping))


def moved_on(state: str) -> str:
    """What to say when an import has gone on since its page was shown."""
    return _("This import has gone on in the meantime: %(state)s.") % {"state": state_word(state)}


def _form(request: Any, taken: ListImport, opened: Opened, *, posted: bool) -> ReadingForm:
    return ReadingForm(
        request.POST if posted else None,
        table=opened.table,
        mapping=opened.mapping,
        as_of=taken.as_of,
        today=day_now(request.company.time_zone),
    )


def _shown(
    request: Any, taken: ListImport, opened: Opened, form: ReadingForm, status: int = 200
) -> HttpResponse:
    context = {
        "taken": taken,
        "form": form,
        "steps": steps(),
        "table": opened.table,
        "columns": _columns(taken, opened, form),
        "rows": rows_below(opened.table, opened.mapping, SHOWN_ROWS) if opened.table else [],
        "mapped": {each.index for each in opened.mapping.columns.values()},
        "missing": missing_fields(opened.mapping) if opened.table else list(opened.faults),
        "doubts": [] if opened.table is None else taken.result.get("ambiguous", []),
        "lines": marked_lines(opened.table) if opened.table else [],
        "beyond": max(0, opened.table.width - len(form.places)) if opened.table else 0,
        **_understood(opened),
    }
    template = "exchange/columns.html#reading" if request.htmx else "exchange/columns.html"
    return render(request, template, context, status=status)


def _columns(taken: ListImport, opened: Opened, form: ReadingForm) -> list[dict[str, Any]]:
    """Each column with its letter, heading, choice, and why it was recognised as what it is."""
    if opened.table is None:
        return []
    heads = header_of(opened.table, opened.mapping)
    reasons = {(guess["what"], guess["value"]): guess["reason"] for guess in taken.result.get("guesses", [])}
    fields = {each.index: name for name, each in opened.mapping.columns.items()}
    return [
        {
            "letter": letters(index),
            "head": heads[index] if index < len(heads) else "",
            "field": form[f"column-{index}"],
            "is_mapped": index in fields,
            "reason": reasons.get((fields.get(index, ""), str(index)), ""),
        }
        for index in form.places
    ]


def _understood(opened: Opened) -> dict[str, Any]:
    """The first rows as they would be read, and what is wrong with the first few hundred."""
    if opened.table is None or missing_fields(opened.mapping):
        return {"understood": [], "problems": [], "sample": 0}
    sample = head_of(opened.table, opened.mapping.first_line - 1 + SAMPLE_ROWS)
    read = read_items if opened.mapping.subject == "items" else read_customers
    rows, faults = read(sample, opened.mapping)
    return {
        "understood": rows.frame.head(READ_ROWS).to_dicts(),
        "problems": _first_of_each(faults),
        "sample": rows.read,
    }


def _first_of_each(faults: Faults) -> list[dict[str, Any]]:
    """One fault of each kind, with how many there are of it."""
    counts = dict(faults.counts)
    first = {fault.code: fault for fault in reversed(faults.kept)}
    return [{"fault": fault, "count": counts[code]} for code, fault in first.items()]
