"""Jobs of dunning: release approved runs, follow deliveries, the daily run of every company, the next month's place; mails to sales."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from debitora.dunning.actions import (
    Proposed,
    RunExists,
    RunNotProposed,
    approve_run,
    follow_up,
    keep_months_ahead,
    may_approve_itself,
    propose_run,
    release_run,
    stop_calls,
)
from debitora.dunning.actions import follow as follow_notices
from debitora.dunning.actions.copy_mail import tell_copies
from debitora.dunning.actions.sales_mail import tell_sales
from debitora.dunning.queries.copies import copies_waiting
from debitora.dunning.queries.notices import runs_to_release
from debitora.dunning.queries.rhythm import rhythm_of_company
from debitora.dunning.queries.sales_list import salespeople_asked
from debitora.kit.pg.company import serving
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now, today
from debitora.kit.smtp import NotTaken
from debitora.people.models import Company
from debitora.people.queries import all_companies, company_by_id
from debitora.trail.rules import Actor, system
from debitora.values.days import is_working_day

MAIL_HOURS = range(6, 20)
"""The hours of the company's own day in which people of ours are mailed."""
_log = logging.getLogger(__name__)


@job("dunning.release")
def release(*, company: int, run: int) -> None:
    """Render and queue what is left of an approved run."""
    release_run(company=company_by_id(company=company), run=run, by=system("dunning.release"), clock=now)


@job("dunning.follow")
def follow(*, company: int) -> None:
    """Note how notices ended, and which calls need not be made any more."""
    found, by, at = company_by_id(company=company), system("dunning.follow"), now()
    follow_notices(company=found, by=by, at=at)
    stop_calls(company=found, by=by, at=at)


@job("dunning.daily")
def daily(*, company: int) -> None:
    """Propose today's run of a company once, and approve it where the policy may."""
    found = company_by_id(company=company)
    by, at = system("dunning.daily"), now()
    try:
        proposed = propose_run(company=found, on=today(found.time_zone), by=by, at=at, schedule="daily")
    except RunExists:
        return
    _approve(found, proposed, by, at)


@job("dunning.follow_up")
def following(*, company: int) -> None:
    """Propose what changes since the last look have made due, and approve it where the policy may."""
    found = company_by_id(company=company)
    by, at = system("dunning.follow_up"), now()
    with suppress(RunExists):
        _approve(found, follow_up(company=found, by=by, at=at), by, at)


def _approve(company: Company, proposed: Proposed | None, by: Actor, at: datetime) -> None:
    """A proposal with notices goes by itself where every policy lets it."""
    if proposed is None or proposed.run is None or not proposed.notices:
        return
    if may_approve_itself(company=company, run=proposed.run):
        with suppress(RunNotProposed):
            approve_run(company=company.id, run=proposed.run, by=by, at=at)


@job("dunning.tell_sales")
def tell_salespeople(*, company: int) -> None:
    """Mail each salesperson of a company what waits for her, once a working day."""
    _tell_each(company, salespeople_asked, partial(tell_sales, page=f"{_home(company)}/sales/"))


@job("dunning.tell_copies")
def tell_of_copies(*, company: int) -> None:
    """Mail each salesperson of a company which notices to her customers have left, once a working day."""
    _tell_each(company, copies_waiting, partial(tell_copies, pages=f"{_home(company)}/notices/"))


def _home(company: int) -> str:
    return f"{settings.BASE_URL}/c/{company_by_id(company=company).code}"


def _tell_each(company: int, people: Callable[..., Iterable[int]], tell: Callable[..., bool]) -> None:
    """Mail each of the people on a working day; a server that refuses the mail of one keeps no other back."""
    found = company_by_id(company=company)
    on = today(found.time_zone)
    if not is_working_day(on, found.country, found.subdivision):
        return
    with transaction.atomic():
        users = list(people(on=on))
    for user in users:
        try:
            tell(company=found, user=user, on=on, at=now())
        except NotTaken as refused:
            _log.warning("company %s: a mail to salesperson %s was not taken: %s", company, user, refused)


@periodic("dunning.sales_clock", cron="35 * * * *")
def sales_clock(timestamp: int) -> None:
    """Every hour of the working day: mail those who were not mailed today; later questions stand in the next day's mail."""
    for company in all_companies():
        if now().astimezone(ZoneInfo(company.time_zone)).hour in MAIL_HOURS:
            defer("dunning.tell_sales", company=company.id, once=f"dunning.tell_sales:{company.id}")
            defer("dunning.tell_copies", company=company.id, once=f"dunning.tell_copies:{company.id}")


@periodic("dunning.clock", cron="5 * * * *")
def clock(timestamp: int) -> None:
    """Every hour: ask for the daily run of each company that wants it by now; the run itself happens once a day."""
    for company in all_companies():
        with serving(company.id), transaction.atomic():
            wanted = rhythm_of_company().wants_run(now().astimezone(ZoneInfo(company.time_zone)))
        if wanted:
            defer("dunning.daily", company=company.id, once=f"dunning.daily:{company.id}")


@periodic("dunning.watch", cron="* * * * *")
def watch(timestamp: int) -> None:
    """Every minute: ask each company that wants its changes followed up at this hour to look at them."""
    for company in all_companies():
        with serving(company.id), transaction.atomic():
            wanted = rhythm_of_company().follows(now().astimezone(ZoneInfo(company.time_zone)))
        if wanted:
            defer("dunning.follow_up", company=company.id, once=f"dunning.follow_up:{company.id}")


@periodic("dunning.months", cron="25 3 * * *")
def months(timestamp: int) -> None:
    """Every night: have a place for the next month's decisions before the first of them comes."""
    keep_months_ahead(at=now())


@periodic("dunning.sweep", cron="*/2 * * * *")
def sweep(timestamp: int) -> None:
    """Every two minutes: ask again for what a lost job would have done."""
    for company in all_companies():
        with serving(company.id):
            waiting = runs_to_release()
        for run in waiting:
            defer("dunning.release", company=company.id, once=f"dunning.release:{company.id}:{run}", run=run)
        defer("dunning.follow", company=company.id, once=f"dunning.follow:{company.id}")
