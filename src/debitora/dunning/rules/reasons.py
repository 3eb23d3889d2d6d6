"""Why an overdue item was noticed, or why not: one stable number, code and sentence for each answer.

The numbers are stored with millions of decisions and never change their meaning. From 10 on they are also the order
of precedence: where several reasons apply, the smallest is the answer. 10 to 19 say that the item is out of the run,
20 to 29 that it is not its turn, 30 to 39 that the notice it would stand on is not sent. SALES_ASKED alone goes before
CONTACT_CAP: what waits for sales uses up no contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final


class Reason(IntEnum):
    """The answer for one item; `engine.dunning_shapes.Reason` holds the same numbers."""

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

    @property
    def code(self) -> str:
        """The name for files, addresses and JSON: `below_minimum`."""
        return self.name.lower()

    @property
    def meaning(self) -> str:
        """One English line; the source text of its translations."""
        return _MEANINGS[self]

    @property
    def noticed(self) -> bool:
        """Whether the item stands on a notice that asks for it."""
        return self < Reason.LIST_BEHIND


ALSO_OPEN: Final = frozenset({Reason.GRACE, Reason.GAP, Reason.BELOW_MINIMUM, Reason.LAST_STEP_DONE})
"""Items not noticed for these reasons are shown as "also open" if their customer gets a notice in the currency.

Held items, items whose list disagrees and items on a notice still on its way are never shown.
"""

_MEANINGS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.NOTICE: "Due for the next step: on a notice.",
        Reason.UPCOMING: "Not yet due: a friendly reminder beforehand.",
        Reason.LIST_BEHIND: "The last list disagrees with the ledger; a person has to look first.",
        Reason.PARKED: "The customer is parked: no dunning at all.",
        Reason.HELD_CUSTOMER: "The customer is on hold.",
        Reason.HELD_ITEM: "The whole item is on hold.",
        Reason.NO_STRATEGY: "The customer has no dunning strategy.",
        Reason.PENDING_NOTICE: "An earlier notice is still on its way.",
        Reason.LAST_STEP_DONE: "All steps have been taken.",
        Reason.PAUSED: "Dunning is paused for the customer's group.",
        Reason.GRACE: "The day of the next step has not come.",
        Reason.GAP: "The last reminder is too recent.",
        Reason.HELD_AMOUNT: "What is not on hold is below the minimum.",
        Reason.BELOW_MINIMUM: "The item is below the minimum.",
        Reason.BELOW_NOTICE_MINIMUM: "All that is due together is below the minimum of a notice.",
        Reason.CREDIT_COVERS: "Credits of the customer cover what is due.",
        Reason.CONTACT_CAP: "The customer has been contacted often enough for now.",
        Reason.SALES_ASKED: "Sales is asked first, and has not released it.",
    }
)
