"""Drawing by shares; shares are whole numbers, those that stand alone are per thousand."""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

_Kind = TypeVar("_Kind")


def happens(rng: Random, per_thousand: int) -> bool:
    """Draw whether something happens that does so often."""
    return rng.randrange(1_000) < per_thousand


def pick(rng: Random, shares: Mapping[_Kind, int]) -> _Kind:
    """Draw one by its share."""
    return rng.choices(tuple(shares), tuple(shares.values()))[0]
