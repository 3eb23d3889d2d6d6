"""A disputed part is set aside: the rest goes on, step by step, and letter, mail and page say what was set aside."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.dunning.actions import follow
from debitora.dunning.models import Notice, NoticeLine
from debitora.dunning.queries.contents import contents
from debitora.dunning.queries.letters import Stock, compose
from debitora.dunning.queries.notices import lines_of
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_released_run, a_strategy
from debitora.dunning.tests.test_strategy_pages import here
from debitora.messaging.actions import mark_printed
from debitora.messaging.models import Intent
from debitora.people.models import Company, User
from debitora.receivables.actions import place_hold
from debitora.receivables.models import Item, ItemState
from debitora.values.money import Money

HOME = {"street": "Weg 1", "postcode": "10115", "city": "Berlin", "email": ""}


@pytest.fixture
def disputed(acme: Company) -> Company:
    """Of 119 euros that are due 19 are disputed; notices go by letter."""
    a_strategy(acme, kind="business", base="de-consumer", grace_days=0)
    customer = a_late_payer(acme, **HOME)
    item = Item.objects.get().id
    place_hold(
        company=acme.id,
        customer=customer,
        item=item,
        amount=Money(1_900, "EUR"),
        reason="complaint",
        from_on=ON,
        by=TESTS,
        at=MOMENT,
    )
    return acme


def test_the_undisputed_rest_climbs_the_ladder(disputed: Company) -> None:
    levels = []
    for weeks in range(0, 12, 4):
        at = MOMENT + timedelta(weeks=weeks)
        a_released_run(disputed, on=ON + timedelta(weeks=weeks), at=at)
        letters = list(Intent.objects.filter(state="queued").values_list("id", flat=True))
        mark_printed(company=disputed.id, intents=letters, by=TESTS, at=at)
        follow(company=disputed, by=TESTS, at=at)
        levels.append(ItemState.objects.get().level)
    assert levels == [1, 2, 3]
    assert set(NoticeLine.objects.values_list("open_minor", flat=True)) == {10_000}


def test_what_is_disputed_is_set_aside_and_never_called_paid(disputed: Company) -> None:
    a_released_run(disputed)
    notice = Notice.objects.get().id
    line = compose(stock=Stock(disputed), content=contents(notices=[notice])[notice], at=MOMENT).letter.lines[
        0
    ]
    assert (line.amount, line.paid, line.held, line.open) == (
        Money(11_900, "EUR"),
        Money(0, "EUR"),
        Money(1_900, "EUR"),
        Money(10_000, "EUR"),
    )
    assert [(one["open_minor"], one["held_minor"]) for one in lines_of(notice=notice)] == [(10_000, 1_900)]
    document = Intent.objects.get().document
    assert document is not None
    assert read_bytes(document).startswith(b"%PDF")


def test_the_page_of_the_notice_shows_what_is_on_hold(
    disputed: Company, clerk: User, client_of: Callable[[User], Client]
) -> None:
    a_released_run(disputed)
    page = client_of(clerk).get(here("notice", Notice.objects.get().id)).content.decode()
    assert re.search(r"On hold: [^<]*19\.00", page)
