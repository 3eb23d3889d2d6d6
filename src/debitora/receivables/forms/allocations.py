"""An allocation by hand: which item of the other side, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.kit.fields import choice, field
from debitora.kit.typed import AmountField
from debitora.values.money import Money


class AllocationForm(forms.Form):
    """`other` is the id of one of the offered items, `amount` Money above zero, or None: as much as fits."""

    other = forms.TypedChoiceField(label="", coerce=int)
    amount = AmountField(
        label=gettext_lazy("Amount"),
        required=False,
        help_text=gettext_lazy("Empty: as much as fits."),
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100)

    def __init__(
        self,
        *args: Any,
        offered: Sequence[tuple[int, str, Money]],
        label: str,
        open_sum: Money,
        **kwargs: Any,
    ) -> None:
        """`offered`: id, words and open sum (above zero) of each item that can be chosen."""
        super().__init__(*args, **kwargs)
        self.open_sum = open_sum
        self.sums = {item: fits for item, _words, fits in offered}
        other, amount = choice(self, "other"), field(self, "amount", AmountField)
        other.label, other.choices = label, [(item, text) for item, text, _fits in offered]
        amount.currency, amount.most = open_sum.currency, open_sum

    def clean(self) -> dict[str, Any]:
        """The amount fits both items."""
        found: dict[str, Any] = super().clean() or {}
        other, amount = found.get("other"), found.get("amount")
        if other is None or self.errors:
            return found
        fits = min(self.open_sum, self.sums[other])
        if amount is not None and amount > fits:
            self.add_error("amount", ValidationError(_("That is more than is open of the chosen item.")))
        found["amount"] = amount or fits
        return found


class ReleaseForm(forms.Form):
    """Why an allocation is taken back: a code."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"))

    def __init__(self, *args: Any, reasons: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "reason").choices = list(reasons)
