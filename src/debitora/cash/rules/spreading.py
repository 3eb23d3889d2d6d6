"""How money and credits meet debits: what is put against what, when a payment comes with credits that are set off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """What shall become of one item, in minor units: `minor` is settled of it, above zero for a debit, below for a credit that is set off.

    discount, written_off and exchange (the difference that a rate left): what is taken off a debit besides, not below zero.
    """

    item: int
    minor: int
    discount: int = 0
    written_off: int = 0
    exchange: int = 0

    @property
    def taken_off(self) -> int:
        """What the debit is lowered by besides money and credits."""
        return self.discount + self.written_off + self.exchange


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What money in the account's currency counts as: so many minor units of the items' currency, and who said so.

    The rate is the one by the other. source: one of RATE_SOURCES.
    """

    currency: str
    minor: int
    source: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bank line (minor, above zero) for one customer; what her parts do not take stays on account.

    exchanged: what it counts as where her items are in another currency; parts are in that currency then.
    """

    customer: int
    minor: int
    parts: tuple[Part, ...] = ()
    exchanged: Exchanged | None = None

    @property
    def worth(self) -> int:
        """What it counts as, in the items' currency."""
        return self.exchanged.minor if self.exchanged else self.minor

    @property
    def on_account(self) -> int:
        """What no part takes, in the items' currency."""
        return self.worth - sum(part.minor for part in self.parts)


RATE_SOURCES: Final = ("bank", "by_hand")
"""Who says what foreign money counts as: the bank, which was given that; or a person, who notes where the rate is from."""


class SharesDoNotFit(Exception):
    """A share is not above zero, its parts take more than it has, an item stands in it twice, or credits exceed what they are set off against."""


def refuse_misfits(shares: Sequence[Share]) -> None:
    """Raises SharesDoNotFit."""
    for share in shares:
        items = [part.item for part in share.parts]
        set_off = [part for part in share.parts if part.minor < 0]
        debts = sum(part.minor for part in share.parts if part.minor > 0)
        if (
            min(share.minor, share.worth) <= 0
            or share.on_account < 0
            or len(set(items)) != len(items)
            or any(part.minor == 0 and not part.taken_off for part in share.parts)
            or any(min(part.discount, part.written_off, part.exchange) < 0 for part in share.parts)
            or any(part.taken_off for part in set_off)
            or any(part.exchange for part in share.parts if share.exchanged is None)
            or -sum(part.minor for part in set_off) > debts
        ):
            raise SharesDoNotFit(str(share))


def given_up(shares: Sequence[Share], *, discount_bp: int) -> int:
    """What of the items is lost, in their minor units: written off, left by a rate, and discount beyond what is promised.

    Of each item discount_bp (basis points) of what it is settled by are promised, and the one unit that rounding may take.
    """
    return sum(
        part.written_off + part.exchange + _beyond_promise(part, discount_bp)
        for share in shares
        for part in share.parts
    )


def _beyond_promise(part: Part, discount_bp: int) -> int:
    if not part.discount:
        return 0
    promised = (part.minor + part.discount) * discount_bp // 10_000 + 1 if discount_bp else 0
    return max(part.discount - promised, 0)


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
