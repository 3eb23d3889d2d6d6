"""What the checker found: a fault with its invariant, object and advice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must hold and does not.

    `difference` is a number (minor units, or rows too many) or says what is wrong. `company` is a code, empty for what
    concerns the whole installation; `customer` is the id of the customer concerned, if there is one.
    """

    invariant: str
    company: str
    object: str
    difference: int | str
    advice: str
    customer: int | None = None
