"""How a booking came about, for bookings that are no payments of customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Grounds:
    """By whom a booking was chosen (origin), how sure that was (basis points), and the proposals there were, as `booking.Decision`."""

    origin: str = "by_hand"
    confidence: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


BY_HAND: Final = Grounds()
