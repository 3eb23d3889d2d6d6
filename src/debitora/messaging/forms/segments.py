"""A message to many customers, as a form; and what its codes are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from debitora.messaging.forms.texts import fault_said
from debitora.messaging.rules.segments import Wording, wording_faults
from debitora.messaging.rules.texts import MAX_SOURCE
from debitora.messaging.rules.words import written_languages

OUTCOMES = {
    "waiting": _("is being made"),
    "queued": _("gets it"),
    "no_address": _("has no e-mail address that mail can go to"),
    "dead_address": _("has an e-mail address that does not exist"),
    "opted_out": _("wants no such messages"),
    "parked": _("is parked"),
    "contacted": _("was contacted lately"),
    "no_text": _("no text for her yet"),
}
"""What becomes of the message for a customer."""
OUTCOME_SHAPES = {
    "waiting": "busy",
    "queued": "done",
    "no_address": "warn",
    "dead_address": "bad",
    "opted_out": "neutral",
    "parked": "hold",
    "contacted": "neutral",
    "no_text": "warn",
}
PURPOSES = {
    "optional": _("May be declined"),
    "contract": _("Needed for the contract"),
}
SEGMENT_STATES = {
    "draft": _("Draft"),
    "sending": _("Being sent"),
    "sent": _("All made"),
    "cancelled": _("Stopped"),
}
SEGMENT_SHAPES = {"draft": "open", "sending": "busy", "sent": "done", "cancelled": "hold"}


class SegmentForm(forms.Form):
    """How a message is called."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("For you and your colleagues; no customer reads it.")
    )
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class WordingForm(forms.Form):
    """What it says in each language, and whom it spares."""

    name = forms.CharField(label=_("Name"), max_length=80)
    quiet_days = forms.IntegerField(
        label=_("Spare whoever was contacted in the last days"),
        min_value=0,
        max_value=365,
        help_text=_("By mail, letter or telephone. 0: spare nobody."),
    )
    purpose = forms.ChoiceField(
        label=_("What it is for"),
        choices=PURPOSES.items(),
        help_text=_(
            "News and offers may be declined: they carry a link that ends such messages. What the contract needs, another address or bank account, goes to everybody."
        ),
    )

    def __init__(self, *args: Any, first: str, **kwargs: Any) -> None:
        """`first`: the language that stands first."""
        super().__init__(*args, **kwargs)
        self._languages = sorted(written_languages(), key=lambda language: (language != first, language))
        for language in self._languages:
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("Subject"), max_length=200, required=False
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=_("Text"),
                max_length=MAX_SOURCE,
                required=False,
                widget=forms.Textarea(attrs={"rows": 9}),
            )

    def languages(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """Name of the language, subject and text."""
        names = dict(settings.LANGUAGES)
        for language in self._languages:
            yield str(names[language]), self[f"subject_{language}"], self[f"body_{language}"]

    def clean(self) -> dict[str, Any]:
        """Subject and text come together, and can be filled."""
        for language, wording in self.wordings().items():
            for field, code in (("subject", wording.subject), ("body", wording.body)):
                if not code:
                    self.add_error(f"{field}_{language}", _("A subject and a text belong together."))
            for field, fault in wording_faults(wording):
                self.add_error(f"{field}_{language}", fault_said(fault))
        return dict(self.cleaned_data)

    def wordings(self) -> dict[str, Wording]:
        """What was written, by language; languages without a word are absent."""
        told = self.cleaned_data
        found = {
            language: Wording(
                told.get(f"subject_{language}", "").strip(), told.get(f"body_{language}", "").strip()
            )
            for language in written_languages()
        }
        return {language: one for language, one in found.items() if one.subject or one.body}


def initial_of(
    name: str, quiet_days: int, texts: Mapping[str, Wording], *, purpose: str = "optional"
) -> dict[str, Any]:
    """What the form of a draft begins with."""
    words = {f"subject_{language}": one.subject for language, one in texts.items()}
    words |= {f"body_{language}": one.body for language, one in texts.items()}
    return {"name": name, "quiet_days": quiet_days, "purpose": purpose, **words}
