"""A customer's master data, and why she is parked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.kit.fields import choice
from debitora.receivables.forms import words
from debitora.receivables.queries import CustomerSheet
from debitora.receivables.rules.customers import PARTY_FIELDS
from debitora.values.emails import is_address
from debitora.values.locales import country_names

OWN = ("kind", "language", "salesperson_id")


def _line(name: str, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=words.FIELDS[name], max_length=most, required=False, **more)


class CustomerForm(forms.Form):
    """Name, address, and how to treat a customer. `version` is the one that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=words.FIELDS["name"], max_length=200)
    contact_name = _line("contact_name", 200)
    street = _line("street", 200)
    postcode = _line("postcode", 20)
    city = _line("city", 120)
    country = forms.ChoiceField(label=words.FIELDS["country"], required=False)
    email = _line("email", 254, help_text=gettext_lazy("Notices go to this address."))
    phone = _line("phone", 40)
    kind = forms.ChoiceField(
        label=words.FIELDS["kind"],
        choices=list(words.CUSTOMER_KINDS.items()),
        help_text=gettext_lazy("Unknown is treated like a consumer."),
    )
    language = forms.ChoiceField(
        label=words.FIELDS["language"], choices=list(words.LANGUAGES.items()), required=False
    )
    salesperson_id = forms.TypedChoiceField(
        label=words.FIELDS["salesperson_id"], coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, salespeople: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "salesperson_id").choices = [("", "–"), *salespeople.items()]
        countries = country_names(get_language() or "en")
        choice(self, "country").choices = [("", "–"), *countries]

    def clean_email(self) -> str:
        """An address that a mail could go to, or nothing."""
        email = str(self.cleaned_data["email"])
        if email and not is_address(email):
            raise ValidationError(_("This is not an e-mail address."))
        return email

    def changes(self) -> dict[str, Any]:
        """Field by field what the customer shall be."""
        return {name: self.cleaned_data[name] for name in (*PARTY_FIELDS, *OWN)}


def as_initial(sheet: CustomerSheet) -> dict[str, Any]:
    """What the form shows of a customer."""
    party = {name: getattr(sheet.party, name) for name in PARTY_FIELDS}
    own = {"kind": sheet.kind, "language": sheet.language, "salesperson_id": sheet.salesperson}
    return {"version": sheet.version, **party, **own}


class ParkForm(forms.Form):
    """Why nothing shall be sent to a customer for now: a code."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[("", "–"), *words.PARK_REASONS.items()])
