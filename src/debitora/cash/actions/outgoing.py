"""A line that is no payment becomes what its proposal says: a payment returned, a credit paid back, or nothing of a customer's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from debitora.cash.actions.booking import EntryMovedOn, ignore
from debitora.cash.actions.grounds import Grounds
from debitora.cash.actions.learning import count
from debitora.cash.actions.undoing import NoPaymentOfOurs, book_refund, book_return
from debitora.cash.models import Booking
from debitora.cash.rules.ignoring import IGNORED
from debitora.cash.rules.outgoing import RETURN
from debitora.cash.rules.proposing import Proposal
from debitora.receivables.actions import LessIsLeft
from debitora.trail.rules import Actor

_FEES = ("fee_told", "bank_fee")
"""Evidence that what a line has beyond the payment is the bank's."""


def take_no_payment(
    *, company: int, minor: int, chosen: Proposal, grounds: Grounds, by: Actor, at: datetime
) -> list[Booking]:
    """This will book a line of which so much is open (signed) as proposed. Raises EntryMovedOn, NoPaymentOfOurs and LessIsLeft."""
    if chosen.kind == IGNORED:
        aside = ignore(
            company=company, entry=chosen.line, ignored_for=chosen.ignored_for, grounds=grounds, by=by, at=at
        )
        return [aside]
    (part,) = chosen.parts
    if chosen.kind == RETURN:
        fee = part.minor - minor if any(code in chosen.evidence for code in _FEES) else 0
        return book_return(
            company=company,
            entry=chosen.line,
            payment_item=part.item,
            fee=fee,
            grounds=grounds,
            by=by,
            at=at,
        )
    made = book_refund(
        company=company, entry=chosen.line, credit_item=part.item, grounds=grounds, by=by, at=at
    )
    return [made]


def book_no_payments(
    *, company: int, sure: Sequence[tuple[int, Proposal, Grounds]], by: Actor, at: datetime
) -> set[int]:
    """This will book lines of which so much is open as their first proposals say, each for itself; returns those that were booked."""
    booked = set()
    for minor, chosen, grounds in sure:
        try:
            with transaction.atomic():
                take_no_payment(company=company, minor=minor, chosen=chosen, grounds=grounds, by=by, at=at)
                count(company=company, right=[chosen.pattern])
        except (EntryMovedOn, NoPaymentOfOurs, LessIsLeft):
            continue
        booked.add(chosen.line)
    return booked
