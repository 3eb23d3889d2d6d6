"""How money and credits meet debits: what is put against what, when a payment comes with credits that are set off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What shall become of one item, in minor units: `minor` is settled of it, above zero for a debit, below for a credit that is set off.

    discount and written_off: what is taken off a debit besides, not below zero.
    """

    item: int
    minor: int
    discount: int = 0
    written_off: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bank line (minor, above zero) for one customer; what her parts do not take stays on account."""

    customer: int
    minor: int
    parts: tuple[Part, ...] = ()

    @property
    def on_account(self) -> int:
        """What no part takes."""
        return self.minor - sum(part.minor for part in self.parts)


class SharesDoNotFit(Exception):
    """A share is not above zero, its parts take more than it has, an item stands in it twice, or credits exceed what they are set off against."""


def refuse_misfits(shares: Sequence[Share]) -> None:
    """Raises SharesDoNotFit."""
    for share in shares:
        items = [part.item for part in share.parts]
        set_off = [part for part in share.parts if part.minor < 0]
        debts = sum(part.minor for part in share.parts if part.minor > 0)
        if (
            share.minor <= 0
            or share.on_account < 0
            or len(set(items)) != len(items)
            or any(part.minor == 0 and not (part.discount or part.written_off) for part in share.parts)
            or any(part.discount < 0 or part.written_off < 0 for part in share.parts)
            or any(part.discount or part.written_off for part in set_off)
            or -sum(part.minor for part in set_off) > debts
        ):
            raise SharesDoNotFit(str(share))


def pairs(parts: Sequence[Part]) -> Iterator[tuple[int | None, int, int]]:
    """(credit, debit, minor): credits are used up first; None is the payment."""
    waiting = [(part.item, -part.minor) for part in parts if part.minor < 0]
    for part in parts:
        wanted = part.minor
        while wanted > 0 and waiting:
            credit, left = waiting.pop()
            used = min(left, wanted)
            wanted -= used
            yield credit, part.item, used
            if left > used:
                waiting.append((credit, left - used))
        if wanted > 0:
            yield None, part.item, wanted
