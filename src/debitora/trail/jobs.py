"""Jobs of the trail: every minute the records of each company are sealed."""

from __future__ import annotations

from debitora.kit.queue import job
from debitora.kit.runtime import now
from debitora.trail.actions import seal


@job("trail.seal")
def seal_company(*, company: int) -> None:
    """Chain what has no seal yet."""
    seal(company=company, at=now())
