"""The whole transition table: every legal step, and every other pair refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from debitora.messaging.rules.states import (
    CLAIMABLE,
    RAISES_LEVEL,
    RETRY_DELAYS,
    TRANSITIONS,
    Event,
    IllegalTransition,
    State,
    abandoned,
    next_state,
    retry_at,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_table_says_exactly_this() -> None:
    lines = sorted(f"{state} {event} {after}" for (state, event), after in TRANSITIONS.items())
    assert lines == [
        "accepted return returned",
        "claimed print printed",
        "claimed refuse_perm refused_perm",
        "claimed refuse_temp refused_temp",
        "claimed release queued",
        "claimed start_data data_started",
        "claimed stop stopped",
        "data_started accept accepted",
        "data_started lose uncertain",
        "data_started print printed",
        "data_started refuse_perm refused_perm",
        "data_started refuse_temp refused_temp",
        "printed take_back queued",
        "queued cancel cancelled",
        "queued claim claimed",
        "refused_temp cancel cancelled",
        "refused_temp claim claimed",
        "refused_temp give_up refused_perm",
        "uncertain settle_dropped cancelled",
        "uncertain settle_sent accepted",
        "uncertain settle_unsent queued",
    ]


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_pair_is_a_step_or_refused(state: State, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(IllegalTransition, match=f"{event} from {state}"):
            next_state(state, event)


def test_final_states_are_those_that_nothing_leaves() -> None:
    final = {State.RETURNED, State.REFUSED_PERM, State.STOPPED, State.CANCELLED}
    assert {state for state, _ in TRANSITIONS} == set(State) - final


def test_every_state_can_be_reached() -> None:
    reached = {State.QUEUED}
    for _ in State:
        reached |= {after for (state, _), after in TRANSITIONS.items() if state in reached}
    assert reached == set(State)


def test_nothing_but_a_person_leaves_uncertain() -> None:
    leaving = {event for state, event in TRANSITIONS if state is State.UNCERTAIN}
    assert leaving == {Event.SETTLE_SENT, Event.SETTLE_UNSENT, Event.SETTLE_DROPPED}


def test_after_data_started_nothing_goes_back_to_the_queue_unasked() -> None:
    afterwards = {after for (state, _), after in TRANSITIONS.items() if state is State.DATA_STARTED}
    assert State.QUEUED not in afterwards
    assert State.CLAIMED not in afterwards


def test_only_claimable_states_can_be_claimed() -> None:
    assert {state for state, event in TRANSITIONS if event is Event.CLAIM} == CLAIMABLE


def test_only_what_left_the_house_raises_a_level() -> None:
    assert {State.ACCEPTED, State.PRINTED} == RAISES_LEVEL


def test_retries_wait_longer_each_time_and_end() -> None:
    moments = [retry_at(attempts=n, refused_at=NOON) for n in range(1, len(RETRY_DELAYS) + 1)]
    assert moments[0] == NOON + timedelta(minutes=5)
    assert moments == sorted(moment for moment in moments if moment)
    assert retry_at(attempts=len(RETRY_DELAYS) + 1, refused_at=NOON) is None
    assert sum(RETRY_DELAYS, timedelta()) == timedelta(hours=31, minutes=50)


@pytest.mark.parametrize("state", list(State))
def test_an_abandoned_intent(state: State) -> None:
    if state is State.CLAIMED:
        assert next_state(state, abandoned(state)) is State.QUEUED
    elif state is State.DATA_STARTED:
        assert next_state(state, abandoned(state)) is State.UNCERTAIN
    else:
        with pytest.raises(IllegalTransition):
            abandoned(state)
