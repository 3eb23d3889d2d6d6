"""When runs come: by hand, once a day, or once a day and again as soon as something changes (docs/decisions/0051)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Mode(StrEnum):
    """Who asks for runs."""

    HAND = "hand"
    DAILY = "daily"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How runs come. `begins` and `ends` are hours of the company's own day: the daily run from `begins` on, follow-ups before `ends`."""

    mode: Mode = Mode.DAILY
    begins: int = 5
    ends: int = 18

    def wants_run(self, local: datetime) -> bool:
        """Whether the run of the day should have begun by this moment of the company's day."""
        return self.mode is not Mode.HAND and local.hour >= self.begins

    def follows(self, local: datetime) -> bool:
        """Whether what changes at this moment of the company's day is followed up at once."""
        return self.mode is Mode.CONTINUOUS and self.begins <= local.hour < self.ends


class Cause(StrEnum):
    """What may make an item due for a step within a day."""

    LIST = "list"
    PAYMENT = "payment"
    HOLD = "hold"
    CASE = "case"
    CUSTOMER = "customer"
    STRATEGY = "strategy"
    NOTICE = "notice"
    SALES = "sales"


CAUSES: Final[Mapping[str, Cause]] = {
    "list.applied": Cause.LIST,
    "list.undone": Cause.LIST,
    "item.opened": Cause.LIST,
    "items.allocated": Cause.PAYMENT,
    "allocation.released": Cause.PAYMENT,
    "payment.returned": Cause.PAYMENT,
    "payment.taken_back": Cause.PAYMENT,
    "credit.refunded": Cause.PAYMENT,
    "outflow.taken_back": Cause.PAYMENT,
    "charges.cancelled": Cause.PAYMENT,
    "write_off.reversed": Cause.PAYMENT,
    "hold.released": Cause.HOLD,
    "hold.extended": Cause.HOLD,
    "case.closed": Cause.CASE,
    "item.undeferred": Cause.CASE,
    "customers.saved": Cause.CUSTOMER,
    "customer.edited": Cause.CUSTOMER,
    "customer.unparked": Cause.CUSTOMER,
    "recipients.completed": Cause.CUSTOMER,
    "contact.kept": Cause.CUSTOMER,
    "contact.ended": Cause.CUSTOMER,
    "item.contact_named": Cause.CUSTOMER,
    "item.contact_ended": Cause.CUSTOMER,
    "strategy.saved": Cause.STRATEGY,
    "strategy.assigned": Cause.STRATEGY,
    "strategy.unassigned": Cause.STRATEGY,
    "strategy.reordered": Cause.STRATEGY,
    "pause.lifted": Cause.STRATEGY,
    "notice.stopped": Cause.NOTICE,
    "levels.withdrawn": Cause.NOTICE,
    "sales.released": Cause.SALES,
}
"""Verb of the record -> what it may cause. What can only stop a reminder is left out, and so is what a person took out of a run
(notice.withheld, notice.cancelled): she is not asked again on the same day."""
