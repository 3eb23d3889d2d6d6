"""The company's bank accounts as pages show them, and what was accepted to be missing on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from debitora.cash.models import BankAccount, Gap, Statement
from debitora.trail.queries import wordings
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A bank account, what it has on its last day, and how many of its statements wait."""

    id: int
    account: str
    currency: str
    name: str
    confirmed: bool
    closed_on: date | None
    closing: Money | None
    waiting: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """Money that no statement tells of, accepted with a reason."""

    statement: int
    number: str
    ends: date | None
    missing: Money
    reason: str
    by: str
    at: datetime


def account_rows() -> list[AccountRow]:
    """The company's bank accounts, those that wait for a person first."""
    waiting = dict(
        Statement.objects.filter(state="held").values_list("account").annotate(waiting=Count("id"))
    )
    rows = [
        AccountRow(
            id=one.id,
            account=one.account,
            currency=one.currency,
            name=one.name,
            confirmed=one.confirmed_at is not None,
            closed_on=one.closed_on,
            closing=None if one.closing_minor is None else Money(one.closing_minor, one.currency),
            waiting=waiting.get(one.id, 0),
        )
        for one in BankAccount.objects.order_by("name", "account", "currency")
    ]
    return sorted(rows, key=lambda row: row.confirmed)


def account_by_id(*, bank_account: int) -> BankAccount | None:
    """The account; None if it is not there."""
    return BankAccount.objects.filter(id=bank_account).first()


def gaps_accepted(*, bank_account: int) -> list[GapRow]:
    """What was accepted to be missing on an account, newest first; of each statement what counts."""
    found = Gap.objects.filter(account=bank_account, statement__state="applied").exclude(minor=0)
    newest = list(
        found.order_by("statement_id", "-id").distinct("statement_id").select_related("statement", "account")
    )
    reasons = wordings(one.wording_id for one in newest if one.wording_id)
    return [
        GapRow(
            statement=one.statement_id,
            number=one.statement.number,
            ends=one.statement.closed_on or one.statement.last_on,
            missing=Money(one.minor, one.account.currency),
            reason=reasons.get(one.wording_id or 0, ""),
            by=one.accepted_by_label,
            at=one.accepted_at,
        )
        for one in sorted(newest, key=lambda one: -one.id)
    ]


def gap_of(*, statement: Statement) -> GapRow | None:
    """What was accepted for an applied statement; None if nothing was missing."""
    found = [one for one in gaps_accepted(bank_account=statement.account_id) if one.statement == statement.id]
    return found[0] if found else None
