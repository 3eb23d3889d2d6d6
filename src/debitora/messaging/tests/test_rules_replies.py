"""Replies by phase (scenarios S01 to S05): what was known not to be sent, and what nobody knows."""

from __future__ import annotations

from itertools import product

import pytest

from debitora.messaging.rules.replies import Blame, Phase, Reply, Silence, Verdict, classify
from debitora.messaging.rules.states import Event, State, next_state

BEFORE_THE_DOT = [phase for phase in Phase if phase is not Phase.DOT]
GO_ON = Verdict(None)


@pytest.mark.parametrize(("phase", "silence"), list(product(BEFORE_THE_DOT, Silence)))
def test_silence_before_the_dot_is_known_not_sent(phase: Phase, silence: Silence) -> None:
    assert classify(phase, silence) == Verdict(Event.REFUSE_TEMP, Blame.SERVER)


@pytest.mark.parametrize("silence", list(Silence))
def test_silence_after_the_dot_is_uncertain(silence: Silence) -> None:
    assert classify(Phase.DOT, silence) == Verdict(Event.LOSE, Blame.SERVER)


@pytest.mark.parametrize(
    ("phase", "reply", "verdict"),
    [
        (Phase.CONNECT, Reply(220, "ready"), GO_ON),
        (Phase.CONNECT, Reply(554, "no service"), Verdict(Event.REFUSE_TEMP, Blame.SERVER)),
        (Phase.CONNECT, Reply(421, "busy"), Verdict(Event.REFUSE_TEMP, Blame.SERVER)),
        (Phase.HELLO, Reply(250), GO_ON),
        (Phase.HELLO, Reply(535, "5.7.8 authentication failed"), Verdict(Event.REFUSE_TEMP, Blame.SERVER)),
        (Phase.MAIL, Reply(250), GO_ON),
        (Phase.MAIL, Reply(451, "4.7.1 greylisted"), Verdict(Event.REFUSE_TEMP, Blame.SENDER)),
        (Phase.MAIL, Reply(550, "5.7.1 sender rejected"), Verdict(Event.REFUSE_PERM, Blame.SENDER)),
        (Phase.RCPT, Reply(250), GO_ON),
        (Phase.RCPT, Reply(251, "will forward"), GO_ON),
        (Phase.RCPT, Reply(451, "greylisted"), Verdict(Event.REFUSE_TEMP, Blame.RECIPIENT)),
        (Phase.RCPT, Reply(550, "no such user"), Verdict(Event.REFUSE_PERM, Blame.RECIPIENT, True)),
        (Phase.RCPT, Reply(550, "5.1.1 unknown"), Verdict(Event.REFUSE_PERM, Blame.RECIPIENT, True)),
        (Phase.RCPT, Reply(550, "5.7.1 policy"), Verdict(Event.REFUSE_PERM, Blame.RECIPIENT, False)),
        (Phase.RCPT, Reply(552, "full"), Verdict(Event.REFUSE_PERM, Blame.RECIPIENT, False)),
        (Phase.DATA, Reply(354), GO_ON),
        (Phase.DATA, Reply(250, "what?"), Verdict(Event.REFUSE_TEMP, Blame.SERVER)),
        (Phase.DATA, Reply(451), Verdict(Event.REFUSE_TEMP, Blame.MESSAGE)),
        (Phase.DATA, Reply(554), Verdict(Event.REFUSE_PERM, Blame.MESSAGE)),
        (Phase.DOT, Reply(250, "queued as 4711"), Verdict(Event.ACCEPT)),
        (Phase.DOT, Reply(451, "try later"), Verdict(Event.REFUSE_TEMP, Blame.MESSAGE)),
        (Phase.DOT, Reply(550, "5.1.1 late"), Verdict(Event.REFUSE_PERM, Blame.MESSAGE, False)),
        (Phase.DOT, Reply(554, "spam"), Verdict(Event.REFUSE_PERM, Blame.MESSAGE)),
        (Phase.DOT, Reply(354, "go on"), Verdict(Event.LOSE, Blame.SERVER)),
        (Phase.DOT, Reply(600, "nonsense"), Verdict(Event.LOSE, Blame.SERVER)),
        (Phase.RCPT, Reply(-1, "nonsense"), Verdict(Event.REFUSE_TEMP, Blame.SERVER)),
    ],
)
def test_replies(phase: Phase, reply: Reply, verdict: Verdict) -> None:
    assert classify(phase, reply) == verdict


@pytest.mark.parametrize(("phase", "code"), list(product(Phase, range(200, 600, 50))))
def test_every_verdict_is_a_legal_step(phase: Phase, code: int) -> None:
    """Up to RCPT the intent is claimed; `data_started` is committed before DATA."""
    event = classify(phase, Reply(code)).event
    state = State.DATA_STARTED if phase in (Phase.DATA, Phase.DOT) else State.CLAIMED
    if event:
        next_state(state, event)


def test_only_the_dot_can_lead_to_uncertain_or_accepted() -> None:
    outcomes = [*Silence, *(Reply(code) for code in range(200, 700))]
    events = {classify(phase, outcome).event for phase in BEFORE_THE_DOT for outcome in outcomes}
    assert events == {None, Event.REFUSE_TEMP, Event.REFUSE_PERM}
