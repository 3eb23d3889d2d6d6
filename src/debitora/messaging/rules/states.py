"""The life of an intent to send one notice over one channel to one recipient, as data.

Sending is at most once by default, because exactly once over SMTP is impossible (RFC 1047). So `data_started` is
committed before the DATA command, and an attempt whose end nobody knows becomes `uncertain`: a person settles it,
nothing resends it. A frozen worker that wakes late is kept out by the claim's token, not by this table.

    queued -> claimed -> data_started -> accepted | refused_temp | refused_perm | uncertain
                 |-> printed (letters; back to queued while nobody has counted them yet)
                                 |-> printed | uncertain (letters in the folder of a letter service)
    accepted -> returned (another server reports, perhaps days later, that it was not delivered)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class IllegalTransition(Exception):
    """The event cannot happen to an intent in this state; nothing may be written."""


class State(StrEnum):
    """Where an intent stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    DATA_STARTED = "data_started"
    ACCEPTED = "accepted"
    REFUSED_TEMP = "refused_temp"
    REFUSED_PERM = "refused_perm"
    UNCERTAIN = "uncertain"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    PRINTED = "printed"
    RETURNED = "returned"


class Event(StrEnum):
    """What can happen to an intent."""

    CLAIM = "claim"
    """A worker takes it, with a fresh random token."""
    RELEASE = "release"
    """The claim ends without an attempt: worker gone, sending locked, a bound reached. Known not sent."""
    STOP = "stop"
    """The re-check at the edge found that the conditions no longer hold."""
    START_DATA = "start_data"
    """The moment before the DATA command; from here on a silent end is uncertain."""
    ACCEPT = "accept"
    """The server took the message."""
    REFUSE_TEMP = "refuse_temp"
    """Not sent, for now: 4xx, or the line broke before the message could have been taken."""
    REFUSE_PERM = "refuse_perm"
    """Refused for good: 5xx."""
    LOSE = "lose"
    """Nobody knows whether the server took it: cut or silence after the dot, or a worker that died there."""
    GIVE_UP = "give_up"
    """The last attempt of the back-off schedule is used up."""
    CANCEL = "cancel"
    """A person, or the undoing of an import, withdraws it before anything left."""
    PRINT = "print"
    """The letter was handed out for posting."""
    TAKE_BACK = "take_back"
    """A person says that the letter was not posted after all."""
    SETTLE_SENT = "settle_sent"
    """A person, or a reconciliation by Message-ID, found that it did arrive."""
    RETURN = "return"
    """A server that had it reports that it was not delivered, and that nobody tries any more."""
    SETTLE_UNSENT = "settle_unsent"
    """A person found that it did not arrive and lets it go again, under the same Message-ID."""
    SETTLE_DROPPED = "settle_dropped"
    """A person closes it unsent: another channel is used, or nothing more shall go out."""


TRANSITIONS: Final = MappingProxyType(
    {
        (State.QUEUED, Event.CLAIM): State.CLAIMED,
        (State.QUEUED, Event.CANCEL): State.CANCELLED,
        (State.CLAIMED, Event.RELEASE): State.QUEUED,
        (State.CLAIMED, Event.STOP): State.STOPPED,
        (State.CLAIMED, Event.START_DATA): State.DATA_STARTED,
        (State.CLAIMED, Event.REFUSE_TEMP): State.REFUSED_TEMP,
        (State.CLAIMED, Event.REFUSE_PERM): State.REFUSED_PERM,
        (State.CLAIMED, Event.PRINT): State.PRINTED,
        (State.PRINTED, Event.TAKE_BACK): State.QUEUED,
        (State.DATA_STARTED, Event.ACCEPT): State.ACCEPTED,
        (State.DATA_STARTED, Event.PRINT): State.PRINTED,
        (State.DATA_STARTED, Event.REFUSE_TEMP): State.REFUSED_TEMP,
        (State.DATA_STARTED, Event.REFUSE_PERM): State.REFUSED_PERM,
        (State.DATA_STARTED, Event.LOSE): State.UNCERTAIN,
        (State.REFUSED_TEMP, Event.CLAIM): State.CLAIMED,
        (State.REFUSED_TEMP, Event.GIVE_UP): State.REFUSED_PERM,
        (State.REFUSED_TEMP, Event.CANCEL): State.CANCELLED,
        (State.ACCEPTED, Event.RETURN): State.RETURNED,
        (State.UNCERTAIN, Event.SETTLE_SENT): State.ACCEPTED,
        (State.UNCERTAIN, Event.SETTLE_UNSENT): State.QUEUED,
        (State.UNCERTAIN, Event.SETTLE_DROPPED): State.CANCELLED,
    }
)
"""Every legal step; what does not stand here cannot happen."""

CLAIMABLE: Final = frozenset({State.QUEUED, State.REFUSED_TEMP})
"""States from which a worker may take an intent (a temporary refusal: not before `retry_at`)."""

RAISES_LEVEL: Final = frozenset({State.ACCEPTED, State.PRINTED})
"""Only these let the items of a notice rise by one level."""

CAME_TO_NOTHING: Final = frozenset({State.STOPPED, State.CANCELLED, State.REFUSED_PERM, State.RETURNED})
"""The message reached nobody, and will not."""

REVERSIBLE: Final = timedelta(hours=1)
"""How long the word that a pile was posted can be taken back. Dunning counts its letters only afterwards."""

RETRY_DELAYS: Final = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=16),
)
"""Waiting time after the n-th temporary refusal: 8 retries over 31 h 50 min, long enough for greylisting and an outage
of a night, short enough that the letter's deadline still makes sense."""


def next_state(state: State, event: Event) -> State:
    """The state after the event. Raises IllegalTransition."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(f"{event} from {state}") from None


def retry_at(*, attempts: int, refused_at: datetime) -> datetime | None:
    """When to try again after so many attempts were refused for now (1 = the first); None: give up."""
    if attempts > len(RETRY_DELAYS):
        return None
    return refused_at + RETRY_DELAYS[attempts - 1]


def abandoned(state: State) -> Event:
    """What to do with an intent whose worker is gone, by the state it left behind. Raises IllegalTransition."""
    events = {State.CLAIMED: Event.RELEASE, State.DATA_STARTED: Event.LOSE}
    if state not in events:
        raise IllegalTransition(f"abandoned in {state}")
    return events[state]
