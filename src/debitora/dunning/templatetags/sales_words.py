"""Questions to sales in words: how they stand, and why something is stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from django import template
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.dunning.queries.sales_list import QuestionRow
from debitora.dunning.templatetags.dunning import Words
from debitora.dunning.templatetags.strategy_words import TEXTS
from debitora.values.locales import format_date

register = template.Library()

STATES: Final[Words] = {
    "open": gettext_lazy("asked"),
    "late": gettext_lazy("answer overdue"),
    "released": gettext_lazy("released"),
    "stopped": gettext_lazy("stopped"),
    "silent": gettext_lazy("released by silence"),
    "held": gettext_lazy("on hold meanwhile"),
}
MARKS: Final[Mapping[str, str]] = {
    "open": "open",
    "late": "late",
    "released": "done",
    "stopped": "warn",
    "silent": "neutral",
    "held": "neutral",
}
STOP_REASONS: Final[Words] = {
    "agreement": gettext_lazy("Something was agreed"),
    "promise": gettext_lazy("Payment was promised"),
    "clarification": gettext_lazy("Something has to be clarified"),
    "complaint": gettext_lazy("The customer complains"),
    "legal": gettext_lazy("Legal dispute"),
    "insolvency": gettext_lazy("Insolvency"),
    "other": gettext_lazy("Another reason"),
}
KINDS: Final[Words] = {
    "released": gettext_lazy("Released"),
    "stopped": gettext_lazy("Stopped"),
    "undone": gettext_lazy("Taken back"),
}


def state_words(row: QuestionRow) -> str:
    """How a question stands, with the day where one belongs to it."""
    if row.state == "stopped" and row.stopped_until_on:
        return _("stopped until %(day)s") % {"day": format_date(row.stopped_until_on, get_language() or "en")}
    return str(STATES[row.state])


class OfStep(Protocol):
    """What belongs to a step of a strategy."""

    @property
    def level(self) -> int:
        """Its place, from 1."""

    @property
    def text(self) -> str:
        """Key of its text."""


@register.filter
def step_words(row: OfStep) -> str:
    """The step that a question or a notice is about: its level and the name of its text."""
    name = str(TEXTS.get(row.text, row.text))
    return f"{row.level} · {name}" if name else str(row.level)


@register.filter
def stop_reason(code: str) -> str:
    """Why something is stopped."""
    return str(STOP_REASONS.get(code, code))


@register.filter
def answer_kind(code: str) -> str:
    """What was said."""
    return str(KINDS.get(code, code))
