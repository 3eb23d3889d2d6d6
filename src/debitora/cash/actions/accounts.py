"""The company's bank accounts: one that a file names for the first time waits until a person confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from debitora.cash.actions.applying import apply_held
from debitora.cash.actions.locks import lock_accounts
from debitora.cash.models import BankAccount
from debitora.kit.pg.bulk import rows
from debitora.receivables.actions.locks import lock_company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

Key = tuple[str, str]
"""Account and currency."""


class AccountConfirmed(Exception):
    """The account was confirmed before."""


class AccountElsewhere(Exception):
    """Another company of this installation has confirmed the account."""


def elsewhere(keys: Iterable[Key]) -> list[Key]:
    """Those of the accounts that another company of this installation has confirmed."""
    wanted = sorted(set(keys))
    found = rows(
        """select account, currency
           from unnest(%(accounts)s::text[], %(currencies)s::text[]) as wanted (account, currency)
           where cash_account_elsewhere(account, currency)""",
        accounts=[account for account, _currency in wanted],
        currencies=[currency for _account, currency in wanted],
    )
    return [(row["account"], row["currency"]) for row in found]


def accounts_of(*, company: int, keys: Iterable[Key], at: datetime) -> dict[Key, BankAccount]:
    """The company's accounts by number and currency, locked; those it did not have wait for a person."""
    wanted = sorted(set(keys))
    BankAccount.objects.bulk_create(
        [
            BankAccount(company_id=company, account=account, currency=currency, added_at=at)
            for account, currency in wanted
        ],
        ignore_conflicts=True,
    )
    ids = BankAccount.objects.filter(account__in=[account for account, _currency in wanted])
    found = lock_accounts(accounts=ids.values_list("id", flat=True))
    return {(one.account, one.currency): one for one in found.values()}


def confirm_account(*, company: int, account: int, name: str, by: Actor, at: datetime) -> int:
    """Say that the account is the company's, under a name; its statements that waited are applied. Returns how many.

    Raises AccountUnknown, AccountConfirmed and AccountElsewhere.
    """
    with transaction.atomic():
        lock_company(company=company)
        found = lock_accounts(accounts=[account])[account]
        if found.confirmed_at is not None:
            raise AccountConfirmed(account)
        if elsewhere([(found.account, found.currency)]):
            raise AccountElsewhere(account)
        return confirm_locked(found, name=name, by=by, at=at)


def confirm_locked(account: BankAccount, *, by: Actor, at: datetime, name: str = "") -> int:
    """Confirm the locked account, apply what waited for that, and record it; returns how many statements were applied."""
    confirm(account, name=name, at=at)
    applied = apply_held(account, at=at)
    record(
        company=account.company_id,
        by=by,
        at=at,
        verb="bank_account.confirmed",
        subjects=[Subject("bank_account", account.id)],
        facts={"applied": applied},
    )
    return applied


def rename_account(*, company: int, account: int, name: str, by: Actor, at: datetime) -> None:
    """Call the account otherwise. Raises AccountUnknown."""
    with transaction.atomic():
        found = lock_accounts(accounts=[account])[account]
        found.name = name.strip()[:80]
        found.save(update_fields=["name"])
        record(
            company=company,
            by=by,
            at=at,
            verb="bank_account.renamed",
            subjects=[Subject("bank_account", account)],
        )


def confirm(account: BankAccount, *, at: datetime, name: str = "") -> None:
    """Let the locked account's statements be applied from now on."""
    account.name, account.confirmed_at = name.strip()[:80], at
    account.save(update_fields=["name", "confirmed_at"])
