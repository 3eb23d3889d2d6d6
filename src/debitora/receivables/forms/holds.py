"""Holds: why, until when, how much; and what a hold's new end is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.kit.fields import field
from debitora.kit.typed import AmountField, DayField
from debitora.receivables.forms import words
from debitora.values.money import Money

_UNTIL = gettext_lazy("Last day of the hold: 31/3, 31/03/2026 or +14. Empty: until somebody releases it.")


class EndForm(forms.Form):
    """Until when a hold is to last: `until` is a date or None."""

    until = DayField(label=gettext_lazy("Until"), required=False, help_text=_UNTIL)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        field(self, "until", DayField).on = on

    def clean_until(self) -> date | None:
        """A hold ends today at the earliest."""
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.on:
            raise ValidationError(_("This day is past. A hold ends today at the earliest."))
        return until


class HoldForm(EndForm):
    """A hold on a customer, on items, or (given what is open of one item) on an amount of it: None holds all."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[("", "–"), *words.HOLD_REASONS.items()])
    amount = AmountField(label=gettext_lazy("Amount"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("reason", "until", "amount", "note")

    def __init__(self, *args: Any, open_sum: Money | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if open_sum is None or open_sum.minor <= 0:
            del self.fields["amount"]
            return
        amount = field(self, "amount", AmountField)
        amount.currency, amount.most = open_sum.currency, open_sum
        amount.help_text = _("Only a part of it is held; empty: all of it.")
