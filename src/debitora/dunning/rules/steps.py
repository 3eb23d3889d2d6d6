"""The days around a step: when it may be taken, when its notice leaves, and until when the debtor may pay."""

from __future__ import annotations

from datetime import date
from typing import Final

from debitora.dunning.rules.policy import Policy, RunBound, Step, amount_in
from debitora.dunning.rules.quiet import is_quiet
from debitora.values.days import add_days, month_end, next_working_day

_MOST_DAYS: Final = 400
"""How far ahead a sending day is looked for; policies are read only with room between their quiet days."""


def reached_on(policy: Policy, level: int, due_on: date) -> date:
    """The first day on which an item may rise to the level, if nothing else stands against it.

    Level 0 is the reminder before the due day. A step that waits for the end of the month counts its days first, and the
    grace after it.
    """
    if level == 0 and policy.upcoming:
        return add_days(due_on, -policy.upcoming.days_before)
    step = policy.step(level)
    counted = add_days(due_on, step.days_after_due)
    return add_days(month_end(counted) if step.month_end else counted, policy.grace_days)


def gap_over_on(step: Step, last_reminded_on: date | None) -> date | None:
    """The first day on which the step's gap is over; exactly `min_gap_days` later is late enough. None = no gap."""
    return None if last_reminded_on is None else add_days(last_reminded_on, step.min_gap_days)


def sending_day(day: date, policy: Policy, country: str, subdivision: str = "") -> date:
    """The day on which a notice decided on `day` leaves: the next that is not quiet, and a working day if the policy says so."""
    for _attempt in range(_MOST_DAYS):
        if policy.send_on_working_days:
            day = next_working_day(day, country, subdivision)
        if not is_quiet(day, policy.quiet_days):
            break
        day = add_days(day, 1)
    return day


def needs_person(policy: Policy, *, currency: str, total_minor: int) -> bool:
    """Whether a notice over so much waits for a person, whatever the policy says of its run."""
    return bool(policy.approval_above) and total_minor > amount_in(policy.approval_above, currency)


def deadline(sent_on: date, step: Step, country: str, subdivision: str = "") -> date:
    """The last day to pay, as printed on the notice.

    A deadline that would end on a Saturday, Sunday or holiday moves to the next working day (§ 193 BGB).
    """
    return next_working_day(add_days(sent_on, step.deadline_days), country, subdivision)


def exceeds(bound: RunBound, *, notices: int, usual: int | None) -> bool:
    """Whether a run is unlikely large and waits for a person. `usual`: notices of a typical past run, None = no past."""
    if notices <= bound.floor:
        return False
    return usual is None or notices > bound.factor * max(usual, 1)
