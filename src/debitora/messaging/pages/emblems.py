"""Logo and signature of a company: handed in, taken off, and how a letter looks with them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.messaging.actions.sender import place_emblem
from debitora.messaging.forms.sender import EmblemForm
from debitora.messaging.models import Sender
from debitora.messaging.pages.answers import done, kept_bytes, refused
from debitora.messaging.queries import sender_of
from debitora.messaging.queries.letterhead import sample_letter
from debitora.messaging.rules.emblems import EmblemRefused
from debitora.messaging.rules.pdf import LetterNotPrintable, render_letter
from debitora.messaging.rules.pictures import page_picture
from debitora.people.gates import CompanyRequest, actor, fresh, page


def emblem_context(sender: Sender) -> list[dict[str, Any]]:
    """The two pictures, as the sender page lists them."""
    return [
        {"kind": "logo", "word": _("Logo"), "there": sender.logo_id is not None},
        {"kind": "signature", "word": _("Signature"), "there": sender.signature_id is not None},
    ]


@page("settings.edit", methods=("POST",))
@fresh
def emblem(request: CompanyRequest) -> HttpResponse:
    """Put a picture on letters, or take it off."""
    then = f"{reverse('messaging:sender')}#emblems"
    form = EmblemForm(request.POST, request.FILES)
    form.fields["picture"].required = request.POST.get("remove") != "yes"
    if not form.is_valid():
        return refused(request, _("Choose a picture first."), then=then)
    picture = None if request.POST.get("remove") == "yes" else form.cleaned_data["picture"].read()
    try:
        place_emblem(
            company=request.company.id,
            kind=form.cleaned_data["kind"],
            data=picture,
            by=actor(request),
            at=now(),
        )
    except EmblemRefused as problem:
        return refused(request, _told(problem.code), then=then)
    return done(
        request, _("Removed.") if picture is None else _("Letters show the picture from now on."), then=then
    )


def _told(code: str) -> str:
    return {
        "too_large": _("The picture is larger than 2 MB."),
        "too_many_pixels": _("The picture has too many pixels: 16 million are enough for any letter."),
        "active": _(
            "This SVG holds scripts, animation, or parts from elsewhere. Save it as plain SVG, or as PNG."
        ),
        "broken": _("This picture cannot be read."),
    }.get(code, _("This is not a PNG, JPEG or SVG."))


@page("settings.view")
def emblem_picture(request: CompanyRequest, emblem: str) -> HttpResponse:
    """The picture as it is kept: always a PNG that we have written."""
    if emblem not in ("logo", "signature"):
        raise Http404
    sender = sender_of(company=request.company.id)
    return kept_bytes(
        sender.logo if emblem == "logo" else sender.signature, "image/png", f"{emblem}.png", shown="inline"
    )


@page("settings.view")
def letter_preview(request: CompanyRequest) -> HttpResponse:
    """A made-up letter with the sender as it stands now."""
    letter = sample_letter(company=request.company, on=now().date())
    try:
        picture = page_picture(render_letter(letter, created_at=now()), page=1, dots_per_inch=100)
    except LetterNotPrintable:
        raise Http404 from None
    return HttpResponse(picture, content_type="image/png")
