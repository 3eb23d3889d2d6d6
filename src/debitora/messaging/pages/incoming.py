"""Mails that came in: the list, and one of them with what it says and what it changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.narrowing import chip, choices, one_of, paging, whole
from debitora.messaging import gates
from debitora.messaging.forms import words
from debitora.messaging.forms.words import said
from debitora.messaging.models import IncomingMail
from debitora.messaging.pages.answers import kept_bytes
from debitora.messaging.queries.incoming import incoming_page, mailbox
from debitora.people.gates import CompanyRequest, page

SIZE = 50


@page("deliveries.view")
def incoming(request: CompanyRequest) -> HttpResponse:
    """All mails that came in, newest first, as the address narrows them; and whether there is a folder at all."""
    query = request.GET
    state = one_of(query, "state", words.INCOMING)
    shown = incoming_page(state=state, before=whole(query, "after"), size=SIZE)
    chips = [chip(query, "state", _("Found to be"), said(words.INCOMING, state))] if state else []
    context = {
        "rows": [_seen(mail) for mail in shown.rows],
        "chips": chips,
        "menus": [(_("Found to be"), choices(query, "state", words.INCOMING, now=state))],
        "reset": reverse("messaging:incoming") if chips else "",
        "folder": mailbox(company_code=request.company.code),
        **paging(query, str(shown.next) if shown.next else None),
    }
    return render(request, "messaging/incoming.html", context)


@page("deliveries.view")
def incoming_mail(request: CompanyRequest, incoming_mail: int) -> HttpResponse:
    """One mail: what it says, and what it changed."""
    mail = gates.mail_that_came_in(mail=incoming_mail)
    return render(request, "messaging/incoming_mail.html", _seen(mail))


@page("deliveries.view")
def incoming_file(request: CompanyRequest, incoming_mail: int) -> HttpResponse:
    """The bytes of a mail that changed a delivery, for a mail program."""
    mail = gates.mail_that_came_in(mail=incoming_mail)
    return kept_bytes(mail.document, "message/rfc822", f"incoming-{mail.id}.eml", shown="attachment")


def _seen(mail: IncomingMail) -> dict[str, object]:
    """A mail with its codes in words."""
    return {
        "mail": mail,
        "state": said(words.INCOMING, mail.state),
        "shape": words.INCOMING_SHAPES[mail.state],
        "reason": said(words.UNREAD, mail.reason),
    }
