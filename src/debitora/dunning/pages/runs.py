"""The list of runs, and starting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from debitora.dunning.actions import Proposed, RunExists, propose_run
from debitora.dunning.forms.runs import StartForm
from debitora.dunning.pages.answers import day_of, whole
from debitora.dunning.queries.calls import calls_due
from debitora.dunning.queries.notices import waiting_for_recipient
from debitora.dunning.queries.rhythm import rhythm_of_company
from debitora.dunning.queries.runs import runs_page
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.templatetags.dunning import RUN_STATES
from debitora.kit.runtime import now
from debitora.kit.ways import see
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.values.locales import format_date

SIZE = 50


@page("runs.view")
def runs(request: Any) -> HttpResponse:
    """All runs, newest first, of one state if that is asked for."""
    state = str(request.GET.get("state", ""))
    state = state if state in RUN_STATES else ""
    before = whole(request, "before")
    found = runs_page(before=before, state=state, size=SIZE + 1)
    rows = found[:SIZE]
    context = {
        "rows": rows,
        "more": rows[-1].id if len(found) > SIZE else None,
        "before": before,
        "state": state,
        "states": RUN_STATES.items(),
        "names": names_by_login(company=request.company),
        "may_start": may(request.role, "runs.start"),
        "without_recipient": len(waiting_for_recipient()),
        "calls_due": calls_due(),
        "rhythm": rhythm_of_company(),
        "may_choose": may(request.role, "settings.view"),
    }
    return render(request, "dunning/runs.html", context)


@page("runs.start", methods=("GET", "POST"))
def start(request: Any) -> HttpResponse:
    """Start a run, or only try one and show what it would find."""
    on = day_of(request)
    if request.method == "GET":
        form = StartForm(initial={"day": format_date(on, get_language() or "en")}, today=on)
        return _form(request, form)
    form = StartForm(request.POST, today=on)
    if not form.is_valid():
        return _form(request, form, status=422)
    return _started(request, form)


def _started(request: Any, form: StartForm) -> HttpResponse:
    dry = form.cleaned_data["only_try"]
    try:
        found = propose_run(
            company=request.company, on=form.cleaned_data["day"], by=actor(request), at=now(), dry=dry
        )
    except RunExists:
        form.add_error(None, _("Somebody started a run at this moment. Look at the list of runs."))
        return _form(request, form, status=409)
    if found.run is None:
        return _form(request, form, tried=found)
    text = ngettext(
        "The run proposes %(count)s notice.", "The run proposes %(count)s notices.", found.notices
    )
    messages.success(request, text % {"count": found.notices})
    return see(reverse("dunning:run", args=[found.run]))


def _form(request: Any, form: StartForm, *, tried: Proposed | None = None, status: int = 200) -> HttpResponse:
    counts = [(code, count) for code, count in tried.decisions.items() if code != "notice"] if tried else []
    context = {
        "form": form,
        "tried": tried,
        "noticed": tried.decisions.get(Reason.NOTICE.code, 0) if tried else 0,
        "others": sorted(counts, key=lambda pair: -pair[1]),
        "not_noticed": sum(count for _code, count in counts),
    }
    return render(request, "dunning/start.html", context, status=status)
