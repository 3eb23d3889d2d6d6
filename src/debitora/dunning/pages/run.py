"""One run: its notices, what was not dunned and why, and the decision to let it go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.dunning import gates
from debitora.dunning.actions import (
    NoticeEnded,
    NoticeOnItsWay,
    ProposerApproves,
    RunNeedsConfirmation,
    RunNotProposed,
    SenderUnproven,
    approve_run,
    ask_for_release,
    discard_run,
    is_own,
    reinstate,
    waits_for_sender,
    withhold,
)
from debitora.dunning.forms.runs import ApprovalForm, NoteForm, ReasonForm
from debitora.dunning.models import Run
from debitora.dunning.pages import exports
from debitora.dunning.pages.answers import chosen, done, refused, text_of, whole
from debitora.dunning.queries.consequences import consequences
from debitora.dunning.queries.enclosing import MOST_COUNTED, without_copies
from debitora.dunning.queries.keeping import decisions_kept
from debitora.dunning.queries.lists import (
    DECISION_SORTS,
    NOTICE_SORTS,
    STATES,
    DecisionFilters,
    NoticeFilters,
    decisions_page,
    notices_page,
    portions,
)
from debitora.dunning.queries.runs import approval_of, discard_of, run_row
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.templatetags.dunning import NOTICE_STATES, RUN_STATES, reason_word
from debitora.kit.exports import KINDS, as_file, pages_of
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.messaging.queries import Missing, missing_before_sending
from debitora.messaging.queries.sender import unproven
from debitora.people.gates import actor, fetched, fresh, page
from debitora.people.queries import names_by_login, progress_of
from debitora.people.rules import may
from debitora.receivables.queries import CursorUnreadable, Page

TABS: Final = ("notices", "others")
SIZE: Final = 50
COUNTED: Final = 5_000
"""Up to so many notices, the states of a run are counted on its page."""


@page("runs.view")
def run(request: Any, run: int) -> HttpResponse:
    """The run: notices, or the overdue items that were not dunned."""
    found = gates.run(run=run)
    tab = _tab(request)
    context = {
        **_head(request, found),
        **(_others(request, found) if tab == "others" else _notices(request, found)),
    }
    return render(request, "dunning/run.html", {**context, "tab": tab})


def _tab(request: Any) -> str:
    tab = str(request.GET.get("tab", ""))
    return tab if tab in TABS else TABS[0]


def _head(request: Any, run: Run) -> dict[str, Any]:
    row = run_row(run)
    company = request.company
    live = run.state in ("approved", "released")
    return {
        "run": row,
        "not_noticed": row.overdue_items - row.noticed_items,
        "upcoming": run.counts.get("upcoming", 0),
        "data_as_of": run.data_as_of,
        "approval": approval_of(run=run.id) if live else None,
        "discard": discard_of(run=run.id) if run.state == "discarded" else None,
        "may_approve": may(request.role, "runs.approve"),
        "may_withhold": may(request.role, "runs.start"),
        "waits_for_sender": bool(waits_for_sender(company=company)) if run.state == "approved" else False,
        "names": names_by_login(company=company),
        "lacks_settings": _lacks_settings(company.id),
        "most_copyless": MOST_COUNTED,
        "copyless": without_copies(run=run.id) if run.state == "proposed" else (0, []),
        "settings_url": elsewhere("messaging:sender") or elsewhere("desk:settings"),
        **_progress(run),
    }


def _lacks_settings(company: int) -> bool:
    """Whether more than the lock keeps sending locked: of the lock the frame tells on every page."""
    return bool(set(missing_before_sending(company=company)) - {Missing.LOCKED})


def _progress(run: Run) -> dict[str, Any]:
    found = progress_of(kind="run", subject=run.id) if run.state == "approved" else None
    return {
        "done": min(found.done, run.notice_count) if found else 0,
        "total": run.notice_count,
    }


@page("runs.view")
def progress(request: Any, run: int) -> HttpResponse:
    """How far rendering is, for the page that polls it; when it is over, the page is shown anew."""
    found = gates.run(run=run)
    answer = render(request, "dunning/_progress.html", {"run": run_row(found), **_progress(found)})
    if found.state != "approved":
        answer.headers["HX-Refresh"] = "true"
    return answer


# --------------------------------------------------------------------------------------------------- the lists


def _notices(request: Any, run: Run) -> dict[str, Any]:
    filters, sort = _notice_filters(request, run), _sort(request, NOTICE_SORTS)
    found = _page(request, lambda after: notices_page(filters=filters, sort=sort, after=after, size=SIZE))
    states, live = _states(run), run.state == "released"
    return {
        "found": found,
        "sort": sort,
        "text": filters.text,
        "wanted": filters.state,
        "wanted_word": NOTICE_STATES.get(filters.state, ""),
        "states": states,
        "may_try_again": live and any(code == "render_failed" for code, _word, _number in states),
        "is_open": run.state != "discarded",
    }


def _notice_filters(request: Any, run: Run) -> NoticeFilters:
    state = str(request.GET.get("state", ""))
    return NoticeFilters(
        run=run.id,
        state=state if state in STATES else "",
        level=whole(request, "level"),
        text=text_of(request, "q"),
    )


def _states(run: Run) -> list[tuple[str, str, int | None]]:
    """States of the run's notices with their words and numbers, in the order of a notice's life."""
    if run.notice_count > COUNTED:
        return [(code, str(NOTICE_STATES[code]), None) for code in STATES]
    counted: dict[str, int] = {}
    for part in portions(filters=NoticeFilters(run=run.id)):
        counted[part.state] = counted.get(part.state, 0) + part.notices
    return [(code, str(NOTICE_STATES[code]), counted[code]) for code in STATES if code in counted]


def _others(request: Any, run: Run) -> dict[str, Any]:
    filters, sort = _decision_filters(request, run), _sort(request, DECISION_SORTS)
    found = _page(request, lambda after: decisions_page(filters=filters, sort=sort, after=after, size=SIZE))
    counts: Mapping[str, int] = run.counts.get("decisions", {})
    others = [
        (code, reason_word(code), count) for code, count in counts.items() if code != Reason.NOTICE.code
    ]
    wanted = filters.reason.code if filters.reason else ""
    return {
        "found": found,
        "sort": sort,
        "text": filters.text,
        "wanted": wanted,
        "wanted_word": reason_word(wanted) if wanted else "",
        "reasons": sorted(others, key=lambda one: -one[2]),
        "balances": sum(counts.values()) == run.overdue_items,
        "is_kept": bool(found.rows) or decisions_kept(run),
    }


def _decision_filters(request: Any, run: Run) -> DecisionFilters:
    wanted = {reason.code: reason for reason in Reason if not reason.noticed}
    return DecisionFilters(
        run=run.id, reason=wanted.get(str(request.GET.get("reason", ""))), text=text_of(request, "q")
    )


def _sort(request: Any, known: Mapping[str, object]) -> str:
    sort = str(request.GET.get("sort", ""))
    return sort if sort.removeprefix("-") in known else "customer"


def _page(request: Any, ask: Callable[[str | None], Page[Any]]) -> Page[Any]:
    """The page asked for; the first one for a place that this list did not make."""
    try:
        return ask(request.GET.get("after") or None)
    except CursorUnreadable:
        return ask(None)


@page("runs.view")
@fetched
def export(request: Any, run: int, tab: str, kind: str) -> HttpResponseBase:
    """Every row of the view as CSV or XLSX."""
    found = gates.run(run=run)
    if tab not in TABS or kind not in KINDS:
        raise Http404
    name = f"{tab}-{found.on.isoformat()}-{found.id}"
    if tab == "others":
        others, order = _decision_filters(request, found), _sort(request, DECISION_SORTS)
        rows = pages_of(
            lambda after, size: decisions_page(filters=others, sort=order, after=after, size=size),
            exports.decision_line,
            company=request.company.id,
        )
        return as_file(kind, name, exports.decision_headers(), rows)
    filters, sort = _notice_filters(request, found), _sort(request, NOTICE_SORTS)
    lines = pages_of(
        lambda after, size: notices_page(filters=filters, sort=sort, after=after, size=size),
        exports.notice_line,
        company=request.company.id,
    )
    return as_file(kind, name, exports.notice_headers(), lines)


# ------------------------------------------------------------------------------------------------- decisions


@page("runs.approve", methods=("GET", "POST"))
@fresh
def approval(request: Any, run: int) -> HttpResponse:
    """What approving would do, and doing it."""
    found = gates.run(run=run)
    if request.method == "GET":
        return _consequences(request, found)
    form = ApprovalForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    there = reverse("dunning:run", args=[run])
    try:
        approve_run(company=request.company.id, run=run, by=actor(request), at=now(), **said)
    except RunNotProposed as moved:
        return refused(request, _moved_on(str(moved)), then=there)
    except (RunNeedsConfirmation, SenderUnproven):
        return _consequences(request, found, unconfirmed=True)
    except ProposerApproves:
        return refused(
            request, _("You proposed this run yourself: somebody else has to approve it."), then=there
        )
    return done(request, _("The run is approved. Its notices are being made."), then=there)


def _consequences(request: Any, run: Run, *, unconfirmed: bool = False) -> HttpResponse:
    template = "dunning/approval_dialog.html" if request.htmx else "dunning/approval.html"
    context = {"run": run_row(run), "found": consequences(run=run.id), "unconfirmed": unconfirmed}
    context["unproven"] = ", ".join(unproven(company=request.company.id)).upper()
    context["is_own"] = is_own(run=run, by=actor(request))
    context["sending_locked"] = bool(missing_before_sending(company=request.company.id))
    return render(request, template, context, status=422 if unconfirmed else 200)


def _moved_on(state: str) -> str:
    words = {
        "approved": _("This run was approved already. Nothing happened twice."),
        "released": _("This run was approved already. Nothing happened twice."),
        "discarded": _("This run was discarded, or a newer one took its place. Look at the newest run."),
    }
    return words.get(state, str(RUN_STATES.get(state, state)))


@page("runs.approve", methods=("POST",))
def discard(request: Any, run: int) -> HttpResponse:
    """Throw a proposal away, with a reason."""
    gates.run(run=run)
    there = reverse("dunning:run", args=[run])
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Nothing was discarded: a reason is needed."), then=there)
    try:
        discard_run(
            company=request.company.id, run=run, note=form.cleaned_data["reason"], by=actor(request), at=now()
        )
    except RunNotProposed as moved:
        return refused(request, _moved_on(str(moved)), then=there)
    return done(request, _("The run is discarded. Nothing was sent."), then=there)


@page("runs.start", methods=("POST",))
def withheld(request: Any, run: int) -> HttpResponse:
    """Hold chosen notices back."""
    form = NoteForm(request.POST)
    note = form.cleaned_data["reason"] if form.is_valid() else ""
    return _mark(
        request,
        run,
        lambda ids: withhold(company=request.company.id, notices=ids, note=note, by=actor(request), at=now()),
        lambda n: ngettext("%(n)s notice is withheld.", "%(n)s notices are withheld.", n) % {"n": n},
    )


@page("runs.start", methods=("POST",))
def reinstated(request: Any, run: int) -> HttpResponse:
    """Let chosen notices go with the run after all."""
    return _mark(
        request,
        run,
        lambda ids: reinstate(company=request.company.id, notices=ids, by=actor(request), at=now()),
        lambda n: (
            ngettext("%(n)s notice goes with the run again.", "%(n)s notices go with the run again.", n)
            % {"n": n}
        ),
    )


def _mark(
    request: Any, run: int, mark: Callable[[list[int]], list[int]], say: Callable[[int], str]
) -> HttpResponse:
    gates.run(run=run)
    there = reverse("dunning:run", args=[run])
    try:
        marked = mark(chosen(request))
    except NoticeOnItsWay as gone:
        text = _("Notice %(number)s is made already; none of the chosen ones was changed.")
        return refused(request, text % {"number": gone}, then=there)
    except NoticeEnded as gone:
        text = _("Notice %(number)s has come to its end already; none of the chosen ones was changed.")
        return refused(request, text % {"number": gone}, then=there)
    if not marked:
        return refused(request, _("Nothing had to be changed."), then=there)
    return done(request, say(len(marked)), then=there)


@page("runs.start", methods=("POST",))
def again(request: Any, run: int) -> HttpResponse:
    """Try again to make what could not be made."""
    found = gates.run(run=run)
    there = reverse("dunning:run", args=[run])
    if found.state not in ("approved", "released"):
        return refused(request, _("Nobody has approved this run."), then=there)
    ask_for_release(company=request.company.id, run=run)
    return done(request, _("What could not be made is being tried again."), then=there)
