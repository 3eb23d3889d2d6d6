"""What came of a call."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.dunning.templatetags.call_words import OUTCOMES
from debitora.values.typed import typed_day


class CallForm(forms.Form):
    """The outcome, for a promise the day, and what was said."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=OUTCOMES.items(), widget=forms.RadioSelect
    )
    promised_on = forms.CharField(
        label=gettext_lazy("Promised by"),
        help_text=gettext_lazy(
            "Only for a promise. Until then nothing is reminded of. You may type 31/3 or +7."
        ),
        required=False,
        max_length=20,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_promised_on(self) -> date | None:
        """The day of a promise; what was typed beside another outcome is left out."""
        typed = self.cleaned_data["promised_on"]
        if self.cleaned_data.get("outcome") != "promised":
            return None
        day = typed_day(typed, on=self._today) if typed else None
        if day is None:
            raise ValidationError(_("A promise needs its day. Write it like 31/03/2026."))
        if not 0 <= (day - self._today).days <= 366:
            raise ValidationError(_("The day lies between today and a year ahead."))
        return day
