"""Jobs of the trail: every minute the new records of each company are sealed."""

from __future__ import annotations

from debitora.kit.pg.dispatcher import due_companies
from debitora.kit.queue import defer, job, periodic
from debitora.kit.runtime import now
from debitora.trail.actions import seal

_UNSEALED = """select distinct r.company_id from trail_record r
    where not exists (select 1 from trail_seal s where s.company_id = r.company_id and s.record_id = r.id)"""


@job("trail.seal")
def seal_company(*, company: int) -> None:
    """Chain what has no seal yet."""
    while seal(company=company, at=now()):
        pass


@periodic("trail.sweep", cron="* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute: ask for sealing wherever a record has no seal."""
    for company in due_companies(_UNSEALED):
        defer("trail.seal", company=company, once=f"trail.seal:{company}")
