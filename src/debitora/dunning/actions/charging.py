"""What a notice claims beside its items, once it has left the house: kept as claims, or booked on the account where its strategy says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from debitora.documents.actions import source
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.policy import Keep
from debitora.receivables.actions import (
    ClaimAsked,
    NewItem,
    accrue_claims,
    book_claims,
    cancel_charges,
    open_charge,
    put_on_account,
    return_claims,
)
from debitora.receivables.models import Claim, ClaimEntry
from debitora.trail.rules import Actor
from debitora.values.money import Money

DUNNING: Final = "dunning"
"""The source of all charges that notices claim: no list ever names it."""
FEE: Final = "fee"
"""The position of a fee; its number is the notice's. Interest and lump sums stand by the names of their claims."""


def charge(*, company: int, notice: Notice, on: date, by: Actor, at: datetime) -> bool:
    """Let the claims of a notice that has left the house accrue, or book them as items due on the notice's deadline; whether anything was booked now.

    Safe to repeat.
    """
    if not _claims(notice):
        return False
    booked = _on_account(notice)
    accrue_claims(
        company=company,
        asked=list(_asked(notice, with_fee=not booked)),
        as_of=notice.run.data_as_of,
        on=on,
        by=by,
        at=at,
    )
    if not booked:
        return False
    found = book_claims(company=company, notices=[notice.id], on=on, by=by, at=at)
    sums = {FEE: notice.fee_minor, **{kind: minor for (_notice, kind), minor in found.items()}}
    asked = {position: minor for position, minor in sums.items() if minor}
    return sum(_book(company, notice, *one, on, by, at) for one in asked.items()) > 0


def uncharge(*, company: int, notice: Notice, on: date, by: Actor, at: datetime) -> int:
    """Take back what is open of the claims of a notice that came back: it never reached anybody. Returns the minor units
    that were taken off the account.
    """
    if not _claims(notice):
        return 0
    return_claims(company=company, notices=[notice.id], on=on, by=by, at=at)
    if not _on_account(notice):
        return 0
    return cancel_charges(
        company=company,
        source=_source(company, at),
        customer=notice.customer_id,
        number=notice.number,
        on=on,
        by=by,
        at=at,
    )


def put_claims_on_account(
    *, company: int, customer: int, claims: Iterable[int], on: date, by: Actor, at: datetime
) -> list[ClaimEntry]:
    """Put a customer's claims on the account though their strategy keeps them beside it: money has come for them, or shall.

    A charge bears the number of the item whose interest or lump sum it is, or of the notice whose fee. Raises NothingOpen.
    """
    return put_on_account(
        company=company,
        customer=customer,
        claims=claims,
        source=_source(company, at),
        named=_number_of,
        on=on,
        by=by,
        at=at,
    )


def _number_of(claim: Claim) -> str:
    if claim.item is not None:
        return str(claim.item.number)
    return Notice.objects.get(id=claim.notice_id or 0).number


def _claims(notice: Notice) -> int:
    return notice.fee_minor + notice.interest_minor + notice.lump_sum_minor


def _asked(notice: Notice, *, with_fee: bool) -> Iterator[ClaimAsked]:
    """What the notice asks for with each line, and its fee unless that is booked by itself."""
    named = (notice.id, notice.customer_id)
    lines = zip(
        notice.line_items if notice.line_interest_minor else (),
        notice.line_interest_minor or (),
        notice.line_lump_sum_minor or (),
        strict=True,
    )
    for item, interest, lump_sum in lines:
        if interest:
            yield ClaimAsked(*named, item, "interest", notice.currency, interest, notice.run.on)
        if lump_sum:
            yield ClaimAsked(*named, item, "lump_sum", notice.currency, lump_sum)
    if with_fee and notice.fee_minor:
        yield ClaimAsked(*named, None, FEE, notice.currency, notice.fee_minor)


def _book(company: int, notice: Notice, position: str, minor: int, on: date, by: Actor, at: datetime) -> bool:
    return open_charge(
        company=company,
        source=_source(company, at),
        customer=notice.customer_id,
        charge=NewItem(
            kind="charge",
            number=notice.number,
            position=position,
            amount=Money(minor, notice.currency),
            due_on=_deadline(notice) or on,
            issued_on=on,
        ),
        on=on,
        by=by,
        at=at,
    )


def _on_account(notice: Notice) -> bool:
    """Whether the strategy, as it was then, books what notices claim."""
    policy = policies([notice.strategy_version_id])[notice.strategy_version_id]
    return policy.claims.keep is Keep.ACCOUNT


def _source(company: int, at: datetime) -> int:
    return source(company=company, kind=DUNNING, name="Dunning", at=at).id


def _deadline(notice: Notice) -> date | None:
    rendered = NoticeEvent.objects.filter(notice=notice, kind="rendered").order_by("-id")
    return rendered.values_list("deadline_on", flat=True).first()
