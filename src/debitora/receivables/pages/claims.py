"""Claims beside the items: their list, and a waiver with its way back."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit import exports
from debitora.kit.columns import for_file, table
from debitora.kit.narrowing import Chip, Menu, carried, chip, choices, ids, paging, text_of, whole
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, fetched, page
from debitora.people.rules import may
from debitora.receivables import actions, gates
from debitora.receivables.actions.claims import MoreThanIsOpen, ReversedBefore, open_of
from debitora.receivables.forms.claims import WaiverForm
from debitora.receivables.forms.words import sum_text
from debitora.receivables.models import Claim
from debitora.receivables.models.claims import CLAIM_KINDS
from debitora.receivables.pages.claim_columns import MONEY, SHOWN, WRITTEN, claim_columns, kind_words
from debitora.receivables.pages.layers import day_of, done, layered, refused, scope_of
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.receivables.queries.claims import (
    CLAIM_SORTS,
    ClaimFilters,
    ClaimRow,
    claims_open,
    claims_page,
)
from debitora.values.money import Money

SIZE = 50


@page("items.view")
def claims(request: CompanyRequest) -> HttpResponse:
    """Fees, interest and lump sums that are open, or those that are settled."""
    query, filters = request.GET, _filters(request.GET)
    shown, sort = _shown(request, filters)
    columns = claim_columns(may_waive=may(request.role, "claims.waive"))
    chips = list(_chips(query, filters))
    sums = claims_open(filters=filters, scope=scope_of(request))
    context = {
        "rows": shown.rows,
        **table(query, columns, SHOWN, shown.rows, key=lambda row: row.claim),
        "sort": sort,
        **paging(query, shown.next),
        "count": sum(claims for _currency, claims, _minor in sums),
        "sums": [sum_text(minor, currency) for currency, _claims, minor in sums],
        "chips": chips,
        "menus": _menus(query, filters),
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text),
    }
    return render(request, "receivables/claims.html", context)


@page("items.view")
@fetched
def claims_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All claims of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, sort, scope = _filters(request.GET), _sort(request.GET), scope_of(request)

    def ask(after: str | None, size: int) -> Page[ClaimRow]:
        return claims_page(filters=filters, sort=sort, after=after, size=size, scope=scope)

    columns = for_file(request.GET, claim_columns(may_waive=False), WRITTEN, money=MONEY)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    name = f"claims-{day_of(request).isoformat()}"
    return exports.as_file(kind, name, [column.label for column in columns], lines)


@page("claims.waive", methods=("GET", "POST"))
def waive_claim(request: CompanyRequest, claim: int) -> HttpResponse:
    """Give up a claim or a part of it: first what stays, then, with a reason, do it."""
    found = gates.claim(scope=scope_of(request), claim=claim)
    then = reverse("receivables:claims")
    is_open = Money(open_of(found), found.currency)
    if not is_open:
        return refused(request, _("Nothing is open of this claim."), then=then)
    form = WaiverForm(request.POST or None, open_sum=is_open)
    if request.method == "POST" and form.is_valid():
        return _waived(request, found, form, then)
    context = {
        "title": _("Waive: %(claim)s") % {"claim": kind_words()[found.kind]},
        "address": reverse("receivables:waive_claim", args=[claim]),
        "back": then,
        "form": form,
        "claim": found,
        "open": is_open,
    }
    return layered(request, "receivables/claim_waiver.html", context, status=422 if form.errors else 200)


@page("claims.waive", methods=("POST",))
def restore_claim(request: CompanyRequest) -> HttpResponse:
    """Claim again what was just waived: the way back from a toast."""
    then = reverse("receivables:claims")
    restored = 0
    for entry in ids(request.POST.getlist("waiver")[:1]):
        found = gates.waiver(scope=scope_of(request), waiver=entry)
        try:
            actions.restore_claim(
                company=request.company.id, entry=found.id, on=day_of(request), by=actor(request), at=now()
            )
        except ReversedBefore:
            continue
        restored += 1
    if not restored:
        return refused(request, _("That waiver was taken back before. Nothing was changed."), then=then)
    return done(request, _("The claim stands again."), then=then)


def _waived(request: CompanyRequest, claim: Claim, form: WaiverForm, then: str) -> HttpResponse:
    amount = form.cleaned_data["amount"]
    try:
        entry = actions.waive_claim(
            company=request.company.id,
            claim=claim.id,
            amount=amount,
            reason=form.cleaned_data["reason"],
            on=day_of(request),
            by=actor(request),
            at=now(),
        )
    except MoreThanIsOpen:
        return refused(request, _("Less is open meanwhile. Look at it and decide again."), then=then)
    text = _("%(sum)s are waived.") % {"sum": sum_text(amount.minor, amount.currency)}
    return done(
        request, text, then=then, undo=reverse("receivables:restore_claim"), sent={"waiver": [entry.id]}
    )


def _shown(request: CompanyRequest, filters: ClaimFilters) -> tuple[Page[ClaimRow], str]:
    """The page asked for and its sort; an old or foreign place shows the first page."""
    sort, scope = _sort(request.GET), scope_of(request)
    try:
        return claims_page(
            filters=filters, sort=sort, after=request.GET.get("after"), size=SIZE, scope=scope
        ), sort
    except CursorUnreadable:
        return claims_page(filters=filters, sort=sort, size=SIZE, scope=scope), sort


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "customer")
    return sort if sort.removeprefix("-") in CLAIM_SORTS else "customer"


def _filters(query: QueryDict) -> ClaimFilters:
    kind = query.get("kind", "")
    return ClaimFilters(
        kind=kind if kind in CLAIM_KINDS else "",
        settled=query.get("state") == "settled",
        customer=whole(query, "customer"),
        text=text_of(query, "text"),
    )


def _chips(query: QueryDict, filters: ClaimFilters) -> Iterator[Chip]:
    if filters.kind:
        yield chip(query, "kind", _("Claim"), kind_words()[filters.kind])
    if filters.settled:
        yield chip(query, "state", _("State"), _("nothing open"))
    if filters.customer is not None:
        yield chip(query, "customer", _("Customer"), _("one customer"))


def _menus(query: QueryDict, filters: ClaimFilters) -> Iterator[Menu]:
    if not filters.kind:
        yield Menu(_("Claim"), choices(query, "kind", dict(kind_words())))
    if not filters.settled:
        yield Menu(_("State"), choices(query, "state", {"settled": _("nothing open")}))
