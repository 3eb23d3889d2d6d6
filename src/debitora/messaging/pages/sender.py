"""Who the company writes as, through which server, and what is missing before a first real sending."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.kit.smtp import NotTaken, Outcome
from debitora.messaging.actions import (
    NotAnAddress,
    NotAnIban,
    NotAPattern,
    PasswordLost,
    SenderChangedMeanwhile,
    SenderRefused,
    allow_recipient,
    disallow_recipient,
    save_sender,
    try_server,
)
from debitora.messaging.actions.sender import FooterTooLong, NamesAnAccount, NotAColour, NotASelector
from debitora.messaging.forms import words
from debitora.messaging.forms.sender import SECURITIES, RecipientForm, SenderForm
from debitora.messaging.forms.words import said
from debitora.messaging.models import Sender
from debitora.messaging.pages.account import account_context
from debitora.messaging.pages.answers import done, refused
from debitora.messaging.pages.emblems import emblem_context
from debitora.messaging.queries import Missing, allowed_recipients, missing_before_sending, sender_of
from debitora.messaging.queries.accounts import open_change
from debitora.messaging.queries.sender import unproven
from debitora.messaging.rules.sheet import grouped_iban
from debitora.people.gates import CompanyRequest, actor, fresh, page
from debitora.people.rules import may

_FIELD_OF: dict[Missing, str] = {
    Missing.NAME: "name",
    Missing.ADDRESS: "street",
    Missing.EMAIL: "email",
    Missing.IBAN: "iban",
    Missing.IMPRINT: "imprint",
    Missing.SERVER: "smtp_host",
    Missing.PASSWORD: "smtp_password",
}


@page("settings.view")
def sender(request: CompanyRequest) -> HttpResponse:
    """The sender and its server as they stand, with the list of what is missing."""
    return _shown(request, RecipientForm())


def _shown(request: CompanyRequest, recipient_form: RecipientForm, status: int = 200) -> HttpResponse:
    found = sender_of(company=request.company.id)
    missing = missing_before_sending(company=request.company.id)
    context = {
        "sender": found,
        "iban": grouped_iban(found.iban).replace("\u00a0", " "),
        "security": dict(SECURITIES).get(found.smtp_security, ""),
        "missing": [_missing(what) for what in missing],
        "may_test": Missing.SERVER not in missing and Missing.EMAIL not in missing,
        "recipients": allowed_recipients(company=request.company.id),
        "recipient_form": recipient_form,
        "may_edit": may(request.role, "settings.edit"),
        "emblems": emblem_context(found),
        "unproven": [(one.upper(), said(words.PROOFS, one)) for one in unproven(company=request.company.id)],
        **account_context(request),
    }
    return render(request, "messaging/sender.html", context, status=status)


def _missing(what: Missing) -> dict[str, str]:
    """What is missing, and the address where it is filled in ("" where no page of ours can)."""
    if what is Missing.LOCKED:
        address = reverse("messaging:sending")
    elif what is Missing.SERVER_TEST:
        address = "#server"
    elif what is Missing.INSTALLATION:
        address = ""
    else:
        address = f"{reverse('messaging:edit_sender')}#id_{_FIELD_OF[what]}"
    return {"word": said(words.MISSING, what), "address": address}


@page("settings.edit", methods=("GET", "POST"))
@fresh
def edit_sender(request: CompanyRequest) -> HttpResponse:
    """Change the sender or the server."""
    found = sender_of(company=request.company.id)
    if request.method == "GET":
        return _form(request, SenderForm.of(found))
    form = SenderForm(request.POST)
    if form.is_valid():
        try:
            saved = save_sender(
                company=request.company.id,
                changes=form.changes(),
                by=actor(request),
                at=now(),
                version=form.cleaned_data["version"],
            )
        except SenderRefused as problem:
            form.add_error(problem.field, _refusal(problem))
        except SenderChangedMeanwhile:
            return _stale(request, found)
        else:
            return done(request, _saved(saved), then=reverse("messaging:sender"))
    return _form(request, form, status=422)


def _refusal(problem: SenderRefused) -> str:
    if isinstance(problem, NotAnIban):
        return _("This is not an IBAN: its length, letters or check digits do not fit.")
    if isinstance(problem, NotAColour):
        return _("Write a colour as #1c2430 that stands out from white paper.")
    if isinstance(problem, NotASelector):
        return _("A selector is one word, as it stands before ._domainkey in your domain's records.")
    if isinstance(problem, NamesAnAccount):
        return _("An IBAN has no place here: letters name the account above, which two people have seen.")
    if isinstance(problem, FooterTooLong):
        return _("At most three columns of six lines fit.")
    return _("This is not exactly one e-mail address that every server can deliver to.")


def _saved(sender: Sender) -> str:
    if open_change() is not None:
        return _("Saved. The other account waits for a second person; letters name the old one until then.")
    if sender.smtp_host and sender.smtp_tested_at is None:
        return _("Saved. Now test the mail server: nothing is sent before that.")
    return _("Saved.")


def _stale(request: CompanyRequest, found: Sender) -> HttpResponse:
    """What was typed is kept, with the version that stands now, so that saving again lets it stand."""
    typed = request.POST.copy()
    typed["version"] = str(found.version)
    return _form(request, SenderForm(typed), status=409, stale=_differences(found, request.POST))


def _differences(found: Sender, typed: Any) -> list[dict[str, str]]:
    form = SenderForm.of(found)
    return [
        {"label": str(field.label), "now": str(field.initial)}
        for field in form
        if field.name not in ("version", "smtp_password", "only_allowed")
        and str(field.initial) != typed.get(field.name, "").replace("\r\n", "\n").strip()
    ]


def _form(
    request: CompanyRequest, form: SenderForm, *, status: int = 200, stale: list[dict[str, str]] | None = None
) -> HttpResponse:
    return render(request, "messaging/edit_sender.html", {"form": form, "stale": stale}, status=status)


@page("settings.edit", methods=("POST",))
def tested(request: CompanyRequest) -> HttpResponse:
    """Speak to the mail server now, without sending anything."""
    then = reverse("messaging:sender")
    try:
        try_server(company=request.company.id, by=actor(request), at=now())
    except NotTaken as problem:
        return refused(request, _told(problem.outcome), then=then)
    except NotAnAddress:
        return refused(request, _("First fill in the e-mail address that mails come from."), then=then)
    except PasswordLost:
        return refused(
            request, _("The stored password cannot be read any more: please enter it again."), then=then
        )
    except SenderChangedMeanwhile:
        return refused(request, _("The server was changed meanwhile: please test again."), then=then)
    if unproven(company=request.company.id):
        text = _(
            "The mail server answers and takes our address, but its domain does not prove it. See below."
        )
        return refused(request, text, then=f"{then}#server")
    return done(request, _("The mail server answers and takes our address. Mails may go."), then=then)


def _told(outcome: Outcome) -> str:
    """What the server said, or did not, in words."""
    if outcome.silence:
        return _("The mail server was not usable: %(what)s.") % {
            "what": said(words.SILENCES, outcome.silence)
        }
    if outcome.phase == "hello":
        start = _("The mail server did not let us in. It says: %(code)s %(text)s")
    elif outcome.phase == "mail":
        start = _("The mail server refuses our address. It says: %(code)s %(text)s")
    else:
        start = _("The mail server refused. It says: %(code)s %(text)s")
    return start % {"code": outcome.code, "text": outcome.text[:200]}


@page("settings.edit", methods=("POST",))
def allowed(request: CompanyRequest) -> HttpResponse:
    """Add an allowed recipient of a test system."""
    form = RecipientForm(request.POST)
    if form.is_valid():
        pattern = form.cleaned_data["pattern"]
        try:
            allow_recipient(company=request.company.id, pattern=pattern, by=actor(request), at=now())
        except NotAPattern:
            form.add_error("pattern", _("Write one address, or a domain as @example.com."))
        else:
            return done(request, _("Added."), then=reverse("messaging:sender"))
    return _shown(request, form, status=422)


@page("settings.edit", methods=("POST",))
def disallowed(request: CompanyRequest) -> HttpResponse:
    """Take an allowed recipient back."""
    pattern = request.POST.get("pattern", "")[:254]
    disallow_recipient(company=request.company.id, pattern=pattern, by=actor(request), at=now())
    return done(request, _("Removed."), then=reverse("messaging:sender"))
