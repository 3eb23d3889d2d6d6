"""Jobs of messaging: send what is due, take back what dead workers hold, sweep up what has no job, take what comes in; mails to our own people."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.db import transaction

from debitora.kit.pg.company import serving
from debitora.kit.pg.dispatcher import due_companies
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now, today
from debitora.messaging.actions import rescue_abandoned, send_due
from debitora.messaging.actions.alerts import queue_alerts
from debitora.messaging.actions.dropping import NothingToDrop, PileDropped, drop_pile, rescue_drops
from debitora.messaging.actions.fetching import fetch_mails
from debitora.messaging.actions.mailbox import fetch_mailbox
from debitora.messaging.actions.person_mails import send_person_mails
from debitora.messaging.actions.segments import make_segment
from debitora.messaging.actions.sender import PasswordLost
from debitora.messaging.actions.settling import SendingIsLocked
from debitora.messaging.actions.telling import tell_of_account
from debitora.messaging.queries.incoming import mail_folder
from debitora.messaging.queries.mailbox import mailbox_of
from debitora.messaging.queries.own_mails import has_choosers, mails_wait
from debitora.messaging.queries.segments import segments_to_make
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


@job("messaging.fetch_mailbox")
def fetch_from_mailbox(*, company: int) -> None:
    """Take the mails of a company's mailbox; a password that cannot be read any more is entered again on its page."""
    with suppress(PasswordLost):
        fetch_mailbox(company=company_by_id(company=company), by=system("messaging.fetch"), clock=now)


@periodic("messaging.watch", cron="* * * * *")
def watch(timestamp: int) -> None:
    """Every minute: ask for a look into the mails of each company that has a folder or a mailbox for them."""
    for company in all_companies():
        if mail_folder(company_code=company.code).is_dir():
            defer("messaging.fetch", company=company.id, once=f"messaging.fetch:{company.id}")
        with serving(company.id), transaction.atomic():
            box = mailbox_of(company=company.id)
        if box is not None and box.host:
            defer("messaging.fetch_mailbox", company=company.id, once=f"messaging.fetch_mailbox:{company.id}")


@job("messaging.segment")
def segment(*, company: int, segment: int) -> None:
    """Make what is left of a message to many customers."""
    found = company_by_id(company=company)
    make_segment(company=found, segment=segment, by=system("messaging.segment"), clock=now)


@job("messaging.send_people")
def send_people(*, company: int) -> None:
    """Send what waits for people of the company."""
    found = company_by_id(company=company)
    send_person_mails(company=found, base=f"{settings.BASE_URL}/c/{found.code}", clock=now)


@job("messaging.alert")
def alert(*, company: int) -> None:
    """Tell people at once of what they chose."""
    found = company_by_id(company=company)
    base = f"{settings.BASE_URL}/c/{found.code}"
    queue_alerts(company=found, base=base, on=today(found.time_zone), at=now())


@periodic("messaging.people_clock", cron="* * * * *")
def people_clock(timestamp: int) -> None:
    """Every minute: ask for alerts where anybody chose any, and again for mails to people and for segments that were left lying."""
    for company in all_companies():
        with serving(company.id), transaction.atomic():
            alerts, waits, unfinished = has_choosers(), mails_wait(), segments_to_make()
        if alerts:
            defer("messaging.alert", company=company.id, once=f"messaging.alert:{company.id}")
        if waits:
            defer("messaging.send_people", company=company.id, once=f"messaging.send_people:{company.id}")
        for one in unfinished:
            defer(
                "messaging.segment",
                company=company.id,
                once=f"messaging.segment:{company.id}:{one}",
                segment=one,
            )
