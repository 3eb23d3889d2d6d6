"""Jobs of cash: after statements were taken, lines are matched."""

from __future__ import annotations

from debitora.cash.actions.matching import match
from debitora.kit.queue import job
from debitora.kit.runtime import now
from debitora.trail.rules import system


@job("cash.match")
def match_lines(*, company: int) -> None:
    """Match every open line of the company."""
    match(company=company, by=system("matching"), at=now())
