"""Write-offs as they are typed: how much and why, why not, and the limit of one person."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.kit.fields import field
from debitora.kit.typed import AmountField
from debitora.receivables.rules.write_offs import LONGEST, Ground
from debitora.values.money import Money

GROUNDS: Final = {
    Ground.CLARIFICATION: gettext_lazy("Came of a case"),
    Ground.UNCOLLECTIBLE: gettext_lazy("Uncollectible"),
    Ground.SMALL: gettext_lazy("Too small to ask for"),
    Ground.GOODWILL: gettext_lazy("Goodwill"),
    Ground.OTHER: gettext_lazy("Something else"),
}
WRITE_OFF_STATES: Final = {
    "proposed": gettext_lazy("Waits for a decision"),
    "booked": gettext_lazy("Written off"),
    "declined": gettext_lazy("Declined"),
    "withdrawn": gettext_lazy("Taken back"),
    "reversed": gettext_lazy("Reversed"),
}
MARKS: Final = {
    "proposed": "open",
    "booked": "done",
    "declined": "neutral",
    "withdrawn": "neutral",
    "reversed": "warn",
}


def _words(label: Any, *, required: bool) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=area)


class ProposalForm(forms.Form):
    """`amount` cleans to Money: empty is all that is open."""

    amount = AmountField(label=gettext_lazy("Amount"), required=False)
    ground = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[(one.value, word) for one, word in GROUNDS.items() if one is not Ground.CLARIFICATION],
    )
    text = _words(gettext_lazy("Reason"), required=True)

    def __init__(self, *args: Any, open_sum: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_sum = open_sum
        amount = field(self, "amount", AmountField)
        amount.most = open_sum
        amount.help_text = _("Only a part of it is given up; empty: all of it.")

    def clean_amount(self) -> Money:
        """All that is open where nothing is typed."""
        amount: Money | None = self.cleaned_data["amount"]
        return amount or self.open_sum


class ReasonForm(forms.Form):
    """Why it is declined or reversed."""

    reason = _words(gettext_lazy("Reason"), required=True)


class LimitForm(forms.Form):
    """Up to which sum one person decides alone; empty is nothing."""

    limit = AmountField(label=gettext_lazy("Limit"), required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        limit = field(self, "limit", AmountField)
        limit.currency = currency
        limit.help_text = _("In %(currency)s. Empty: every write-off needs two people.") % {
            "currency": currency
        }

    @property
    def minor(self) -> int:
        """The limit in minor units."""
        limit: Money | None = self.cleaned_data["limit"]
        return limit.minor if limit else 0
