"""Many mails over several lines at once: each leaves the house once, whatever happens to a line or to all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from threading import Barrier
from typing import Any

import pytest

from debitora.messaging.actions import claims, sending
from debitora.messaging.actions.claims import BATCH, Claimed
from debitora.messaging.models import Intent
from debitora.messaging.testing import MOMENT, a_sender
from debitora.people.models import Company
from tests.sending.scenes import Start, a_mail, hold_invariants, reading, rescue, send
from tests.smtp_server import Reply, Script, SmtpServer

LINES = 3
MANY = 1 + BATCH + LINES * BATCH
"""The first alone, then a batch on the first line, then one on each."""


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """All lines hold their first batches at once: none can have finished before the others begin."""
    met, asked = Barrier(LINES, timeout=60), count()

    def claim(**how: Any) -> Claimed:
        claimed = claims.claim(**how)
        if 2 <= next(asked) < 2 + LINES:
            met.wait()
        return claimed

    monkeypatch.setattr(sending, "claim", claim)


@pytest.fixture
def waiting(acme: Company) -> Iterator[Company]:
    """The company with mails for all lines."""
    for number in range(MANY):
        a_mail(acme, str(10_001 + number))
    return acme


@pytest.mark.usefixtures("together")
def test_more_than_a_batch_goes_over_all_lines(waiting: Company, sink: SmtpServer) -> None:
    assert send(waiting) == {"accepted": MANY}
    assert send(waiting) == {}
    assert sink.connections == LINES
    assert {mail.connection for mail in sink.mails} == {1, 2, 3}
    assert len({mail.recipients for mail in sink.mails}) == len(sink.mails) == MANY
    hold_invariants(waiting, sink)


@pytest.mark.usefixtures("together")
def test_a_server_that_takes_two_connections_gets_two(waiting: Company) -> None:
    """What the line that was shown the door had in hand goes back, and over the others or in the next round."""
    with SmtpServer(Script(), Script(), Script(greeting=Reply(421, "too many connections"))) as choosy:
        a_sender(waiting.id, port=choosy.port)
        ended = send(waiting)
        assert ended["refused_temp"] == 1
        with reading():
            queued = Intent.objects.filter(state="queued").count()
        assert ended["accepted"] == len(choosy.mails) == MANY - 1 - queued
        hold_invariants(waiting, choosy)


def test_killed_on_three_lines_none_goes_twice(waiting: Company, sink: SmtpServer, worker: Start) -> None:
    """C03 on several lines: at most one mail of each is uncertain, all others go once."""
    worker(failpoint=f"post_dot:kill:{BATCH + 1 + LINES * 10}").killed()
    uncertain = rescue(waiting).get("uncertain", 0)
    assert 1 <= uncertain <= LINES
    assert send(waiting, MOMENT)["accepted"] >= MANY - BATCH - 1 - LINES * BATCH + 1
    with reading():
        assert Intent.objects.filter(state="accepted").count() == MANY - uncertain
    hold_invariants(waiting, sink)
