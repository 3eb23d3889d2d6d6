"""Messages to many customers: begun from their list, written, tried, sent, and what became of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debitora.kit.runtime import now, today
from debitora.kit.smtp import NotTaken
from debitora.kit.ways import elsewhere, see, whole_number
from debitora.messaging.actions import PasswordLost
from debitora.messaging.actions.segments import (
    NobodyToWriteTo,
    NothingToSay,
    SegmentNotADraft,
    SegmentNotSending,
    SendingNotReady,
    add_segment,
    cancel_segment,
    save_segment,
    start_segment,
    try_segment,
    written_by,
)
from debitora.messaging.forms.segments import (
    OUTCOMES,
    SEGMENT_SHAPES,
    SEGMENT_STATES,
    SegmentForm,
    WordingForm,
    initial_of,
)
from debitora.messaging.forms.words import SHAPES, STATES
from debitora.messaging.gates import segment_message
from debitora.messaging.models import Segment
from debitora.messaging.pages.answers import done, refused
from debitora.messaging.queries import segments as queries
from debitora.messaging.rules.mail import AddressRefused
from debitora.messaging.rules.segments import SEGMENT_VARIABLES, Receiver, Said, filled, spoken_to
from debitora.messaging.rules.texts import TextNotRenderable
from debitora.people.gates import CompanyRequest, actor, fresh, page
from debitora.people.queries import names_by_login
from debitora.people.rules import may


@page("segments.write")
def new_segment(request: CompanyRequest) -> HttpResponse:
    """Begin one to the customers that the list showed."""
    query = request.GET.urlencode()[:2000]
    return _begun(request, SegmentForm(initial={"query": query}), query)


@page("segments.write", methods=("POST",))
def segment_added(request: CompanyRequest) -> HttpResponse:
    """It has a name now, and is to be written."""
    form = SegmentForm(request.POST)
    if not form.is_valid():
        return _begun(request, form, request.POST.get("query", "")[:2000], status=422)
    told = form.cleaned_data
    made = add_segment(
        company=request.company, name=told["name"], query=told["query"], by=actor(request), at=now()
    )
    return see(reverse("messaging:segment", args=[made.id]))


@page("segments.view")
def segment(request: CompanyRequest, segment: int) -> HttpResponse:
    """A draft with its texts, a preview and who would get it; or what became of it."""
    found = segment_message(segment=segment)
    if found.state == "draft":
        texts = queries.texts_of(segment=found.id)
        return _draft(
            request,
            found,
            WordingForm(
                initial=initial_of(found.name, found.quiet_days, texts, purpose=found.purpose),
                first=request.company.language,
            ),
        )
    result = queries.result_of(segment=found.id)
    context = {
        **_frame(request, found),
        "result": result,
        "made": result.total - result.waiting,
        "outcomes": [(OUTCOMES[code], many, f"?outcome={code}") for code, many in result.outcomes.items()],
        "states": [(STATES[code], SHAPES[code], many, code) for code, many in result.states.items()],
        "may_cancel": may(request.role, "segments.write")
        and (
            found.state == "sending"
            or (found.state == "sent" and bool(result.states.keys() & {"queued", "refused_temp"}))
        ),
    }
    return render(request, "messaging/segment.html", context)


@page("segments.write", methods=("POST",))
def segment_saved(request: CompanyRequest, segment: int) -> HttpResponse:
    """Keep what it says."""
    found, form = segment_message(segment=segment), WordingForm(request.POST, first=request.company.language)
    here = reverse("messaging:segment", args=[segment])
    if not form.is_valid():
        return _draft(request, found, form, status=422)
    told = form.cleaned_data
    try:
        save_segment(
            segment=segment,
            name=told["name"],
            quiet_days=told["quiet_days"],
            purpose=told["purpose"],
            texts=form.wordings(),
            by=actor(request),
            at=now(),
        )
    except SegmentNotADraft:
        return refused(request, _("It has been sent meanwhile; its texts are fixed."), then=here)
    return done(request, _("Saved."), then=here)


@page("segments.write", methods=("POST",))
def segment_tried(request: CompanyRequest, segment: int) -> HttpResponse:
    """Send what one of the customers would get to oneself."""
    segment_message(segment=segment)
    here = reverse("messaging:segment", args=[segment])
    customer, address = whole_number(request.POST.get("customer", "")) or 0, request.person.email
    try:
        went = try_segment(
            company=request.company, segment=segment, customer=customer, address=address, at=now()
        )
    except NothingToSay:
        return refused(request, _("Write and save a text first."), then=here)
    except TextNotRenderable:
        return refused(request, _("The text cannot be filled for this customer."), then=here)
    except AddressRefused:
        return refused(request, _("Your account has no e-mail address that mail can go to."), then=here)
    except (NotTaken, PasswordLost):
        return refused(request, _("The mail server did not take it. Test it under Sender."), then=here)
    if not went:
        return refused(request, _("This test system may not write to your address."), then=here)
    return done(request, _("It is on its way to %(address)s.") % {"address": address}, then=here)


@page("segments.write", methods=("POST",))
@fresh
def segment_started(request: CompanyRequest, segment: int) -> HttpResponse:
    """Let it go to everybody who was chosen."""
    segment_message(segment=segment)
    here = reverse("messaging:segment", args=[segment])
    on = today(request.company.time_zone)
    try:
        many = start_segment(company=request.company, segment=segment, on=on, by=actor(request), at=now())
    except SegmentNotADraft:
        return refused(request, _("It was started before."), then=here)
    except NothingToSay:
        return refused(request, _("Write and save a text first."), then=here)
    except NobodyToWriteTo:
        return refused(request, _("No customer is found by these filters any more."), then=here)
    except SendingNotReady:
        return refused(
            request,
            _("Messages cannot leave yet: the page Sender says what is missing, or sending is locked."),
            then=here,
        )
    said = ngettext("It goes to %(count)d customer.", "It goes to %(count)d customers.", many)
    return done(request, said % {"count": many}, then=here)


@page("segments.write", methods=("POST",))
def segment_cancelled(request: CompanyRequest, segment: int) -> HttpResponse:
    """Stop what has not left."""
    segment_message(segment=segment)
    here = reverse("messaging:segment", args=[segment])
    try:
        cancel_segment(segment=segment, by=actor(request), at=now())
    except SegmentNotSending:
        return refused(request, _("There is nothing left to stop."), then=here)
    return done(request, _("Stopped. What had left before has left."), then=here)


def _begun(request: CompanyRequest, form: SegmentForm, query: str, *, status: int = 200) -> HttpResponse:
    on = today(request.company.time_zone)
    found = len(queries.customers_of(company=request.company, query=query, on=on))
    context = {"form": form, "found": found, "list_url": _list_url(query)}
    return render(request, "messaging/new_segment.html", context, status=status)


def _draft(request: CompanyRequest, found: Segment, form: WordingForm, *, status: int = 200) -> HttpResponse:
    forecast = queries.forecast(company=request.company, segment=found, on=today(request.company.time_zone))
    chosen = whole_number(request.GET.get("customer", ""))
    person = next((one for one in forecast.first if one.customer == chosen), None)
    person = person or next(iter(forecast.first), None)
    context = {
        **_frame(request, found),
        "form": form,
        "variables": ["{{ " + one.name + " }}" for one in SEGMENT_VARIABLES],
        "outcomes": [(OUTCOMES[code], many, "") for code, many in forecast.outcomes.items()],
        "gets": forecast.outcomes.get("queued", 0),
        "first": forecast.first,
        "person": person,
        "said": _said(request, found, person) if person else None,
    }
    return render(request, "messaging/segment.html", context, status=status)


def _said(request: CompanyRequest, found: Segment, person: Receiver) -> Said | None:
    """What the customer would read; None while there is no text that can be filled."""
    texts = queries.texts_of(segment=found.id)
    if not texts:
        return None
    sender, contact = written_by(request.company)
    language = spoken_to(person, texts, usual=request.company.language)
    try:
        return filled(texts[language], person, sender=sender, contact=contact)
    except TextNotRenderable:
        return None


def _frame(request: CompanyRequest, found: Segment) -> dict[str, Any]:
    return {
        "segment": found,
        "receivers": reverse("messaging:segment_receivers", args=[found.id]),
        "state": SEGMENT_STATES[found.state],
        "shape": SEGMENT_SHAPES[found.state],
        "list_url": _list_url(found.query),
        "names": names_by_login(company=request.company),
        "may_write": may(request.role, "segments.write"),
    }


def _list_url(query: str) -> str:
    return f"{elsewhere('receivables:customers')}?{query}"
