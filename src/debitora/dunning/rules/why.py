"""Why an item was decided so, by which rule, and what would change the answer.

What would change it is not written down rule by rule: a change is a claim about altered facts, and `explain` asks the
row-wise decision again with each before it names it. `apply` alters the facts the same way, so a test can prove every
claim. Nothing here is a sentence; codes and values are put into words by the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.dunning.rules.changes import (
    Change,
    ChangeCode,
    apply,
    group_of,
    holds_on,
    judged_alone,
    remedies,
    remedy_for,
    turning_days,
)
from debitora.dunning.rules.decide import Group, Judged, decide, notice_minimum, touches_left
from debitora.dunning.rules.facts import Decision, Facts, Item
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.sales import counts
from debitora.dunning.rules.steps import gap_over_on, reached_on
from debitora.dunning.rules.ways import channel_of, way_under

Value = int | str | date | bool | None

HORIZON_DAYS: Final = 400
"""How far ahead `explain` looks for the day on which time alone changes the answer."""


class NoSuchItem(Exception):
    """The item is not among the customer's facts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule that decided: the reason's code, the step it belongs to (None: to no step), and the numbers it uses."""

    code: str
    level: int | None
    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The card of one item on one day."""

    item_id: int
    on: date
    reason: Reason | None
    """None = there is nothing to decide: not overdue on the day, or a credit, or paid."""
    facts: tuple[tuple[str, Value], ...]
    """What the decision looked at; names ending in `_minor` are minor units of `currency`."""
    rule: Rule | None
    changes: tuple[Change, ...]
    """Each alone turns noticed into not noticed, or back."""
    together: tuple[Change, ...]
    """If no single change is enough: these, one after the other, are. Empty where none is known."""


def explain(facts: Facts, item_id: int, *, on: date) -> Why:
    """The why-card of an item. Raises NoSuchItem."""
    item = next((item for item in facts.items if item.item_id == item_id), None)
    if item is None:
        raise NoSuchItem(item_id)
    decision = _decision(facts, item_id, on)
    reason = decision.reason if decision else None
    noticed = decision is not None and decision.notice
    changes = tuple(_paid(facts, item, on) if noticed else _ways_in(facts, item, on))
    return Why(
        item_id=item_id,
        on=on,
        reason=reason,
        facts=tuple(_facts(facts, item, on)),
        rule=_rule(reason, facts, item, on),
        changes=changes,
        together=() if changes or noticed else tuple(_chain(facts, item_id, on)),
    )


def is_noticed(facts: Facts, item_id: int, *, on: date) -> bool:
    """Whether the item would stand on a notice that asks for it."""
    decision = _decision(facts, item_id, on)
    return decision is not None and decision.notice


def _decision(facts: Facts, item_id: int, on: date) -> Decision | None:
    decisions = decide(facts, on=on).decisions
    return next((decision for decision in decisions if decision.item_id == item_id), None)


# ---------------------------------------------------------------------------------------- facts and the rule


def _facts(facts: Facts, item: Item, on: date) -> Iterator[tuple[str, Value]]:
    """What is true of the item and its customer, in the order in which a person would ask."""
    yield "currency", item.currency
    yield "due_on", item.due_on
    yield "days_overdue", (on - item.due_on).days
    yield "open_minor", item.open_minor
    yield "level", item.level
    yield "last_reminded_on", item.last_reminded_on
    yield "crossed", item.crossed
    one = judged_alone(facts, item, on=on)
    if one:
        yield "held_minor", one.held_minor
        yield (
            "held_until_on",
            max(
                (hold.until_on for hold in holds_on(facts, item.item_id, on=on) if hold.until_on),
                default=None,
            ),
        )
        yield "list_behind", item.list_behind
        yield "pending", item.pending
        yield "parked", facts.parked
        yield from _pauses(facts, one, on)
        yield "touches_left", touches_left(facts, on=on)
    group = group_of(facts, item, on=on)
    if group:
        yield "due_minor", group.due_minor
        yield "credit_minor", group.credit_minor
        yield from _asked(facts, group, on)


def _pauses(facts: Facts, one: Judged, on: date) -> Iterator[tuple[str, Value]]:
    """Until when the customer's group is paused, and the way that the item's notice takes instead of its step's."""
    biting = [pause for pause in facts.pauses if pause.bites(on)]
    yield "paused_until_on", max((pause.until_on for pause in biting), default=None)
    if facts.policy and one.level_next <= len(facts.policy.steps):
        channel = channel_of(facts.policy, 0 if one.early else one.level_next)
        way = way_under(channel, biting)
        yield "way_instead", way if way != channel else None


