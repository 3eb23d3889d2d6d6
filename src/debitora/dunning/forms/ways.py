"""How a step reaches the customer, as fields of its form: text, channel, language, and who signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from debitora.dunning.rules.policy import Channel, Copy, Counting, Silence, Step, WrittenTo
from debitora.dunning.templatetags.dunning import CHANNELS
from debitora.dunning.templatetags.strategy_words import (
    COPIES,
    COUNTINGS,
    LANGUAGES,
    SILENCES,
    TEXTS,
    WRITTEN_TO,
)
from debitora.kit.fields import choice

_OWN_LANGUAGE: Final = ("", gettext_lazy("The customer's own"))


class WaysForm(forms.Form):
    """A part of a step. `texts` are the keys of the texts that there are."""

    text = forms.ChoiceField(label=gettext_lazy("Text"), required=True)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=True)
    to = forms.ChoiceField(
        label=gettext_lazy("Written to"),
        help_text=gettext_lazy(
            "Where nobody is known in this role: the next above, else the customer's own address."
        ),
        choices=WRITTEN_TO.items(),
        required=False,
    )
    counts = forms.ChoiceField(
        label=gettext_lazy("Of mail and letter counts"),
        help_text=gettext_lazy(
            "Only where a notice goes both ways: its day is the legal one, and the level rises once."
        ),
        choices=COUNTINGS.items(),
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the notice"),
        choices=[_OWN_LANGUAGE, *LANGUAGES.items()],
        required=False,
    )
    call_only_reminds = forms.BooleanField(
        label=gettext_lazy("A call only reminds: the step comes again"),
        help_text=gettext_lazy("Else whoever was reached goes on to the next step."),
        required=False,
    )
    enclose_copies = forms.BooleanField(
        label=gettext_lazy("Send copies of the invoices along"),
        help_text=gettext_lazy("Those that are kept with the items; a run says which are missing."),
        required=False,
    )
    signed_by = forms.CharField(
        label=gettext_lazy("Person to ask"),
        help_text=gettext_lazy("The notice names her. Empty: the company's contact."),
        required=False,
        max_length=80,
    )
    signed_phone = forms.CharField(label=gettext_lazy("Her phone number"), required=False, max_length=40)
    ask_sales_days = forms.CharField(
        label=gettext_lazy("Ask sales first: working days to answer"),
        help_text=gettext_lazy(
            "The customer's salesperson releases the notice or stops it. Empty: nobody is asked."
        ),
        required=False,
        max_length=10,
    )
    sales_silence = forms.ChoiceField(
        label=gettext_lazy("Silence of sales means"), choices=SILENCES.items(), required=False
    )
    copy_to = forms.ChoiceField(
        label=gettext_lazy("Told that the notice has left"), choices=COPIES.items(), required=False
    )

    def __init__(self, *args: Any, texts: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "channel").choices = [
            (channel.value, capfirst(str(CHANNELS[channel.value]))) for channel in Channel
        ]
        known = {key: str(TEXTS.get(key, key)) for key in texts}
        present = self.data.get(self.add_prefix("text")) if self.is_bound else self.initial.get("text")
        if present and present not in known:
            known[present] = present
        choice(self, "text").choices = list(known.items())

    @property
    def is_particular(self) -> bool:
        """Whether the step says more of its way than text and channel."""
        names = ("to", "counts", "language", "signed_by", "signed_phone", "call_only_reminds")
        said = {name: self[name].value() or "" for name in names}
        usual = {**dict.fromkeys(names, ""), "to": WrittenTo.CUSTOMER.value, "counts": Counting.LETTER.value}
        return said != usual and any(said.values())


def ways_initial(step: Step) -> dict[str, Any]:
    """What the fields show of a step."""
    return {
        "text": step.text,
        "channel": step.channel.value,
        "to": step.to.value,
        "counts": step.counts.value,
        "language": step.language,
        "signed_by": step.signed_by,
        "signed_phone": step.signed_phone,
        "call_only_reminds": step.call_only_reminds,
        "ask_sales_days": step.ask_sales_days or "",
        "sales_silence": step.sales_silence.value,
        "enclose_copies": step.enclose_copies,
        "copy_to": step.copy_to.value,
    }


def ways_document(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as the document says it."""
    return {
        "text": typed.get("text", ""),
        "channel": typed.get("channel") or Channel.MAIL.value,
        "to": typed.get("to") or WrittenTo.CUSTOMER.value,
        "counts": typed.get("counts") or Counting.LETTER.value,
        "language": typed.get("language", ""),
        "signed_by": str(typed.get("signed_by", "")).strip(),
        "signed_phone": str(typed.get("signed_phone", "")).strip(),
        "call_only_reminds": typed.get("call_only_reminds", False),
        "ask_sales_days": typed.get("ask_sales_days") or "0",
        "sales_silence": typed.get("sales_silence") or Silence.RELEASE.value,
        "enclose_copies": typed.get("enclose_copies", False),
        "copy_to": typed.get("copy_to") or Copy.NONE.value,
    }
