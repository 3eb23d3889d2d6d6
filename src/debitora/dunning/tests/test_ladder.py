"""Weeks of dunning under random use: the ladder, its gaps, the contact budget and the holds keep what they promise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings

from debitora.dunning.actions import propose_run
from debitora.dunning.models import Decision, Notice
from debitora.dunning.rules.decide import decide, touches_left
from debitora.dunning.rules.facts import Decided, Facts, Hold, Item, LineKind
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company
from debitora.dunning.tests.drawn import SEEDS, TODAY, ledger
from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.rules.holds import HoldSpan, in_force

WEEKS = 4


@dataclass(frozen=True)
class Lived:
    """One day of a customer: as it was in the morning, and what was decided. Every notice arrived the same day."""

    on: date
    facts: Facts
    decided: Decided

    def item(self, item_id: int) -> Item:
        return next(item for item in self.facts.items if item.item_id == item_id)


def days_of(facts: Facts, random: Random) -> Iterator[Lived]:
    """Four weeks: notices arrive, payments come in, holds are placed, all by chance."""
    for place in range(7 * WEEKS):
        on = TODAY + timedelta(days=place)
        decided = decide(facts, on=on)
        yield Lived(on, facts, decided)
        facts = _happens(_arrived(facts, decided, on), random, on)


def _arrived(facts: Facts, decided: Decided, on: date) -> Facts:
    raised = {one.item_id: one for one in decided.decisions if one.notice and one.level_to}
    items = tuple(
        replace(item, level=raised[item.item_id].level_to, last_reminded_on=on, crossed=False)
        if item.item_id in raised
        else item
        for item in facts.items
    )
    return replace(facts, items=items, touched_on=(*facts.touched_on, *[on for _one in decided.notices]))


def _happens(facts: Facts, random: Random, on: date) -> Facts:
    items = tuple(
        replace(item, open_minor=random.randint(0, item.open_minor))
        if item.open_minor > 0 and random.random() < 0.05
        else item
        for item in facts.items
    )
    holds = facts.holds
    if items and random.random() < 0.1:
        until = on + timedelta(days=random.randint(1, 5))
        holds = (
            *holds,
            Hold(from_on=on, until_on=until, item_id=random.choice(items).item_id, amount_minor=None),
        )
    return replace(facts, items=items, holds=holds)


def lives(seed: int) -> Iterator[list[Lived]]:
    for facts in ledger(seed, customers=12):
        yield list(days_of(facts, Random(seed + facts.customer_id)))


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_levels_never_skip_or_sink(seed: int) -> None:
    for life in lives(seed):
        for day, after in pairwise(life):
            assert day.facts.policy is None or all(
                one.level_to <= max(len(day.facts.policy.steps), one.level_before)
                for one in day.decided.decisions
            )
            for item in day.facts.items:
                rise = after.item(item.item_id).level - item.level
                assert rise in (0, 1)
                assert not rise or item.open_minor > 0


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_gaps_and_budgets_hold(seed: int) -> None:
    for life in lives(seed):
        for day in life:
            policy = day.facts.policy
            left = touches_left(day.facts, on=day.on)
            assert left is None or not day.decided.notices or len(day.decided.notices) <= left
            for one in day.decided.decisions:
                item = day.item(one.item_id)
                if (
                    policy
                    and one.notice
                    and one.level_to > item.level
                    and item.last_reminded_on
                    and not item.crossed
                ):
                    assert (day.on - item.last_reminded_on).days >= policy.step(one.level_to).min_gap_days


@settings(max_examples=25, deadline=None, print_blob=True)
@given(SEEDS)
def test_nothing_held_or_paid_is_noticed(seed: int) -> None:
    for life in lives(seed):
        for day in life:
            stopped = {
                hold.item_id
                for hold in day.facts.holds
                if hold.amount_minor is None and in_force(HoldSpan(hold.from_on, hold.until_on), on=day.on)
            }
            asked = {
                line.item_id for line in day.decided.lines if line.kind in (LineKind.DUE, LineKind.UPCOMING)
            }
            assert not asked & stopped
            assert None not in stopped or not day.decided.notices
            assert all(day.item(item).open_minor > 0 for item in asked)


def test_the_weeks_bring_what_the_properties_are_about() -> None:
    """Else they would hold of nothing: notices of several levels, gaps waited for, items held while overdue."""
    rises = held = 0
    for seed in range(10):
        for life in lives(seed):
            rises += sum(one.level_to > 1 for day in life for one in day.decided.decisions if one.notice)
            held += sum(one.held_minor > 0 for day in life for one in day.decided.decisions)
    assert rises > 20
    assert held > 100


@pytest.mark.parametrize("rival_items", [1, 7])
def test_adding_another_company_never_changes_this_one(
    company: Company, other_company: Company, rival_items: int
) -> None:
    a_ready_company(company)
    for number in ("10001", "10002"):
        a_late_payer(company, number, minors=(11_900, 2_400))
    alone = _proposed(company)
    with serving(other_company.id):
        a_ready_company(other_company)
        a_late_payer(other_company, "10001", minors=(99_900,) * rival_items)
        assert _proposed(other_company)[1]
    assert _proposed(company) == alone
    assert len(alone[1]) == 2


def _proposed(company: Company) -> tuple[list[object], list[object]]:
    """What a run decides and asks for, without its ids."""
    run = propose_run(company=company, on=ON, by=TESTS, at=MOMENT).run
    decided = Decision.objects.filter(run_id=run).order_by("item_id")
    notices = Notice.objects.filter(run_id=run).order_by("customer_id")
    return (
        list(decided.values_list("item_id", "reason", "level_before", "level_to", "held_minor")),
        list(notices.values_list("customer_id", "level", "total_minor", "line_items", "line_open_minor")),
    )
