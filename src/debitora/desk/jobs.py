"""Jobs of the desk: the digests of every company, at the hours of its own day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings

from debitora.desk.actions import make_digests
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now
from debitora.messaging.rules.own_mails import HOURS
from debitora.people.queries import all_companies, company_by_id


@job("desk.digests")
def digests(*, company: int) -> None:
    """Make the digests that are due in a company and were not made today."""
    found, at = company_by_id(company=company), now()
    there = at.astimezone(ZoneInfo(found.time_zone))
    base = f"{settings.BASE_URL}/c/{found.code}"
    make_digests(company=found, base=base, on=there.date(), hour=there.hour, at=at)


@periodic("desk.digest_clock", cron="2,32 * * * *")
def digest_clock(timestamp: int) -> None:
    """Twice an hour of the company's day: ask for the digests that are due by now."""
    for company in all_companies():
        if now().astimezone(ZoneInfo(company.time_zone)).hour >= HOURS[0]:
            defer("desk.digests", company=company.id, once=f"desk.digests:{company.id}")
