"""What became of bank lines, and what they may be, in words: kinds, evidence, confidence, and the sentence that explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from debitora.cash.queries.proposals import ProposalRow
from debitora.cash.queries.searching import NoSum
from debitora.cash.rules.abbreviating import digits_of
from debitora.cash.rules.conversion import Conversion
from debitora.values.locales import format_money, format_number, format_rate

Words = Mapping[str, str | Promise]

register = template.Library()

EVIDENCE: Final[Words] = {
    "payer_known": gettext_lazy("payer account known"),
    "item_named": gettext_lazy("its number is named in the text"),
    "items_named": gettext_lazy("all their numbers are named in the text"),
    "item_hinted": gettext_lazy("the digits of its number stand in the text"),
    "customer_number": gettext_lazy("customer number named in the text"),
    "name_exact": gettext_lazy("payer and customer have the same name"),
    "name_like": gettext_lazy("the payer's name resembles the customer's"),
    "amount_only_one": gettext_lazy("no other open item has this amount"),
    "amount_few": gettext_lazy("few open items have this amount"),
    "habit": gettext_lazy("the customer often pays like this"),
    "rivals": gettext_lazy("other items would fit as well"),
    "complete_search": gettext_lazy("no other sum of open items fits"),
    "within_discount_term": gettext_lazy("paid within the discount term"),
    "late_discount": gettext_lazy("paid after the discount term"),
    "bank_fee": gettext_lazy("the difference looks like a bank's fee"),
    "settled_per_list": gettext_lazy("the list has settled it already"),
    "third_party": gettext_lazy("paid from another customer's account"),
    "group": gettext_lazy("payer and customer belong to one group"),
    "reference_same": gettext_lazy("payment and line have the same reference"),
    "mandate_same": gettext_lazy("payment and line name the same mandate"),
    "amount_same": gettext_lazy("the amounts are the same"),
    "fee_told": gettext_lazy("the rest is a fee that the bank names"),
    "own_account": gettext_lazy("the other account is one of your own"),
    "often_ignored": gettext_lazy("lines of the same counterpart were set aside for it again and again"),
    "otherwise_before": gettext_lazy("others of them were something else"),
    "says_return": gettext_lazy("the bank says that a payment comes back"),
}
"""Code of rules.sureness -> what speaks for a proposal, or against it, as a part of a sentence."""

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
IGNORED_FOR: Final[Words] = {
    "own_transfer": gettext_lazy("Transfer between own accounts"),
    "interest": gettext_lazy("Interest"),
    "bank_fee": gettext_lazy("Bank charges"),
    "no_receivable": gettext_lazy("Not about a customer"),
    "other": gettext_lazy("Other reason"),
}

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
def in_percent(confidence: int) -> str:
    """A confidence (basis points) in percent; never 100, for nothing is that sure."""
    tenths = confidence // 10
    shown = format_number(tenths // 10, _language())
    return f"{shown}\u00a0%" if tenths < 990 else f"{_decimal(confidence)}\u00a0%"


@register.filter
def share_of(basis_points: int) -> str:
    """A share in percent; rounded down, so that 100 % is all of it."""
    return f"{_decimal(basis_points // 10 * 10)}\u00a0%"


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
def evidence_words(codes: Iterable[str]) -> list[str]:
    """What speaks for a proposal, or against it; a code without words is left out."""
    return [str(EVIDENCE[code]) for code in codes if code in EVIDENCE]


@register.filter
def explained(proposal: ProposalRow) -> str:
    """Why a line may be this, in one sentence."""
    amount = _AMOUNTS.get(proposal.kind)
    clauses = [amount(proposal)] if amount else []
    return capfirst(", ".join([*clauses, *evidence_words(proposal.evidence)]))


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


def _items(proposal: ProposalRow) -> str:
    return ngettext(
        "amount equals what is open of %(numbers)s",
        "amount equals %(numbers)s together",
        len(proposal.parts),
    ) % {"numbers": numbers(proposal)}


def _net(proposal: ProposalRow) -> str:
    return _("amount equals %(numbers)s, credits deducted") % {"numbers": numbers(proposal)}


def _discount(proposal: ProposalRow) -> str:
    taken = sum(part.discount.minor for part in proposal.parts)
    whole = proposal.allocated_minor + taken
    return _("amount equals %(numbers)s less %(percent)s %% discount") % {
        "numbers": numbers(proposal),
        "percent": _decimal(10_000 * taken // whole if whole else 0),
    }


def _fee(proposal: ProposalRow) -> str:
    return _("amount equals %(numbers)s less a small difference") % {"numbers": numbers(proposal)}


def _part(proposal: ProposalRow) -> str:
    return _("less than is open of %(numbers)s") % {"numbers": numbers(proposal)}


def _over(proposal: ProposalRow) -> str:
    return _("more than is open of %(numbers)s") % {"numbers": numbers(proposal)}


def _all_due(_proposal: ProposalRow) -> str:
    return _("amount equals everything that was due")


def _all_open(_proposal: ProposalRow) -> str:
    return _("amount equals everything that is open")


def _by_law(_proposal: ProposalRow) -> str:
    return _("no amount fits, so the oldest debts are paid first")


def _by_law_charges(_proposal: ProposalRow) -> str:
    return _("no amount fits and it does not suffice, so charges are paid first, then the oldest debts")


def _return(proposal: ProposalRow) -> str:
    return _("takes the payment %(numbers)s back") % {"numbers": numbers(proposal)}


def _ignored(proposal: ProposalRow) -> str:
    return _("none of a customer's: %(reason)s") % {"reason": ignored_word(proposal.ignored_for)}


def _advance(_proposal: ProposalRow) -> str:
    return _("no open item fits, so it may be an advance payment")


_AMOUNTS: Final[Mapping[str, Callable[[ProposalRow], str]]] = {
    "named": _items,
    "named_net": _net,
    "named_discount": _discount,
    "named_fee": _fee,
    "named_more": _items,
    "named_part": _part,
    "named_over": _over,
    "one": _items,
    "all_due": _all_due,
    "all_open": _all_open,
    "sum": _items,
    "one_discount": _discount,
    "due_discount": _discount,
    "one_fee": _fee,
    "by_law": _by_law,
    "by_law_charges": _by_law_charges,
    "advance": _advance,
    "return": _return,
    "refund": _items,
    "ignored": _ignored,
}
"""Kind of proposal -> how its amount comes about."""


def numbers(proposal: ProposalRow, *, most: int = 3) -> str:
    """The numbers of a proposal's items; of many the first ones, and how many more."""
    return listed([part.item.number for part in proposal.parts], most=most)


@register.filter(name="listing")
def listed(names: Sequence[str], *, most: int = 3) -> str:
    """Some names with commas, and how many more."""
    shown = ", ".join(names[:most])
    if len(names) <= most:
        return shown
    return _("%(names)s and %(more)s more") % {"names": shown, "more": len(names) - most}


def _decimal(basis_points: int) -> str:
    """Basis points as percent with as few decimals as they need: 200 is 2, 9990 is 99.9."""
    whole, rest = divmod(basis_points, 100)
    digits = f"{rest:02d}".rstrip("0")
    point = "." if _language() == "en" else ","
    return f"{whole}{point}{digits}" if digits else str(whole)


def _language() -> str:
    return get_language() or "en"
