"""Asking sales first, as a rule: until when, what silence means, how long a word counts, and what a policy file says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from debitora.dunning.rules.decide import decide
from debitora.dunning.rules.facts import Facts, Gate, Item
from debitora.dunning.rules.policy import Grouping, Silence
from debitora.dunning.rules.policy_file import as_document, fingerprint, from_document
from debitora.dunning.rules.policy_node import FaultCode
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.sales import GOOD_FOR_DAYS, answer_by, counts, free_bits, lets_go, waits
from debitora.dunning.templatetags.strategy_prose import prose
from debitora.dunning.tests.drawn import SEEDS, TODAY, ledger

MONDAY = date(2026, 3, 16)
BASE = preset("de-business")
ASKING = replace(BASE, steps=(replace(BASE.steps[0], ask_sales_days=3), *BASE.steps[1:]))


def days(count: int) -> date:
    return MONDAY + timedelta(days=count)


@pytest.mark.parametrize(
    ("asked", "working_days", "until"),
    [
        (MONDAY, 3, date(2026, 3, 19)),
        (date(2026, 3, 19), 1, date(2026, 3, 20)),
        (date(2026, 3, 20), 1, date(2026, 3, 23)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday and Easter Monday
    ],
)
def test_the_last_day_is_counted_in_working_days(asked: date, working_days: int, until: date) -> None:
    assert answer_by(on=asked, days=working_days, country="DE") == until


OPEN = Gate(level=1, until_on=days(3))
STUBBORN = replace(OPEN, silence=Silence.STOP)
RELEASED = replace(OPEN, released_on=days(1))
STOPPED = replace(OPEN, stopped=True, stopped_until_on=days(10))


@pytest.mark.parametrize(
    ("gate", "day", "goes", "still_counts"),
    [
        pytest.param(OPEN, 3, False, True, id="the last day is hers"),
        pytest.param(OPEN, 4, True, True, id="silence releases"),
        pytest.param(OPEN, 3 + GOOD_FOR_DAYS, True, True, id="for thirty days"),
        pytest.param(OPEN, 4 + GOOD_FOR_DAYS, False, False, id="then she is asked again"),
        pytest.param(STUBBORN, 400, False, True, id="silence may stop"),
        pytest.param(RELEASED, 1, True, True, id="her word counts at once"),
        pytest.param(RELEASED, GOOD_FOR_DAYS, True, True, id="and for thirty days"),
        pytest.param(RELEASED, 1 + GOOD_FOR_DAYS, False, False, id="not for ever"),
        pytest.param(STOPPED, 10, False, True, id="a stop counts until its day"),
        pytest.param(STOPPED, 11, False, False, id="then she is asked again, nothing goes by itself"),
    ],
)
def test_what_a_question_says_on_a_day(gate: Gate, day: int, goes: bool, still_counts: bool) -> None:
    assert (lets_go(gate, on=days(day)), counts(gate, on=days(day))) == (goes, still_counts)


def test_a_customer_without_salesperson_is_never_waited_for() -> None:
    assert waits((), level=1, asks=True, has_sales=True, on=MONDAY)
    assert not waits((), level=1, asks=True, has_sales=False, on=MONDAY)
    assert not waits((), level=1, asks=False, has_sales=True, on=MONDAY)
    assert free_bits((), has_sales=False, on=MONDAY) == 0b111111111
    assert free_bits((RELEASED, replace(OPEN, level=3)), has_sales=True, on=days(2)) == 0b1


def two_items(**known: object) -> Facts:
    due = MONDAY - timedelta(days=60)
    items = (Item(1, "EUR", due, 10_000), Item(2, "USD", due, 20_000))
    return Facts(customer_id=7, items=items, policy=ASKING, policy_id=5, **known)  # type: ignore[arg-type]


def test_one_question_stands_for_all_items_of_the_customer_and_step() -> None:
    decided = decide(two_items(), on=MONDAY)
    assert {one.reason for one in decided.decisions} == {Reason.SALES_ASKED}
    assert decided.notices == ()
    assert [(one.customer_id, one.level, one.policy_id, one.items) for one in decided.questions] == [
        (7, 1, 5, (1, 2))
    ]


def test_released_it_goes_in_both_currencies() -> None:
    decided = decide(two_items(gates=(RELEASED,)), on=days(1))
    assert (len(decided.notices), decided.questions) == (2, ())


def test_nobody_is_asked_about_what_would_not_go_anyway() -> None:
    small = replace(two_items(), items=(Item(1, "EUR", days(-60), 10),))
    assert [one.reason for one in decide(small, on=MONDAY).decisions] == [Reason.BELOW_MINIMUM]
    assert decide(small, on=MONDAY).questions == ()


def test_of_several_notices_the_one_that_waits_leaves_the_credits_to_the_next() -> None:
    """A notice for each level: the second waits for sales, the first goes and carries the credit."""
    steps = (BASE.steps[0], replace(BASE.steps[1], ask_sales_days=2), *BASE.steps[2:])
    policy = replace(BASE, steps=steps, grouping=Grouping.LEVEL)
    due = MONDAY - timedelta(days=90)
    reminded = MONDAY - timedelta(days=40)
    items = (
        Item(1, "EUR", due, 50_000, level=1, last_reminded_on=reminded),
        Item(2, "EUR", due, 30_000),
        Item(3, "EUR", due, -1_000),
    )
    facts = Facts(customer_id=7, items=items, policy=policy, policy_id=5)
    waiting = decide(facts, on=MONDAY)
    assert {one.item_id: one.reason for one in waiting.decisions} == {1: Reason.SALES_ASKED, 2: Reason.NOTICE}
    assert [(one.level, one.credit_minor, one.total_minor) for one in waiting.notices] == [
        (1, -1_000, 29_000)
    ]
    released = decide(replace(facts, gates=(replace(RELEASED, level=2),)), on=days(1))
    assert [(one.level, one.credit_minor) for one in released.notices] == [(1, 0), (2, -1_000)]


@settings(max_examples=40, deadline=None, print_blob=True)
@given(SEEDS)
def test_nothing_goes_without_a_word_and_asking_changes_nothing_else(seed: int) -> None:
    for facts in ledger(seed, customers=60):
        decided = decide(facts, on=TODAY)
        free = free_bits(facts.gates, has_sales=facts.has_sales, on=TODAY)
        for notice in decided.notices:
            asks = (
                notice.level > 0 and facts.policy is not None and facts.policy.step(notice.level).asks_sales
            )
            assert not asks or free >> notice.level - 1 & 1
        waiting = {one.item_id for one in decided.decisions if one.reason is Reason.SALES_ASKED}
        assert waiting == {item for one in decided.questions for item in one.items}
        assert len({one.level for one in decided.questions}) == len(decided.questions)
        if (
            facts.policy is None
            or facts.policy.contact_cap
            or facts.policy.grouping is not Grouping.CUSTOMER_CURRENCY
        ):
            continue  # what waits leaves cap and credits to others
        everything = decide(replace(facts, has_sales=False), on=TODAY)
        gone = {one.item_id: one.reason for one in everything.decisions if one.days_overdue > 0}
        assert gone == {
            one.item_id: Reason.NOTICE if one.item_id in waiting else one.reason
            for one in decided.decisions
            if one.days_overdue > 0
        }


def test_a_file_says_it_only_where_sales_is_asked() -> None:
    document = as_document(ASKING)
    assert (document["steps"][0]["ask_sales_days"], document["steps"][0]["sales_silence"]) == (3, "release")
    assert "ask_sales_days" not in document["steps"][1]
    assert from_document(document) == (ASKING, ())
    assert fingerprint(BASE) != fingerprint(ASKING)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("ask_sales_days", "21", FaultCode.OUT_OF_RANGE),
        ("ask_sales_days", "-1", FaultCode.OUT_OF_RANGE),
        ("ask_sales_days", "soon", FaultCode.NOT_A_WHOLE_NUMBER),
        ("sales_silence", "maybe", FaultCode.NOT_ONE_OF),
    ],
)
def test_nonsense_in_a_file_is_a_fault_at_its_place(key: str, value: str, code: FaultCode) -> None:
    document = as_document(ASKING)
    document["steps"][0][key] = value
    policy, faults = from_document(document)
    assert policy is None
    assert [(fault.path, fault.code) for fault in faults] == [(f"steps[1].{key}", code)]


def test_the_prose_says_whom_it_asks_and_what_silence_means() -> None:
    said = prose(ASKING).steps
    assert "has 3 working days to release or stop it. If she says nothing, it goes." in said[0]
    assert "salesperson" not in said[1]
    stubborn = replace(ASKING.steps[0], sales_silence=Silence.STOP)
    assert "nothing goes until somebody releases it" in prose(replace(ASKING, steps=(stubborn,))).steps[0]
