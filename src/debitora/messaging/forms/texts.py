"""The wording of a step, typed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from debitora.messaging.forms.words import FAULTS, said
from debitora.messaging.rules.suggesting import suggestion
from debitora.messaging.rules.texts import FILTERS, MAX_SOURCE, TAGS, TextFault

FIELDS = ("subject", "mail", "opening", "closing")


class TextForm(forms.Form):
    """Subject, mail, and the letter's paragraphs before and after its table; variables in double braces."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    mail = forms.CharField(
        label=_("Mail"),
        max_length=MAX_SOURCE,
        help_text=_("Salutation, items, sum, bank details and greeting are added around it."),
        widget=forms.Textarea(attrs={"rows": 9, "class": "mono", "spellcheck": "true"}),
    )
    opening = forms.CharField(
        label=_("Letter, before the table"),
        max_length=MAX_SOURCE,
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono", "spellcheck": "true"}),
    )
    closing = forms.CharField(
        label=_("Letter, after the table"),
        max_length=MAX_SOURCE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "true"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def wording(self) -> dict[str, str]:
        """The four texts, line breaks as one sign."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in FIELDS}

    def add_faults(self, faults: Mapping[str, Iterable[TextFault]]) -> None:
        """Say beside each field what is wrong in it, and where."""
        for field, found in faults.items():
            for fault in found:
                self.add_error(field, fault_said(fault))


def fault_said(fault: TextFault) -> str:
    """A fault in words, with its place and what was probably meant."""
    place = {
        "line": fault.line,
        "column": fault.column,
        "what": said(FAULTS, fault.code),
        "read": fault.value,
    }
    if not fault.value:
        return gettext("Line %(line)s, column %(column)s: %(what)s.") % place
    told = gettext("Line %(line)s, column %(column)s: %(what)s (“%(read)s”).") % place
    return f"{told} {_remedy(fault)}".strip()


def _remedy(fault: TextFault) -> str:
    meant = suggestion(fault)
    if meant:
        return gettext("Did you mean “%(name)s”?") % {"name": meant}
    if fault.code == "unknown_variable":
        return gettext("Choose one of those offered.")
    if fault.code == "unknown_filter":
        return gettext("Known filters: %(names)s.") % {"names": ", ".join(sorted(FILTERS))}
    if fault.code == "unknown_tag":
        return gettext("Known tags: %(names)s.") % {"names": ", ".join(sorted(TAGS - {"#"}))}
    return ""
