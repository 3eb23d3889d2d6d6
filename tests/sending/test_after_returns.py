"""What follows when a notice came back (S11): its items count as not reminded, and no demand is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from debitora.dunning.actions import follow
from debitora.dunning.queries.notices import events_of, waiting_for_recipient
from debitora.dunning.rules.policy import Channel
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import a_late_payer, a_ready_company, a_released_run, a_strategy
from debitora.messaging.models import Intent
from debitora.messaging.testing import MOMENT, TESTS, a_sender
from debitora.people.models import Company
from debitora.receivables.models import ItemState, LevelEvent
from tests.sending.arriving import LATER, bounced, fetch
from tests.sending.scenes import hold_invariants, reading, send
from tests.smtp_server import SmtpServer

NEXT_DAY = MOMENT + timedelta(days=1)
ADDRESS = {"street": "Weg 1", "postcode": "10115", "city": "Berlin"}


def a_sent_notice(company: Company, sink: SmtpServer, **fields: str) -> Intent:
    """A notice that was mailed, and counted: its item has risen to level 1."""
    with transaction.atomic():
        a_ready_company(company)
        steps = tuple(replace(step, channel=Channel.MAIL_ELSE_LETTER) for step in preset("de-business").steps)
        a_strategy(company, kind="business", steps=steps)
        a_late_payer(company, **fields)
    a_sender(company.id, port=sink.port)
    with transaction.atomic():
        a_released_run(company)
    assert send(company) == {"accepted": 1}
    with reading():
        return Intent.objects.get()


def level() -> tuple[int, object]:
    with reading():
        state = ItemState.objects.get()
        return state.level, state.last_reminded_on


@pytest.mark.parametrize("counted", [True, False], ids=["after it had counted", "before"])
def test_s11_an_item_whose_notice_came_back_counts_as_not_reminded(
    acme: Company, sink: SmtpServer, inbox: Path, counted: bool
) -> None:
    intent = a_sent_notice(acme, sink)
    if counted:
        follow(company=acme, by=TESTS, at=MOMENT)
        assert level()[0] == 1
    bounced(inbox, intent)
    fetch(acme)
    assert follow(company=acme, by=TESTS, at=LATER) == {"returned": 1}
    assert follow(company=acme, by=TESTS, at=LATER) == {}
    assert level() == (0, None)
    with reading():
        kinds = [event.kind for event in events_of(notice=intent.subject_id)]
        assert kinds == ["rendered", *(["accepted"] if counted else []), "returned"]
        assert events_of(notice=intent.subject_id)[-1].reason == "address_is_dead"
        assert LevelEvent.objects.count() == (2 if counted else 0)


@pytest.mark.parametrize("place", [ADDRESS, {}], ids=["with an address", "without"])
def test_s11_the_next_run_takes_another_way_or_asks_a_clerk(
    acme: Company, sink: SmtpServer, inbox: Path, place: dict[str, str]
) -> None:
    """No demand is lost: it goes as a letter where there is an address, else it waits on the clerk's page."""
    bounced(inbox, a_sent_notice(acme, sink, **place))
    follow(company=acme, by=TESTS, at=MOMENT)
    fetch(acme)
    follow(company=acme, by=TESTS, at=LATER)
    with reading():
        a_released_run(acme, on=NEXT_DAY.date(), at=NEXT_DAY)
        letters = Intent.objects.filter(channel="letter", state="queued").count()
        waiting = len(waiting_for_recipient())
    assert (letters, waiting) == ((1, 0) if place else (0, 1))
    assert send(acme, NEXT_DAY) == {}
    hold_invariants(acme, sink)
