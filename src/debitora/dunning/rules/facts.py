"""What a decision looks at, and what it answers, for one customer. Amounts are minor units of the item's currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from debitora.dunning.rules.policy import Policy, Silence
from debitora.dunning.rules.reasons import Reason


@dataclass(frozen=True, slots=True)
class Item:
    """An open item as the ledger has it on the day."""

    item_id: int
    currency: str
    due_on: date
    open_minor: int
    """Signed: a debit above zero, a credit below."""
    level: int = 0
    """Reached so far; 0 = never reminded."""
    last_reminded_on: date | None = None
    """The reminder before the due day counts."""
    list_behind: bool = False
    """The last list disagrees with the ledger."""
    pending: bool = False
    """An earlier notice is neither sent nor dropped."""
    crossed: bool = False
    """Its last notice crossed with a payment: it asked for money that had come by then, but was not known."""
    order_item: int | None = None
    """The first item of the same order; None = of no order, or no strategy asks for it."""
    contact_item: int | None = None
    """Likewise the first item that names the same contact."""

    @property
    def level_counted(self) -> int:
        """The level on which the next one builds: a notice that crossed with a payment is repeated first, not surpassed."""
        return max(self.level - self.crossed, 0)


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold on an item, on an amount of it, or on the customer (`item_id` None); both its days are held."""

    from_on: date
    until_on: date | None = None
    item_id: int | None = None
    amount_minor: int | None = None
    """None = all of the item; without meaning on a customer's hold."""

    def bites(self, on: date) -> bool:
        """Whether the hold is in force on the day."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of the customer's group; both its days are paused. It always has an end."""

    from_on: date
    until_on: date
    instead: str = ""
    """The way that notices take in its place: mail, letter or call; empty: none."""
    channel: str = ""
    """The way that is closed: mail or letter; empty: every way but the one in its place."""

    def bites(self, on: date) -> bool:
        """Whether the pause is in force on the day."""
        return self.from_on <= on <= self.until_on


@dataclass(frozen=True, slots=True)
class Gate:
    """A question to the customer's salesperson before a step, and what she said. Of a level only the newest is a fact."""

    level: int
    until_on: date
    """The last day for an answer."""
    silence: Silence = Silence.RELEASE
    released_on: date | None = None
    """None = she has not released it."""
    stopped: bool = False
    stopped_until_on: date | None = None
    """The last day of a stop."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about one customer that a decision looks at."""

    customer_id: int
    items: tuple[Item, ...]
    policy: Policy | None
    """None = the customer has no strategy."""
    policy_id: int | None = None
    holds: tuple[Hold, ...] = ()
    touched_on: tuple[date, ...] = ()
    """The days of all contacts made, one entry for each."""
    parked: bool = False
    pauses: tuple[Pause, ...] = ()
    """Those that are meant for the customer, whenever they are in force."""
    has_sales: bool = True
    """Whether there is a salesperson who can be asked."""
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one item."""

    item_id: int
    customer_id: int
    currency: str
    reason: Reason
    level_before: int
    level_to: int
    days_overdue: int
    open_minor: int
    held_minor: int
    policy_id: int | None
    notice: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What one notice asks for and shows. `total_minor` = due + credit (zero or below) is the sum asked for."""

    customer_id: int
    currency: str
    part: int
    """0, or the level or the order (its first item) that the notice is kept apart for."""
    policy_id: int | None
    level: int
    due_minor: int
    also_open_minor: int
    credit_minor: int
    total_minor: int
    items: int


class LineKind(StrEnum):
    """Why an item stands on a notice."""

    DUE = "due"
    ALSO_OPEN = "also_open"
    CREDIT = "credit"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True)
class Line:
    """One item on a notice; `open_minor` without what is held."""

    item_id: int
    customer_id: int
    currency: str
    part: int
    kind: LineKind
    level_from: int
    level_to: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Question:
    """What waits for sales: the items whose notices of a level would go if she released them, by id."""

    customer_id: int
    level: int
    policy_id: int | None
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer for one customer, each tuple sorted as the engine sorts its frames."""

    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
