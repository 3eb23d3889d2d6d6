"""Fields that take days and amounts as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from debitora.receivables.rules.typed import typed_amount, typed_day
from debitora.values.money import AmountTooLarge, Money, exponent, to_minor


class DayField(forms.CharField):
    """A day as typed: 31.3., 31.03.2026, +14. Cleans to a date, or None if empty. The form sets `on`."""

    on: date = date.min

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        """The day. Raises ValidationError for what no calendar has."""
        text = super().clean(value)
        if not text:
            return None
        day = typed_day(text, on=self.on)
        if day is None:
            raise ValidationError(_("This is not a day. Write it like 31/03/2026."))
        return day


class AmountField(forms.CharField):
    """An amount as typed: 1190, 1.190,00. Cleans to Money of at most `most`, which the form sets, or None if empty."""

    most: Money

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"})
        super().__init__(max_length=30, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """The amount. Raises ValidationError for what is none, has too many decimals, or exceeds `most`."""
        text = super().clean(value)
        if not text:
            return None
        amount = _read(text, self.most.currency)
        if amount is None or amount.minor <= 0:
            raise ValidationError(_("This is not an amount. Write it like 1190 or 1,190.00."))
        if amount > self.most:
            raise ValidationError(_("That is more than is open."))
        return amount


def _read(text: str, currency: str) -> Money | None:
    decimal = None if text.lstrip().startswith("-") else typed_amount(text)
    if decimal is None or decimal != round(decimal, exponent(currency)):
        return None
    try:
        return Money(to_minor(decimal, currency), currency)
    except AmountTooLarge:
        return None
