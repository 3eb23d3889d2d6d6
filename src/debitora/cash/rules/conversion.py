"""What money in one currency counts as in another: both sums, the rate between them, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from debitora.values.money import Money

_PLACES: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Conversion:
    """`given` counts as `worth`. source: one of spreading.RATE_SOURCES."""

    given: Money
    worth: Money
    source: str

    @property
    def rate(self) -> Decimal:
        """So much of the one currency is one of the other; rounded to six places, while the sums are exact."""
        return (self.worth.decimal / self.given.decimal).quantize(_PLACES).normalize()
