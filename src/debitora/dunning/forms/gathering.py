"""How a strategy gathers and when it sends, as fields of its form: grouping, early reminder, quiet days, approval by sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from debitora.dunning.rules.policy import AfterLastStep, Grouping, Policy
from debitora.dunning.templatetags.gathering_words import AFTERS, GROUPINGS

_UPCOMING: Final = {"text": "upcoming", "channel": "mail"}
"""What an early reminder is unless the strategy already says."""


class GatheringForm(forms.Form):
    """Every field is text: the policy itself says what is wrong with it."""

    grouping = forms.ChoiceField(
        label=gettext_lazy("One notice for"),
        help_text=gettext_lazy(
            "Each counts as a contact. Credits stand on the first that they do not cover."
        ),
        choices=GROUPINGS.items(),
        required=False,
    )
    upcoming_days = forms.CharField(
        label=gettext_lazy("Remind … days before the due day"),
        help_text=gettext_lazy("A friendly word beforehand, once, without a level. Empty: none."),
        required=False,
        max_length=10,
    )
    shown_only = forms.BooleanField(
        label=gettext_lazy("Ask for the whole sum all the same: credits are only shown"), required=False
    )
    after_last_step = forms.ChoiceField(
        label=gettext_lazy("After the last step"),
        help_text=gettext_lazy(
            "Nothing happens by itself: the list of what was not reminded says what to decide."
        ),
        choices=AFTERS.items(),
        required=False,
    )
    quiet_days = forms.CharField(
        label=gettext_lazy("Quiet days"),
        help_text=gettext_lazy(
            "Nothing is sent on them. Month and day from/to, such as 12-24/01-01, and weekdays as mon, tue, wed, thu, "
            "fri, sat, sun; a semicolon between."
        ),
        required=False,
        max_length=200,
    )
    approval_above = forms.CharField(
        label=gettext_lazy("Ask a person above"),
        help_text=gettext_lazy(
            "A run that approves itself waits if one notice asks for more. Other currencies then always wait. Empty: no limit."
        ),
        required=False,
        max_length=200,
    )


def gathering_initial(policy: Policy) -> dict[str, Any]:
    """What the fields show of a policy; sums are put by who knows how they are typed."""
    return {
        "grouping": policy.grouping.value,
        "upcoming_days": policy.upcoming_days or "",
        "after_last_step": policy.after_last_step.value,
        "shown_only": not policy.offset_credits,
        "quiet_days": "; ".join(one.text for one in policy.quiet_days),
    }


def gathering_document(head: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as the document says it; `kept` is the document of the version before."""
    before = kept.get("upcoming")
    told = before if isinstance(before, Mapping) else _UPCOMING
    days = str(head.get("upcoming_days", "")).strip()
    quiet = str(head.get("quiet_days", "")).lower().split(";")
    return {
        "grouping": head.get("grouping") or Grouping.CUSTOMER_CURRENCY.value,
        "upcoming": {**told, "days_before": days} if days else "none",
        "after_last_step": head.get("after_last_step") or AfterLastStep.STOP.value,
        "offset_credits": not head.get("shown_only", False),
        "quiet_days": [part.strip() for part in quiet if part.strip()],
    }
