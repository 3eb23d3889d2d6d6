"""Gates of cash: what is another company's is as unknown as what never was."""

from __future__ import annotations

from django.http import Http404

from debitora.cash.models import BankAccount, Doubt, Statement
from debitora.cash.queries.accounts import account_by_id
from debitora.cash.queries.entries import doubt_by_id
from debitora.cash.queries.statements import statement_by_id


def bank_account(*, bank_account: int) -> BankAccount:
    """The account. Raises Http404."""
    found = account_by_id(bank_account=bank_account)
    if found is None:
        raise Http404
    return found


def statement(*, statement: int) -> Statement:
    """The statement with its account and file. Raises Http404."""
    found = statement_by_id(statement=statement)
    if found is None:
        raise Http404
    return found


def doubt(*, doubt: int) -> Doubt:
    """The doubt with its statement. Raises Http404."""
    found = doubt_by_id(doubt=doubt)
    if found is None:
        raise Http404
    return found
