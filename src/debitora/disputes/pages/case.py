"""One case: its facts, items and steps, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.disputes import gates
from debitora.disputes.actions import (
    AssigneeMayNotAnswer,
    CaseIsClosed,
    CaseIsNotClosed,
    ItemInAnotherCase,
    NoAnswerOfYours,
    OutcomeRefused,
    answer_case,
    assign_case,
    close_case,
    move_deadline,
    reopen_case,
    withdraw_answer,
)
from debitora.disputes.forms.cases import AssignForm, DeadlineForm, OutcomeForm
from debitora.disputes.forms.rule_words import asked_words, condition_words
from debitora.disputes.forms.words import MAIL_STATES, MARKS, OUTCOMES, STATES, WHYS
from debitora.disputes.pages.layers import day_of, doing, done, layered, refused, scope_of, words_of_reasons
from debitora.disputes.queries.cases import CaseRow
from debitora.disputes.queries.inbox import mails_with
from debitora.disputes.queries.routing import route_of
from debitora.disputes.queries.sheet import CaseSheet, may_be_asked, salesperson_of
from debitora.disputes.queries.telling import mails_of
from debitora.disputes.rules.outcomes import Outcome
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import away, members
from debitora.people.rules import may, stand_ins


@page("cases.view")
def case(request: CompanyRequest, case: int) -> HttpResponse:
    """The case with what the person may do next."""
    return _shown(request, _found(request, case))


@page("cases.answer", methods=("POST",))
def answer(request: CompanyRequest, case: int) -> HttpResponse:
    """Answer with the outcome that is proposed; everything stays held until somebody closes the case."""
    undo = reverse("disputes:withdrawal", args=[case])
    return _with_outcome(request, case, answer_case, _("Thank you. Your answer is kept."), undo)


@page("cases.answer", methods=("POST",))
def withdrawal(request: CompanyRequest, case: int) -> HttpResponse:
    """Take one's own answer back: an answer is wanted again."""
    found = _found(request, case)
    try:
        withdraw_answer(**doing(request), case=found.row.id)
    except CaseIsClosed:
        return _closed_before(request, found)
    except NoAnswerOfYours:
        text = _("Something else has happened with that case since. Nothing was changed.")
        return refused(request, text, then=_there(found))
    return done(
        request, _("Your answer is taken back. The case waits for an answer again."), then=_there(found)
    )


@page("cases.clarify", methods=("POST",))
def closure(request: CompanyRequest, case: int) -> HttpResponse:
    """Close the case: its outcome is carried out at once."""
    undo = reverse("disputes:reopening", args=[case])
    return _with_outcome(request, case, close_case, _("Case %(case)s is closed.") % {"case": case}, undo)


@page("cases.clarify", methods=("POST",))
def reopening(request: CompanyRequest, case: int) -> HttpResponse:
    """Take the closing back: what is disputed is held again."""
    found = _found(request, case)
    try:
        reopen_case(**doing(request), case=found.row.id)
    except CaseIsNotClosed:
        return refused(request, _("That case is open. Nothing was changed."), then=_there(found))
    except ItemInAnotherCase:
        text = _("An item of it stands in another case meanwhile. Close that one first.")
        return refused(request, text, then=_there(found))
    return done(request, _("The case is open again, and what is disputed is held."), then=_there(found))


@page("cases.clarify", methods=("POST",))
def assignment(request: CompanyRequest, case: int) -> HttpResponse:
    """Put the case to somebody, or ask again."""
    found = _found(request, case)
    form = AssignForm(request.POST, on=day_of(request), people=_people(request, found))
    if not form.is_valid():
        return _shown(request, found, assigning=form)
    known = form.cleaned_data
    try:
        assign_case(
            **doing(request), case=found.row.id, assignee=known["assignee"], due_on=known["due_on"], note=known["note"]
        )  # fmt: skip
    except CaseIsClosed:
        return _closed_before(request, found)
    except AssigneeMayNotAnswer:
        text = _("That person can no longer answer. Choose somebody else.")
        return refused(request, text, then=_there(found))
    return done(request, _("The case has been handed on."), then=_there(found))


@page("cases.clarify", methods=("POST",))
def deadline(request: CompanyRequest, case: int) -> HttpResponse:
    """Give the answer another last day."""
    found = _found(request, case)
    form = DeadlineForm(request.POST, on=day_of(request))
    if not form.is_valid():
        return _shown(request, found, moving=form)
    try:
        move_deadline(**doing(request), case=found.row.id, due_on=form.cleaned_data["due_on"])
    except CaseIsClosed:
        return _closed_before(request, found)
    return done(request, _("The answer has its new last day."), then=_there(found))


