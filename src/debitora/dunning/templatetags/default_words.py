"""Words for default and for interest: grounds, rates, days of a year."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from debitora.dunning.rules.default import Ground
from debitora.values.locales import format_basis_points

register = template.Library()

GROUNDS: Final[dict[Ground, str | Promise]] = {
    Ground.AGREED_DAY: gettext_lazy("The day of payment was agreed by the calendar."),
    Ground.NOTICE: gettext_lazy("A notice reached the customer after the due day."),
    Ground.THIRTY_DAYS: gettext_lazy("Thirty days have passed since due day and receipt of the invoice."),
    Ground.DUE_DAY: gettext_lazy("The law needs no reminder there: the due day has passed."),
    Ground.TERM_OF_REMINDER: gettext_lazy("The fourteen days of the first, free reminder have passed."),
}


def ground_words(ground: Ground) -> str:
    """Why a customer is in default, as a sentence."""
    return str(GROUNDS[ground])


@register.filter
def rate(basis_points: int) -> str:
    """A rate of interest per year: 10.52 %."""
    return format_basis_points(basis_points, get_language() or "en")
