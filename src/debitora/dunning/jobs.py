"""Jobs of dunning: release approved runs, follow deliveries, and the daily run of every company."""

from __future__ import annotations

from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now, today
from debitora.trail.rules import system


@job("dunning.release")
def release(*, company: int, run: int) -> None:
    """Render and queue what is left of an approved run."""
    from debitora.dunning.actions import release_run
    from debitora.people.queries import company_by_id

    release_run(company=company_by_id(company=company), run=run, by=system("dunning.release"), clock=now)


@job("dunning.follow")
def follow(*, company: int) -> None:
    """Note how notices ended."""
    from debitora.dunning.actions import follow as follow_notices
    from debitora.people.queries import company_by_id

    follow_notices(company=company_by_id(company=company), by=system("dunning.follow"), at=now())


@job("dunning.daily")
def daily(*, company: int) -> None:
    """Propose today's run of a company once, and approve it where the policy may."""
    from debitora.dunning.actions import RunExists, approve_run, may_approve_itself, propose_run
    from debitora.people.queries import company_by_id

    found = company_by_id(company=company)
    by, at = system("dunning.daily"), now()
    try:
        proposed = propose_run(company=found, on=today(found.time_zone), by=by, at=at, schedule="daily")
    except RunExists:
        return
    if proposed.run is not None and proposed.notices and may_approve_itself(company=found, run=proposed.run):
        approve_run(company=company, run=proposed.run, by=by, at=at)


@periodic("dunning.clock", cron="5 * * * *")
def clock(timestamp: int) -> None:
    """Every hour: ask for the daily run of each company where it is past five in the morning of a new day."""
    from debitora.people.queries import all_companies

    for company in all_companies():
        if now().astimezone(zone(company.time_zone)).hour >= 5:
            defer("dunning.daily", company=company.id, once=f"dunning.daily:{company.id}")


def zone(name: str) -> object:
    """The time zone of that name."""
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
