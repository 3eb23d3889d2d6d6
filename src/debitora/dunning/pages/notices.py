"""One notice: what it says, its papers, what happened to it; and the notices of a customer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.dunning import gates
from debitora.dunning.actions import NoticeEnded, NoticeOnItsWay, cancel_notice, reinstate, withhold
from debitora.dunning.forms.runs import NoteForm
from debitora.dunning.models import Notice
from debitora.dunning.pages.answers import done, refused, scope_of
from debitora.dunning.queries.addressee import addressee
from debitora.dunning.queries.enclosing import papers_of
from debitora.dunning.queries.lists import NoticeFilters, NoticeRow, notice_row, notices_page
from debitora.dunning.queries.notices import course_of_notice, is_call, lines_of, rendered
from debitora.dunning.queries.papers import (
    NoLetter,
    history_of,
    letter_now,
    mail_text,
    messages_of,
    stored_letter,
)
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere, handed_out
from debitora.messaging.rules.pictures import NoSuchPage, page_count, page_picture
from debitora.people.gates import actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may
from debitora.receivables import gates as ledger_gates

_CANCELLABLE = ("waiting", "no_recipient", "render_failed", "call_due", "queued", "refused_temp")
_HOLDABLE = ("proposed", "no_recipient", "waiting", "render_failed")
_BESIDE = 20


def _gated(request: Any, notice: int) -> Notice:
    return gates.notice(notice=notice, scope=scope_of(request))


@page("notices.view")
def notice(request: Any, notice: int) -> HttpResponse:
    """The notice as a page, or in the side panel."""
    found = _gated(request, notice)
    row = _row(found)
    made, sent = rendered(notice=found.id), messages_of(notice=found.id)
    letter, problem = _letter(request, found)
    context = {
        "notice": row,
        "facts": found,
        "lines": lines_of(notice=found.id),
        "made": made,
        "pages": range(1, page_count(letter) + 1),
        "problem": problem,
        "papers": papers_of(notice=found, made=made is not None),
        "mails": [mail for message in sent if (mail := mail_text(message))],
        "history": history_of(notice=found.id),
        "names": names_by_login(company=request.company),
        "customer_url": elsewhere("receivables:customer", found.customer_id),
        "delivery_url": _delivery_url(request, sent[-1].id) if sent else "",
        "call_url": reverse("dunning:call", args=[found.id])
        if course_of_notice(notice=found.id).is_call
        else "",
        "is_call": is_call(notice=found),
        "addressee": addressee(notice=found, sent=sent),
        "may_open_run": may(request.role, "runs.view"),
        "may_complete": may(request.role, "customers.edit"),
        **_rights(request, row),
    }
    in_panel = bool(request.htmx) and request.htmx.target == "panel"
    return render(request, f"dunning/notice{'_panel' if in_panel else ''}.html", context)


def _delivery_url(request: Any, intent: int) -> str:
    """The address of a delivery for whom it is open to."""
    return elsewhere("messaging:delivery", intent) if may(request.role, "deliveries.view") else ""


def _row(found: Notice) -> NoticeRow:
    row = notice_row(notice=found.id)
    if row is None:
        raise Http404
    return row


def _rights(request: Any, row: NoticeRow) -> dict[str, bool]:
    acts = may(request.role, "runs.start")
    return {
        "may_withhold": acts and row.state in _HOLDABLE,
        "may_reinstate": acts and row.state == "withheld",
        "may_cancel": acts and row.state in _CANCELLABLE,
    }


@page("notices.view")
def items(request: Any, notice: int) -> HttpResponse:
    """The items of a notice, to be unfolded in a list."""
    found = _gated(request, notice)
    context = {"lines": lines_of(notice=found.id), "currency": found.currency}
    return render(request, "dunning/_lines.html", context)


# ------------------------------------------------------------------------------------------------- its papers


def _letter(request: Any, found: Notice) -> tuple[bytes, str]:
    """The stored letter, else the one that would be made now; or nothing and the code of the problem. A call has none."""
    made = rendered(notice=found.id)
    if is_call(notice=found):
        return b"", ""
    try:
        if made:
            return stored_letter(made=made), ""
        return letter_now(company=request.company, notice=found, at=now()), ""
    except NoLetter as problem:
        return b"", str(problem)


@page("notices.view")
def letter(request: Any, notice: int) -> HttpResponse:
    """Exactly the PDF that was stored. Shown in place only because its content is known to be a letter of ours."""
    made = rendered(notice=_gated(request, notice).id)
    if made is None:
        raise Http404
    try:
        return handed_out(stored_letter(made=made), "application/pdf", f"{made.notice.number}.pdf")
    except NoLetter:
        raise Http404 from None


@page("notices.view")
def preview(request: Any, notice: int, page: int) -> HttpResponse:
    """A page of the letter as a picture: of the stored one, else of the one that would be made now."""
    found = _gated(request, notice)
    letter, _problem = _letter(request, found)
    try:
        return handed_out(page_picture(letter, page=page), "image/png", f"{found.number}-{page}.png")
    except NoSuchPage:
        raise Http404 from None


# ------------------------------------------------------------------------------------------------ what is done


@page("runs.start", methods=("POST",))
def withheld(request: Any, notice: int) -> HttpResponse:
    """Hold the notice back."""
    found, there = _gated(request, notice), reverse("dunning:notice", args=[notice])
    form = NoteForm(request.POST)
    note = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        withhold(company=request.company.id, notices=[found.id], note=note, by=actor(request), at=now())
    except (NoticeOnItsWay, NoticeEnded):
        return refused(request, _("It was too late to withhold this notice."), then=there)
    undo = reverse("dunning:notice_reinstated", args=[notice])
    return done(request, _("The notice is withheld."), then=there, undo=undo)


@page("runs.start", methods=("POST",))
def reinstated(request: Any, notice: int) -> HttpResponse:
    """Let the notice go after all."""
    found, there = _gated(request, notice), reverse("dunning:notice", args=[notice])
    try:
        reinstate(company=request.company.id, notices=[found.id], by=actor(request), at=now())
    except (NoticeOnItsWay, NoticeEnded):
        return refused(request, _("This notice has moved on already."), then=there)
    return done(request, _("The notice goes with its run again."), then=there)


@page("runs.start", methods=("POST",))
def cancelled(request: Any, notice: int) -> HttpResponse:
    """Take the notice back while it has not left."""
    found, there = _gated(request, notice), reverse("dunning:notice", args=[notice])
    gone = cancel_notice(
        company=request.company.id, notice=found.id, reason="by_hand", by=actor(request), at=now()
    )
    if not gone:
        return refused(
            request, _("It was too late: the notice is on its way or has ended already."), then=there
        )
    return done(
        request, _("The notice is cancelled. Its items are looked at again by the next run."), then=there
    )


@page("notices.view")
def customer_notices(request: Any, customer: int) -> HttpResponse:
    """The newest notices of a customer, as a panel of her sheet."""
    scope = scope_of(request)
    ledger_gates.customer(scope=scope, customer=customer)
    filters = NoticeFilters(customer=customer)
    found = notices_page(
        filters=filters, sort="-newest", after=request.GET.get("after"), size=_BESIDE, scope=scope
    )
    return render(request, "dunning/_customer_notices.html", {"found": found, "customer": customer})


@page("notices.view")
def item_notices(request: Any, item: int) -> HttpResponse:
    """The notices that list an item, newest first, as a part of its panel."""
    scope = scope_of(request)
    found = ledger_gates.item(scope=scope, item=item)
    filters = NoticeFilters(customer=found.customer_id, item=found.id)
    rows = notices_page(filters=filters, sort="-newest", size=_BESIDE, scope=scope).rows
    return render(request, "dunning/_item_notices.html", {"rows": rows})
