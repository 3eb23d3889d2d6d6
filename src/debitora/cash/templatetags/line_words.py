"""What became of bank lines, and what they may be, in words: kinds, evidence, confidence, and the sentence that explains."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from debitora.cash.queries.searching import NoSum
from debitora.cash.queries.wording import (
    IGNORED_FOR,
    Words,
    evidence_words,
    explained,
    in_percent,
    listed,
    percent,
)
from debitora.cash.rules.abbreviating import digits_of
from debitora.cash.rules.conversion import Conversion
from debitora.values.locales import format_money, format_rate

register = template.Library()
for worded in (in_percent, evidence_words, explained):
    register.filter(worded)
register.filter("listing", listed)

KINDS: Final[Words] = {
    "named": gettext_lazy("items named"),
    "named_net": gettext_lazy("items named, credits deducted"),
    "named_discount": gettext_lazy("items named, less discount"),
    "named_fee": gettext_lazy("items named, less a fee"),
    "named_more": gettext_lazy("items named, and others"),
    "named_part": gettext_lazy("part payment"),
    "named_over": gettext_lazy("overpayment"),
    "one": gettext_lazy("one item"),
    "all_due": gettext_lazy("everything due"),
    "all_open": gettext_lazy("everything open"),
    "sum": gettext_lazy("several items"),
    "one_discount": gettext_lazy("one item, less discount"),
    "due_discount": gettext_lazy("everything due, less discount"),
    "one_fee": gettext_lazy("one item, less a fee"),
    "by_law": gettext_lazy("oldest debts first"),
    "by_law_charges": gettext_lazy("charges first"),
    "advance": gettext_lazy("advance payment"),
    "return": gettext_lazy("payment returned"),
    "refund": gettext_lazy("credit paid back"),
    "ignored": gettext_lazy("set aside"),
}
"""Kinds of proposals in a few words."""

BOOKING_KINDS: Final[Words] = {
    "payment": pgettext_lazy("bank line", "Payment"),
    "returned": gettext_lazy("Payment returned"),
    "refunded": gettext_lazy("Credit paid back"),
    "ignored": pgettext_lazy("bank line", "Ignored"),
}
PART_KINDS: Final[Words] = {
    "allocated": gettext_lazy("paid"),
    "discount": gettext_lazy("cash discount"),
    "written_off": gettext_lazy("written off"),
    "exchange": gettext_lazy("exchange difference"),
    "returned": gettext_lazy("open again"),
    "refunded": gettext_lazy("paid back"),
    "origin": gettext_lazy("came from this line"),
}
ORIGINS: Final[Words] = {
    "sure": gettext_lazy("booked by itself"),
    "proposal": gettext_lazy("proposal taken"),
    "by_hand": gettext_lazy("by hand"),
}
REASONS: Final[Words] = {
    "directed": gettext_lazy("the payer named it"),
    "matched": gettext_lazy("found by its amount"),
    "law_366": gettext_lazy("in the order of § 366 BGB"),
    "law_367": gettext_lazy("charges first, by § 367 BGB"),
    "by_hand": gettext_lazy("by hand"),
}
"""Why a payment was put against this item."""
RATES: Final[Words] = {
    "bank": gettext_lazy("%(given)s count as %(worth)s, as the bank says (rate %(rate)s)"),
    "by_hand": gettext_lazy("%(given)s count as %(worth)s, as was noted by hand (rate %(rate)s)"),
}
"""Code of spreading.RATE_SOURCES -> what money counts as."""

_CERTAIN, _HIGH, _FAIR, _LOW = 9_900, 9_000, 7_000, 4_000


@register.filter
def sureness(confidence: int | None) -> str:
    """A confidence (basis points) in words."""
    if confidence is None:
        return _("no proposal")
    steps = (
        (_CERTAIN, _("almost certain")),
        (_HIGH, _("very likely")),
        (_FAIR, _("likely")),
        (_LOW, _("possible")),
    )
    return next((word for least, word in steps if confidence >= least), _("a guess"))


@register.filter
def sureness_mark(confidence: int | None) -> str:
    """The shape of a confidence."""
    if confidence is None:
        return "neutral"
    return "good" if confidence >= _HIGH else "open" if confidence >= _LOW else "draft"


@register.filter
def share_of(basis_points: int) -> str:
    """A share in percent; rounded down, so that 100 % is all of it."""
    return f"{percent(basis_points // 10 * 10)}\u00a0%"


@register.filter
def booking_kind(kind: str) -> str:
    """What a part of a line was."""
    return str(BOOKING_KINDS[kind])


@register.filter
def part_kind(kind: str) -> str:
    """What a line did to an item."""
    return str(PART_KINDS[kind])


@register.filter
def origin_word(origin: str) -> str:
    """Who chose: the policy, a person who took a proposal, a person by herself."""
    return str(ORIGINS[origin])


@register.filter
def reason_word(reason: str) -> str:
    """Why a payment was put against this item; "" for a reason of another room."""
    return str(REASONS.get(reason, ""))


@register.filter
def ignored_word(code: str) -> str:
    """Why a line is none of ours."""
    return str(IGNORED_FOR[code])


@register.filter
def kind_word(kind: str) -> str:
    """A kind of proposal, or another habit of a payer, in a few words; "" for one that has none yet."""
    digits = digits_of(kind)
    if digits is not None:
        return _("only the last %(digits)s digits of numbers") % {"digits": digits}
    return str(KINDS.get(kind, ""))


@register.filter
def no_sum_words(none: NoSum) -> str:
    """That no sum of a customer's open items comes to the amount, and how many were tried."""
    words = (
        ngettext(
            "The one open item of %(name)s does not come to this amount.",
            "No sum of the %(items)s open items of %(name)s comes to this amount: all were tried.",
            none.items,
        )
        if none.all
        else _("No sum of up to %(up_to)s of the %(items)s open items of %(name)s comes to this amount.")
    )
    return words % {"name": none.customer.name, "items": none.items, "up_to": none.up_to}


@register.filter
def converted(conversion: Conversion) -> str:
    """What money counts as in another currency, the rate, and who said so."""
    language = _language()
    return RATES[conversion.source] % {
        "given": format_money(conversion.given, language),
        "worth": format_money(conversion.worth, language),
        "rate": format_rate(conversion.rate, language),
    }


def _language() -> str:
    return get_language() or "en"
