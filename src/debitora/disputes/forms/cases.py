"""Forms of cases: opened with a question, answered or closed with an outcome, given to somebody, given another day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.disputes.forms.words import OUTCOMES, REFUSALS
from debitora.disputes.rules.outcomes import Outcome, OutcomeRefusal, Proposal, refusal
from debitora.kit.fields import choice, field
from debitora.kit.typed import AmountField, DayField
from debitora.values.money import Money

_LONGEST = 1000


def _words(label: Any, *, required: bool) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=_LONGEST, strip=True, widget=area)


class _Dated(forms.Form):
    """A form with a last day for an answer, which is not past."""

    due_on = DayField(
        label=gettext_lazy("Answer until"),
        required=False,
        help_text=gettext_lazy("31/3, 31/03/2026 or +14. Empty: as the rules say."),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        field(self, "due_on", DayField).on = on

    def clean_due_on(self) -> date | None:
        """Today at the earliest."""
        due_on: date | None = self.cleaned_data["due_on"]
        if due_on is not None and due_on < self.on:
            raise ValidationError(REFUSALS["day_past"][1])
        return due_on


class OpenForm(_Dated):
    """Why, how much of a single item, what is asked, of whom, and until when."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    amount = AmountField(
        label=gettext_lazy("Amount"),
        required=False,
        help_text=gettext_lazy("Only so much is disputed; empty: all of it."),
    )
    question = _words(gettext_lazy("What has to be clarified?"), required=True)
    assignee = forms.TypedChoiceField(
        label=gettext_lazy("Who answers"), coerce=int, empty_value=None, required=False
    )
    field_order = ("reason", "amount", "question", "assignee", "due_on")

    def __init__(
        self,
        *args: Any,
        people: Mapping[int, str],
        reasons: Mapping[str, str],
        open_sum: Money | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "reason").choices = [("", "–"), *reasons.items()]
        choice(self, "assignee").choices = [("", _("as the rules say")), *people.items()]
        if open_sum is None:
            del self.fields["amount"]
            return
        field(self, "amount", AmountField).most = open_sum


class OutcomeForm(forms.Form):
    """What a clarification came to. `disputed` is what of the case is open."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )
    until = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy(
            "Until then nothing is reminded of: 31/3, 31/03/2026 or +14. A new due day takes the place of the one in the list."
        ),
    )
    amount = AmountField(
        label=gettext_lazy("Amount"),
        required=False,
        help_text=gettext_lazy("For a credit note or a write-off of a part; empty: all of it."),
    )
    note = _words(gettext_lazy("Note"), required=False)

    def __init__(self, *args: Any, on: date, disputed: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.disputed = on, disputed
        field(self, "until", DayField).on = on
        field(self, "amount", AmountField).most = disputed

    def clean(self) -> dict[str, Any]:
        """An outcome with what it needs, and nothing that it does not."""
        known = super().clean() or self.cleaned_data
        if not self.errors:
            why = refusal(self.proposal(), disputed_minor=self.disputed.minor, on=self.on)
            if why is not None:
                self.refuse(why)
        return known

    def refuse(self, why: OutcomeRefusal) -> None:
        """Say at its field why the outcome cannot be taken."""
        name, text = REFUSALS[why]
        self.add_error(name, text)

    def proposal(self) -> Proposal:
        """The outcome as the rules look at it."""
        known = self.cleaned_data
        amount: Money | None = known["amount"]
        return Proposal(Outcome(known["outcome"]), known["until"], amount.minor if amount else None)


class AssignForm(_Dated):
    """Who answers instead, until when, and what she should know."""

    assignee = forms.TypedChoiceField(label=gettext_lazy("Who answers"), coerce=int)
    note = _words(gettext_lazy("Note"), required=False)
    field_order = ("assignee", "due_on", "note")

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "assignee").choices = list(people.items())
        field(self, "due_on", DayField).help_text = _("31/3, 31/03/2026 or +14. Empty: as before.")


class HandOnForm(forms.Form):
    """Who answers all of the chosen cases instead, and what she should know."""

    assignee = forms.TypedChoiceField(label=gettext_lazy("Who answers"), coerce=int)
    note = _words(gettext_lazy("Note"), required=False)

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "assignee").choices = [("", "–"), *people.items()]


class DeadlineForm(_Dated):
    """Another last day for the answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        due_on = field(self, "due_on", DayField)
        due_on.required, due_on.help_text = True, _("31/3, 31/03/2026 or +14.")
