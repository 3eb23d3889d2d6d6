"""Jobs of cash: after statements were taken, lines are matched; and what programs put into the watched folders is taken."""

from __future__ import annotations

from debitora.cash.actions import match, take_arrived_files
from debitora.cash.queries.folders import WATCHER, bank_folder
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now
from debitora.people.queries import all_companies, company_by_id
from debitora.trail.rules import system


@job("cash.match")
def match_lines(*, company: int) -> None:
    """Match every open line of the company."""
    match(company=company, by=system("matching"), at=now())


@periodic("cash.watch", cron="* * * * *")
def watch(timestamp: int) -> None:
    """Every minute: ask for a look into the folder of each company that has one for bank files."""
    for company in all_companies():
        if bank_folder(company_code=company.code).is_dir():
            defer("cash.look", company=company.id, once=f"cash.look:{company.id}")


@job("cash.look")
def look(*, company: int) -> None:
    """Take the bank files that have arrived for a company."""
    take_arrived_files(company=company_by_id(company=company), by=system(WATCHER), clock=now)
