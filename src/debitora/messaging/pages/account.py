"""The bank account on letters: a change waits for a second person, and is shown wherever letters come from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.kit.ways import whole_number
from debitora.messaging.actions import (
    NeedsAnotherPerson,
    NoOpenChange,
    RoleIsNewer,
    TooEarly,
    confirm_account,
    withdraw_account,
)
from debitora.messaging.pages.answers import done, refused
from debitora.messaging.queries.accounts import against_confirming, confirmed_lately, open_change
from debitora.messaging.rules.accounts import ALONE_AFTER, Refusal
from debitora.messaging.rules.sheet import grouped_iban
from debitora.people.gates import CompanyRequest, actor, fresh, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


def account_context(request: CompanyRequest) -> dict[str, Any]:
    """What `_account.html` shows: the change that waits, what this person may do about it, and one confirmed lately."""
    waiting = open_change()
    lately = None if waiting else confirmed_lately(at=now())
    change = waiting or (lately.change if lately else None)
    context: dict[str, Any] = {"account_waits": waiting, "account_lately": lately}
    if change is not None:
        context |= {
            "account_new": _iban(change.iban),
            "account_old": _iban(change.old_iban),
            "names": names_by_login(company=request.company),
        }
    if waiting is not None and may(request.role, "settings.edit"):
        against = against_confirming(company=request.company, change=waiting, by=request.person.id, at=now())
        context |= {
            "may_withdraw_account": True,
            "may_confirm_account": against is None,
            "confirm_alone_from": waiting.proposed_at + ALONE_AFTER if against is Refusal.TOO_EARLY else None,
            "role_is_newer": against is Refusal.NEW,
        }
    return context


def _iban(text: str) -> str:
    return grouped_iban(text).replace("\u00a0", " ")


@page("deliveries.view")
def account_warning(request: CompanyRequest) -> HttpResponse:
    """The warning as a part of other pages; empty where there is nothing to warn of."""
    context = account_context(request) | {"account_link": may(request.role, "settings.view")}
    return render(request, "messaging/_account_warning.html", context)


@page("settings.edit", methods=("POST",))
@fresh
def confirmed(request: CompanyRequest) -> HttpResponse:
    """A second person confirms the proposed account."""
    then = reverse("messaging:sender")
    change = whole_number(request.POST.get("change", "")) or 0
    try:
        confirm_account(company=request.company, change=change, by=actor(request), at=now())
    except NoOpenChange:
        return refused(request, _("This change of the account does not wait any more."), then=then)
    except NeedsAnotherPerson:
        return refused(
            request, _("Another credit manager has to confirm the account: you proposed it."), then=then
        )
    except TooEarly:
        said = _("You are the only credit manager: you can confirm your own change after 24 hours.")
        return refused(request, said, then=then)
    except RoleIsNewer:
        said = _(
            "Another credit manager has to confirm the account: you got your role after it was proposed."
        )
        return refused(request, said, then=then)
    return done(request, _("The new account stands on letters from now on."), then=then)


@page("settings.edit", methods=("POST",))
def withdrawn(request: CompanyRequest) -> HttpResponse:
    """The proposed account is thrown away."""
    then = reverse("messaging:sender")
    change = whole_number(request.POST.get("change", "")) or 0
    try:
        withdraw_account(company=request.company.id, change=change, by=actor(request), at=now())
    except NoOpenChange:
        return refused(request, _("This change of the account does not wait any more."), then=then)
    return done(request, _("Withdrawn. The account in force stays."), then=then)
