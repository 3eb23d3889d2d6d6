"""Waiving a claim: how much of it, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.kit.fields import field
from debitora.kit.typed import AmountField
from debitora.values.money import Money


class WaiverForm(forms.Form):
    """`amount` cleans to Money: empty is all that is open."""

    amount = AmountField(label=gettext_lazy("Amount"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, open_sum: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_sum = open_sum
        amount = field(self, "amount", AmountField)
        amount.currency, amount.most = open_sum.currency, open_sum
        amount.help_text = _("Only a part of it is waived; empty: all of it.")

    def clean_amount(self) -> Money:
        """All that is open where nothing is typed."""
        amount: Money | None = self.cleaned_data["amount"]
        return amount or self.open_sum
