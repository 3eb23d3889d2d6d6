"""What a person wants to be mailed, as a form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext_lazy as _

from debitora.kit.fields import choice
from debitora.messaging.rules.own_mails import ALERTS, HOURS, WEEKDAYS, Choice, Rhythm
from debitora.people.rules import may

RHYTHMS = (
    (Rhythm.NEVER.value, _("Never")),
    (Rhythm.DAILY.value, _("Every working day")),
    (Rhythm.WEEKLY.value, _("Once a week")),
)
PART_NAMES = {
    "totals": _("What is open and overdue, and how that changed"),
    "top": _("The largest overdue customers of the company"),
    "customers": _("My customers with the most overdue"),
    "cases": _("Clarification cases that wait for my answer"),
}
ALERT_NAMES = {
    "run_waits": _("A dunning run waits for approval"),
    "write_off_waits": _("A write-off was proposed"),
    "run_approved": _("A dunning run was approved"),
    "list_imported": _("A list was imported"),
    "mail_failed": _("A mail was refused, came back, was stopped, or is uncertain"),
    "sending_locked": _("Sending was locked"),
    "sales_answered": _("Sales has released or stopped a notice"),
    "mail_waits": _("A mail waits in the inbox"),
    "payment_1000": _("A customer whom I see pays 1,000 or more"),
    "payment_10000": _("A customer whom I see pays 10,000 or more"),
    "payment_100000": _("A customer whom I see pays 100,000 or more"),
    "mentioned": _("I was mentioned in a note on a customer"),
    "stand_in": _("I stand in for somebody, or somebody for me"),
}


class OwnMailsForm(forms.Form):
    """Only what the role may see can be chosen."""

    rhythm = forms.ChoiceField(label=_("How often"), choices=RHYTHMS, widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(
        label=_("Weekday"),
        coerce=int,
        choices=[(day, DAY_NAMES[day]) for day in WEEKDAYS],
        help_text=_("For once a week. Where nobody works that day, on the next working day."),
    )
    hour = forms.TypedChoiceField(
        label=_("Not before"), coerce=int, choices=[(hour, f"{hour}:00") for hour in HOURS]
    )
    parts = forms.MultipleChoiceField(
        label=_("What it tells"), required=False, widget=forms.CheckboxSelectMultiple
    )
    alerts = forms.MultipleChoiceField(
        label=_("Tell me at once when"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, role: str, alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "parts").choices = [
            (part, name) for part, name in PART_NAMES.items() if not (alone and part == "top")
        ]
        allowed = [(one, name) for one, name in ALERT_NAMES.items() if may(role, ALERTS[one][0])]
        choice(self, "alerts").choices = allowed
        if not allowed:
            del self.fields["alerts"]

    def clean(self) -> dict[str, Any]:
        """A digest that tells nothing is none."""
        told = dict(self.cleaned_data)
        if told.get("rhythm") not in (None, Rhythm.NEVER) and not told.get("parts"):
            self.add_error("parts", _("Choose at least one of these, or no digest."))
        return told

    def choice(self, *, on: date) -> Choice:
        """What was chosen, from a day on."""
        told = self.cleaned_data
        return Choice(
            Rhythm(told["rhythm"]),
            told["weekday"],
            told["hour"],
            tuple(told["parts"]),
            tuple(told.get("alerts", ())),
            on,
        )
