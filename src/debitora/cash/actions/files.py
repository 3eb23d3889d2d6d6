"""A bank's file is taken: known by its bytes, read, its statements applied or held. A part of a file is never taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from debitora.cash.actions.accounts import accounts_of, confirm, confirm_locked, elsewhere
from debitora.cash.actions.applying import apply_held
from debitora.cash.actions.locks import lock_accounts
from debitora.cash.models import BankAccount, Statement
from debitora.cash.models import BankFile as File
from debitora.cash.models.statements import MOST_ACCOUNT
from debitora.cash.rules.telling import moving, too_large
from debitora.documents.actions import note_faults, take_upload
from debitora.documents.models import Upload
from debitora.documents.queries import faults_of
from debitora.documents.rules import fault_row
from debitora.formats.bank.recognising import read_bank_file
from debitora.formats.bank.statements import BankFile
from debitora.formats.bank.statements import Statement as Told
from debitora.formats.faults import FaultCode, Faults, fault
from debitora.formats.tables import MAX_BYTES
from debitora.kit.pg.bulk import execute
from debitora.receivables.actions.locks import lock_company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: its row, what was wrong with it, and whether the same bytes had been taken before.

    The faults of one that was known are those that were found when it was taken.
    """

    file: File
    faults: Faults
    known: bool = False


def take_file(
    *, company: int, data: bytes, name: str, by: Actor, at: datetime, new_accounts: bool = False
) -> Taken:
    """Take a file that a bank handed out. The same bytes are taken once; of a file with a fault nothing is.

    new_accounts: an account that the company has not had is confirmed without asking, also where the file has waited for that. One
    of another company's is refused.
    """
    with transaction.atomic():
        lock_company(company=company)
        upload = take_upload(
            company=company, data=data, name=name, media_type="application/octet-stream", by=by, at=at
        )
        before = (
            File.objects.filter(sha256=upload.blob.sha256)
            .exclude(state="refused")
            .select_related("upload")
            .first()
        )
        if before is not None:
            finished = _finished(before, by, at) if new_accounts else 0
            return Taken(before, Faults.of(faults_of(upload=before.upload)), known=not finished)
        read = _read(data, name)
        file = _kept(upload, read, by, at)
        note_faults(company=company, upload=upload, faults=[fault_row(one) for one in read.faults])
        if file.state == "taken":
            _take_statements(file, read, new_accounts, at)
        _record(file, by, at)
    return Taken(file, read.faults)


def refuse_large(*, company: int, name: str, by: Actor, at: datetime) -> Taken:
    """Keep that a file was refused because it has more bytes than are read of one; of its bytes none is kept."""
    with transaction.atomic():
        lock_company(company=company)
        upload = take_upload(
            company=company, data=b"", name=name, media_type="application/octet-stream", by=by, at=at
        )
        read = BankFile.refused(None, fault(FaultCode.FILE_TOO_LARGE, limit=MAX_BYTES))
        file = _kept(upload, read, by, at)
        note_faults(company=company, upload=upload, faults=[fault_row(one) for one in read.faults])
        _record(file, by, at)
    return Taken(file, read.faults)


def _finished(file: File, by: Actor, at: datetime) -> int:
    """Confirm the accounts for which a file that was taken before waits; returns how many statements were applied."""
    waiting = Statement.objects.filter(file=file, held_for="account").values_list("account", flat=True)
    accounts = sorted(lock_accounts(accounts=set(waiting)).values(), key=lambda one: one.id)
    strangers = elsewhere((one.account, one.currency) for one in accounts)
    return sum(
        confirm_locked(account, by=by, at=at)
        for account in accounts
        if (account.account, account.currency) not in strangers
    )


def _read(data: bytes, name: str) -> BankFile:
    read = moving(read_bank_file(data, name=name))
    wrong = too_large(read) + [
        fault(FaultCode.ACCOUNT_UNREADABLE, value=one.account)
        for one in read
        if len(one.account) > MOST_ACCOUNT
    ]
    if not wrong:
        strangers = elsewhere((one.account, one.currency) for one in read)
        wrong = [fault(FaultCode.ACCOUNT_ELSEWHERE, value=account) for account, _currency in strangers]
    return BankFile.refused(read.reading, *wrong) if wrong else read


def _kept(upload: Upload, read: BankFile, by: Actor, at: datetime) -> File:
    return File.objects.create(
        company_id=upload.company_id,
        upload=upload,
        sha256=upload.blob.sha256,
        format=str(read.reading or ""),
        state="taken" if read.statements else "refused",
        statement_count=len(read.statements),
        line_count=sum(len(one.lines) for one in read),
        taken_at=at,
        taken_by_label=by.label[:64],
    )


def _take_statements(file: File, read: BankFile, new_accounts: bool, at: datetime) -> None:
    accounts = accounts_of(company=file.company_id, keys=[(one.account, one.currency) for one in read], at=at)
    Statement.objects.bulk_create(
        _held(file, accounts[told.account, told.currency], place, told)
        for place, told in enumerate(read.statements)
    )
    execute("select cash_learn_sizes()")
    for account in sorted(accounts.values(), key=lambda one: one.id):
        if new_accounts and account.confirmed_at is None:
            confirm(account, at=at)
        apply_held(account, at=at, files={file.id: read})


def _held(file: File, account: BankAccount, place: int, told: Told) -> Statement:
    days = [line.booked_on for line in told.lines]
    return Statement(
        company_id=file.company_id,
        file=file,
        account=account,
        place=place,
        number=told.number[:40],
        reach=str(told.reach),
        opened_on=told.opened_on,
        opening_minor=told.opening_minor,
        closed_on=told.closed_on,
        closing_minor=told.closing_minor,
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        line_count=len(told.lines),
        moved_minor=told.moved_minor,
        held_for="account",
    )


def _record(file: File, by: Actor, at: datetime) -> None:
    record(
        company=file.company_id,
        by=by,
        at=at,
        verb=f"bank_file.{file.state}",
        subjects=[Subject("bank_file", file.id)],
        facts={"format": file.format, "statements": file.statement_count, "lines": file.line_count},
    )
