"""An agreement with a customer as it is typed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from debitora.kit.fields import field
from debitora.kit.typed import DayField
from debitora.receivables.rules.agreements import LONGEST, LONGEST_NAME, AgreementKind

AGREEMENT_KINDS: Final = {
    AgreementKind.TERMS: _("Payment terms"),
    AgreementKind.PRICE: _("Price"),
    AgreementKind.DISCOUNT: _("Discount or bonus"),
    AgreementKind.DELIVERY: _("Delivery of goods"),
    AgreementKind.OTHER: _("Something else"),
}


class AgreementForm(forms.Form):
    """What was agreed, about what, with whom, from when until when; `on` is today."""

    kind = forms.ChoiceField(
        label=_("About"), choices=[(one.value, word) for one, word in AGREEMENT_KINDS.items()]
    )
    text = forms.CharField(
        label=_("What was agreed"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    with_whom = forms.CharField(
        label=_("With whom"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Who at the customer agreed to it."),
    )
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"), required=False, help_text=_("Empty: until further notice."))

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        field(self, "from_on", DayField).on = field(self, "until_on", DayField).on = on

    def clean(self) -> dict[str, Any]:
        """Its last day is no earlier than its first."""
        known = super().clean() or self.cleaned_data
        first, last = known.get("from_on"), known.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", gettext("The last day lies before the first."))
        return known