def _asked(facts: Facts, group: Group, on: date) -> Iterator[tuple[str, Value]]:
    """What sales was asked about the notice, while that counts, and what came of it."""
    gate = next((gate for gate in facts.gates if gate.level == group.level and counts(gate, on=on)), None)
    if gate is None or group.early:
        return
    yield "sales_until_on", gate.until_on
    yield "sales_released_on", gate.released_on
    yield "sales_stopped_until_on", gate.stopped_until_on


def _rule(reason: Reason | None, facts: Facts, item: Item, on: date) -> Rule | None:
    """The rule behind the reason with its numbers; without a strategy there are none."""
    if reason is None:
        return None
    of_no_step = reason is Reason.PAUSED or reason < Reason.LAST_STEP_DONE
    if facts.policy is None or (of_no_step and not reason.noticed):
        return Rule(reason.code, None, ())
    if reason is Reason.LAST_STEP_DONE:
        return Rule(reason.code, len(facts.policy.steps), (("steps", len(facts.policy.steps)),))
    early = item.due_on >= on
    level = item.level if early else item.level_counted + 1
    return Rule(reason.code, level, tuple(_numbers(facts.policy, level, item, group_of(facts, item, on=on))))


def _numbers(policy: Policy, level: int, item: Item, group: Group | None) -> Iterator[tuple[str, Value]]:
    step = policy.step(max(level, 1))
    yield "days_needed", (reached_on(policy, level, item.due_on) - item.due_on).days
    yield "reached_on", reached_on(policy, level, item.due_on)
    yield "min_gap_days", step.min_gap_days
    yield "gap_over_on", gap_over_on(step, item.last_reminded_on)
    yield "item_minimum_minor", step.item_minimum(item.currency)
    if group:
        yield "notice_level", group.level
        yield "notice_minimum_minor", notice_minimum(group, policy)
        yield "ask_sales_days", policy.step(max(group.level, 1)).ask_sales_days
    if policy.contact_cap:
        yield "cap_touches", policy.contact_cap.touches
        yield "cap_days", policy.contact_cap.days


# ------------------------------------------------------------------------------------- what would change it


def _ways_in(facts: Facts, item: Item, on: date) -> Iterator[Change]:
    """Single changes after which the item is noticed: those a person can make, then time."""
    for change in remedies(facts, item, on=on):
        altered, day = apply(change, facts, on=on)
        if is_noticed(altered, item.item_id, on=day):
            yield change
    for day in turning_days(facts, on=on, within=HORIZON_DAYS):
        if is_noticed(facts, item.item_id, on=day):
            yield _wait(on, day)
            return


def _paid(facts: Facts, item: Item, on: date) -> Iterator[Change]:
    """The smallest payment after which the item is no longer noticed; a larger one never brings it back."""
    low, high = 1, item.open_minor
    while low < high:
        middle = (low + high) // 2
        altered, day = apply(_pay(item, middle), facts, on=on)
        if is_noticed(altered, item.item_id, on=day):
            low = middle + 1
        else:
            high = middle
    yield _pay(item, low)


def _chain(facts: Facts, item_id: int, on: date) -> Iterator[Change]:
    """One obstacle after the other, each with its remedy; nothing if one has none or the item is not noticed then."""
    found: list[Change] = []
    altered, day = facts, on
    for _ in Reason:
        decision = _decision(altered, item_id, day)
        if decision is not None and decision.notice:
            yield from found
            return
        change = _next(altered, item_id, day, decision)
        if change is None:
            return
        found.append(change)
        altered, day = apply(change, altered, on=day)


def _next(facts: Facts, item_id: int, on: date, decision: Decision | None) -> Change | None:
    """What removes the present obstacle: a person's remedy, else the first day that brings another answer."""
    item = next(item for item in facts.items if item.item_id == item_id)
    change = remedy_for(decision.reason, facts, item, on=on) if decision else None
    if change is not None:
        return change
    before = decision.reason if decision else None
    for day in turning_days(facts, on=on, within=HORIZON_DAYS):
        later = _decision(facts, item_id, day)
        if later is not None and later.reason is not before:
            return _wait(on, day)
    return None


def _wait(on: date, day: date) -> Change:
    return Change(ChangeCode.TIME, (("days", (day - on).days), ("on", day)))


def _pay(item: Item, minor: int) -> Change:
    return Change(ChangeCode.PAID, (("minor", minor), ("item_id", item.item_id)))
