"""Claims of the populated companies: a fee, interest and a lump sum, part of them waived with a marked reason; and write-offs in
every state."""

from __future__ import annotations

from typing import Any

from debitora.dunning.models import Notice
from debitora.dunning.testing import MOMENT, ON
from debitora.people.models import Company, User
from debitora.receivables.actions import ClaimAsked, accrue_claims, waive_claim
from debitora.receivables.actions.write_offs import (
    book_write_off,
    choose_limit,
    decline_write_off,
    propose_write_off,
    reverse_write_off,
    withdraw_write_off,
)
from debitora.receivables.models import Claim, Item
from debitora.receivables.rules.write_offs import Ground
from debitora.trail.rules import Actor
from debitora.values.money import Money


def claim_and_waive(*, salesperson: int, note: str, by: Actor) -> None:
    """Claims of a notice about the first item of the salesperson's first customer, its lump sum waived."""
    item = Item.objects.filter(customer__salesperson_id=salesperson).order_by("customer_id", "id")[0]
    company, customer = item.company_id, item.customer_id
    notice = Notice.objects.filter(customer=customer).order_by("id")[0].id
    asked = [
        ClaimAsked(notice, customer, item.id, "interest", item.currency, 123, ON),
        ClaimAsked(notice, customer, item.id, "lump_sum", item.currency, 4_000),
        ClaimAsked(notice, customer, None, "fee", item.currency, 250),
    ]
    accrue_claims(company=company, asked=asked, as_of=MOMENT, on=ON, by=by, at=MOMENT)
    claim = Claim.objects.get(item=item, kind="lump_sum").id
    waive_claim(
        company=company,
        claim=claim,
        amount=Money(1_000, item.currency),
        reason=note,
        on=ON,
        by=by,
        at=MOMENT,
    )


def give_up(item: Item, *, company: Company, person: User, note: str, by: Actor) -> None:
    """One write-off in each state, each of a cent, with marked words; nobody decides alone about more than nothing."""
    known: dict[str, Any] = {"company": company, "on": ON, "at": MOMENT}
    choose_limit(company=company.id, minor=0, by=by, at=MOMENT)
    second_one = Actor(person.id, "user", person.login)
    first, second, third, fourth, _waits = (
        propose_write_off(
            **known,
            item=item.id,
            amount=Money(1, item.currency),
            ground=Ground.OTHER,
            text=f"{note} {place}",
            by=by,
        )
        for place in range(5)
    )
    book_write_off(**known, write_off=first.id, by=second_one)
    decline_write_off(**known, write_off=second.id, reason=note, by=second_one)
    withdraw_write_off(**known, write_off=third.id, by=by)
    book_write_off(**known, write_off=fourth.id, by=second_one)
    reverse_write_off(**known, write_off=fourth.id, reason=note, by=second_one)
