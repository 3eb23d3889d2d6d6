"""Fields that take days and amounts as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.values.locales import format_date
from debitora.values.money import AmountTooLarge, Money, exponent, to_minor
from debitora.values.typed import typed_amount, typed_day


class DayField(forms.CharField):
    """A day as typed: 31.3., 31.03.2026, 2026-03-31, +14. Cleans to a date, or None if empty.

    The form sets `on`, from which a day without a year and a number of days are counted.
    """

    on: date = date.min

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "off", "placeholder": gettext_lazy("31/3")})
        )
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A day as the reader writes it; what was typed stays as it was typed."""
        return format_date(value, get_language() or "en") if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """The day. Raises ValidationError for what no calendar has."""
        text = super().clean(value)
        if not text:
            return None
        day = typed_day(text, on=self.on)
        if day is None:
            raise ValidationError(_("This is not a day. Write 31/3, 31/03/2026 or +14 for in 14 days."))
        return day


class AmountField(forms.CharField):
    """An amount as typed: 1190, 1.190,00 or 1,190.00. Cleans to Money above zero, or None if empty.

    The form sets `currency`, or with `most` the sum that must not be exceeded.
    """

    currency: str = ""
    most: Money | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> Any:
        """The amount. Raises ValidationError for what is none, has too many decimals, or exceeds `most`."""
        text = super().clean(value)
        if not text:
            return None
        amount = self._read(text)
        if amount.minor <= 0:
            raise ValidationError(_("The amount must be above zero."))
        if self.most is not None and amount > self.most:
            raise ValidationError(_("That is more than is open."))
        return amount

    def _read(self, text: str) -> Money:
        currency = self.most.currency if self.most else self.currency
        wrong = _("This is not an amount in %(currency)s. Write it like 1190 or 1,190.00.")
        decimal = None if text.lstrip().startswith("-") else typed_amount(text)
        if decimal is None or decimal != round(decimal, exponent(currency)):
            raise ValidationError(wrong % {"currency": currency})
        try:
            return Money(to_minor(decimal, currency), currency)
        except AmountTooLarge:
            raise ValidationError(wrong % {"currency": currency}) from None
