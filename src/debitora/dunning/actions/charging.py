"""The fee of a notice on the account, where its strategy says so; else it stays a memo on the notice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from debitora.documents.actions import source
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.policy import Keep
from debitora.receivables.actions import NewItem, cancel_charges, open_charge
from debitora.trail.rules import Actor
from debitora.values.money import Money

DUNNING: Final = "dunning"
"""The source of all charges that notices claim: no list ever names it."""
FEE: Final = "fee"
"""The position of a fee; its number is the notice's."""


def charge(*, company: int, notice: Notice, on: date, by: Actor, at: datetime) -> bool:
    """Book the fee of a notice that has left the house as an item due on the notice's deadline; whether it was booked now."""
    if not notice.fee_minor or not _on_account(notice):
        return False
    return open_charge(
        company=company,
        source=_source(company, at),
        customer=notice.customer_id,
        charge=NewItem(
            kind="charge",
            number=notice.number,
            position=FEE,
            amount=Money(notice.fee_minor, notice.currency),
            due_on=_deadline(notice) or on,
            issued_on=on,
        ),
        on=on,
        by=by,
        at=at,
    )


def uncharge(*, company: int, notice: Notice, on: date, by: Actor, at: datetime) -> int:
    """Take back what is open of the fee of a notice that came back: it never reached anybody. Returns the minor units."""
    if not notice.fee_minor or not _on_account(notice):
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


def _on_account(notice: Notice) -> bool:
    """Whether the strategy, as it was then, books what notices claim."""
    policy = policies([notice.strategy_version_id])[notice.strategy_version_id]
    return policy.claims.keep is Keep.ACCOUNT


def _source(company: int, at: datetime) -> int:
    return source(company=company, kind=DUNNING, name="Dunning", at=at).id


def _deadline(notice: Notice) -> date | None:
    rendered = NoticeEvent.objects.filter(notice=notice, kind="rendered").order_by("-id")
    return rendered.values_list("deadline_on", flat=True).first()
