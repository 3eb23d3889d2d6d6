"""I9: interest that notices claimed is what every day by itself bore, by what the ledger said when their run looked.

A sample of SAMPLE lines, the same ones each time, is added up day by day in whole numbers; nothing here is shared with the frames
that computed it (engine.accruing, engine.claims). A company that added reference rates of its own is left out: a rate that came
later would tell another sum.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from debitora.cli.checks.findings import Finding
from debitora.cli.checks.snapshot import Snapshot
from debitora.dunning.rules.default import Debt, Reminded, default_of
from debitora.dunning.rules.policy import Interest, Policy
from debitora.dunning.rules.policy_file import from_document
from debitora.values.days import next_working_day
from debitora.values.rates import BeforeTable, NotYetKnown, shipped
from debitora.values.statutes import (
    NoStatutoryRate,
    RatePeriod,
    agreed_periods,
    interest_law,
    statutory_periods,
)

SAMPLE: Final = 200
_LINES: Final = (Path(__file__).parent / "claimed_interest.sql").read_text("utf-8")
_ADVICE: Final = "Compare the interest statement of the item with the notice; withdraw the claim where the notice asks for more than it says."
_HORIZONS: Final = (timedelta(0), timedelta(microseconds=-1), timedelta(hours=1))
"""A run reads within its transaction, a little after the moment it notes: what was recorded about then may count or not."""
_PARTS: Final = 10_000 * 365 * 366
"""Basis points of one, times a year of either length: so that a day of either weighs a whole number."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a notice with the facts of its day, as rows of the ledger tell them; documents and lists are JSON. Amounts are minor units."""

    notice: int
    item: int
    customer: int
    claimed: int
    on: date
    policy: str
    country: str
    due_on: date
    issued_on: date | None
    principal: int
    paid: str
    reminded: str
    settled: int


def differing_interest(shot: Snapshot, *, code: str, params: dict[str, Any]) -> tuple[int, list[Finding]]:
    """How many lines were added up day by day, and those whose claimed interest differs at every horizon."""
    told: dict[tuple[int, int], tuple[_Line, int]] = {}
    looked: set[tuple[int, int]] = set()
    for horizon in _HORIZONS:
        for row in shot.rows(_LINES, {**params, "sample": SAMPLE, "horizon": horizon}):
            line = _Line(**row)
            key, borne = (line.notice, line.item), _borne(line)
            if key not in looked:
                told[key] = (line, borne)
            looked.add(key)
            if borne == line.claimed:
                told.pop(key, None)
        if not told:
            break
    return len(looked), [_finding(code, line, borne) for _key, (line, borne) in sorted(told.items())]


def _finding(code: str, line: _Line, borne: int) -> Finding:
    what = f"claims {line.claimed} of interest with item {line.item}, day by day it is {borne}"
    return Finding("I9", code, f"notice {line.notice}", what, _ADVICE, line.customer)


def _borne(line: _Line) -> int:
    """What may be claimed of the line: every day at its rate on what was owed that day, rounded once, less what was settled."""
    policy, _faults = from_document(json.loads(line.policy))
    begun = _begun(line, policy) if policy else None
    if policy is None or begun is None:
        return 0
    exact, day = 0, begun
    rates = dict(_rates(line, policy, begun))
    paid = [(date.fromisoformat(on), minor) for on, minor in json.loads(line.paid)]
    leaping = policy.claims.day_count.value == "act/act"
    while day < line.on:
        owed = max(line.principal - sum(minor for on, minor in paid if on <= day), 0)
        leap = leaping and (date(day.year, 12, 31) - date(day.year, 1, 1)).days == 365
        exact += owed * rates.get(day, 0) * (365 if leap else 366)
        day += timedelta(days=1)
    rounded = (2 * abs(exact) + _PARTS) // (2 * _PARTS)
    return max((rounded if exact >= 0 else -rounded) - line.settled, 0)


def _begun(line: _Line, policy: Policy) -> date | None:
    """The first day of default by the rule for one debt."""
    debt = Debt(
        country=policy.country,
        kind=policy.debtor.value,
        due_on=line.due_on,
        issued_on=line.issued_on,
        agreed=policy.claims.due_date_agreed,
        told=policy.claims.invoice_told_default,
        reminded=tuple(
            Reminded(date.fromisoformat(on), by_post, demands)
            for on, by_post, demands in json.loads(line.reminded)
        ),
    )
    found = default_of(debt, working=lambda day: next_working_day(day, line.country))
    return found.from_on if found else None


def _rates(line: _Line, policy: Policy, begun: date) -> Iterator[tuple[date, int]]:
    """The basis points of every day; none where the law's rate is not known from the first one on."""
    for period in _periods(line, policy, begun):
        day = max(period.from_on, begun)
        while day < min(period.to_on, line.on):
            yield day, period.bp
            day += timedelta(days=1)


def _periods(line: _Line, policy: Policy, begun: date) -> tuple[RatePeriod, ...]:
    stated = policy.claims
    if begun >= line.on or stated.interest is Interest.NONE:
        return ()
    if stated.interest is Interest.AGREED:
        return agreed_periods(stated.agreed_bp or 0, start=begun, end=line.on, source="")
    try:
        law = interest_law(policy.country, policy.debtor.value, arisen_on=line.issued_on or line.due_on)
        return tuple(statutory_periods(law, shipped(), start=begun, end=line.on))
    except (NoStatutoryRate, NotYetKnown, BeforeTable):
        return ()
