"""From which confidence a line is booked without asking: as careful as a wrong booking is dear."""

from __future__ import annotations

from typing import Final

CARES: Final = (20, 100, 1_000, 10_000)
"""What a wrong booking may weigh, in lines that somebody looks at: the answers that the page offers."""


def enough(care: int) -> int:
    """The confidence (basis points) from which booking costs less than looking, where an error weighs `care` looks.

    Booking costs (1 - p) * care looks, looking costs one; rounded up, so never bolder than asked.
    """
    return 10_000 - 10_000 // care