def _with_outcome(
    request: CompanyRequest, case: int, act: Callable[..., object], text: str, undo: str = ""
) -> HttpResponse:
    found = _found(request, case)
    form = OutcomeForm(request.POST, on=day_of(request), disputed=found.disputed)
    if not form.is_valid():
        return _shown(request, found, form=form)
    try:
        act(**doing(request), case=found.row.id, proposal=form.proposal(), note=form.cleaned_data["note"])
    except CaseIsClosed:
        return _closed_before(request, found)
    except OutcomeRefused as refusal:
        form.refuse(refusal.why)
        return _shown(request, found, form=form)
    return done(request, text, then=_there(found), undo=undo)


def _closed_before(request: CompanyRequest, found: CaseSheet) -> HttpResponse:
    text = _("Somebody has closed that case meanwhile. Nothing was changed.")
    return refused(request, text, then=_there(found))


def _shown(request: CompanyRequest, found: CaseSheet, **bound: forms.Form) -> HttpResponse:
    """`bound`: a form with its errors, in the place of the empty one."""
    on, row, reasons = day_of(request), found.row, words_of_reasons(request)
    people = _people(request, found)
    named = {one.user_id: one.name for one in members(company=request.company)}
    asked = {"assignee": row.assignee_id}
    forms_shown: dict[str, Any] = {
        "form": OutcomeForm(on=on, disputed=found.disputed, initial=_proposed(found)),
        "assigning": AssignForm(on=on, people=people, initial=asked),
        "moving": DeadlineForm(on=on),
        **bound,
    }
    context = {
        "title": _("Case %(case)s") % {"case": row.id},
        "address": _there(found),
        "agreements_url": elsewhere("receivables:agreements_beside", row.customer),
        "write_offs_url": _write_offs(request, row),
        "found": found,
        "row": row,
        "reason": reasons.get(row.reason, row.reason),
        **_routed(request, found, reasons, named),
        "mails": [(one, MAIL_STATES[one.state], named.get(one.user_id, "")) for one in mails_of(case=row.id)],
        "letters": [(one, WHYS[one.why]) for one in mails_with(case=row.id)],
        "stands_in": stand_ins(named, away(on=on)).get(row.assignee_id or 0, ""),
        "state": (MARKS[row.state], STATES[row.state]),
        "outcome": OUTCOMES.get(row.outcome, ""),
        "is_overdue": row.overdue(on=on),
        "steps": [
            {
                "row": step,
                "outcome": OUTCOMES.get(step.outcome, ""),
                "assignee": named.get(step.assignee_id or 0, ""),
            }
            for step in found.steps
        ],
        **forms_shown,
    }
    return layered(request, "disputes/case.html", context, status=422 if bound else 200)


def _write_offs(request: CompanyRequest, row: CaseRow) -> str:
    """Where it is decided whether what the case proposed is given up; "" for who may not see that."""
    if row.outcome != Outcome.WRITE_OFF_PROPOSED or not may(request.role, "write_offs.view"):
        return ""
    return f"{elsewhere('receivables:write_offs')}?customer={row.customer}"


def _routed(
    request: CompanyRequest, found: CaseSheet, reasons: Mapping[str, str], people: Mapping[int, str]
) -> dict[str, Any]:
    """Why the case was put to whom it was: the rule as it was then, or that somebody chose by hand."""
    known = route_of(case=found.row.id)
    if known is None:
        return {}
    first = found.steps[-1].assignee_id
    return {
        "route": known,
        "route_cases": condition_words(known.rule, reasons=reasons, people=people),
        "route_asked": asked_words(known.rule.asked, people=people),
        "by_hand": first is not None and first != known.asked,
        "may_see_rules": may(request.role, "settings.view"),
    }


def _proposed(found: CaseSheet) -> dict[str, Any]:
    """What was answered stands in the form of whoever closes."""
    return {"outcome": found.row.outcome} if found.row.state == "answered" else {}


def _people(request: CompanyRequest, found: CaseSheet) -> dict[int, str]:
    salesperson = salesperson_of(customer=found.row.customer)
    return may_be_asked(company=request.company, salesperson=salesperson, on=day_of(request))


def _found(request: CompanyRequest, case: int) -> CaseSheet:
    return gates.case(case=case, scope=scope_of(request))


def _there(found: CaseSheet) -> str:
    return reverse("disputes:case", args=[found.row.id])
