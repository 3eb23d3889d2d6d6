"""What a line may be, in words: what speaks for a proposal, and the sentence that explains it. Pages and commands say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from debitora.cash.queries.proposals import ProposalRow
from debitora.values.locales import format_number

Words = Mapping[str, str | Promise]

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
IGNORED_FOR: Final[Words] = {
    "own_transfer": gettext_lazy("Transfer between own accounts"),
    "interest": gettext_lazy("Interest"),
    "bank_fee": gettext_lazy("Bank charges"),
    "no_receivable": gettext_lazy("Not about a customer"),
    "other": gettext_lazy("Other reason"),
}


def explained(proposal: ProposalRow) -> str:
    """Why a line may be this, in one sentence."""
    amount = AMOUNTS.get(proposal.kind)
    clauses = [amount(proposal)] if amount else []
    return capfirst(", ".join([*clauses, *evidence_words(proposal.evidence)]))


def evidence_words(codes: Iterable[str]) -> list[str]:
    """What speaks for a proposal, or against it; a code without words is left out."""
    return [str(EVIDENCE[code]) for code in codes if code in EVIDENCE]


def in_percent(confidence: int) -> str:
    """A confidence (basis points) in percent; never 100, for nothing is that sure."""
    tenths = confidence // 10
    shown = format_number(tenths // 10, _language())
    return f"{shown}\u00a0%" if tenths < 990 else f"{percent(confidence)}\u00a0%"


def percent(basis_points: int) -> str:
    """Basis points as percent with as few decimals as they need: 200 is 2, 9990 is 99.9."""
    whole, rest = divmod(basis_points, 100)
    digits = f"{rest:02d}".rstrip("0")
    point = "." if _language() == "en" else ","
    return f"{whole}{point}{digits}" if digits else str(whole)


def listed(names: Sequence[str], *, most: int = 3) -> str:
    """Some names with commas, and how many more."""
    shown = ", ".join(names[:most])
    if len(names) <= most:
        return shown
    return _("%(names)s and %(more)s more") % {"names": shown, "more": len(names) - most}


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
        "percent": percent(10_000 * taken // whole if whole else 0),
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
    return _("none of a customer's: %(reason)s") % {"reason": IGNORED_FOR[proposal.ignored_for]}


def _advance(_proposal: ProposalRow) -> str:
    return _("no open item fits, so it may be an advance payment")


AMOUNTS: Final[Mapping[str, Callable[[ProposalRow], str]]] = {
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


def _language() -> str:
    return get_language() or "en"
