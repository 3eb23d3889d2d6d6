"""Calls in words: their outcomes, and what to say at the telephone."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from debitora.dunning.queries.calls import CallRow
from debitora.dunning.templatetags.dunning import Words
from debitora.values.locales import format_date, format_money
from debitora.values.money import Money

register = template.Library()

OUTCOMES: Final[Words] = {
    "reached": gettext_lazy("Reached"),
    "promised": gettext_lazy("Reached, and payment promised"),
    "not_reached": gettext_lazy("Not reached"),
    "wrong_number": gettext_lazy("Wrong number"),
}


@register.filter
def outcome_word(code: str) -> str:
    """What came of a call; that nobody has called yet."""
    return str(OUTCOMES.get(code) or _("not called yet"))


def to_say(row: CallRow, *, company: str) -> list[str]:
    """What to say, a sentence each, with the sums of this moment."""
    language = get_language() or "en"
    facts = {
        "company": company,
        "items": row.items,
        "due": format_date(row.due_on, language),
        "sum": format_money(Money(row.open_minor, row.currency), language),
    }
    said = [
        _("Good day, this is %(company)s.") % facts,
        ngettext(
            "It is about one item over %(sum)s, due since %(due)s.",
            "It is about %(items)s items over %(sum)s together, the oldest due since %(due)s.",
            row.items,
        )
        % facts,
        _("Is anything the matter with it? When may we expect the payment?"),
    ]
    if row.contact_name:
        said.insert(1, _("Ask for %(name)s.") % {"name": row.contact_name})
    return said
