"""Whom to write to at a customer, in which role."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.receivables.forms.words import CONTACT_ROLES
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
