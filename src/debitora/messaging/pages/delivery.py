"""One message: what exactly was sent, everything that happened to it, and what a person may still do."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.documents.queries import read_bytes
from debitora.kit.runtime import now
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.kit.ways import elsewhere
from debitora.messaging import gates
from debitora.messaging.actions import IntentMoved, cancel_delivery, settle
from debitora.messaging.forms import words
from debitora.messaging.forms.settling import CancelForm, SettleForm
from debitora.messaging.forms.words import said
from debitora.messaging.models import Attempt, IncomingMail, Intent
from debitora.messaging.pages.answers import done, kept_bytes, refused
from debitora.messaging.queries import attempts_of
from debitora.messaging.queries.incoming import incoming_of
from debitora.messaging.rules.reading import ReadMail, read_mail
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may

_JOBS = ("messaging.", "dunning.", "exchange.")
"""How the labels of our own jobs begin."""
_ICONS = {
    "queued": "clock",
    "claimed": "player-play",
    "data_started": "cloud-upload",
    "accepted": "mail-check",
    "refused_temp": "rotate-clockwise",
    "refused_perm": "mail-off",
    "uncertain": "question-mark",
    "stopped": "hand-stop",
    "cancelled": "x",
    "printed": "printer",
    "returned": "mail-off",
}

_SETTLED: words.Words = {
    "sent": gettext_lazy("Settled: it arrived. The items rise by one level."),
    "resend": gettext_lazy("It goes out again, as the same mail under the same Message-ID."),
    "dropped": gettext_lazy("Settled: nothing more goes out."),
}


@page("deliveries.view")
def delivery(request: CompanyRequest, intent: int) -> HttpResponse:
    """The message as a page."""
    return _shown(request, gates.delivery(intent=intent))


def _shown(
    request: CompanyRequest, found: Intent, settling: SettleForm | None = None, status: int = 200
) -> HttpResponse:
    acts, attempts = may(request.role, "deliveries.settle"), attempts_of(intent=found.id)
    context = {
        "intent": found,
        "state": said(words.STATES, found.state),
        "shape": words.SHAPES[found.state],
        "reason": said(words.REASONS, found.stop_reason),
        "channel": said(words.CHANNELS, found.channel),
        "mail": (mail := _mail(found)),
        "headers": [(said(words.HEADERS, name), value) for name, value in mail.headers] if mail else [],
        "happened": [_happened(attempt) for attempt in attempts],
        "is_dead": any(attempt.reason == "address_is_dead" for attempt in attempts),
        "reports": [_reported(mail) for mail in incoming_of(intent=found.id)],
        "customer_url": elsewhere("receivables:customer", found.customer_id),
        "notice_url": elsewhere("dunning:notice", found.subject_id) if found.kind == "notice" else "",
        "next_at": found.due_at if found.state == "refused_temp" else None,
        "leaves_at": found.due_at if found.state == "queued" and found.due_at > now() else None,
        "settling": settling or SettleForm() if acts and found.state == "uncertain" else None,
        "may_cancel": acts and found.state in ("queued", "refused_temp"),
        "cancelling": CancelForm(),
        "names": names_by_login(company=request.company),
    }
    return render(request, "messaging/delivery.html", context, status=status)


def _mail(found: Intent) -> ReadMail | None:
    """The stored mail, read; None for a letter, and where the bytes are gone or altered."""
    if found.body is None:
        return None
    try:
        return read_mail(read_bytes(found.body))
    except (BytesMissing, BytesDiffer):
        return None


def _happened(attempt: Attempt) -> dict[str, Any]:
    return {
        "icon": _ICONS[attempt.state],
        "at": attempt.recorded_at,
        "who": _("Debitora") if attempt.actor_label.startswith(_JOBS) else attempt.actor_label,
        "state": said(words.STATES, attempt.state),
        "reason": said(words.REASONS, attempt.reason),
        "reply": attempt.reply,
    }


def _reported(mail: IncomingMail) -> dict[str, Any]:
    return {
        "mail": mail,
        "state": said(words.INCOMING, mail.state),
        "shape": words.INCOMING_SHAPES[mail.state],
    }


@page("deliveries.view")
def document(request: CompanyRequest, intent: int) -> HttpResponse:
    """Exactly the PDF that was sent. Shown in place only because its content is known to be a letter of ours."""
    found = gates.delivery(intent=intent)
    if found.document_id == found.body_id:  # a mail without a letter is its own document
        raise Http404
    return kept_bytes(found.document, "application/pdf", f"{found.public_id}.pdf", shown="inline")


@page("deliveries.view")
def mail(request: CompanyRequest, intent: int) -> HttpResponse:
    """Exactly the bytes that went over the wire, for a mail program."""
    found = gates.delivery(intent=intent)
    return kept_bytes(found.body, "message/rfc822", f"{found.public_id}.eml", shown="attachment")


@page("deliveries.settle", methods=("POST",))
def settled(request: CompanyRequest, intent: int) -> HttpResponse:
    """A person says what became of an uncertain message."""
    found, form = gates.delivery(intent=intent), SettleForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    finding, then = form.cleaned_data["finding"], reverse("messaging:delivery", args=[intent])
    try:
        settle(
            company=request.company.id,
            intent=found.id,
            finding=finding,
            note=form.cleaned_data["note"],
            by=actor(request),
            at=now(),
        )
    except IntentMoved:
        return refused(request, _("Somebody has settled this already: see below."), then=then)
    return done(request, str(_SETTLED[finding]), then=then)


@page("deliveries.settle", methods=("POST",))
def cancelled(request: CompanyRequest, intent: int) -> HttpResponse:
    """A person takes a message back that has not left."""
    found, form = gates.delivery(intent=intent), CancelForm(request.POST)
    then = reverse("messaging:delivery", args=[intent])
    if not form.is_valid():
        return refused(request, _("Please give a reason."), then=then)
    try:
        cancel_delivery(
            company=request.company.id,
            intent=found.id,
            note=form.cleaned_data["reason"],
            by=actor(request),
            at=now(),
        )
    except IntentMoved:
        return refused(request, _("It was too late: the message has moved on, see below."), then=then)
    return done(request, _("Taken back. It will not leave the house."), then=then)
