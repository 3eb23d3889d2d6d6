"""Put chosen cases to somebody: first what would be handed on, then do it, with the way back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.disputes import gates
from debitora.disputes.actions import HandedOn, hand_on
from debitora.disputes.forms.cases import HandOnForm
from debitora.disputes.pages.layers import day_of, doing, done, layered, refused, scope_of
from debitora.disputes.queries.cases import CaseRow
from debitora.disputes.queries.sheet import may_be_asked, salesperson_of
from debitora.kit.narrowing import ids
from debitora.people.gates import CompanyRequest, page
from debitora.values.money import Money

MOST_AT_ONCE = 100


@page("cases.clarify", methods=("POST",))
def handing_on(request: CompanyRequest) -> HttpResponse:
    """Put the chosen cases to one person."""
    there = reverse("disputes:cases")
    rows = [
        gates.case(case=case, scope=scope_of(request)).row
        for case in ids(request.POST.getlist("chosen"))[:MOST_AT_ONCE]
    ]
    waiting = [row for row in rows if row.state == "open"]
    if not waiting:
        return refused(request, _("Choose at least one case that waits for an answer."), then=there)
    sent = "assignee" in request.POST
    form = HandOnForm(request.POST if sent else None, people=_people(request, waiting))
    if not sent or not form.is_valid():
        return _asked(request, waiting, len(rows) - len(waiting), form, status=422 if sent else 200)
    known = form.cleaned_data
    wanted = {row.id: known["assignee"] for row in waiting}
    return _told(request, hand_on(**doing(request), wanted=wanted, note=known["note"]))


@page("cases.clarify", methods=("POST",))
def handed_back(request: CompanyRequest) -> HttpResponse:
    """Give cases back to whom they were with."""
    cases, people = (
        ids(request.POST.getlist("chosen")),
        [int(one) for one in request.POST.getlist("back") if one.isdecimal()],
    )
    pairs = dict(zip(cases[:MOST_AT_ONCE], people, strict=False))
    for case in pairs:
        gates.case(case=case, scope=scope_of(request))
    found = hand_on(**doing(request), wanted=pairs)
    if not found.before:
        return refused(request, _("Nothing had to be changed."), then=reverse("disputes:cases"))
    return _told(request, found, undoing=True)


def _people(request: CompanyRequest, rows: list[CaseRow]) -> dict[int, str]:
    """Who can answer all of them."""
    found: dict[int, str] | None = None
    for salesperson in {salesperson_of(customer=row.customer) for row in rows}:
        there = may_be_asked(company=request.company, salesperson=salesperson, on=day_of(request))
        found = there if found is None else {user: name for user, name in found.items() if user in there}
    return found or {}


def _asked(
    request: CompanyRequest, rows: list[CaseRow], others: int, form: HandOnForm, *, status: int
) -> HttpResponse:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.currency] += row.amount_minor
    context: dict[str, Any] = {
        "title": ngettext("Hand on %(n)s case", "Hand on %(n)s cases", len(rows)) % {"n": len(rows)},
        "address": reverse("disputes:handing_on"),
        "rows": rows,
        "others": others,
        "sums": [Money(minor, currency) for currency, minor in sorted(sums.items())],
        "form": form,
    }
    return layered(request, "disputes/handing_on.html", context, status=status)


def _told(request: CompanyRequest, found: HandedOn, *, undoing: bool = False) -> HttpResponse:
    count, there = len(found.before), reverse("disputes:cases")
    told = [
        ngettext("%(n)s case has been handed on.", "%(n)s cases have been handed on.", count) % {"n": count}
    ]
    if left := len(found.waits_no_more):
        words = ngettext("%(n)s waits for no answer any more.", "%(n)s wait for no answer any more.", left)
        told.append(words % {"n": left})
    if left := len(found.not_hers):
        words = ngettext(
            "%(n)s stayed: that person may not answer it.",
            "%(n)s stayed: that person may not answer them.",
            left,
        )
        told.append(words % {"n": left})
    back = {case: user for case, user in found.before.items() if user is not None}
    undo = reverse("disputes:handed_back") if back and not undoing else ""
    return done(
        request,
        " ".join(told),
        then=there,
        undo=undo,
        sent={"chosen": list(back), "back": list(back.values())},
    )
