"""Pauses of groups: nobody of the group is noticed, by no run and no release, and never longer than was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from debitora.dunning.actions import (
    PauseGoesInCircles,
    PauseLifted,
    PauseNamesNothing,
    PauseTooLong,
    answer_call,
    approve_run,
    lift_pause,
    pause_again,
    place_pause,
    propose_run,
    release_run,
    stop_calls,
)
from debitora.dunning.models import NoticeEvent, Pause, PauseLift, Run
from debitora.dunning.queries.calls import CallFilters, calls_due, calls_page
from debitora.dunning.queries.lists import notice_row
from debitora.dunning.queries.pauses import Reach, reach
from debitora.dunning.queries.pauses_list import PauseFilters, pauses_page
from debitora.dunning.queries.why import why_item
from debitora.dunning.rules.assignment import Segment
from debitora.dunning.rules.facts import Pause as PauseFact
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.ways import way_under
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run
from debitora.kit.runtime import clock_at
from debitora.messaging.models import Intent
from debitora.people.models import Company, User
from debitora.receivables.models import Item, ItemState
from debitora.trail.models import Record

ClientOf = Callable[[User], Client]
BUSINESSES = {"kind": "business", "country": "", "language": "", "salesperson_id": None}
DAY = timedelta(days=1)


def a_pause(company: Company, **changes: Any) -> Pause:
    """A pause of all businesses for a week."""
    known: dict[str, Any] = {
        "attributes": BUSINESSES,
        "instead": "",
        "from_on": ON,
        "until_on": ON + 6 * DAY,
        "reason": "We call them this week.",
        "by": TESTS,
        "at": MOMENT,
    }
    return place_pause(company=company.id, **{**known, **changes})


@pytest.fixture
def late(acme: Company) -> Company:
    a_late_payer(acme, "10001", street="Weg 1", postcode="89073", city="Ulm")
    a_late_payer(acme, "10002", kind="consumer")
    return acme


def test_a_run_notices_nobody_of_the_group_and_everybody_else(late: Company) -> None:
    a_pause(late)
    found = a_run(late)
    assert found.decisions == {"notice": 1, "paused": 1}


def test_the_list_of_those_not_reminded_balances_with_the_run(
    late: Company, client_of: ClientOf, manager: User
) -> None:
    a_pause(late)
    run = a_run(late).run or 0
    told = client_of(manager).get(f"/c/acme/runs/{run}/?tab=others").content.decode()
    assert "2 overdue = 1 on a notice + " in told
    assert "1 paused for the customer" in told
    assert "do not add up" not in told
    Run.objects.filter(id=run).update(overdue_items=3)
    told = client_of(manager).get(f"/c/acme/runs/{run}/?tab=others").content.decode()
    assert "do not add up" in told


@pytest.mark.parametrize(("day", "noticed"), [(ON - DAY, 1), (ON, 0), (ON + 6 * DAY, 0), (ON + 7 * DAY, 1)])
def test_both_days_are_paused_and_none_beyond(acme: Company, day: date, noticed: int) -> None:
    a_late_payer(acme, "10001")
    a_pause(acme)
    assert propose_run(company=acme, on=day, by=TESTS, at=MOMENT, dry=True).notices == noticed


def test_what_was_proposed_before_is_not_made(late: Company) -> None:
    run = a_run(late).run or 0
    approve_run(company=late.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    a_pause(late)
    ended = release_run(company=late, run=run, by=TESTS, clock=lambda: MOMENT)
    assert ended == {"rendered": 1, "stopped": 1}
    assert NoticeEvent.objects.get(kind="stopped").reason == "paused"


def test_lifted_it_stops_nobody_and_the_undo_places_it_anew(late: Company) -> None:
    pause = a_pause(late)
    lift_pause(company=late.id, pause=pause.id, by=TESTS, at=MOMENT)
    assert propose_run(company=late, on=ON, by=TESTS, at=MOMENT, dry=True).notices == 2
    with pytest.raises(PauseLifted):
        lift_pause(company=late.id, pause=pause.id, by=TESTS, at=MOMENT)
    pause_again(company=late.id, pause=pause.id, by=TESTS, at=MOMENT)
    assert propose_run(company=late, on=ON, by=TESTS, at=MOMENT, dry=True).notices == 1
    listed = pauses_page(filters=PauseFilters(), on=ON).rows
    assert [one.state(on=ON) for one in listed] == ["running", "lifted"]
    verbs = Record.objects.filter(verb__startswith="pause.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["pause.placed", "pause.lifted", "pause.placed"]


def test_the_why_card_says_until_when_and_what_is_done_instead(late: Company) -> None:
    pause = a_pause(late)
    card = why_item(company=late, item=Item.objects.get(customer__number="10001").id, on=ON)
    assert card.why.reason is Reason.PAUSED
    facts = dict(card.why.facts)
    assert (facts["paused_until_on"], facts["way_instead"]) == (pause.until_on, "")
    other = why_item(company=late, item=Item.objects.get(customer__number="10002").id, on=ON)
    assert other.why.reason is Reason.NOTICE


def test_the_preview_tells_customers_items_and_sums(late: Company) -> None:
    found = reach(group=Segment(id=0, strategy=0, kind="business"), on=ON)
    assert found == Reach(customers=1, items=1, sums={"EUR": 11_900})


def test_a_pause_names_a_group_and_an_end(acme: Company) -> None:
    with pytest.raises(PauseNamesNothing):
        a_pause(acme, attributes={**BUSINESSES, "kind": ""})
    for until_on in (ON - DAY, ON + 366 * DAY):
        with pytest.raises(PauseTooLong):
            a_pause(acme, until_on=until_on)
    with pytest.raises(PauseGoesInCircles):
        a_pause(acme, channel="mail", instead="mail")


def test_the_database_refuses_what_the_action_refuses_and_any_change(acme: Company) -> None:
    pause = a_pause(acme)
    for wrong in (
        {"kind": ""},
        {"until_on": ON - DAY},
        {"instead": "fax"},
        {"channel": "call"},
        {"channel": "mail", "instead": "mail"},
        {"kind": "other"},
    ):
        fields = {
            field.attname: getattr(pause, field.attname) for field in Pause._meta.fields if field.name != "id"
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            Pause.objects.create(**{**fields, **wrong})
    with pytest.raises(DatabaseError), transaction.atomic():
        Pause.objects.filter(id=pause.id).update(until_on=ON + 9 * DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Pause.objects.filter(id=pause.id).delete()


@pytest.mark.parametrize(
    ("channel", "instead", "made"),
    [
        ("letter", "", {"rendered": 2}),  # the step goes by mail
        ("letter", "call", {"rendered": 2}),
        ("mail", "", {"rendered": 1}),
        ("mail", "call", {"call_due": 1, "rendered": 1}),
        ("", "call", {"call_due": 1, "rendered": 1}),
        ("mail", "letter", {"rendered": 2}),
        ("", "letter", {"rendered": 2}),
    ],
)
def test_one_way_can_be_closed_and_another_be_taken(
    late: Company, channel: str, instead: str, made: dict[str, int]
) -> None:
    a_pause(late, channel=channel, instead=instead)
    run = a_run(late).run or 0
    approve_run(company=late.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    assert release_run(company=late, run=run, by=TESTS, clock=lambda: MOMENT) == made
    letters = Intent.objects.filter(channel="letter").count()
    assert letters == (1 if instead == "letter" and channel != "letter" else 0)


@pytest.mark.parametrize("before", [False, True])
def test_whom_to_call_instead_stands_on_the_list_of_calls(late: Company, before: bool) -> None:
    """Also where the pause came only after the run was approved; and the call is answered like any other."""
    if before:
        a_pause(late, channel="mail", instead="call")
    run = a_run(late).run or 0
    approve_run(company=late.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    if not before:
        a_pause(late, channel="mail", instead="call")
    release_run(company=late, run=run, by=TESTS, clock=lambda: MOMENT)
    [due] = calls_page(filters=CallFilters()).rows
    assert calls_due() == 1
    row = notice_row(notice=due.notice)
    assert row is not None
    assert (row.state, row.way) == ("call_due", "call")
    answer_call(company=late, notice=due.notice, outcome="reached", by=TESTS, at=MOMENT)
    assert calls_page(filters=CallFilters()).rows == ()
    assert sorted(ItemState.objects.filter(item__customer=due.customer).values_list("level", flat=True)) == [
        1
    ]


def test_a_way_in_its_place_is_taken_by_what_was_proposed_before(late: Company) -> None:
    run = a_run(late).run or 0
    approve_run(company=late.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    a_pause(late, instead="letter")
    assert release_run(company=late, run=run, by=TESTS, clock=lambda: MOMENT) == {"rendered": 2}
    assert sorted(Intent.objects.values_list("channel", flat=True)) == ["letter", "mail"]


@pytest.mark.parametrize(("channel", "stopped"), [("mail", 0), ("", 1)])
def test_a_call_that_is_due_is_stopped_by_a_pause_of_every_way_and_by_no_other(
    late: Company, channel: str, stopped: int
) -> None:
    a_pause(late, channel="mail", instead="call")
    run = a_run(late).run or 0
    approve_run(company=late.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    release_run(company=late, run=run, by=TESTS, clock=lambda: MOMENT)
    a_pause(late, channel=channel)
    assert stop_calls(company=late, by=TESTS, at=MOMENT) == stopped


PAUSED = PauseFact(ON, ON)


@pytest.mark.parametrize(
    ("channel", "pauses", "way"),
    [
        ("mail", [], "mail"),
        ("mail", [("", "")], ""),
        ("mail_else_letter", [("mail", "")], "letter"),
        ("both", [("letter", "")], "mail"),
        ("both", [("letter", "call")], "mail"),  # what is left comes first
        ("both", [("", "mail")], "mail"),
        ("letter", [("letter", "mail"), ("mail", "letter")], ""),  # each closes what the other opens
        ("letter", [("letter", "call"), ("", "mail")], "mail"),
        ("letter", [("letter", "call"), ("letter", "mail")], "call"),
        ("call", [("", "")], ""),
        ("call", [("mail", "letter")], "call"),
    ],
)
def test_what_pauses_leave_of_a_way(channel: str, pauses: list[tuple[str, str]], way: str) -> None:
    biting = [replace(PAUSED, channel=closed, instead=instead) for closed, instead in pauses]
    assert way_under(channel, biting) == way


def test_the_list_is_narrowed_sorted_and_goes_on(acme: Company) -> None:
    for number in range(5):
        a_pause(acme, reason=f"Reason {number}", from_on=ON + number * DAY, channel="mail" if number else "")
    lift_pause(company=acme.id, pause=Pause.objects.earliest("id").id, by=TESTS, at=MOMENT)

    def found(**filters: str) -> list[str]:
        return [
            row.reason[-1]
            for row in pauses_page(filters=PauseFilters(**filters), on=ON + DAY, sort="first").rows
        ]

    assert found() == ["0", "1", "2", "3", "4"]
    assert [found(state=state) for state in ("lifted", "running", "coming", "ended")] == [["0"], ["1"], ["2", "3", "4"], []]  # fmt: skip
    assert found(channel="all") == ["0"]
    assert found(channel="mail", text="son 3") == ["3"]
    assert found(kind="consumer") == found(instead="call") == found(text="100%") == []
    first = pauses_page(filters=PauseFilters(), on=ON, sort="-last", size=3)
    rest = pauses_page(filters=PauseFilters(), on=ON, sort="-last", size=3, after=first.next)
    assert len({row.id for row in (*first.rows, *rest.rows)}) == 5


@pytest.mark.usefixtures("that_day")
def test_the_list_is_a_page_and_a_file(acme: Company, client_of: ClientOf, manager: User) -> None:
    a_pause(acme, channel="letter", instead="call", reason="We call them.")
    client = client_of(manager)
    page = client.get(
        "/c/acme/pauses/?state=running&channel=letter&instead=call&kind=business&text=call"
    ).content.decode()
    assert "We call them." in page
    assert "No pause fits" in client.get("/c/acme/pauses/?channel=all").content.decode()
    assert client.get("/c/acme/pauses/?after=broken&sort=nothing&state=none").status_code == 200
    written = b"".join(client.get("/c/acme/pauses/export/csv/").streaming_content).decode()
    assert "telephone" in written
    assert client.get("/c/acme/pauses/export/pdf/").status_code == 404


@pytest.fixture
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


@pytest.mark.usefixtures("that_day")
def test_the_page_shows_what_it_would_stop_before_it_stops_anything(
    late: Company, client_of: ClientOf, manager: User
) -> None:
    client, typed = client_of(manager), {"kind": "business", "from_on": "18.11.2026", "until_on": "+7"}
    typed |= {"channel": "", "instead": "call"}
    assert "Nothing is paused" in client.get("/c/acme/pauses/").content.decode()
    assert client.post("/c/acme/pauses/placed/", typed).status_code == 422  # no reason
    typed["reason"] = "They are called"
    shown = client.post("/c/acme/pauses/placed/", typed).content.decode()
    assert "1 customer of this group" in shown
    assert not Pause.objects.exists()
    assert client.post("/c/acme/pauses/placed/", {**typed, "do": "place"}).status_code == 303
    pause = Pause.objects.get()
    assert "in force" in client.get("/c/acme/pauses/").content.decode()
    assert client.post(f"/c/acme/pauses/{pause.id}/lifted/").status_code == 303
    assert client.post(f"/c/acme/pauses/{pause.id}/lifted/").status_code == 303
    assert PauseLift.objects.count() == 1
    assert client.post(f"/c/acme/pauses/{pause.id}/again/").status_code == 303
    assert Pause.objects.count() == 2
    assert client.post("/c/acme/pauses/4711/lifted/").status_code == 404


@pytest.mark.usefixtures("that_day")
@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"channel": "mail", "instead": "mail"},
        {"until_on": "17.11.2026"},
        {"from_on": "some day"},
        {"until_on": "1.1.2099"},
    ],
)
def test_the_page_refuses_what_makes_no_sense(
    acme: Company, client_of: ClientOf, manager: User, wrong: dict[str, str]
) -> None:
    typed = {
        "kind": "business",
        "from_on": "18.11.2026",
        "until_on": "25.11.2026",
        "reason": "so",
        "do": "place",
    }
    assert client_of(manager).post("/c/acme/pauses/placed/", {**typed, **wrong}).status_code == 422
    assert not Pause.objects.exists()
