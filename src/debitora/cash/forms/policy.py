"""How bold matching may be, as people say it: how dear a wrong booking is, and what may be taken off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.cash.models import MatchPolicy
from debitora.kit.fields import choice
from debitora.values.money import AmountTooLarge, Money, exponent, to_minor
from debitora.values.typed import typed_amount

CARES: Final = (20, 100, 1_000, 10_000)
"""What a wrong booking may weigh, in lines that somebody looks at: the answers that the page offers."""
_MOST_PERCENT: Final = 20
_MOST_DAYS: Final = 366


def _typed(**more: Any) -> dict[str, Any]:
    return {
        "required": False,
        "max_length": 30,
        "widget": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
        **more,
    }


class PolicyForm(forms.Form):
    """care: a wrong booking weighs as much as so many looks. Amounts are of the company's currency; cleaned to minor units.

    Cleaned as `decide_policy` takes it; discount_bp is typed in percent.
    """

    by_itself = forms.BooleanField(label=gettext_lazy("Book sure lines without asking"), required=False)
    care = forms.TypedChoiceField(
        label=gettext_lazy("How dear is a wrong booking?"),
        coerce=int,
        widget=forms.RadioSelect,
    )
    most_minor = forms.CharField(label=gettext_lazy("Larger amounts wait for a person"), **_typed())
    discount_bp = forms.CharField(label=gettext_lazy("Cash discount in percent"), **_typed())
    discount_days = forms.IntegerField(
        label=gettext_lazy("within days of the invoice"), min_value=0, max_value=_MOST_DAYS, required=False
    )
    grace_days = forms.IntegerField(
        label=gettext_lazy("and days of tolerance"), min_value=0, max_value=_MOST_DAYS, required=False
    )
    write_off_minor = forms.CharField(label=gettext_lazy("Differences that may be written off"), **_typed())

    def __init__(self, *args: Any, currency: str, policy: MatchPolicy, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(policy, currency))
        super().__init__(*args, **kwargs)
        self.currency = currency
        choice(self, "care").choices = [(care, str(care)) for care in sorted({*CARES, policy.care})]

    def clean_most_minor(self) -> int | None:
        """Minor units; None: no bound."""
        return self._minor("most_minor")

    def clean_write_off_minor(self) -> int:
        """Minor units; nothing may be written off where nothing is said."""
        return self._minor("write_off_minor") or 0

    def clean_discount_bp(self) -> int:
        """Basis points."""
        text = self.cleaned_data["discount_bp"].strip().removesuffix("%").strip()
        percent = typed_amount(text) if text else Decimal(0)
        if percent is None or percent > _MOST_PERCENT or percent != round(percent, 2):
            raise ValidationError(_("Write a percentage up to 20, such as 2 or 2.5."))
        return int(percent * 100)

    def clean_discount_days(self) -> int:
        """Days; 0 where nothing is said."""
        return self.cleaned_data["discount_days"] or 0

    def clean_grace_days(self) -> int:
        """Days; 0 where nothing is said."""
        return self.cleaned_data["grace_days"] or 0

    def _minor(self, name: str) -> int | None:
        text = self.cleaned_data[name].strip()
        if not text:
            return None
        amount = typed_amount(text)
        try:
            if amount is not None and amount == round(amount, exponent(self.currency)):
                return to_minor(amount, self.currency)
        except AmountTooLarge:
            pass
        raise ValidationError(
            _("This is not an amount in %(currency)s. Write it like 1190 or 1,190.00.")
            % {"currency": self.currency}
        )


def _initial(policy: MatchPolicy, currency: str) -> dict[str, Any]:
    """What stands there now, as it is typed: "" for what is not set."""
    return {
        "by_itself": policy.by_itself,
        "care": policy.care,
        "most_minor": _plain(policy.most_minor, currency),
        "discount_bp": _typed_as(Decimal(policy.discount_bp) / 100) if policy.discount_bp else "",
        "discount_days": policy.discount_days or "",
        "grace_days": policy.grace_days or "",
        "write_off_minor": _plain(policy.write_off_minor or None, currency),
    }


def _plain(minor: int | None, currency: str) -> str:
    return "" if minor is None else _typed_as(Money(minor, currency).decimal)


def _typed_as(decimal: Decimal) -> str:
    """As people type it in the language of the page: without groups, and with its decimal sign."""
    plain = f"{decimal:f}"
    return plain if (get_language() or "en").startswith("en") else plain.replace(".", ",")
