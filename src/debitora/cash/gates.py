"""Gates of cash: what is another company's is as unknown as what never was."""

from __future__ import annotations

from django.http import Http404

from debitora.cash.models import Aside, BankAccount, BankEntry, BankFile, Booking, Doubt, Payer, Statement
from debitora.cash.queries.accounts import account_by_id
from debitora.cash.queries.asides import aside_by_id
from debitora.cash.queries.bookings import booking_by_id, entry_by_id
from debitora.cash.queries.entries import doubt_by_id
from debitora.cash.queries.files import file_by_id
from debitora.cash.queries.learned import payer_by_id
from debitora.cash.queries.statements import statement_by_id


def bank_account(*, bank_account: int) -> BankAccount:
    """The account. Raises Http404."""
    found = account_by_id(bank_account=bank_account)
    if found is None:
        raise Http404
    return found


def bank_file(*, bank_file: int) -> BankFile:
    """The file with its upload. Raises Http404."""
    found = file_by_id(bank_file=bank_file)
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


def bank_entry(*, bank_entry: int) -> BankEntry:
    """The line with its words, state, account and statement. Raises Http404."""
    found = entry_by_id(bank_entry=bank_entry)
    if found is None:
        raise Http404
    return found


def booking(*, booking: int) -> Booking:
    """The booking with its line. Raises Http404."""
    found = booking_by_id(booking=booking)
    if found is None:
        raise Http404
    return found


def aside(*, aside: int) -> Aside:
    """What was learned of a counterpart whose lines were set aside. Raises Http404."""
    found = aside_by_id(aside=aside)
    if found is None:
        raise Http404
    return found


def payer(*, payer: int) -> Payer:
    """An account that was learned. Raises Http404."""
    found = payer_by_id(payer=payer)
    if found is None:
        raise Http404
    return found
