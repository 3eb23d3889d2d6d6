"""The form that adds a reference rate to a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.dunning.rules.rates import Doubted
from debitora.dunning.templatetags.rate_words import FIELDS, TABLES, doubt_words
from debitora.values.rates import RateStep
from debitora.values.typed import typed_day

_RATE: Final = re.compile(r"([-\u2212]?)\s*([0-9]{1,2})(?:[.,]([0-9]{1,2}))?\s*%?")


class RateForm(forms.Form):
    """Which table, from when until when, how much, where it was read and when."""

    table = forms.ChoiceField(label=gettext_lazy("Reference rate"), choices=TABLES.items())
    rate = forms.CharField(
        label=gettext_lazy("Rate per year"),
        help_text=gettext_lazy("In per cent, as it was published, such as 1.52."),
        max_length=10,
    )
    valid_from = forms.CharField(label=gettext_lazy("In force from"), max_length=20)
    known_to = forms.CharField(
        label=gettext_lazy("Known until"),
        help_text=gettext_lazy("The last day for which it surely holds. Nothing is reckoned beyond it."),
        max_length=20,
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Publisher and place, such as the address of the page."),
        max_length=200,
        strip=True,
    )
    checked_on = forms.CharField(label=gettext_lazy("Checked on"), max_length=20)
    sure = forms.BooleanField(
        label=gettext_lazy("I have read the source again: the rate is right."), required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_rate(self) -> int:
        """Per cent as basis points."""
        found = _RATE.fullmatch(self.cleaned_data["rate"].strip())
        if found is None:
            raise ValidationError(_("This is not a rate. Write it like 1.52."))
        minor = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
        return -minor if found[1] else minor

    def clean_valid_from(self) -> date:
        """The first day."""
        return self._day("valid_from")

    def clean_known_to(self) -> date:
        """The last day that is known."""
        return self._day("known_to")

    def clean_checked_on(self) -> date:
        """The day on which somebody read the source."""
        return self._day("checked_on")

    def step(self) -> RateStep:
        """What was typed, as the tables hold it."""
        known = self.cleaned_data
        return RateStep(
            known["valid_from"], known["rate"], known["known_to"], known["source"], known["checked_on"]
        )

    def refuse(self, doubts: Iterable[Doubted]) -> None:
        """Say each refusal at its field."""
        for one in doubts:
            if one.refused:
                self.add_error(FIELDS.get(one.doubt), doubt_words(one))

    def _day(self, name: str) -> date:
        day = typed_day(self.cleaned_data[name], on=self._today)
        if day is None:
            raise ValidationError(_("This is not a day. Write it like 31/03/2026."))
        return day
