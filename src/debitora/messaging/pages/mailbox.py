"""The mailbox whose mails are fetched: where it is, whether it answers, how the last look went."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.kit.imap import MailboxFailed
from debitora.kit.runtime import now, today
from debitora.messaging.actions.mailbox import MailboxChangedMeanwhile, save_mailbox, try_mailbox
from debitora.messaging.actions.sender import PasswordLost
from debitora.messaging.forms.mailbox import FAILURES, MailboxForm
from debitora.messaging.pages.answers import done, refused
from debitora.messaging.queries.mailbox import mailbox_of
from debitora.people.gates import CompanyRequest, actor, fresh, page


@page("settings.edit", methods=("GET", "POST"))
@fresh
def mailbox(request: CompanyRequest) -> HttpResponse:
    """The mailbox as it stands, to be changed."""
    if request.method == "GET":
        return _shown(request, MailboxForm.of(mailbox_of(company=request.company.id)))
    form = MailboxForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, 422)
    try:
        saved = save_mailbox(
            company=request.company.id,
            changes=form.changes(),
            on=today(request.company.time_zone),
            by=actor(request),
            at=now(),
            version=form.cleaned_data["version"],
        )
    except MailboxChangedMeanwhile:
        text = _("Somebody else has changed the mailbox meanwhile. This is how it stands now.")
        return refused(request, text, then=_there())
    text = _("Saved. Now test the mailbox.") if saved.host else _("Saved. No mailbox is read.")
    return done(request, text, then=_there())


@page("settings.edit", methods=("POST",))
@fresh
def mailbox_tested(request: CompanyRequest) -> HttpResponse:
    """Sign in and open the folder now; nothing is changed there."""
    try:
        count = try_mailbox(company=request.company.id)
    except MailboxFailed as failed:
        return refused(request, told(failed.code, failed.words), then=_there())
    except PasswordLost:
        text = _("The stored password cannot be read any more: please enter it again.")
        return refused(request, text, then=_there())
    text = ngettext(
        "The mailbox answers: %(count)d mail lies in the folder.",
        "The mailbox answers: %(count)d mails lie in the folder.",
        count,
    )
    return done(request, text % {"count": count}, then=_there())


def told(code: str, words: str) -> str:
    """Why a mailbox could not be read, with the server's own words."""
    text = _("The mailbox was not usable: %(what)s.") % {"what": FAILURES.get(code, code)}
    return f"{text} {words}".strip()


def _shown(request: CompanyRequest, form: MailboxForm, status: int = 200) -> HttpResponse:
    box = mailbox_of(company=request.company.id)
    context = {
        "form": form,
        "box": box,
        "problem": told(box.problem, box.problem_words) if box and box.problem else "",
    }
    return render(request, "messaging/mailbox.html", context, status=status)


def _there() -> str:
    return reverse("messaging:mailbox")
