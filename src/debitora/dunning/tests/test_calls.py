"""Calls: a step that sends nothing, what came of the telephone, and the contact budget that counts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import Http404
from django.test import Client

from debitora.dunning import gates
from debitora.dunning.actions import (
    CallNotDue,
    NewerCall,
    PromiseNeedsADay,
    answer_call,
    cancel_notice,
    stop_calls,
    take_call_back,
    withdraw_grounds,
)
from debitora.dunning.models import Decision, Notice, NoticeEvent, Run
from debitora.dunning.queries.calls import CallFilters, CallRow, call_row, calls_due, calls_page, due_calls
from debitora.dunning.queries.consequences import consequences
from debitora.dunning.queries.lists import notice_row
from debitora.dunning.queries.notices import is_call
from debitora.dunning.queries.papers import history_of
from debitora.dunning.queries.why import why_item
from debitora.dunning.rules.law.policies import default_exists, findings
from debitora.dunning.rules.law.rules import Rule
from debitora.dunning.rules.policy import Channel, ContactCap, Interest
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.policy_node import FaultCode
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.templatetags.call_words import to_say
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_released_run, a_run, a_strategy
from debitora.dunning.tests.test_strategy_pages import here
from debitora.messaging.actions import CallUndone, log_call
from debitora.messaging.models import Call, Intent
from debitora.messaging.queries import touches
from debitora.people.models import Company, User
from debitora.receivables.actions import place_hold
from debitora.receivables.models import Hold, HoldRelease, Item, ItemState
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import Money
from debitora.values.rates import shipped

ClientOf = Callable[[User], Client]
LATER = MOMENT + timedelta(hours=2)
NEXT_DAY = MOMENT + timedelta(days=1)
BASE = preset("de-business")
CALLING = replace(BASE.steps[0], channel=Channel.CALL)


def by_telephone(company: Company, **step: object) -> None:
    """Business customers are called at the first step; a second call step follows two weeks later."""
    a_strategy(company, kind="business", steps=(replace(CALLING, **step), *BASE.steps[1:]))


def a_due_call(company: Company, number: str = "10001", **known: object) -> int:
    """The id of a notice that somebody has to telephone about."""
    customer = a_late_payer(company, number, **{"phone": "040 12 34", "contact_name": "Frau Ott", **known})
    a_released_run(company)
    return Notice.objects.get(customer_id=customer).id


def kinds(notice: int) -> list[str]:
    return list(NoticeEvent.objects.filter(notice_id=notice).order_by("id").values_list("kind", flat=True))


def level() -> tuple[int, date | None]:
    state = ItemState.objects.get()
    return state.level, state.last_reminded_on


def told(company: Company, notice: int, outcome: str, **more: object) -> Call:
    asked: dict[str, object] = {"by": TESTS, "at": LATER, **more}
    return answer_call(company=company, notice=notice, outcome=outcome, **asked)


# ------------------------------------------------------------------------------------------------- due, and answered


def test_a_step_that_is_a_call_sends_nothing_and_stands_on_the_list(acme: Company) -> None:
    by_telephone(acme)
    customer = a_late_payer(acme, phone="040 12 34")
    run = a_run(acme).run or 0
    assert (consequences(run=run).by_call, consequences(run=run).notices) == (1, 1)
    a_released_run(acme)
    assert not Intent.objects.exists()
    notice = Notice.objects.order_by("-id")[0].id
    assert kinds(notice) == ["call_due"]
    row = notice_row(notice=notice)
    assert row is not None
    assert (row.way, row.state) == ("call", "call_due")
    assert is_call(notice=Notice.objects.get(id=notice))
    found = call_row(notice=notice)
    assert found is not None
    assert (found.customer, found.phone, found.open_minor, found.outcome) == (
        customer,
        "040 12 34",
        11_900,
        "",
    )
    assert a_run(acme, at=LATER).notices == 0  # it is on its way


def test_whoever_is_reached_rises_once_and_is_a_contact(acme: Company) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    call = told(acme, notice, "reached", note="Will look into it")
    assert level() == (1, ON)
    assert kinds(notice) == ["call_due", "called"]
    assert touches(since=ON, time_zone=acme.time_zone) == [(call.customer_id, ON)]
    assert calls_due() == 0
    with pytest.raises(CallNotDue):
        told(acme, notice, "reached")
    assert [one.kind for one in history_of(notice=notice)] == ["called", "call_due"]


def test_a_step_that_only_reminds_keeps_the_level(acme: Company) -> None:
    by_telephone(acme, call_only_reminds=True)
    notice = a_due_call(acme)
    told(acme, notice, "reached")
    assert level() == (0, ON)


@pytest.mark.parametrize("outcome", ["not_reached", "wrong_number"])
def test_a_call_in_vain_stays_due_and_is_no_contact(acme: Company, outcome: str) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    told(acme, notice, outcome)
    told(acme, notice, outcome, at=LATER + timedelta(hours=1))
    found = call_row(notice=notice)
    assert found is not None
    assert (found.outcome, found.times) == (outcome, 2)
    assert touches(since=ON, time_zone=acme.time_zone) == []
    assert level() == (0, None)
    told(acme, notice, "reached", at=NEXT_DAY)
    assert level() == (1, NEXT_DAY.date())


def test_a_promise_holds_the_items_until_its_day(acme: Company) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    until = ON + timedelta(days=9)
    told(acme, notice, "promised", promised_on=until)
    hold = Hold.objects.get()
    assert (hold.reason, hold.until_on, hold.item_id) == ("promise", until, Item.objects.get().id)
    assert level() == (1, ON)


@pytest.mark.parametrize(
    ("outcome", "promised_on"), [("promised", None), ("promised", ON - timedelta(days=1)), ("reached", ON)]
)
def test_a_promise_and_nothing_else_has_a_day_ahead(
    acme: Company, outcome: str, promised_on: date | None
) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    with pytest.raises(PromiseNeedsADay):
        told(acme, notice, outcome, promised_on=promised_on)
    assert not Call.objects.exists()


# ------------------------------------------------------------------------------------------------------ taking back


def test_a_call_that_reached_somebody_can_be_taken_back_with_all_that_followed(acme: Company) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    call = told(acme, notice, "promised", promised_on=ON + timedelta(days=9))
    take_call_back(company=acme, call=call.id, by=TESTS, at=NEXT_DAY)
    assert level() == (0, None)
    assert HoldRelease.objects.get().hold_id == Hold.objects.get().id
    assert touches(since=ON, time_zone=acme.time_zone) == []
    assert kinds(notice) == ["call_due", "called", "call_undone"]
    assert calls_due() == 0
    assert a_run(acme, on=ON + timedelta(days=1), at=NEXT_DAY + timedelta(hours=1)).notices == 1
    with pytest.raises(CallUndone):
        take_call_back(company=acme, call=call.id, by=TESTS, at=NEXT_DAY)


def test_a_call_in_vain_that_is_taken_back_leaves_it_due(acme: Company) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    first = told(acme, notice, "not_reached")
    second = told(acme, notice, "wrong_number", at=LATER + timedelta(minutes=1))
    with pytest.raises(NewerCall):
        take_call_back(company=acme, call=first.id, by=TESTS, at=NEXT_DAY)
    take_call_back(company=acme, call=second.id, by=TESTS, at=NEXT_DAY)
    found = call_row(notice=notice)
    assert found is not None
    assert (found.times, found.outcome) == (1, "not_reached")


# --------------------------------------------------------------------------------------------- when the ground is gone


def test_what_was_held_meanwhile_is_not_called_about(acme: Company) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    customer = Notice.objects.get().customer_id
    assert stop_calls(company=acme, by=TESTS, at=LATER) == 0
    place_hold(company=acme.id, customer=customer, reason="complaint", from_on=ON, by=TESTS, at=LATER)
    assert stop_calls(company=acme, by=TESTS, at=LATER) == 1
    assert kinds(notice) == ["call_due", "stopped"]
    assert due_calls() == []
    assert stop_calls(company=acme, by=TESTS, at=LATER) == 0


def test_a_call_about_what_was_held_meanwhile_is_kept_and_raises_nothing(acme: Company) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    customer = Notice.objects.get().customer_id
    place_hold(company=acme.id, customer=customer, reason="complaint", from_on=ON, by=TESTS, at=LATER)
    told(acme, notice, "reached")
    assert kinds(notice) == ["call_due", "stopped"]
    assert level() == (0, None)
    assert len(touches(since=ON, time_zone=acme.time_zone)) == 1


def test_a_due_call_can_be_cancelled_and_its_ground_withdrawn(acme: Company) -> None:
    by_telephone(acme)
    first, second = a_due_call(acme, "1"), a_due_call(acme, "2")
    assert cancel_notice(company=acme.id, notice=first, reason="by_hand", by=TESTS, at=LATER)
    told(acme, second, "reached")
    asked = Notice.objects.get(id=second).customer_id
    items = list(Item.objects.filter(customer_id=asked).values_list("id", flat=True))
    counts = withdraw_grounds(company=acme.id, items=items, by=TESTS, at=LATER)
    assert counts == {"cancelled": 0, "ground_withdrawn": 1}


# ---------------------------------------------------------------------------------------------------- contact budget


def test_the_contact_cap_counts_calls_like_letters(acme: Company) -> None:
    cap = ContactCap(touches=1, days=30)
    a_strategy(acme, kind="business", steps=(CALLING, *BASE.steps[1:]), contact_cap=cap)
    notice = a_due_call(acme)
    customer = Notice.objects.get().customer_id
    told(acme, notice, "reached")
    later = MOMENT + timedelta(days=25)
    assert a_run(acme, on=later.date(), at=later).notices == 0
    item = Item.objects.get().id
    assert (
        Decision.objects.get(run_id=Run.objects.order_by("-id")[0].id, item_id=item).reason
        == Reason.CONTACT_CAP
    )
    assert why_item(company=acme, item=item, on=later.date()).why.reason is Reason.CONTACT_CAP
    assert [day for who, day in touches(since=ON, time_zone=acme.time_zone) if who == customer] == [ON]


# ------------------------------------------------------------------------------------------------------ lists and law


def test_the_list_narrows_sorts_and_keeps_to_its_scope(acme: Company, sales: User) -> None:
    by_telephone(acme)
    first = a_due_call(acme, "1", minors=(20_000,), phone="")
    second = a_due_call(acme, "2", minors=(50_000,), salesperson_id=sales.id)
    told(acme, second, "not_reached")

    def ids(**filters: object) -> list[int]:
        return [row.notice for row in calls_page(filters=CallFilters(**filters)).rows]  # type: ignore[arg-type]

    assert ids() == [second, first]
    assert [row.notice for row in calls_page(filters=CallFilters(), sort="sum").rows] == [first, second]
    assert (ids(tried=True), ids(tried=False)) == ([second], [first])
    assert (ids(phone=True), ids(phone=False)) == ([second], [first])
    assert (ids(level=1), ids(level=2)) == ([second, first], [])
    assert (ids(least=300), ids(text="1")) == ([second], [first])
    hers = Scope((sales.id,))
    assert [row.notice for row in calls_page(filters=CallFilters(), scope=hers).rows] == [second]
    assert (calls_due(scope=hers), calls_due()) == (1, 2)


def test_what_to_say_names_the_sum_and_whom_to_ask_for() -> None:
    row = CallRow(
        notice=1, number="M1", run=1, on=ON, level=1, currency="EUR", total_minor=500, items=2, open_minor=500,
        due_on=ON, customer=1, customer_number="1", customer_name="Payer", contact_name="Frau Ott", phone="",
        times=0, outcome="", called_at=None,
    )  # fmt: skip
    said = to_say(row, company="Acme")
    assert said[1] == "Ask for Frau Ott."
    assert "2 items" in said[2]
    assert len(to_say(replace(row, contact_name="", items=1), company="Acme")) == 3


def test_a_call_claims_nothing() -> None:
    document = as_document(BASE)
    document["steps"][0] |= {"channel": "call", "fee": "1.00 EUR", "claim_interest": True}
    policy, faults = from_document(document)
    assert policy is None
    assert [(one.path, one.code) for one in faults] == [
        ("steps[1].fee", FaultCode.CALL_CLAIMS),
        ("steps[1].claim_interest", FaultCode.CALL_CLAIMS),
    ]


def test_a_call_is_no_notice_that_causes_default() -> None:
    demand = replace(BASE.steps[1], channel=Channel.CALL, fee=())
    second = replace(BASE.steps[2], fee=(Money(100, "EUR"),), days_after_due=20, min_gap_days=11)
    policy = replace(
        BASE, steps=(demand, second, *BASE.steps[3:]), claims=replace(BASE.claims, due_date_agreed=False)
    )
    assert not default_exists(policy, 2)
    assert default_exists(replace(policy, steps=(BASE.steps[1], second)), 2)


@pytest.mark.parametrize(
    ("country", "rule"),
    [("nl-consumer", Rule.DUTCH_LETTER_MISSING), ("be-consumer", Rule.BELGIAN_FIRST_FREE)],
)
def test_where_the_first_reminder_must_be_written_a_call_is_none(country: str, rule: Rule) -> None:
    base = preset(country)
    steps = tuple(replace(step, fee=(), claim_interest=False) for step in base.steps)
    asking = replace(steps[1], claim_interest=True)
    claims = replace(base.claims, interest=Interest.STATUTORY)

    def rules(first: Channel) -> set[Rule]:
        policy = replace(base, claims=claims, steps=(replace(steps[0], channel=first), asking))
        return {one.rule for one in findings(policy, on=date(2024, 6, 1), tables=shipped())}

    assert rule in rules(Channel.CALL)
    assert rule not in rules(Channel.LETTER)


# --------------------------------------------------------------------------------------------------------------- pages


def test_the_pages_lead_through_a_call(acme: Company, clerk: User, client_of: ClientOf) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    client = client_of(clerk)
    listed = client.get(
        here("calls"), {"tried": "no", "phone": "yes", "level": "1", "least": "100", "sort": "customer"}
    )
    assert "Frau Ott" in listed.content.decode()
    assert "No call fits" in client.get(here("calls"), {"tried": "yes", "after": "x"}).content.decode()
    assert "040 12 34" in b"".join(client.get(here("calls_export", "csv"))).decode()
    assert client.get(here("calls_export", "pdf")).status_code == 404
    sheet = client.get(here("call", notice)).content.decode()
    assert "What to say" in sheet
    assert 'href="tel:0401234"' in sheet
    assert "1 call" in client.get(here("runs")).content.decode()
    assert "1 customer is to be called" in client.get("/c/acme/").content.decode()
    assert client.post(here("call_answered", notice), {"outcome": "promised"}).status_code == 422
    far = {"outcome": "promised", "promised_on": "+900"}
    assert client.post(here("call_answered", notice), far).status_code == 422
    missed = client.post(
        here("call_answered", notice), {"outcome": "not_reached", "note": "engaged"}, follow=True
    )
    assert "It stays due" in missed.content.decode()
    client.post(here("call_answered", notice), {"outcome": "reached"}, follow=True)
    assert "Nobody has to be called" in client.get(here("calls")).content.decode()
    late = client.post(here("call_answered", notice), {"outcome": "reached"}, follow=True)
    assert "Nobody has to call about this any more" in late.content.decode()
    page = client.get(here("notice", notice)).content.decode()
    assert "What to say, and what came of it" in page
    assert "<img" not in page


def test_a_call_is_taken_back_on_its_page(acme: Company, clerk: User, client_of: ClientOf) -> None:
    by_telephone(acme)
    notice = a_due_call(acme)
    client = client_of(clerk)
    missed = told(acme, notice, "not_reached").id
    answer = client.post(here("call_undone", missed), follow=True)
    assert "still due" in answer.content.decode()
    again = client.post(here("call_undone", missed), follow=True)
    assert "can no longer be taken back" in again.content.decode()
    reached = told(acme, notice, "reached", at=NEXT_DAY).id
    answer = client.post(here("call_undone", reached), follow=True)
    assert "looks at its items anew" in answer.content.decode()
    panel = client.get(here("call", notice), headers={"HX-Request": "true", "HX-Target": "panel"})
    assert "any more" in panel.content.decode()


def test_a_notice_in_writing_has_no_page_for_a_call(acme: Company, clerk: User, client_of: ClientOf) -> None:
    a_late_payer(acme)
    a_released_run(acme)
    assert client_of(clerk).get(here("call", Notice.objects.get().id)).status_code == 404
    with pytest.raises(Http404):
        gates.call(call=7, scope=EVERYTHING)
    stray = log_call(
        company=acme.id, customer=Notice.objects.get().customer_id, kind="other", subject=1, outcome="reached",
        promised_on=None, note="", by=TESTS, at=MOMENT,
    )  # fmt: skip
    with pytest.raises(Http404):
        gates.call(call=stray.id, scope=EVERYTHING)
