"""The days around a step: when it may be taken, when its notice leaves, and until when the debtor may pay."""

from __future__ import annotations

from datetime import date

from debitora.dunning.rules.policy import Policy, RunBound, Step
from debitora.values.days import add_days, month_end, next_working_day


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
    """The day on which a notice decided on `day` leaves: the next working day there, if the policy says so."""
    return next_working_day(day, country, subdivision) if policy.send_on_working_days else day


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
