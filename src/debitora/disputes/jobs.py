"""Jobs of disputes: mails to whoever answers a case, and what happens when nobody does."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from debitora.disputes.actions.placing import sort_mails
from debitora.disputes.actions.reminding import remind_or_escalate
from debitora.disputes.actions.telling import leave_uncertain, tell_assignee
from debitora.disputes.forms.mail import case_mail
from debitora.disputes.queries.reminding import unanswered
from debitora.disputes.queries.telling import waiting_steps
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now, today
from debitora.kit.smtp import NotTaken
from debitora.messaging.actions.telling import may_mail_people
from debitora.people.queries import all_companies, company_by_id
from debitora.trail.rules import system
from debitora.values.days import is_working_day

HOURS: Final = range(6, 20)
"""The hours of the company's own day in which people are reminded."""
_log = logging.getLogger(__name__)


@job("disputes.tell")
def tell(*, company: int) -> None:
    """Mail whoever answers what concerns her; one mail that a server does not take keeps no other back."""
    found = company_by_id(company=company)
    leave_uncertain(company=company, at=now())
    if not may_mail_people(company=found):
        return
    compose = partial(case_mail, base=settings.BASE_URL)
    with transaction.atomic():
        steps = waiting_steps(company=company, on=today(found.time_zone), at=now())
    for waiting in steps:
        try:
            tell_assignee(company=found, waiting=waiting, compose=compose, at=now())
        except NotTaken as refused:
            _log.warning(
                "company %s: the mail about case %s was not taken: %s", company, waiting.case, refused
            )


@job("disputes.sort")
def sort(*, company: int) -> None:
    """Put the mails that came in where they belong, the oldest first."""
    found = company_by_id(company=company)
    while sort_mails(company=found, by=system("disputes.sort"), at=now()):
        continue


@job("disputes.remind")
def remind(*, company: int) -> None:
    """On a working day of the company: remind of answers that are due, and pass on cases that nobody has answered."""
    found = company_by_id(company=company)
    on = today(found.time_zone)
    if not is_working_day(on, found.country, found.subdivision):
        return
    with transaction.atomic():
        cases = unanswered(company=found, on=on)
    for case in cases:
        remind_or_escalate(company=found, case=case, on=on, by=system("disputes.remind"), at=now())


@periodic("disputes.clock", cron="15 * * * *")
def clock(timestamp: int) -> None:
    """Every hour of the working day: ask each company to look which answers are due."""
    for company in all_companies():
        if now().astimezone(ZoneInfo(company.time_zone)).hour in HOURS:
            defer("disputes.remind", company=company.id, once=f"disputes.remind:{company.id}")


@periodic("disputes.watch", cron="* * * * *")
def watch(timestamp: int) -> None:
    """Every minute: ask each company to look what has to be told, and what has come in, so that a lost job loses nothing."""
    for company in all_companies():
        defer("disputes.tell", company=company.id, once=f"disputes.tell:{company.id}")
        defer("disputes.sort", company=company.id, once=f"disputes.sort:{company.id}")
