"""The locks of cash, taken after the company's: one action at a time changes what an account has."""

from __future__ import annotations

from collections.abc import Iterable

from debitora.cash.models import BankAccount


class AccountUnknown(Exception):
    """No bank account of this company has the id."""


def lock_accounts(*, accounts: Iterable[int]) -> dict[int, BankAccount]:
    """Accounts by id, locked in ascending order until the end of the transaction. Raises AccountUnknown."""
    wanted = set(accounts)
    rows = BankAccount.objects.filter(id__in=wanted).order_by("id").select_for_update(no_key=True)
    found = {row.id: row for row in rows}
    for missing in sorted(wanted - found.keys()):
        raise AccountUnknown(missing)
    return found
