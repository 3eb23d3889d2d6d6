"""Reference rates of a company for the tests of its walls: one that counts, one that was withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from debitora.dunning.actions import add_rate, withdraw_rate
from debitora.dunning.testing import MOMENT, ON
from debitora.trail.rules import Actor
from debitora.values.rates import RateStep


def two_rates(*, company: int, said: Callable[[str], str], by: Actor) -> None:
    """Add two; the second is withdrawn. `said` marks a word as the company's own."""
    for year in (2025, 2026):
        step = RateStep(date(year, 7, 1), 153, date(year, 12, 31), said("Basiszinssatz"), ON)
        rate = add_rate(company=company, table="at_base", step=step, sure=True, on=ON, by=by, at=MOMENT)
    withdraw_rate(company=company, rate=rate.id, reason=said("Widerruf"), by=by, at=MOMENT)
