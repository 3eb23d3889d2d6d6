"""One statement: what it tells, why it waits, and what a person decides about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.cash import gates
from debitora.cash.actions import NotHeldForThis, accept_gap, accept_retold, answer_doubt
from debitora.cash.forms.files import GapForm, NameForm
from debitora.cash.models import Statement
from debitora.cash.pages.answers import done, names_of, refused
from debitora.cash.queries import held_statements, twins_of
from debitora.cash.queries.accounts import gap_of
from debitora.cash.queries.bookings import explained_by
from debitora.cash.queries.entries import doubts_of, entries_page, entry_sums, open_doubts
from debitora.cash.queries.retold import retold
from debitora.cash.queries.statements import apart, days_missing, statement_row
from debitora.cash.templatetags.explained import explained_bar
from debitora.documents.queries import faults_of
from debitora.kit.narrowing import paging, text_of
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may

SIZE = 100
MOST_DOUBTS = 50
"""So many lines to compare are shown at once."""
MOST_SUMMED = 10_000
"""The sums of a statement with more lines are asked for by its page when it is there: adding them up takes its time."""
ANSWERS = {"same": True, "new": False}


@page("statements.view")
def statement(request: CompanyRequest, statement: int) -> HttpResponse:
    """The statement with its lines; while it waits, with what has to be decided."""
    return _shown(request, gates.statement(statement=statement))


@page("statements.view")
def sums(request: CompanyRequest, statement: int) -> HttpResponse:
    """What came in and went out, and what became of it, as a part of the statement's page; nothing of one that waits."""
    found = gates.statement(statement=statement)
    told = _summed(found) if found.state == "applied" else {}
    return render(request, "cash/_explained.html", told)


@page("statements.take", methods=("POST",))
def gap(request: CompanyRequest, statement: int) -> HttpResponse:
    """Apply the statement although money is missing."""
    found = gates.statement(statement=statement)
    form = GapForm(request.POST)
    sure = form.is_valid()
    if found.state != "held" or form.cleaned_data.get("missing") != found.missing_minor:
        return _moved_on(request, found)
    if not sure:
        return _shown(request, found, form=form)
    reason = form.cleaned_data["reason"]
    try:
        after = accept_gap(
            company=request.company.id, statement=found.id, reason=reason, by=actor(request), at=now()
        )
    except NotHeldForThis:
        return _moved_on(request, found)
    return done(request, _said(after), then=_address(found))


@page("statements.take", methods=("POST",))
def other_days(request: CompanyRequest, statement: int) -> HttpResponse:
    """Say that the lines of the statement are payments that the account has under other days."""
    found = gates.statement(statement=statement)
    try:
        after = accept_retold(company=request.company.id, statement=found.id, by=actor(request), at=now())
    except NotHeldForThis:
        return _moved_on(request, found)
    return done(request, _said(after), then=_address(found))


@page("statements.take", methods=("POST",))
def doubt(request: CompanyRequest, doubt: int) -> HttpResponse:
    """Say of a line that it is the known movement, or a new one."""
    asked = gates.doubt(doubt=doubt)
    answer = ANSWERS.get(request.POST.get("answer", ""))
    if answer is None:
        return refused(
            request, _("Say whether the line is the same or a new one."), then=_address(asked.statement)
        )
    try:
        after = answer_doubt(
            company=request.company.id,
            statement=asked.statement_id,
            line=asked.line,
            same=answer,
            by=actor(request),
            at=now(),
        )
    except NotHeldForThis:
        return _moved_on(request, asked.statement)
    return done(request, _said(after), then=_address(after))


def _shown(request: CompanyRequest, found: Statement, *, form: GapForm | None = None) -> HttpResponse:
    told = _held(found) if found.state == "held" else _lines(request, found)
    context = {
        "row": statement_row(found),
        "file": found.file,
        "format": found.file.format,
        "moved_minor": found.moved_minor,
        "form": form,
        "name_form": NameForm(),
        "names": names_of(request),
        "may_take": may(request.role, "statements.take"),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "cash/statement.html", {**context, **told}, status=status)


def _held(found: Statement) -> dict[str, Any]:
    """What a person needs to see to decide."""
    if found.held_for == "doubt":
        doubts = doubts_of(statement=found, most=MOST_DOUBTS)
        return {"doubts": doubts, "open_doubts": open_doubts(statement=found)}
    if found.held_for == "faults":
        return {"faults": list(faults_of(upload=found.file.upload))}
    first = held_statements(account=found.account_id)[0] if found.held_for == "gap" else found
    return {
        "days": days_missing(statement=found),
        "apart": apart(statement=found),
        "retold": retold(statement=found),
        "first": None if first.id == found.id else statement_row(first),
    }


def _lines(request: CompanyRequest, found: Statement) -> dict[str, Any]:
    if found.state == "known":
        return {"twins": [statement_row(one) for one in twins_of(found)]}
    text = text_of(request.GET, "text")
    shown = entries_page(statement=found, text=text, after=request.GET.get("after"), size=SIZE)
    return {
        "entries": shown.rows,
        "text": text,
        **paging(request.GET, shown.next),
        **(_summed(found) if found.line_count <= MOST_SUMMED else {"summed_later": True}),
        "gap": gap_of(statement=found),
    }


def _summed(found: Statement) -> dict[str, Any]:
    """What came in and went out, and what became of it."""
    bar = explained_bar(explained_by(statement=found), found.account.currency)
    return {"sums": entry_sums(statement=found), "bar": bar}


def _said(after: Statement) -> str:
    """What became of a statement after a decision."""
    if after.state == "applied":
        return ngettext(
            "The statement is applied: %(count)s new line.",
            "The statement is applied: %(count)s new lines.",
            after.new_count,
        ) % {"count": after.new_count}
    if after.state == "known":
        return _("Everything in the statement was known already.")
    left = open_doubts(statement=after) if after.held_for == "doubt" else 0
    if left:
        return ngettext(
            "%(count)s line is left to compare.", "%(count)s lines are left to compare.", left
        ) % {"count": left}
    return _("That is decided. The statement still waits, for another reason.")


def _moved_on(request: CompanyRequest, found: Statement) -> HttpResponse:
    text = _("The statement has moved on meanwhile. Look at it once more; nothing was changed.")
    return refused(request, text, then=_address(found))


def _address(found: Statement) -> str:
    return reverse("cash:statement", args=[found.id])
