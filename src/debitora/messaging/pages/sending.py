"""The lock of all sending: whether it is in force, and why."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.messaging.actions import SendingLockedAlready, SendingNotLocked, lock_sending, unlock_sending
from debitora.messaging.forms import words
from debitora.messaging.forms.settling import LockForm
from debitora.messaging.forms.words import said
from debitora.messaging.pages.answers import done, refused
from debitora.messaging.queries import lock_in_force, missing_before_sending
from debitora.messaging.queries.sender import Missing, who_locked
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("deliveries.view")
def sending(request: CompanyRequest) -> HttpResponse:
    """Whether messages may go, and what keeps them."""
    return _shown(request, LockForm())


def _shown(request: CompanyRequest, form: LockForm, status: int = 200) -> HttpResponse:
    lock = lock_in_force(company=request.company.id)
    missing = missing_before_sending(company=request.company.id)
    context = {
        "lock": lock,
        "who": who_locked(lock) if lock else "",
        "reason": said(words.LOCK_REASONS, lock.reason) if lock else "",
        "note": lock.wording.text if lock and lock.wording else "",
        "missing": [said(words.MISSING, what) for what in missing if what is not Missing.LOCKED],
        "form": form,
        "names": names_by_login(company=request.company),
        "may_lock": may(request.role, "sending.lock"),
        "may_view_settings": may(request.role, "settings.view"),
    }
    return render(request, "messaging/sending.html", context, status=status)


@page("sending.lock", methods=("POST",))
def locked(request: CompanyRequest) -> HttpResponse:
    """Stop all sending at once."""
    form, then = LockForm(request.POST), reverse("messaging:sending")
    if not form.is_valid():
        return _shown(request, form, status=422)
    try:
        lock_sending(company=request.company.id, note=form.cleaned_data["note"], by=actor(request), at=now())
    except SendingLockedAlready:
        return refused(request, _("Sending was locked already."), then=then)
    return done(request, _("Sending is locked. What is queued waits."), then=then)


@page("sending.lock", methods=("POST",))
def unlocked(request: CompanyRequest) -> HttpResponse:
    """Let messages go again."""
    then = reverse("messaging:sending")
    try:
        unlock_sending(company=request.company.id, by=actor(request), at=now())
    except SendingNotLocked:
        return refused(request, _("Sending was not locked."), then=then)
    return done(request, _("The lock is lifted. What is due goes out now."), then=then)
