"""The notices of an approved run: made one by one, held back, stopped, followed to their end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from debitora.dunning.actions import (
    NoticeEnded,
    NoticeOnItsWay,
    approve_run,
    ask_for_release,
    cancel_notice,
    discard_run,
    follow,
    reinstate,
    release_run,
    withdraw_grounds,
    withhold,
)
from debitora.dunning.models import Decision, Notice, NoticeEvent, Run
from debitora.dunning.queries.notices import events_of, rendered, waiting_for_recipient
from debitora.dunning.testing import (
    MOMENT,
    ON,
    SENDER,
    TESTS,
    a_late_payer,
    a_ready_company,
    a_released_run,
    a_run,
    a_strategy,
)
from debitora.messaging.actions import make_pile, mark_printed, post_pile, save_sender, take_pile_back
from debitora.messaging.models import Intent, Text
from debitora.messaging.rules.states import REVERSIBLE
from debitora.people.models import Company, User
from debitora.receivables.actions import complete_recipients, park_customer, place_hold, release_hold
from debitora.receivables.models import Item, ItemState, LevelEvent
from debitora.receivables.testing import an_open_item
from debitora.trail.rules import Actor
from debitora.values.money import Money

LATER = MOMENT + timedelta(days=20)
LATER_ON = date(2026, 12, 8)


def person(user: User) -> Actor:
    return Actor(id=user.id, kind="user", label=user.login)


def kinds(notice: int) -> list[str]:
    return [event.kind for event in events_of(notice=notice)]


def the_notice() -> Notice:
    return Notice.objects.get()


def print_all(company: Company) -> None:
    """Letters are the channel that a test can bring to its end without a server."""
    letters = list(Intent.objects.filter(channel="letter").values_list("id", flat=True))
    mark_printed(company=company.id, intents=letters, by=TESTS, at=MOMENT)


ADDRESS = {"street": "Weg 1", "postcode": "10115", "city": "Berlin", "email": ""}


@pytest.fixture
def by_letter(acme: Company) -> Company:
    a_strategy(acme, kind="business", base="de-consumer", name="By letter", grace_days=0)
    return acme


# ------------------------------------------------------------------------------------------------- releasing


def test_a_release_makes_one_document_and_one_intent_each_and_repeats_nothing(acme: Company) -> None:
    for number in ("1", "2", "3"):
        a_late_payer(acme, number)
    run = a_released_run(acme)
    assert Run.objects.get().state == "released"
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT) == {}
    assert Intent.objects.count() == NoticeEvent.objects.filter(kind="rendered").count() == 3
    intent = Intent.objects.order_by("id")[0]
    assert (intent.channel, intent.recipient) == ("mail", "payer1@debtor.example")
    assert intent.document_id == NoticeEvent.objects.get(notice_id=intent.subject_id).document_id


def test_without_a_letterhead_a_run_waits(company: Company) -> None:
    acme = a_ready_company(company)
    save_sender(company=acme.id, changes={"iban": ""}, by=TESTS, at=MOMENT)
    a_late_payer(acme)
    run = a_released_run(acme)
    assert Run.objects.get().state == "approved"
    assert not Intent.objects.exists()
    save_sender(company=acme.id, changes={"iban": SENDER["iban"]}, by=TESTS, at=MOMENT)
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT) == {"rendered": 1}


def test_a_customer_without_a_recipient_is_completed_later(acme: Company) -> None:
    customer = a_late_payer(acme, email="")
    run = a_released_run(acme)
    assert kinds(the_notice().id) == ["no_recipient"]
    assert [waiting.customer for waiting in waiting_for_recipient()] == [customer]
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT) == {"no_recipient": 1}
    assert kinds(the_notice().id) == ["no_recipient"]
    complete_recipients(company=acme.id, emails={customer: "new@debtor.example"}, by=TESTS, at=LATER)
    ask_for_release(company=acme.id, run=run)
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: LATER) == {"rendered": 1}
    assert Intent.objects.get().recipient == "new@debtor.example"
    assert waiting_for_recipient() == []


def test_one_notice_that_cannot_be_made_does_not_stop_the_others(acme: Company) -> None:
    a_late_payer(acme, "1")
    broken = a_late_payer(acme, "2", name="\U0001f9fe receipts")
    a_late_payer(acme, "3")
    run = a_run(acme).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    ended = release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    assert ended == {"rendered": 2, "render_failed": 1}
    failed = NoticeEvent.objects.get(kind="render_failed")
    assert (failed.notice.customer_id, failed.reason) == (broken, "LetterNotPrintable")


def test_a_text_that_is_missing_fails_its_notices_only(acme: Company) -> None:
    a_strategy(acme, kind="consumer", steps=_steps_with_text("nowhere"))
    a_late_payer(acme, "1")
    a_late_payer(acme, "2", kind="consumer")
    a_released_run(acme)
    assert not Text.objects.filter(key__startswith="nowhere").exists()
    assert NoticeEvent.objects.get(kind="render_failed").reason == "NoSuchText"
    assert Intent.objects.count() == 1


def _steps_with_text(text: str) -> tuple[object, ...]:
    from dataclasses import replace

    from debitora.dunning.rules.presets import preset

    first, *others = preset("de-consumer").steps
    return (replace(first, text=text), *others)


@pytest.mark.parametrize("change", ["held", "parked", "paid"])
def test_what_changed_since_the_snapshot_stops_the_notice(acme: Company, change: str) -> None:
    customer = a_late_payer(acme)
    run = a_run(acme).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    if change == "held":
        place_hold(company=acme.id, customer=customer, reason="promise", from_on=ON, by=TESTS, at=MOMENT)
    elif change == "parked":
        park_customer(company=acme.id, customer=customer, reason="test", by=TESTS, at=MOMENT)
    else:
        _pay(acme, customer, Item.objects.get().id)
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT) == {"stopped": 1}
    reason = NoticeEvent.objects.get(kind="stopped").reason
    assert reason == {"held": "held", "parked": "customer_parked", "paid": "paid"}[change]
    assert not Intent.objects.exists()


def _pay(company: Company, customer: int, item: int) -> None:
    from debitora.receivables.actions import allocate

    credit = an_open_item(company.id, customer, number="P-1", minor=-11_900, kind="payment")
    allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=item,
        amount=Money(11_900, "EUR"),
        on=ON,
        by=TESTS,
        at=MOMENT,
    )


# ------------------------------------------------------------------------------------- held back by a person


def test_a_withheld_notice_stays_behind_until_it_is_reinstated(acme: Company) -> None:
    a_late_payer(acme, "1")
    a_late_payer(acme, "2")
    run = a_run(acme).run or 0
    back = Notice.objects.order_by("id")[0].id
    assert withhold(company=acme.id, notices=[back], note="he called", by=TESTS, at=MOMENT) == [back]
    assert withhold(company=acme.id, notices=[back], note="", by=TESTS, at=MOMENT) == []
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT) == {"rendered": 1}
    assert rendered(notice=back) is None
    reinstate(company=acme.id, notices=[back], by=TESTS, at=MOMENT)
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT) == {"rendered": 1}
    with pytest.raises(NoticeOnItsWay):
        withhold(company=acme.id, notices=[back], note="", by=TESTS, at=MOMENT)


def test_one_that_is_gone_keeps_the_others_from_being_held_back(acme: Company) -> None:
    a_late_payer(acme, "1")
    a_late_payer(acme, "2")
    run = a_run(acme).run or 0
    discard_run(company=acme.id, run=run, note="", by=TESTS, at=MOMENT)
    with pytest.raises(NoticeEnded):
        withhold(
            company=acme.id, notices=Notice.objects.values_list("id", flat=True), note="", by=TESTS, at=MOMENT
        )
    assert not NoticeEvent.objects.exists()


def test_a_withheld_notice_is_not_pending_and_never_goes_beside_its_successor(acme: Company) -> None:
    a_late_payer(acme)
    first = a_run(acme).run or 0
    back = the_notice().id
    withhold(company=acme.id, notices=[back], note="", by=TESTS, at=MOMENT)
    approve_run(company=acme.id, run=first, by=TESTS, at=MOMENT)
    release_run(company=acme, run=first, by=TESTS, clock=lambda: MOMENT)
    second = a_released_run(acme, at=MOMENT + timedelta(hours=1))
    assert Intent.objects.count() == 1
    reinstate(company=acme.id, notices=[back], by=TESTS, at=MOMENT + timedelta(hours=2))
    assert release_run(company=acme, run=first, by=TESTS, clock=lambda: LATER) == {"stopped": 1}
    assert NoticeEvent.objects.get(kind="stopped").reason == "reminded_meanwhile"
    assert Intent.objects.get().subject_id == Notice.objects.get(run_id=second).id


def test_a_queued_notice_can_be_cancelled_and_its_items_are_free_again(acme: Company) -> None:
    a_late_payer(acme)
    a_released_run(acme)
    notice = the_notice().id
    assert cancel_notice(company=acme.id, notice=notice, reason="by_hand", by=TESTS, at=MOMENT)
    assert not cancel_notice(company=acme.id, notice=notice, reason="by_hand", by=TESTS, at=MOMENT)
    assert Intent.objects.get().state == "cancelled"
    assert a_run(acme).notices == 1


# ------------------------------------------------------------------------------------------------- following


def test_a_level_rises_by_exactly_one_and_only_once(by_letter: Company) -> None:
    a_late_payer(by_letter, **ADDRESS)
    a_released_run(by_letter)
    assert follow(company=by_letter, by=TESTS, at=MOMENT) == {}
    print_all(by_letter)
    assert follow(company=by_letter, by=TESTS, at=MOMENT) == {"printed": 1}
    assert follow(company=by_letter, by=TESTS, at=MOMENT) == {}
    state = ItemState.objects.get()
    assert (state.level, state.last_reminded_on) == (1, ON)
    assert [event.raised for event in LevelEvent.objects.all()] == [1]


def test_a_posted_pile_counts_when_it_can_no_longer_be_taken_back(by_letter: Company) -> None:
    a_late_payer(by_letter, **ADDRESS)
    a_released_run(by_letter)
    pile = make_pile(company=by_letter, chosen=None, duplex=True, by=TESTS, at=MOMENT)
    post_pile(company=by_letter.id, pile=pile.id, by=TESTS, at=MOMENT)
    assert follow(company=by_letter, by=TESTS, at=MOMENT + REVERSIBLE) == {}
    take_pile_back(company=by_letter.id, pile=pile.id, by=TESTS, at=MOMENT)
    assert follow(company=by_letter, by=TESTS, at=MOMENT + 2 * REVERSIBLE) == {}
    assert ItemState.objects.get().level == 0
    post_pile(company=by_letter.id, pile=pile.id, by=TESTS, at=MOMENT + REVERSIBLE)
    assert follow(company=by_letter, by=TESTS, at=MOMENT + 3 * REVERSIBLE) == {"printed": 1}
    assert ItemState.objects.get().level == 1


def test_the_ladder_is_climbed_step_by_step_and_ends(by_letter: Company) -> None:
    a_late_payer(by_letter, **ADDRESS)
    levels = []
    for weeks in range(0, 20, 4):
        at, on = MOMENT + timedelta(weeks=weeks), ON + timedelta(weeks=weeks)
        a_released_run(by_letter, on=on, at=at)
        letters = list(Intent.objects.filter(state="queued").values_list("id", flat=True))
        mark_printed(company=by_letter.id, intents=letters, by=TESTS, at=at)
        follow(company=by_letter, by=TESTS, at=at)
        levels.append(ItemState.objects.get().level)
    assert levels == [1, 2, 3, 4, 4]
    assert Decision.objects.order_by("-run_id")[0].reason == 16
    assert [notice.level for notice in Notice.objects.order_by("id")] == [1, 2, 3, 4]


def test_withdrawn_grounds_cancel_what_waits_and_mark_what_left(by_letter: Company) -> None:
    a_late_payer(by_letter, "1", **ADDRESS)
    a_late_payer(by_letter, "2", **ADDRESS)
    a_released_run(by_letter)
    first = Intent.objects.order_by("id")[0]
    mark_printed(company=by_letter.id, intents=[first.id], by=TESTS, at=MOMENT)
    follow(company=by_letter, by=TESTS, at=MOMENT)
    items = list(Item.objects.values_list("id", flat=True))
    counts = withdraw_grounds(company=by_letter.id, items=items, by=TESTS, at=MOMENT)
    assert counts == {"cancelled": 1, "ground_withdrawn": 1}
    assert kinds(first.subject_id) == ["rendered", "printed", "ground_withdrawn"]


def test_a_hold_that_ended_lets_the_next_run_notice(acme: Company) -> None:
    customer = a_late_payer(acme)
    hold = place_hold(company=acme.id, customer=customer, reason="promise", from_on=ON, by=TESTS, at=MOMENT)
    assert a_run(acme).notices == 0
    release_hold(company=acme.id, hold=hold.id, on=ON, by=TESTS, at=MOMENT)
    assert a_run(acme).notices == 1
