"""What a person of the company wants to be mailed, and on which days: digests of what is open, alerts of what happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final


class Rhythm(StrEnum):
    """How often a digest comes."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


HOURS: Final = range(5, 21)
"""The full hours of the company's own day from which a digest may be wanted."""
WEEKDAYS: Final = range(5)
"""Monday to Friday, by date.weekday()."""
KINDS: Final = ("digest", "alert")
"""What is mailed to people."""
PARTS: Final = ("totals", "top", "customers", "cases")
"""What a digest may tell: sums, the largest overdue of the company, one's own customers, one's own cases."""
PAYMENTS: Final = {"payment_1000": 1_000, "payment_10000": 10_000, "payment_100000": 100_000}
"""Alerts of payments -> of at least so many whole units of their currency; told to whoever sees the customer."""
ALERTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "run_waits": ("runs.approve", ("run.proposed",)),
    "write_off_waits": ("write_offs.approve", ("write_off.proposed",)),
    "run_approved": ("runs.start", ("run.approved",)),
    "list_imported": ("imports.run", ("import.applied",)),
    "mail_failed": (
        "deliveries.settle",
        ("delivery.refused_perm", "delivery.returned", "delivery.uncertain", "delivery.stopped"),
    ),
    "sending_locked": ("sending.lock", ("sending.locked",)),
    "sales_answered": ("runs.start", ("sales.released", "sales.stopped")),
    "mail_waits": ("cases.clarify", ("mail.waits",)),
    **dict.fromkeys(PAYMENTS, ("items.view", ())),
    "mentioned": ("customers.view", ("note.written",)),
    "stand_in": ("absences.enter", ("absence.entered",)),
}
"""What somebody may be told of at once -> the permission for what has to be done about it, and the verbs of the record."""
PAUSE: Final = timedelta(minutes=10)
"""After an alert what happens within this time is gathered into the next one."""
LOOKS_BACK: Final = timedelta(hours=2)
"""An alert is of what happened so long ago at most: what was committed late is found, what is old is no news."""
TOO_LATE: Final = timedelta(hours=24)
"""A mail to a person that could not leave for so long is dropped: the next one says more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose: `weekday` counts for a weekly digest, `hour` is that from which she wants it, `begun_on` the day of the choice."""

    rhythm: Rhythm
    weekday: int
    hour: int
    parts: tuple[str, ...]
    alerts: tuple[str, ...]
    begun_on: date


def digest_is_due(choice: Choice, *, on: date, hour: int, working: bool, last_on: date | None) -> bool:
    """Whether a digest is to be made on the day at the hour; `last_on` is the day of the last one.

    Nothing comes on a day on which nobody works. A weekly one whose weekday is a holiday comes on the next working day.
    """
    if choice.rhythm is Rhythm.NEVER or not working or hour < choice.hour or last_on == on:
        return False
    if choice.rhythm is Rhythm.DAILY:
        return True
    wanted = on - timedelta(days=(on.weekday() - choice.weekday) % 7)
    return choice.begun_on <= wanted and (last_on is None or last_on < wanted)


def alert_is_due(*, last_at: datetime | None, at: datetime) -> bool:
    """Whether another alert may go now, or what happened waits to be gathered."""
    return last_at is None or at - last_at >= PAUSE
