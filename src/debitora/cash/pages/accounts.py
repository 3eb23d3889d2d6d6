"""A bank account: what it has at both ends, its statements, and what was accepted to be missing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.cash import gates
from debitora.cash.actions import AccountConfirmed, AccountElsewhere, confirm_account, rename_account
from debitora.cash.forms.files import NameForm
from debitora.cash.models import BankAccount
from debitora.cash.pages.answers import done, names_of, refused
from debitora.cash.queries.accounts import gaps_accepted
from debitora.cash.queries.statements import StatementFilters, statements_page
from debitora.kit.runtime import now
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.rules import may

SHOWN = 10
"""So many statements stand on the account's page; all of them are in the list."""


@page("statements.view")
def account(request: CompanyRequest, bank_account: int) -> HttpResponse:
    """The account."""
    return _shown(request, gates.bank_account(bank_account=bank_account))


@page("statements.take", methods=("POST",))
def confirmation(request: CompanyRequest, bank_account: int) -> HttpResponse:
    """Say that the account is the company's; its statements that waited are applied."""
    found = gates.bank_account(bank_account=bank_account)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form)
    try:
        applied = confirm_account(
            company=request.company.id,
            account=found.id,
            name=form.cleaned_data["name"],
            by=actor(request),
            at=now(),
        )
    except AccountConfirmed:
        return refused(
            request, _("The account was confirmed meanwhile. Nothing was changed."), then=_address(found)
        )
    except AccountElsewhere:
        return refused(
            request,
            _("Another company of this installation has the account. Nothing was changed."),
            then=_address(found),
        )
    text = ngettext(
        "The account is confirmed: %(count)s statement was applied.",
        "The account is confirmed: %(count)s statements were applied.",
        applied,
    )
    return done(request, text % {"count": applied}, then=_address(found))


@page("statements.take", methods=("POST",))
def name(request: CompanyRequest, bank_account: int) -> HttpResponse:
    """Give the account another name."""
    found = gates.bank_account(bank_account=bank_account)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form)
    called = form.cleaned_data["name"]
    if called == found.name:
        return refused(request, _("That is the name it has already."), then=_address(found))
    rename_account(company=request.company.id, account=found.id, name=called, by=actor(request), at=now())
    return done(request, _("The account has its new name."), then=_address(found))


def _shown(request: CompanyRequest, found: BankAccount, *, form: NameForm | None = None) -> HttpResponse:
    statements = statements_page(filters=StatementFilters(account=found.id), size=SHOWN)
    context = {
        "account": found,
        "rows": statements.rows,
        "has_more": statements.next is not None,
        "waiting": sum(row.state == "held" for row in statements.rows),
        "gaps": gaps_accepted(bank_account=found.id),
        "form": form or NameForm(initial={"name": found.name}),
        "wrong": form is not None,
        "names": names_of(request),
        "may_take": may(request.role, "statements.take"),
    }
    return render(request, "cash/account.html", context, status=422 if form else 200)


def _address(found: BankAccount) -> str:
    return reverse("cash:account", args=[found.id])
