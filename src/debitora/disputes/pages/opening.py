"""Open a case: from an item, or from several items of one customer that were chosen in a list."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.disputes.actions import (
    AlreadyInClarification,
    AssigneeMayNotAnswer,
    NothingToClarify,
    Part,
    ReasonNotOffered,
    SeveralCurrencies,
    open_case,
)
from debitora.disputes.forms.cases import OpenForm
from debitora.disputes.forms.rule_words import reason_names
from debitora.disputes.pages.layers import day_of, doing, done, layered, refused, scope_of
from debitora.disputes.queries.routing import routing_of
from debitora.disputes.queries.sheet import may_be_asked, salesperson_of
from debitora.kit.narrowing import ids
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, page
from debitora.receivables import queries
from debitora.receivables.actions.holds import HeldAmountIsNotOpen
from debitora.receivables.queries import ItemRow
from debitora.values.money import Money

MOST_AT_ONCE = 100


@page("cases.clarify", methods=("GET", "POST"))
def open_item(request: CompanyRequest, item: int) -> HttpResponse:
    """Open a case for one item, or for an amount of it."""
    row = _row(request, item)
    then = elsewhere("receivables:item", item)
    if row.open_minor <= 0:
        return refused(request, _("Nothing of it is open, so there is nothing to clarify."), then=then)
    return _dialog(request, [row], address=reverse("disputes:open_item", args=[item]), back=then)


@page("cases.clarify", methods=("POST",))
def open_items(request: CompanyRequest) -> HttpResponse:
    """Open one case for chosen items of one customer: first the form, then do it."""
    chosen = ids(request.POST.getlist("chosen")[:MOST_AT_ONCE])
    rows = [row for row in (_row(request, item) for item in chosen) if row.open_minor > 0]
    then = elsewhere("receivables:items")
    if len({(row.customer, row.currency) for row in rows}) != 1:
        text = _("A case is about open items of one customer in one currency. Choose such items.")
        return refused(request, text, then=then)
    return _dialog(request, rows, address=reverse("disputes:open_items"), back=then)


def _dialog(request: CompanyRequest, rows: Sequence[ItemRow], *, address: str, back: str) -> HttpResponse:
    sent = "question" in request.POST
    single = rows[0].open if len(rows) == 1 else None
    people = may_be_asked(
        company=request.company, salesperson=salesperson_of(customer=rows[0].customer), on=day_of(request)
    )
    data = request.POST if sent else None
    reasons = _offered(request)
    form = OpenForm(data, on=day_of(request), people=people, reasons=reasons, open_sum=single)
    if sent and form.is_valid():
        return _opened(request, form, rows, back)
    context = {
        "title": _("Clarify %(number)s") % {"number": rows[0].number}
        if single
        else _("Clarify the chosen items"),
        "address": address,
        "back": back,
        "form": form,
        "rows": rows,
        "sum": Money(sum(row.open_minor for row in rows), rows[0].currency),
    }
    return layered(request, "disputes/open_item.html", context, status=422 if form.errors else 200)


def _opened(request: CompanyRequest, form: OpenForm, rows: Sequence[ItemRow], back: str) -> HttpResponse:
    known = form.cleaned_data
    try:
        case = open_case(
            **doing(request),
            customer=rows[0].customer,
            parts=[Part(row.item, known.get("amount")) for row in rows],
            reason=known["reason"],
            question=known["question"],
            assignee=known["assignee"],
            due_on=known["due_on"],
        )
    except AlreadyInClarification as found:
        then = reverse("disputes:case", args=[found.case])
        return refused(request, _("That stands in case %(case)s already.") % {"case": found.case}, then=then)
    except (NothingToClarify, HeldAmountIsNotOpen, SeveralCurrencies):
        return refused(request, _("Less is open meanwhile. Look at it and decide again."), then=back)
    except ReasonNotOffered:
        return refused(request, _("That reason has been retired meanwhile. Choose another one."), then=back)
    except AssigneeMayNotAnswer:
        return refused(request, _("That person can no longer answer. Choose somebody else."), then=back)
    text = _("Case %(case)s is open. What is disputed is not reminded of.") % {"case": case.id}
    undo, sent = reverse("disputes:closure", args=[case.id]), {"outcome": "valid"}
    return done(request, text, then=reverse("disputes:case", args=[case.id]), undo=undo, sent=sent)


def _offered(request: CompanyRequest) -> dict[str, str]:
    """The reasons that new cases may have, in words."""
    routing = routing_of(company=request.company.id).routing
    return {code: name for code, name in reason_names(routing).items() if code in routing.offered}


def _row(request: CompanyRequest, item: int) -> ItemRow:
    row = queries.item_row(item=item, on=day_of(request), scope=scope_of(request))
    if row is None:
        raise Http404
    return row
