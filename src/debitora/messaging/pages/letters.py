"""Letters to print: the pile, and the word that it was posted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere, see, whole_number
from debitora.messaging.actions import Handed, SendingIsLocked, mark_printed
from debitora.messaging.actions.piles import MOST
from debitora.messaging.pages.answers import done, refused
from debitora.messaging.queries import letters_to_print, lock_in_force
from debitora.messaging.queries.piles import newest_piles
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may

MOST_AT_ONCE = MOST


@page("deliveries.view")
def letters(request: CompanyRequest) -> HttpResponse:
    """Letters that wait, oldest first."""
    waiting = letters_to_print()
    context = {
        "rows": [
            {
                "id": row.id,
                "made_at": row.created_at,
                "customer": row.customer_name,
                "customer_number": row.customer_number,
                "customer_url": elsewhere("receivables:customer", row.customer_id),
            }
            for row in waiting[:MOST_AT_ONCE]
        ],
        "count": len(waiting),
        "piles": newest_piles(),
        "names": names_by_login(company=request.company),
        "most": min(len(waiting), MOST),
        "may_print": may(request.role, "deliveries.settle"),
        "locked": lock_in_force(company=request.company.id),
    }
    return render(request, "messaging/letters.html", context)


@page("deliveries.settle", methods=("POST",))
def printed(request: CompanyRequest) -> HttpResponse:
    """The chosen letters were printed; each is looked at once more."""
    then = reverse("messaging:letters")
    chosen = [
        found for text in request.POST.getlist("chosen")[:MOST_AT_ONCE] if (found := whole_number(text))
    ]
    try:
        handed = mark_printed(company=request.company.id, intents=chosen, by=actor(request), at=now())
    except SendingIsLocked:
        return refused(request, _("Sending is locked: no letter may go out either."), then=then)
    warn(request, handed)
    count = len(handed.printed)
    if not count:
        return _none_printed(request, handed, then)
    said = ngettext("%(count)d letter is out of the house.", "%(count)d letters are out of the house.", count)
    return done(request, said % {"count": count}, then=then)


def _none_printed(request: CompanyRequest, handed: Handed, then: str) -> HttpResponse:
    if handed.stopped or handed.waiting:
        return see(then)
    said = _("None of the chosen letters waits any more: somebody was faster.")
    return refused(request, said, then=then)


def warn(request: CompanyRequest, handed: Handed) -> None:
    """Letters that must be taken out of the pile again."""
    if count := len(handed.stopped):
        said = ngettext(
            "%(count)d letter must not be posted any more: its ground has gone. Take it out of the pile.",
            "%(count)d letters must not be posted any more: their ground has gone. Take them out of the pile.",
            count,
        )
        messages.warning(request, said % {"count": count}, extra_tags="stays")
    if count := len(handed.waiting):
        said = ngettext(
            "%(count)d letter waits: its customer is parked.",
            "%(count)d letters wait: their customers are parked.",
            count,
        )
        messages.warning(request, said % {"count": count}, extra_tags="stays")
