"""Which way a notice takes while pauses close some: the step's own, what is left of it, or the one in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from debitora.dunning.rules.facts import Pause
from debitora.dunning.rules.policy import Channel, Policy, way_bit

_MAIL, _LETTER, _CALL = Channel.MAIL.value, Channel.LETTER.value, Channel.CALL.value
_WAYS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        _MAIL: frozenset({_MAIL}),
        _LETTER: frozenset({_LETTER}),
        Channel.MAIL_ELSE_LETTER.value: frozenset({_MAIL, _LETTER}),
        Channel.BOTH.value: frozenset({_MAIL, _LETTER}),
        _CALL: frozenset({_CALL}),
    }
)
_ALL: Final = frozenset({_MAIL, _LETTER, _CALL})


def way_under(channel: str, pauses: Iterable[Pause]) -> str:
    """The channel that a step takes while the pauses are in force; empty: none is left, so there is no notice.

    Whatever one pause closes no other opens: where several name a way in place, the first that is not closed is taken.
    """
    biting = tuple(pauses)
    closed = frozenset[str]().union(*(_closed(pause) for pause in biting))
    left = _WAYS[channel] - closed
    if left == _WAYS[channel]:
        return channel
    if left:
        return min(left)
    return next((pause.instead for pause in biting if pause.instead and pause.instead not in closed), "")


def stopped_bits(pauses: Iterable[Pause]) -> int:
    """The channels of steps that the pauses leave without a way, as the engine reads them: a bit for each."""
    biting = tuple(pauses)
    return sum(way_bit(channel) for channel in Channel if not way_under(channel.value, biting))


def channel_of(policy: Policy, level: int) -> str:
    """The channel of the step that raises an item to the level; at 0 that of the reminder before the due day."""
    if level == 0 and policy.upcoming:
        return policy.upcoming.channel.value
    return policy.step(max(level, 1)).channel.value


def _closed(pause: Pause) -> frozenset[str]:
    return (frozenset({pause.channel}) if pause.channel else _ALL) - {pause.instead}
