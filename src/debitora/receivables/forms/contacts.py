"""Whom to write to at a customer, in which role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.receivables.forms.words import CONTACT_ROLES
from debitora.receivables.models import Contact
from debitora.values.emails import is_address


class ContactForm(forms.Form):
    """A person in a role; whoever stood there before gives way."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=CONTACT_ROLES.items())
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, strip=True)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, strip=True, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, strip=True, required=False)

    def clean_email(self) -> str:
        """One address, or none."""
        typed: str = self.cleaned_data["email"]
        if typed and not is_address(typed):
            raise ValidationError(_("This is not one e-mail address."))
        return typed


class ItemContactForm(forms.Form):
    """Whom an item names: one of those whom the customer's invoices name already, or somebody new by her address."""

    known = forms.ChoiceField(label=gettext_lazy("Named on other invoices"), required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, strip=True, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, strip=True, required=False)

    def __init__(self, *args: Any, known: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(one.id): one for one in known}
        offered = [(key, f"{one.name} ({one.email})") for key, one in self.contacts.items()]
        self.fields["known"].choices = [("", _("Somebody else")), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Name and address of the one who was chosen; else those that were typed."""
        told = {**self.cleaned_data}
        chosen = self.contacts.get(str(told.get("known", "")))
        if chosen is not None:
            return {**told, "name": chosen.name, "email": chosen.email}
        if not is_address(str(told.get("email", ""))):
            self.add_error("email", _("This is not one e-mail address."))
        return told
