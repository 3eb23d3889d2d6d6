"""Forms of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from debitora.kit.fields import choice, field
from debitora.kit.typed import DayField
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


class AbsenceForm(forms.Form):
    """From when until when somebody is away, and who answers meanwhile. `people`: for whom it may be entered, by user id;
    `others`: who may stand in; `on`: today."""

    user = forms.TypedChoiceField(label=_("Who is away"), coerce=int)
    stand_in = forms.TypedChoiceField(
        label=_("Who stands in"), coerce=int, help_text=_("Sees what is asked meanwhile, and can answer it.")
    )
    from_on = DayField(label=_("First day"), help_text=_("31/3, 31/03/2026 or +14 for in 14 days."))
    until_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def __init__(
        self, *args: Any, people: Mapping[int, str], others: Mapping[int, str], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "user").choices = list(people.items())
        choice(self, "stand_in").choices = [("", "–"), *others.items()]
        self.on = field(self, "from_on", DayField).on = field(self, "until_on", DayField).on = on

    def clean(self) -> dict[str, Any]:
        """Its last day is no earlier than its first, nor than today."""
        known = super().clean() or self.cleaned_data
        first, last = known.get("from_on"), known.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", ValidationError(gettext("The last day lies before the first.")))
        elif last and last < self.on:
            self.add_error(
                "until_on", ValidationError(gettext("That day has passed. Nothing is left to enter."))
            )
        if known.get("user") and known.get("user") == known.get("stand_in"):
            self.add_error(
                "stand_in", ValidationError(gettext("Nobody stands in for herself. Choose somebody else."))
            )
        return known
