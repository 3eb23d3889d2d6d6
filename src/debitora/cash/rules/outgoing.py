"""What money that went out may be: a payment that the bank took back, or a credit that was paid back to its customer.

A return is known by what it has in common with the payment: reference, mandate, account, amount; the bank often says that it is
one, and keeps a fee. How sure each is, is counted like all proposals (see `sureness`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from debitora.cash.rules.ignoring import IGNORED
from debitora.cash.rules.proposing import MOST_PROPOSED, Proposal
from debitora.cash.rules.spreading import Part
from debitora.cash.rules.sureness import Counts, confidence

RETURN: Final = "return"
REFUND: Final = "refund"
NO_PAYMENT: Final = frozenset({RETURN, REFUND, IGNORED})
"""Kinds of proposals that bring no customer's payment."""
ALONE_FOR: Final = ["reference_same", "amount_same"]
"""Evidence without which no money that went out is booked without asking."""
OFTEN_IGNORED: Final = "often_ignored"
MOST_RETURN_FEE: Final = 1_500
"""So many minor units may a bank charge for a return without naming them."""
RETURN_WORDS: Final = (
    r"r(ü|ue)ck(last|gabe|buchung|überweis|ueberweis|zahlung von bank)|retoure|storno|reject|recall|revers"
    r"|returned|chargeback|unpaid|rejet|impay|contre-?passation|storner|terugboek|teruggeboekt|devuelt|devoluci"
)
"""A regular expression of what banks write beside a payment that comes back, for PostgreSQL and Python alike, in lower case."""
_SAYS: Final = re.compile(RETURN_WORDS)


@dataclass(frozen=True, slots=True)
class OutLine:
    """Money that went out: minor units above zero, what of them the bank calls its fee, and whether it says that a payment came back."""

    line: int
    minor: int
    fee: int = 0
    says_return: bool = False


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that a bank line brought, so much of it (above zero) that no bank took back, and what it shares with the line."""

    item: int
    customer: int
    minor: int
    reference: bool = False
    mandate: bool = False
    account: bool = False


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit of which just the line's amount is open (above zero), and what points to it: account, name, its number, her number."""

    item: int
    customer: int
    minor: int
    account: bool = False
    name: bool = False
    named: bool = False
    by_number: bool = False


def says_return(*, reversal: bool, reason: str, text: str) -> bool:
    """Whether the bank says of a line that it takes a payment back."""
    return reversal or bool(reason) or bool(_SAYS.search(text.lower()))


def propose_outgoing(
    line: OutLine,
    paid: Sequence[Paid],
    credits_: Sequence[Credit],
    *,
    own: Counts | None = None,
    counted: Counts | None = None,
) -> list[Proposal]:
    """At most five proposals for a line, the surest first."""
    found = [
        Proposal(line.line, 0, customer, kind, (Part(item, -minor),), confidence(pattern, own=own, counted=counted), evidence, pattern)
        for kind, item, customer, minor, pattern, evidence in (*_returns(line, paid), *_refunds(line, credits_))
    ]  # fmt: skip
    ordered = sorted(found, key=lambda one: (-one.confidence, one.kind, one.parts[0].item))[:MOST_PROPOSED]
    return [replace(one, rank=rank) for rank, one in enumerate(ordered, start=1)]


def books_alone(one: Proposal) -> bool:
    """Whether a proposal of NO_PAYMENT may be booked without asking at all: the very payment, by reference and to the cent; what was set
    aside often before."""
    told = set(one.evidence)
    if one.kind == IGNORED:
        return OFTEN_IGNORED in told
    return one.kind == RETURN and told.issuperset(ALONE_FOR) and "rivals" not in told


_Found = tuple[str, int, int, int, str, tuple[str, ...]]
"""Kind, item, customer, minor, pattern, evidence."""


def _returns(line: OutLine, paid: Sequence[Paid]) -> Iterator[_Found]:
    fitting = [(one, amount) for one in paid if (amount := _amount(line, one))]
    classes = [(_reference(one), amount) for one, amount in fitting]
    for (one, amount), alike in zip(fitting, classes, strict=True):
        rivals = classes.count(alike)
        said = "s" if line.says_return else "-"
        evidence = [
            ("reference_same", one.reference),
            ("mandate_same", one.mandate and not one.reference),
            ("payer_known", one.account and not one.reference),
            ("amount_same", amount == "="),
            ("fee_told", amount == "f"),
            ("bank_fee", amount == "g"),
            ("says_return", line.says_return),
            ("rivals", rivals > 1),
        ]
        pattern = f"{RETURN}|{alike[0]}{amount}|{said}{_many(rivals)}"
        yield RETURN, one.item, one.customer, one.minor, pattern, _codes(evidence)


def _amount(line: OutLine, one: Paid) -> str:
    """= to the cent, f plus the fee that the bank names, g plus what may be a fee; "" does not fit."""
    beyond = line.minor - one.minor
    if beyond == 0:
        return "="
    if beyond == line.fee:
        return "f"
    pointed = one.reference or one.mandate or one.account
    return "g" if pointed and line.says_return and 0 < beyond <= MOST_RETURN_FEE else ""


def _reference(one: Paid) -> str:
    return "r" if one.reference else "m" if one.mandate else "a" if one.account else "-"


def _refunds(line: OutLine, credits_: Sequence[Credit]) -> Iterator[_Found]:
    fitting = [one for one in credits_ if one.minor == line.minor]
    for one in fitting:
        whose = "p" if one.account else "n" if one.name else "-"
        told = "i" if one.named else "k" if one.by_number else "-"
        said = "s" if line.says_return else "-"
        evidence = [
            ("item_named", one.named),
            ("payer_known", one.account),
            ("customer_number", one.by_number),
            ("name_exact", one.name),
            ("says_return", line.says_return),
            ("rivals", len(fitting) > 1),
        ]
        pattern = f"{REFUND}|{whose}{told}|{said}{_many(len(fitting))}"
        yield REFUND, one.item, one.customer, one.minor, pattern, _codes(evidence)


def _many(rivals: int) -> str:
    return str(min(rivals, 3))


def _codes(evidence: Sequence[tuple[str, bool]]) -> tuple[str, ...]:
    return tuple(code for code, speaks in evidence if speaks)
