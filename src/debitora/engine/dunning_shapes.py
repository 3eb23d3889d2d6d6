"""The shapes of the dunning run: reasons, the columns of its frames, and what it reads of a policy.

Amounts are integers of minor units of the row's currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

import polars as pl

from debitora.engine.frames import Schema


class Reason(IntEnum):
    """The answer for one item, as the number that is stored. Meanings: `debitora.dunning.rules.reasons`."""

    NOTICE = 1
    UPCOMING = 2
    LIST_BEHIND = 10
    PARKED = 11
    HELD_CUSTOMER = 12
    HELD_ITEM = 13
    NO_STRATEGY = 14
    PENDING_NOTICE = 15
    LAST_STEP_DONE = 16
    PAUSED = 17
    GRACE = 20
    GAP = 21
    HELD_AMOUNT = 22
    BELOW_MINIMUM = 23
    BELOW_NOTICE_MINIMUM = 30
    CREDIT_COVERS = 31
    CONTACT_CAP = 32
    SALES_ASKED = 33


ITEMS: Final[Schema] = {
    "item_id": pl.Int64,  # unique
    "customer_id": pl.Int64,
    "currency": pl.String,  # ISO 4217
    "due_on": pl.Date,
    "open_minor": pl.Int64,  # signed: a debit above zero, a credit below
    "level": pl.Int16,  # reached so far; 0 = never reminded
    "last_reminded_on": pl.Date,  # null = never; the upcoming reminder counts
    "list_behind": pl.Boolean,  # the last list disagrees with the ledger
    "pending": pl.Boolean,  # an earlier notice is neither sent nor dropped
    "crossed": pl.Boolean,  # its last notice asked for money that had come by then: its level is repeated
    "order_item": pl.Int64,  # the first item of the same order, by which orders are told apart; null = of none, or not asked
    "contact_item": pl.Int64,  # likewise the first that names the same contact
}
"""Open items of one company: every debit overdue or due within the upcoming reminder, and every credit."""

CUSTOMERS: Final[Schema] = {
    "customer_id": pl.Int64,  # unique
    "policy_id": pl.Int64,  # key of `policies`; null or unknown = no strategy
    "parked": pl.Boolean,  # no dunning at all until a person says otherwise
    "paused": pl.Int16,  # the ways of steps that pauses of her group close on the day, a bit each; null = none
    "released": pl.Int16,  # the levels whose notices need no word of sales, a bit each; null = none
}

HOLDS: Final[Schema] = {
    "item_id": pl.Int64,  # null = the whole customer
    "customer_id": pl.Int64,
    "amount_minor": pl.Int64,  # null = all of the item; without meaning on a customer's hold
    "from_on": pl.Date,
    "until_on": pl.Date,  # the last day of the hold, included; null = until released
}

TOUCHES: Final[Schema] = {"customer_id": pl.Int64, "touched_on": pl.Date}
"""One row per contact made, back to the longest window of any policy's contact cap."""

DECISIONS: Final[Schema] = {
    "item_id": pl.Int64,  # sorted by it; exactly one row per overdue item
    "customer_id": pl.Int64,
    "currency": pl.String,
    "reason": pl.Int16,
    "level_before": pl.Int16,
    "level_to": pl.Int16,  # where the reason is NOTICE level_before + 1, or level_before if its notice crossed; else level_before
    "days_overdue": pl.Int32,  # at most 0 where the reason is UPCOMING
    "open_minor": pl.Int64,
    "held_minor": pl.Int64,  # the part of open_minor that is held
    "policy_id": pl.Int64,
    "notice": pl.Boolean,  # NOTICE or UPCOMING
}

NOTICES: Final[Schema] = {
    "customer_id": pl.Int64,  # sorted by customer, currency and part; one row at most for each
    "currency": pl.String,
    "part": pl.Int64,  # 0, or the level or order (its first item) that the notice is kept apart for
    "policy_id": pl.Int64,
    "level": pl.Int16,  # the highest among the due items; 0 = reminder before the due day
    "due_minor": pl.Int64,  # what the due items still owe, held parts left out
    "also_open_minor": pl.Int64,  # overdue as well, shown, not asked for
    "credit_minor": pl.Int64,  # zero or below
    "total_minor": pl.Int64,  # due + credit: the sum asked for
    "items": pl.Int32,  # number of due items
}

LINES: Final[Schema] = {
    "item_id": pl.Int64,  # sorted by it
    "customer_id": pl.Int64,
    "currency": pl.String,
    "part": pl.Int64,  # that of the notice it stands on
    "kind": pl.String,  # due | also_open | credit | upcoming
    "level_from": pl.Int16,
    "level_to": pl.Int16,
    "open_minor": pl.Int64,  # held parts left out; signed
}


QUESTIONS: Final[Mapping[str, type[pl.DataType] | pl.DataType]] = {
    "customer_id": pl.Int64,  # sorted by customer and level; one row at most for each
    "level": pl.Int16,
    "policy_id": pl.Int64,
    "items": pl.List(pl.Int64),  # those whose notices wait, in their order
}
"""What sales is asked about: notices that would go if it released them."""


class StepNumbers(Protocol):
    """What the engine reads of one step."""

    @property
    def days_after_due(self) -> int: ...
    @property
    def month_end(self) -> bool: ...
    @property
    def min_gap_days(self) -> int: ...
    @property
    def way(self) -> int:
        """One bit."""
        ...

    @property
    def asks_sales(self) -> bool: ...

    def item_minimum(self, currency: str) -> int: ...
    def notice_minimum(self, currency: str) -> int: ...


class CapNumbers(Protocol):
    """At most `touches` contacts within `days` days, the day itself included."""

    @property
    def touches(self) -> int: ...
    @property
    def days(self) -> int: ...


class PolicyNumbers(Protocol):
    """What the engine reads of a policy; `debitora.dunning.rules.policy.Policy` fits."""

    @property
    def steps(self) -> Sequence[StepNumbers]: ...
    @property
    def grace_days(self) -> int: ...
    @property
    def consider_credits(self) -> bool: ...
    @property
    def offset_credits(self) -> bool: ...
    @property
    def contact_cap(self) -> CapNumbers | None: ...
    @property
    def upcoming_days(self) -> int | None: ...
    @property
    def upcoming_way(self) -> int:
        """One bit; 0 where there is no reminder before the due day."""
        ...

    @property
    def grouping(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer of a run: frames shaped as DECISIONS, NOTICES, LINES and QUESTIONS."""

    decisions: pl.DataFrame
    notices: pl.DataFrame
    lines: pl.DataFrame
    questions: pl.DataFrame
