"""What was agreed with a customer: of which kind, and whether it counts on a day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

LONGEST: Final = 2_000
LONGEST_NAME: Final = 120


class AgreementKind(StrEnum):
    """What an agreement is about."""

    TERMS = "terms"
    """Until when she pays."""
    PRICE = "price"
    DISCOUNT = "discount"
    """Cash discount, bonus, rebate."""
    DELIVERY = "delivery"
    OTHER = "other"


AGREEMENT_CHANGES: Final = ("ended", "resumed")


def counts(*, from_on: date, until_on: date | None, on: date) -> bool:
    """Whether an agreement that nobody ended counts on the day."""
    return from_on <= on <= (until_on or date.max)
