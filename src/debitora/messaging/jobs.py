"""Jobs of messaging: send what is due, take back what dead workers hold, sweep up what has no job, take what comes in."""

from __future__ import annotations

from contextlib import suppress

from debitora.kit.pg.dispatcher import due_companies
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now
from debitora.messaging.actions import rescue_abandoned, send_due
from debitora.messaging.actions.dropping import NothingToDrop, PileDropped, drop_pile, rescue_drops
from debitora.messaging.actions.fetching import fetch_mails
from debitora.messaging.actions.settling import SendingIsLocked
from debitora.messaging.actions.telling import tell_of_account
from debitora.messaging.queries.incoming import mail_folder
from debitora.people.queries import all_companies, company_by_id
from debitora.trail.rules import system

_DUE = """select distinct company_id from messaging_intent
    where channel = 'mail' and state in ('queued', 'refused_temp') and due_at <= clock_timestamp()"""
_HELD = """select distinct company_id from messaging_intent
    where state in ('claimed', 'data_started') and claimed_at < clock_timestamp() - interval '15 minutes'"""


@job("messaging.send")
def send(*, company: int) -> None:
    """Send the company's due mails."""
    send_due(company=company, clock=now)


@job("messaging.rescue")
def rescue(*, company: int) -> None:
    """Free abandoned claims; show what is uncertain."""
    rescue_abandoned(company=company, at=now())
    rescue_drops(company=company_by_id(company=company), at=now())


@job("messaging.drop")
def drop(*, company: int, pile: int) -> None:
    """Hand a pile to the letter service; one that is gone already, or has nothing left to go, is nobody's fault."""
    with suppress(PileDropped, NothingToDrop, SendingIsLocked):
        drop_pile(company=company_by_id(company=company), pile=pile, by=system("messaging.drop"), clock=now)


@job("messaging.tell_managers")
def tell_managers(*, company: int, change: int, verb: str) -> None:
    """Mail the managers that the bank account on letters is to change, or has changed."""
    tell_of_account(company=company_by_id(company=company), change=change, verb=verb, at=now())


@periodic("messaging.sweep", cron="* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute: ask for sending and rescue wherever something waits, so that even a lost queue loses nothing."""
    for company in due_companies(_DUE):
        defer("messaging.send", company=company, once=f"messaging.send:{company}")
    for company in due_companies(_HELD):
        defer("messaging.rescue", company=company, once=f"messaging.rescue:{company}")


@job("messaging.fetch")
def fetch(*, company: int) -> None:
    """Take the mails that have arrived for a company."""
    fetch_mails(company=company_by_id(company=company), by=system("messaging.fetch"), clock=now)


@periodic("messaging.watch", cron="* * * * *")
def watch(timestamp: int) -> None:
    """Every minute: ask for a look into the mails of each company that has a folder for them."""
    for company in all_companies():
        if mail_folder(company_code=company.code).is_dir():
            defer("messaging.fetch", company=company.id, once=f"messaging.fetch:{company.id}")
