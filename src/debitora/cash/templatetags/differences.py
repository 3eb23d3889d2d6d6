"""The kinds of differences between list, ledger and bank in words, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from debitora.cash.queries.differences import DifferenceSum
from debitora.values.locales import format_money, format_number
from debitora.values.money import MAX_MINOR, Money, exponent

Words = Mapping[str, str | Promise]

register = template.Library()

WORDS: Final[Words] = {
    "late": _("paid, still on the list"),
    "behind": _("list behind ledger"),
    "unbacked": _("settled by the list alone"),
    "waiting": _("payment on account"),
}
MARKS: Final = {"late": "late", "behind": "busy", "unbacked": "warn", "waiting": "open"}
ADVICE: Final[Words] = {
    "late": _(
        "The bank paid more than a week ago, and the list still shows the item. It is not reminded. Is the payment booked in your accounting?"
    ),
    "behind": _(
        "The ledger knows of a payment or a decision that the list does not show yet. The next list usually does."
    ),
    "unbacked": _(
        "The list no longer shows it as open, and no bank line of the last 90 days paid it. Another account, cash, or a write-off?"
    ),
    "waiting": _("Money that came and settles nothing yet. Put it against an item, or pay it back."),
}
"""What a kind of difference means, and what to do about it."""


@register.filter
def difference_word(kind: str) -> str:
    """What a kind of difference is called."""
    return str(WORDS[kind])


@register.filter
def difference_mark(kind: str) -> str:
    """The shape of a kind."""
    return MARKS[kind]


@register.filter
def difference_sum(one: DifferenceSum) -> str:
    """What differences come to; without decimals where that exceeds what one amount may be."""
    language = get_language() or "en"
    if one.minor < MAX_MINOR:
        return format_money(Money(one.minor, one.currency), language)
    return f"{format_number(one.minor // 10 ** exponent(one.currency), language)} {one.currency}"
