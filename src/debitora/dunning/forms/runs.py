"""Input of the pages of runs and notices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.values.typed import typed_day


class StartForm(forms.Form):
    """A run to start: for which day, and whether it is only tried."""

    day = forms.CharField(
        label=gettext_lazy("Day"),
        help_text=gettext_lazy("What is overdue on this day. You may type 31/3, 31/03/2026 or +1."),
        max_length=20,
    )
    only_try = forms.BooleanField(
        label=gettext_lazy("Just a trial: show the counts, save nothing"), required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_day(self) -> date:
        """The day that was meant."""
        day = typed_day(self.cleaned_data["day"], on=self._today)
        if day is None:
            raise ValidationError(_("This is not a day. Write it like 31/03/2026."))
        if abs((day - self._today).days) > 3660:
            raise ValidationError(_("This day is more than ten years away."))
        return day


class NoteForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(max_length=500, required=False, strip=True)


class ReasonForm(forms.Form):
    """A reason in words that has to be given."""

    reason = forms.CharField(max_length=500, strip=True)


class ApprovalForm(forms.Form):
    """The approval of a run; `confirmed` says that an unlikely size is meant, `despite` that an unproven sender is known."""

    confirmed = forms.BooleanField(required=False)
    despite = forms.BooleanField(required=False)
