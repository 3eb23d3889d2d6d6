"""The why-card: every change it names really turns the answer, and what it says about the rule is what decided."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from debitora.dunning.rules.changes import REMEDIES, Change, ChangeCode, apply, turning_days
from debitora.dunning.rules.decide import decide
from debitora.dunning.rules.facts import Facts, Hold, Item, Pause
from debitora.dunning.rules.policy import ContactCap, DebtorKind, Policy, Step
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.why import NoSuchItem, Why, explain, is_noticed
from debitora.dunning.tests.drawn import SEEDS, TODAY, ledger
from debitora.values.money import Money

FIVE_EURO = (Money(500, "EUR"),)
POLICY = Policy(
    name="three steps",
    debtor=DebtorKind.BUSINESS,
    country="DE",
    language="de",
    steps=(
        Step(text="first", days_after_due=7, minimum_item=FIVE_EURO, minimum_notice=(Money(1000, "EUR"),)),
        Step(text="second", days_after_due=21, min_gap_days=14, minimum_item=FIVE_EURO),
    ),
    contact_cap=ContactCap(touches=1, days=7),
)


def item(open_minor: int = 10_000, *, days: int = 10, **more: object) -> Item:
    """An item so many days overdue."""
    number = more.pop("item_id", 1)
    return Item(
        item_id=number, currency="EUR", due_on=TODAY - timedelta(days=days), open_minor=open_minor, **more
    )


def why(
    *items: Item,
    holds: tuple[Hold, ...] = (),
    touched_on: tuple[date, ...] = (),
    parked: bool = False,
    pauses: tuple[Pause, ...] = (),
) -> Why:
    """The card of item 1 today."""
    facts = Facts(
        customer_id=7,
        items=items,
        policy=POLICY,
        holds=holds,
        touched_on=touched_on,
        parked=parked,
        pauses=pauses,
    )
    return explain(facts, 1, on=TODAY)


def days(count: int) -> Change:
    return Change(ChangeCode.TIME, (("days", count), ("on", TODAY + timedelta(days=count))))


@settings(max_examples=60, deadline=None, print_blob=True)
@given(SEEDS)
def test_every_named_change_turns_the_answer(seed: int) -> None:
    for facts in ledger(seed, customers=12):
        for one in facts.items:
            card = explain(facts, one.item_id, on=TODAY)
            before = is_noticed(facts, one.item_id, on=TODAY)
            for change in card.changes:
                altered, day = apply(change, facts, on=TODAY)
                assert is_noticed(altered, one.item_id, on=day) is not before
            if card.together:
                altered, day = facts, TODAY
                for change in card.together:
                    altered, day = apply(change, altered, on=day)
                assert is_noticed(altered, one.item_id, on=day)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_the_card_names_the_reason_of_the_decision(seed: int) -> None:
    for facts in ledger(seed, customers=12):
        reasons = {decision.item_id: decision.reason for decision in decide(facts, on=TODAY).decisions}
        for one in facts.items:
            card = explain(facts, one.item_id, on=TODAY)
            assert card.reason is reasons.get(one.item_id)
            assert (card.rule is None) == (card.reason is None)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_between_two_turning_days_nothing_changes(seed: int) -> None:
    for facts in ledger(seed, customers=12):
        turns = turning_days(facts, on=TODAY, within=40)
        answers = [
            {
                decision.item_id: decision.reason
                for decision in decide(facts, on=TODAY + timedelta(days=ahead)).decisions
            }
            for ahead in range(41)
        ]
        for ahead, (earlier, later) in enumerate(pairwise(answers), start=1):
            assert earlier == later or TODAY + timedelta(days=ahead) in turns


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_the_payment_named_is_the_smallest(seed: int) -> None:
    for facts in ledger(seed, customers=12):
        for one in facts.items:
            for change in explain(facts, one.item_id, on=TODAY).changes:
                if change.code is ChangeCode.PAID and change.number("minor") > 1:
                    less = Change(
                        ChangeCode.PAID, (("minor", change.number("minor") - 1), ("item_id", one.item_id))
                    )
                    altered, day = apply(less, facts, on=TODAY)
                    assert is_noticed(altered, one.item_id, on=day)


def test_grace_ends_by_itself() -> None:
    card = why(item(days=5))
    assert card.reason is Reason.GRACE
    assert card.changes == (days(2),)
    assert dict(card.rule.values)["days_needed"] == 7 if card.rule else False


def test_the_gap_ends_by_itself() -> None:
    card = why(item(days=30, level=1, last_reminded_on=TODAY - timedelta(days=13)))
    assert card.reason is Reason.GAP
    assert card.changes == (days(1),)


def test_a_hold_can_be_released_or_runs_out() -> None:
    hold = Hold(from_on=TODAY, until_on=TODAY + timedelta(days=4), item_id=1)
    card = why(item(), holds=(hold,))
    assert card.reason is Reason.HELD_ITEM
    assert [change.code for change in card.changes] == [ChangeCode.HOLDS_END, ChangeCode.TIME]
    assert dict(card.changes[0].params)["until_on"] == hold.until_on
    assert card.changes[1] == days(5)


def test_a_pause_can_be_lifted_or_runs_out() -> None:
    pause = Pause(TODAY, TODAY + timedelta(days=4))
    card = why(item(), pauses=(pause,))
    assert card.reason is Reason.PAUSED
    assert card.changes == (Change(ChangeCode.PAUSES_LIFTED, (("until_on", pause.until_on),)), days(5))
    facts = dict(card.facts)
    assert (facts["paused_until_on"], facts["way_instead"]) == (pause.until_on, "")


def test_where_a_pause_names_another_way_the_card_says_so() -> None:
    pause = Pause(TODAY, TODAY + timedelta(days=4), "call")
    card = why(item(), pauses=(pause,))
    assert card.reason is Reason.NOTICE
    facts = dict(card.facts)
    assert (facts["paused_until_on"], facts["way_instead"]) == (pause.until_on, "call")
    assert dict(why(item()).facts)["way_instead"] is None


def test_a_pause_never_outlives_its_end() -> None:
    ended = Pause(TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    assert why(item(), pauses=(ended,)).reason is Reason.NOTICE


def test_a_small_item_would_be_noticed_under_a_lower_minimum() -> None:
    card = why(item(499), item(5_000, item_id=2))
    assert card.reason is Reason.BELOW_MINIMUM
    assert card.changes == (
        Change(ChangeCode.ITEM_MINIMUM, (("minor", 499), ("currency", "EUR"), ("level", 1))),
    )


def test_a_small_notice_would_be_sent_under_a_lower_minimum() -> None:
    card = why(item(600))
    assert card.reason is Reason.BELOW_NOTICE_MINIMUM
    assert card.changes == (
        Change(ChangeCode.NOTICE_MINIMUM, (("minor", 600), ("currency", "EUR"), ("level", 1))),
    )


def test_a_credit_could_be_used_elsewhere() -> None:
    card = why(item(), item(-9_500, item_id=2))
    assert card.reason is Reason.CREDIT_COVERS
    used = Change(ChangeCode.CREDITS_USED, (("minor", 9_500), ("currency", "EUR")))
    lower = Change(ChangeCode.NOTICE_MINIMUM, (("minor", 500), ("currency", "EUR"), ("level", 1)))
    assert set(card.changes) == {used, lower}


def test_the_contact_cap_frees_by_itself_or_is_raised() -> None:
    card = why(item(), touched_on=(TODAY - timedelta(days=2),))
    assert card.reason is Reason.CONTACT_CAP
    assert card.changes == (Change(ChangeCode.CAP_RAISED, (("touches", 2),)), days(5))


def test_a_noticed_item_names_the_smallest_payment_that_would_have_stopped_it() -> None:
    card = why(item(1_200))
    assert card.reason is Reason.NOTICE
    assert card.changes == (Change(ChangeCode.PAID, (("minor", 201), ("item_id", 1))),)


def test_two_obstacles_are_named_together() -> None:
    card = why(item(days=5), holds=(Hold(from_on=TODAY),), parked=True)
    assert card.reason is Reason.PARKED
    assert card.changes == ()
    assert [change.code for change in card.together] == [
        ChangeCode.UNPARKED,
        ChangeCode.HOLDS_END,
        ChangeCode.TIME,
    ]


def test_after_the_last_step_nothing_would_change_it() -> None:
    card = why(item(days=90, level=2))
    assert card.reason is Reason.LAST_STEP_DONE
    assert (card.changes, card.together) == ((), ())


def test_an_item_not_yet_due_has_nothing_to_decide_but_says_when() -> None:
    card = why(item(days=0))
    assert (card.reason, card.rule) == (None, None)
    assert card.changes == (days(7),)


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(NoSuchItem):
        explain(Facts(customer_id=1, items=(), policy=None), 1, on=TODAY)


def test_every_reason_but_four_has_a_remedy_and_those_end_by_time_or_another_strategy() -> None:
    """NO_STRATEGY and LAST_STEP_DONE need another strategy; GRACE and GAP need only time."""
    by_time = {Reason.GRACE, Reason.GAP}
    by_strategy = {Reason.NO_STRATEGY, Reason.LAST_STEP_DONE}
    refusing = {reason for reason in Reason if not reason.noticed}
    assert refusing - set(REMEDIES) == by_time | by_strategy
