"""A pile of letters for the printing office: made, downloaded, posted, and that word taken back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.kit.runtime import now
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.kit.ways import elsewhere, see, whole_number
from debitora.messaging import gates
from debitora.messaging.actions import (
    NothingWaits,
    PileCounted,
    PileNotPosted,
    PilePosted,
    SendingIsLocked,
    make_pile,
    post_pile,
    take_pile_back,
)
from debitora.messaging.actions.dropping import ask_to_drop, to_service
from debitora.messaging.actions.piles import MOST
from debitora.messaging.forms import words
from debitora.messaging.forms.words import said
from debitora.messaging.models import Pile
from debitora.messaging.pages.answers import done, kept_bytes, refused
from debitora.messaging.pages.letters import warn
from debitora.messaging.queries import lock_in_force
from debitora.messaging.queries.piles import PileRow, last_drop, pile_rows, pile_state
from debitora.messaging.rules.merging import LetterUnreadable
from debitora.people.gates import CompanyRequest, actor, fresh, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("deliveries.settle", methods=("POST",))
def piled(request: CompanyRequest) -> HttpResponse:
    """Join the chosen letters, or all that wait, in one PDF."""
    then = reverse("messaging:letters")
    everything = request.POST.get("all") == "yes"
    chosen = [found for text in request.POST.getlist("chosen")[:MOST] if (found := whole_number(text))]
    try:
        made = make_pile(
            company=request.company,
            chosen=None if everything else chosen,
            duplex=request.POST.get("duplex") == "yes",
            by=actor(request),
            at=now(),
        )
    except NothingWaits:
        return refused(
            request, _("None of the chosen letters waits any more: somebody was faster."), then=then
        )
    except (BytesMissing, BytesDiffer, LetterUnreadable):
        said_why = _(
            "A letter's stored bytes are missing or were altered. Nothing was joined; run `debitora check`."
        )
        return refused(request, said_why, then=then)
    return see(reverse("messaging:pile", args=[made.id]))


@page("deliveries.view")
def pile(request: CompanyRequest, pile: int) -> HttpResponse:
    """What lies in the pile, and whether it was posted."""
    found = gates.pile_of_letters(pile=pile)
    state = pile_state(found)
    acts = may(request.role, "deliveries.settle")
    rows = [_row(row) for row in pile_rows(pile=found.id)]
    context = {
        "pile": found,
        "state": state,
        "names": names_by_login(company=request.company),
        "rows": rows,
        "waiting": sum(bool(row["waits"]) for row in rows),
        "locked": lock_in_force(company=request.company.id),
        "may_post": acts and state.posted_at is None,
        "may_take_back": acts and state.reversible(now()),
        **_service(request, found, acts),
    }
    return render(request, "messaging/pile.html", context)


def _service(request: CompanyRequest, pile: Pile, acts: bool) -> dict[str, object]:
    """How far the pile is on its way to the letter service, and whether it may go there."""
    last = last_drop(pile=pile.id)
    free = last is None or last.state == "failed"
    return {
        "drop": last,
        "drop_state": said(words.DROP_STATES, last.state) if last else "",
        "drop_reason": said(words.DROP_REASONS, last.reason) if last and last.reason else "",
        "may_drop": acts and free and to_service(company_code=request.company.code) is not None,
    }


def _row(row: PileRow) -> dict[str, object]:
    return {
        "id": row.intent,
        "place": row.place,
        "customer": row.name,
        "customer_number": row.customer_number,
        "customer_url": elsewhere("receivables:customer", row.customer),
        "town": row.town,
        "pages": row.pages,
        "state": said(words.STATES, row.state),
        "shape": words.SHAPES[row.state],
        "waits": row.state == "queued",
    }


@page("deliveries.view")
def joined(request: CompanyRequest, pile: int) -> HttpResponse:
    """The pile as one PDF, its list in front. Downloading it changes nothing."""
    found = gates.pile_of_letters(pile=pile)
    name = f"{request.company.code}-{found.number}.pdf"
    return kept_bytes(found.document, "application/pdf", name, shown="attachment")


@page("deliveries.settle", methods=("POST",))
def posted(request: CompanyRequest, pile: int) -> HttpResponse:
    """The pile was printed and posted; each letter is looked at once more."""
    found = gates.pile_of_letters(pile=pile)
    then = reverse("messaging:pile", args=[found.id])
    try:
        handed = post_pile(company=request.company.id, pile=found.id, by=actor(request), at=now())
    except PilePosted:
        return refused(request, _("This pile counts as posted already."), then=then)
    except SendingIsLocked:
        return refused(request, _("Sending is locked: no letter may go out either."), then=then)
    warn(request, handed)
    count = len(handed.printed)
    text = ngettext("%(count)d letter is out of the house.", "%(count)d letters are out of the house.", count)
    return done(request, text % {"count": count}, then=then)


@page("deliveries.settle", methods=("POST",))
@fresh
def dropped(request: CompanyRequest, pile: int) -> HttpResponse:
    """The pile goes to the letter service: into its folder, and cannot be taken back."""
    found = gates.pile_of_letters(pile=pile)
    then = reverse("messaging:pile", args=[found.id])
    if to_service(company_code=request.company.code) is None:
        return refused(request, said(words.DROP_REASONS, "folder_missing"), then=then)
    ask_to_drop(company=request.company.id, pile=found.id, by=actor(request), at=now())
    return done(request, _("The pile goes to the letter service now."), then=then)


@page("deliveries.settle", methods=("POST",))
def taken_back(request: CompanyRequest, pile: int) -> HttpResponse:
    """The pile was not posted after all: its letters wait again."""
    found = gates.pile_of_letters(pile=pile)
    then = reverse("messaging:pile", args=[found.id])
    try:
        count = take_pile_back(company=request.company.id, pile=found.id, by=actor(request), at=now())
    except PileNotPosted:
        return refused(request, _("This pile does not count as posted."), then=then)
    except PileCounted:
        return refused(
            request, _("Too late: these letters have counted, and their items have risen."), then=then
        )
    text = ngettext("%(count)d letter waits again.", "%(count)d letters wait again.", count)
    return done(request, text % {"count": count}, then=then)
