"""How runs come, as a form: by hand, daily, or continuously, and at which hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.dunning.templatetags.rhythm_words import MODES


class RhythmForm(forms.Form):
    """Hours are whole hours of the company's own day, 0 to 24."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Runs come"), choices=list(MODES.items()), widget=forms.RadioSelect
    )
    begins = forms.IntegerField(
        label=gettext_lazy("Hour of the daily run"),
        help_text=gettext_lazy(
            "From this full hour on, 0 to 23. With follow-ups their day begins here, too."
        ),
        min_value=0,
        max_value=23,
    )
    ends = forms.IntegerField(
        label=gettext_lazy("Follow-ups until"),
        help_text=gettext_lazy("The full hour, up to 24, after which changes wait for the next day's run."),
        min_value=1,
        max_value=24,
    )

    def clean(self) -> dict[str, Any]:
        """The day ends after it begins."""
        told = dict(self.cleaned_data)
        begins, ends = told.get("begins"), told.get("ends")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("ends", _("This hour must lie after the hour of the daily run."))
        return told

    def rhythm(self) -> Rhythm:
        """What was chosen."""
        told = self.cleaned_data
        return Rhythm(Mode(told["mode"]), told["begins"], told["ends"])
