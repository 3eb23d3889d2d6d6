"""Forms of the inbox: where a mail belongs, or why it is discarded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.disputes.models import Case
from debitora.disputes.queries.belonging import MOST_NAMED, case_of_number, customers_like
from debitora.receivables.models import Customer


class PlaceForm(forms.Form):
    """The number of a case, or a customer by number or name."""

    case = forms.CharField(
        label=gettext_lazy("Case"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("The number of the case."),
    )
    customer = forms.CharField(
        label=gettext_lazy("Customer"), required=False, max_length=80,
        help_text=gettext_lazy("If it belongs to no case: number or name of whose mail it is."),
    )  # fmt: skip

    def clean_case(self) -> Case | None:
        """The case of that number."""
        text = self.cleaned_data["case"].strip().lstrip("#")
        found = case_of_number(text=text) if text else None
        if text and found is None:
            raise ValidationError(_("There is no case of this number."))
        return found

    def clean_customer(self) -> Customer | None:
        """The one customer who is meant."""
        text = self.cleaned_data["customer"].strip()
        found = customers_like(text=text) if text else []
        if text and not found:
            raise ValidationError(_("There is no customer of this number or name."))
        if len(found) > MOST_NAMED:
            raise ValidationError(_("Many customers fit. Write more of the name, or the number."))
        if len(found) > 1:
            names = " · ".join(f"{one.number} {one.party.name}" for one in found)
            raise ValidationError(_("Several customers fit: %(names)s. Write the number.") % {"names": names})
        return found[0] if found else None

    def clean(self) -> dict[str, Any]:
        """One of both."""
        known = super().clean() or self.cleaned_data
        if not self.errors and not known.get("case") and not known.get("customer"):
            raise ValidationError(_("Give the number of a case, or a customer."))
        return known


class DiscardForm(forms.Form):
    """Why a mail is about nothing here."""

    note = forms.CharField(
        label=gettext_lazy("Why?"), max_length=200, strip=True, widget=forms.Textarea(attrs={"rows": 2})
    )
