"""What a customer has paid, and her credits: the newest on her account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from debitora.receivables.queries.reading import rows, statement
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment or credit on the account: its sum, and what of it is put against nothing; minor units, above zero."""

    item: int
    number: str
    kind: str
    effective_on: date
    currency: str
    minor: int
    left_minor: int

    @property
    def sum(self) -> Money:
        """What came in."""
        return Money(self.minor, self.currency)

    @property
    def left(self) -> Money:
        """What is left of it."""
        return Money(self.left_minor, self.currency)


def payments_of_customer(*, customer: int, most: int) -> list[Paid]:
    """The newest payments and credits, the newest in front."""
    return rows(statement("reading/payments"), {"customer": customer, "most": most}, Paid)
