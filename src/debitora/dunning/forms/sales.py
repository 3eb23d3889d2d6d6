"""Until when sales stops a notice, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.dunning.actions import Stop
from debitora.dunning.rules.sales import MOST_STOPPED_DAYS
from debitora.dunning.templatetags.sales_words import STOP_REASONS
from debitora.values.locales import format_date
from debitora.values.typed import typed_day

_USUAL_DAYS: Final = 7


class StopForm(forms.Form):
    """The last day of a stop, its reason, and what is to be known of it."""

    until = forms.CharField(
        label=gettext_lazy("Stop until"),
        help_text=gettext_lazy("The last day, at most a year ahead. You may type 31/3 or +7."),
        max_length=20,
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Because"), choices=STOP_REASONS.items(), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        usual = format_date(today + timedelta(days=_USUAL_DAYS), get_language() or "en")
        kwargs["initial"] = {"until": usual, "reason": "agreement"}
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_until(self) -> date:
        """A day that there is, from today to a year ahead."""
        day = typed_day(self.cleaned_data["until"], on=self._today)
        if day is None:
            raise ValidationError(_("Write the day like 31/03/2026, or +7."))
        if not 0 <= (day - self._today).days <= MOST_STOPPED_DAYS:
            raise ValidationError(_("The day lies between today and a year ahead."))
        return day

    @property
    def stop(self) -> Stop:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        return Stop(typed["until"], typed["reason"], typed["note"])
