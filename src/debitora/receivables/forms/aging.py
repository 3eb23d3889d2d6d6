"""As of which day, and in which of the two meanings, an aging is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.kit.fields import field
from debitora.kit.typed import DayField

EFFECTIVE, KNOWN = "effective", "known"


@dataclass(frozen=True, slots=True)
class Past:
    """A past day; `known`: only what Debitora knew by the end of that day, else what counts on it as known today."""

    on: date
    known: bool


class AgingForm(forms.Form):
    """Empty: today."""

    on = DayField(label=gettext_lazy("As of"), required=False)
    meaning = forms.ChoiceField(
        label=gettext_lazy("Meaning"),
        required=False,
        choices=[
            (EFFECTIVE, gettext_lazy("effective on that day, as known today")),
            (KNOWN, gettext_lazy("as it was known on that day")),
        ],
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = on
        field(self, "on", DayField).on = on

    def clean_on(self) -> date | None:
        """No later than today. A day typed without its year is the last such day, not the next."""
        day: date | None = self.cleaned_data["on"]
        if day is None or day <= self.today:
            return day
        typed = str(self.data.get("on", ""))
        if typed.strip().strip(".").count(".") == 1 and not typed.strip().startswith("+"):
            return _a_year_before(day)
        raise ValidationError(_("This day is still to come. Choose today or a day in the past."))

    def asked(self) -> Past | None:
        """The past day asked for; None: today. To be called on a valid form."""
        day: date | None = self.cleaned_data["on"]
        if day is None or day == self.today:
            return None
        return Past(on=day, known=self.cleaned_data["meaning"] == KNOWN)


def _a_year_before(day: date) -> date:
    """29 February goes to the leap year before."""
    for year in range(day.year - 1, day.year - 9, -1):
        try:
            return day.replace(year=year)
        except ValueError:
            continue
    raise ValidationError(_("This day is still to come. Choose today or a day in the past."))
