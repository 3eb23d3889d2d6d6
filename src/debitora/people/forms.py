"""Forms of people."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from debitora.people.queries import ROLE_NAMES
from debitora.people.rules import LISTS


class RoleForm(forms.Form):
    """What a person may do in the company."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLE_NAMES.items()))


class MemberForm(RoleForm):
    """A new person with her role."""

    login = forms.SlugField(
        label=_("Login"), max_length=64, help_text=_("What this person types to sign in.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. To be changed after the first sign-in."),
    )

    field_order = ("login", "name", "email", "language", "role", "password")


class ViewForm(forms.Form):
    """A view's name, who sees it, and, when it is new, of which list and what it shows."""

    name = forms.CharField(label=_("Name"), max_length=60)
    shared = forms.BooleanField(label=_("Everybody in the company sees this view"), required=False)
    default = forms.BooleanField(label=_("Open my list in this view"), required=False)
    list = forms.ChoiceField(choices=[(name, name) for name in LISTS], widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)
