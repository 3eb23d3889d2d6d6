"""How a payment is shared out over chosen items, when it is more than they come to, or less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from debitora.cash.rules.spreading import Exchanged, Part, Share

SHORT: Final = ("part", "discount", "written_off", "exchange")
"""What may become of what is missing: the last items stay open by it, all are discounted alike, the largest bear it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that shall be settled by so much, in minor units; a credit's are below zero. In the order of the form."""

    item: int
    customer: int
    minor: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A payment shared out over customers, the one with the rest on account included.

    on_account: the rest that goes there. left: what stays open of the line. missing: what was chosen beyond the payment.
    """

    shares: tuple[Share, ...]
    on_account: int
    left: int
    missing: int


def share_out(*, amount: int, chosen: Sequence[Chosen], short: str, rest_to: int | None) -> Shared:
    """Share `amount` out over the chosen items. `short` is one of SHORT; `rest_to` a customer, or None: the rest stays open."""
    rest = amount - sum(one.minor for one in chosen)
    parts = _SHORTENED[short](chosen, -rest) if rest < 0 else [_whole(one) for one in chosen]
    on_account = max(rest, 0) if rest_to is not None else 0
    customer_of = {one.item: one.customer for one in chosen}
    payers = dict.fromkeys(customer_of[part.item] for part in parts)
    if rest_to is not None and on_account:
        payers.setdefault(rest_to)
    return Shared(
        shares=tuple(
            _share(
                payer,
                [part for part in parts if customer_of[part.item] == payer],
                on_account if payer == rest_to else 0,
            )
            for payer in payers
        ),
        on_account=on_account,
        left=max(rest, 0) - on_account,
        missing=max(-rest, 0),
    )


def exchanged(shares: Sequence[Share], *, minor: int, counts_as: Exchanged) -> tuple[Share, ...]:
    """Shares of what a line of `minor` counts as (theirs come to it), each with its part of the line, in proportion.

    The units that rounding leaves go to the first ones.
    """
    parts = [minor * share.minor // counts_as.minor for share in shares]
    left = minor - sum(parts)
    return tuple(
        replace(share, minor=part + (place < left), exchanged=replace(counts_as, minor=share.minor))
        for place, (share, part) in enumerate(zip(shares, parts, strict=True))
    )


def _share(customer: int, parts: Sequence[Part], on_account: int) -> Share:
    return Share(customer, sum(part.minor for part in parts) + on_account, tuple(parts))


def _whole(one: Chosen) -> Part:
    return Part(one.item, one.minor)


def _part_paid(chosen: Sequence[Chosen], missing: int) -> list[Part]:
    """The last items stay open by what is missing; one that would get nothing is left out."""
    parts: list[Part] = []
    for one in reversed(chosen):
        kept = one.minor - min(missing, one.minor) if one.minor > 0 else one.minor
        missing -= one.minor - kept
        if kept:
            parts.append(replace(_whole(one), minor=kept))
    return parts[::-1]


def _discounted(chosen: Sequence[Chosen], missing: int) -> list[Part]:
    """What is missing is taken off all debits in proportion; the cents that rounding leaves are taken off the first ones."""
    whole = sum(one.minor for one in chosen if one.minor > 0)
    taken = [missing * one.minor // whole if one.minor > 0 else 0 for one in chosen]
    cents = missing - sum(taken)
    for place, one in enumerate(chosen):
        if cents and one.minor > taken[place]:
            taken[place] += 1
            cents -= 1
    return [Part(one.item, one.minor - off, discount=off) for one, off in zip(chosen, taken, strict=True)]


def _borne(chosen: Sequence[Chosen], missing: int) -> list[int]:
    """What is missing lies on the largest items: by item, in their order."""
    off: dict[int, int] = {}
    for one in sorted(chosen, key=lambda one: (-one.minor, one.item)):
        off[one.item] = min(missing, max(one.minor, 0))
        missing -= off[one.item]
    return [off[one.item] for one in chosen]


def _written_off(chosen: Sequence[Chosen], missing: int) -> list[Part]:
    off = zip(chosen, _borne(chosen, missing), strict=True)
    return [Part(one.item, one.minor - minor, written_off=minor) for one, minor in off]


def _lost_in_exchange(chosen: Sequence[Chosen], missing: int) -> list[Part]:
    off = zip(chosen, _borne(chosen, missing), strict=True)
    return [Part(one.item, one.minor - minor, exchange=minor) for one, minor in off]


_SHORTENED: Final = {
    "part": _part_paid,
    "discount": _discounted,
    "written_off": _written_off,
    "exchange": _lost_in_exchange,
}
