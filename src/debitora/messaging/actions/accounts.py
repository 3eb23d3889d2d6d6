"""Change the bank account that letters name: one person proposes, another confirms, the managers are told by mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from debitora.kit.queue import defer
from debitora.messaging.models import AccountChange, AccountChangeEnd, Sender
from debitora.messaging.queries.accounts import against_confirming, known_account, open_change
from debitora.messaging.rules.accounts import Refusal, Standing, needs_second_person
from debitora.people.models import Company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class NoOpenChange(Exception):
    """No such change of the account waits any more."""


class NeedsAnotherPerson(Exception):
    """Who proposed an account may not confirm it while others could."""


class TooEarly(Exception):
    """The only manager may confirm her own change after rules.accounts.ALONE_AFTER, not before."""


class RoleIsNewer(Exception):
    """Who got her role after an account was proposed may not confirm it."""


def weigh_account(sender: Sender, wanted: dict[str, object], by: Actor, at: datetime) -> dict[str, object]:
    """What of the wanted fields may be saved now; an account that needs a second person becomes a proposal instead.

    For `save_sender`, which holds the sender's lock.
    """
    account = Standing(iban=str(wanted.get("iban", sender.iban)), bic=str(wanted.get("bic", sender.bic)))
    known = known_account(sender)
    if not needs_second_person(known=known, wanted=account):
        if sender.iban and not account.iban:
            _note_emptied(sender, by, at)
        return wanted
    _propose(sender, known, account, str(wanted.get("bank", sender.bank)), by, at)
    return {field: value for field, value in wanted.items() if field not in ("iban", "bic", "bank")}


def _note_emptied(sender: Sender, by: Actor, at: datetime) -> None:
    """Remember the account that stood there; nobody has to confirm that none stands there now."""
    stood = Standing(sender.iban, sender.bic)
    _end(_noted(sender, stood, Standing(), "", by, at), "withdrawn", by, at)


def _propose(sender: Sender, known: Standing, wanted: Standing, bank: str, by: Actor, at: datetime) -> None:
    before = open_change()
    if before is not None and (before.iban, before.bic, before.bank) == (wanted.iban, wanted.bic, bank):
        return
    if before is not None:
        _end(before, "replaced", by, at)
    _record(_noted(sender, known, wanted, bank, by, at), "account.proposed", by, at)


def _noted(
    sender: Sender, before: Standing, wanted: Standing, bank: str, by: Actor, at: datetime
) -> AccountChange:
    return AccountChange.objects.create(
        company_id=sender.company_id,
        iban=wanted.iban,
        bic=wanted.bic,
        bank=bank,
        old_iban=before.iban,
        old_bic=before.bic,
        proposed_by_id=by.id,
        proposed_by_label=by.label,
        proposed_at=at,
    )


def confirm_account(*, company: Company, change: int, by: Actor, at: datetime) -> Sender:
    """Let a proposed account stand on letters from now on. Raises NoOpenChange.

    Raises NeedsAnotherPerson, TooEarly and RoleIsNewer where this person may not. Letters that are made already keep the account they were made with.
    """
    with transaction.atomic():
        sender = Sender.objects.select_for_update().get(company_id=company.id)
        found = _open(change)
        _check(company, found, by, at)
        sender.iban, sender.bic, sender.bank = found.iban, found.bic, found.bank
        sender.version += 1
        sender.save()
        _end(found, "confirmed", by, at)
        _record(found, "account.confirmed", by, at)
    return sender


def withdraw_account(*, company: int, change: int, by: Actor, at: datetime) -> None:
    """Throw a proposed account away: the one in force stays. Raises NoOpenChange."""
    with transaction.atomic():
        Sender.objects.select_for_update().get(company_id=company)
        found = _open(change)
        _end(found, "withdrawn", by, at)
        _record(found, "account.withdrawn", by, at)


def _open(change: int) -> AccountChange:
    found = open_change()
    if found is None or found.id != change:
        raise NoOpenChange(change)
    return found


def _check(company: Company, change: AccountChange, by: Actor, at: datetime) -> None:
    against = against_confirming(company=company, change=change, by=by.id, at=at)
    if against is Refusal.OWN:
        raise NeedsAnotherPerson(change.id)
    if against is Refusal.TOO_EARLY:
        raise TooEarly(change.id)
    if against is Refusal.NEW:
        raise RoleIsNewer(change.id)


def _end(change: AccountChange, kind: str, by: Actor, at: datetime) -> None:
    AccountChangeEnd.objects.create(
        company_id=change.company_id,
        change=change,
        kind=kind,
        ended_by_id=by.id,
        ended_by_label=by.label,
        ended_at=at,
    )


def _record(change: AccountChange, verb: str, by: Actor, at: datetime) -> None:
    record(
        company=change.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("account_change", change.id)],
        facts={"iban": change.iban, "before": change.old_iban},
    )
    defer("messaging.tell_managers", company=change.company_id, change=change.id, verb=verb)
