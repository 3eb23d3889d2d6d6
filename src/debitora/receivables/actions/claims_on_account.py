"""Claims put on the account when somebody asks for it, so that money can be put against them; and taken off again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

import polars as pl
from django.db import transaction

from debitora.kit.pg.bulk import stage
from debitora.receivables.actions.charges import cancel_charge
from debitora.receivables.actions.claims import ClaimUnknown, ReversedBefore, append_entry, fold, open_of
from debitora.receivables.actions.items import NewItem, open_item
from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Claim, ClaimEntry, Item, ItemState
from debitora.trail.rules import Actor
from debitora.values.money import Money

Named = Callable[[Claim], str]


class NothingOpen(Exception):
    """Nothing is open of the claims, or they are none of this customer's."""


class ChargePaid(Exception):
    """Something was put against the charge already: take that back first."""


def put_on_account(
    *,
    company: int,
    customer: int,
    claims: Iterable[int],
    source: int,
    named: Named,
    on: date,
    by: Actor,
    at: datetime,
) -> list[ClaimEntry]:
    """This will open a charge, due on the day, for what is open of each claim, and note that the claims stand there now.

    `named` gives the number of a claim's charge. All of them or none. Raises NothingOpen.
    """
    with transaction.atomic():
        lock_customer(company=company, customer=customer)
        asked = Claim.objects.filter(company_id=company, customer_id=customer, id__in=list(claims))
        found = [claim for claim in asked.order_by("id") if open_of(claim)]
        if not found:
            raise NothingOpen(customer)
        entries = [_put(claim, source, named(claim), on, by, at) for claim in found]
        _fold(company, found, "claims.booked", sum(entry.minor for entry in entries), by, at)
    return entries


def take_off_account(*, company: int, entry: int, on: date, by: Actor, at: datetime) -> Claim:
    """This will take back a charge of which all is still open; its claim stands beside the account again.

    Raises ClaimUnknown, ReversedBefore and ChargePaid.
    """
    with transaction.atomic():
        booked = ClaimEntry.objects.filter(company_id=company, id=entry, kind="booked").first()
        if booked is None or booked.charge_id is None:
            raise ClaimUnknown(entry)
        claim = Claim.objects.get(company_id=company, id=booked.claim_id)
        lock_customer(company=company, customer=claim.customer_id)
        if ClaimEntry.objects.filter(company_id=company, reverses_id=entry).exists():
            raise ReversedBefore(entry)
        state = ItemState.objects.select_for_update().get(company_id=company, item_id=booked.charge_id)
        if state.open_minor != booked.minor:
            raise ChargePaid(entry)
        cancel_charge(state=state, on=on, by=by, at=at)
        append_entry(claim, "unbooked", booked.minor, on, by, at, reverses=booked)
        _fold(company, [claim], "claims.unbooked", booked.minor, by, at)
    return claim


def _put(claim: Claim, source: int, number: str, on: date, by: Actor, at: datetime) -> ClaimEntry:
    minor = open_of(claim)
    before = Item.objects.filter(
        company_id=claim.company_id,
        source_id=source,
        customer_id=claim.customer_id,
        number=number,
        position__startswith=claim.kind,
    ).count()
    charge = open_item(
        company=claim.company_id,
        source=source,
        customer=claim.customer_id,
        item=NewItem(
            kind="charge",
            number=number,
            position=f"{claim.kind}-{before + 1}" if before else claim.kind,
            amount=Money(minor, claim.currency),
            due_on=on,
            issued_on=on,
        ),
        on=on,
        by=by,
        at=at,
    )
    return append_entry(claim, "booked", minor, on, by, at, charge=charge)


def _fold(company: int, claims: Iterable[Claim], verb: str, minor: int, by: Actor, at: datetime) -> None:
    touched = pl.DataFrame({"claim_id": [claim.id for claim in claims]}, schema={"claim_id": pl.Int64})
    stage(touched, "claim_touched")
    fold(company, verb, {"minor": minor}, by, at)
