"""Money that went out becomes what its proposal says: a payment returned, or a credit paid back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from debitora.cash.actions.booking import EntryMovedOn
from debitora.cash.actions.grounds import Grounds
from debitora.cash.actions.learning import count
from debitora.cash.actions.undoing import NoPaymentOfOurs, book_refund, book_return
from debitora.cash.models import Booking
from debitora.cash.rules.outgoing import RETURN
from debitora.cash.rules.proposing import Proposal
from debitora.receivables.actions import LessIsLeft
from debitora.trail.rules import Actor

_FEES = ("fee_told", "bank_fee")
"""Evidence that what a line has beyond the payment is the bank's."""


def take_outgoing(
    *, company: int, minor: int, chosen: Proposal, grounds: Grounds, by: Actor, at: datetime
) -> list[Booking]:
    """This will book a line of which so much is open (below zero) as proposed. Raises EntryMovedOn, NoPaymentOfOurs and LessIsLeft."""
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


def book_outgoing(
    *, company: int, sure: Sequence[tuple[int, Proposal, Grounds]], by: Actor, at: datetime
) -> set[int]:
    """This will book lines of which so much is open as their first proposals say, each for itself; returns those that were booked."""
    booked = set()
    for minor, chosen, grounds in sure:
        try:
            with transaction.atomic():
                take_outgoing(company=company, minor=minor, chosen=chosen, grounds=grounds, by=by, at=at)
                count(company=company, right=[chosen.pattern])
        except (EntryMovedOn, NoPaymentOfOurs, LessIsLeft):
            continue
        booked.add(chosen.line)
    return booked
