"""Changes of the facts that may change a decision: what each needs to be told, and how it alters the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Final

from debitora.dunning.rules.decide import Group, Judged, gather, judge, queue, touches_left
from debitora.dunning.rules.facts import Facts, Gate, Hold, Item
from debitora.dunning.rules.policy import Amounts, Policy, Step
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.sales import turning_days as turns_of_gate
from debitora.dunning.rules.steps import gap_over_on, reached_on
from debitora.values.money import Money


class ChangeCode(StrEnum):
    """What changes; in brackets the parameters. Minor units are of the item's currency."""

    TIME = "time"
    """Nothing happens but time (days, on)."""
    PAID = "paid"
    """So much of the item is paid (minor, item_id)."""
    HOLDS_END = "holds_end"
    """The holds on the item and its customer are released (item_id; until_on: when the last ends by itself or None)."""
    LIST_AGREES = "list_agrees"
    """The list and the ledger agree again on the item (item_id)."""
    UNPARKED = "unparked"
    """The customer is no longer parked ()."""
    NOTICE_SETTLED = "notice_settled"
    """The earlier notice of the item is sent or dropped, raising nothing (item_id)."""
    ITEM_MINIMUM = "item_minimum"
    """The step's minimum for an item is at most so much (minor, currency, level)."""
    NOTICE_MINIMUM = "notice_minimum"
    """The step's minimum for a notice is at most so much (minor, currency, level)."""
    CREDITS_USED = "credits_used"
    """The credits in the currency are put against other items or paid out (minor, currency)."""
    PAUSES_LIFTED = "pauses_lifted"
    """The pauses of the customer's group are lifted (until_on: when the last ends by itself)."""
    CAP_RAISED = "cap_raised"
    """The contact cap allows so many touches (touches)."""
    SALES_RELEASES = "sales_releases"
    """The customer's salesperson releases the notice (level)."""


Value = int | str | date | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change with its parameters, as its code describes them."""

    code: ChangeCode
    params: tuple[tuple[str, Value], ...] = ()

    def number(self, name: str) -> int:
        """A parameter that is a number. Raises KeyError."""
        value = dict(self.params)[name]
        if not isinstance(value, int):
            raise KeyError(name)
        return value

    def word(self, name: str) -> str:
        """A parameter that is a text. Raises KeyError."""
        value = dict(self.params)[name]
        if not isinstance(value, str):
            raise KeyError(name)
        return value


# ------------------------------------------------------------------------------------------ altering the facts


def apply(change: Change, facts: Facts, *, on: date) -> tuple[Facts, date]:
    """The facts and the day after the change."""
    if change.code is ChangeCode.TIME:
        return facts, on + timedelta(days=change.number("days"))
    return _ALTERATIONS[change.code](change, facts, on), on


def _paid(change: Change, facts: Facts, on: date) -> Facts:
    def pay(item: Item) -> Item:
        return replace(item, open_minor=item.open_minor - change.number("minor"))

    return _with_item(facts, change.number("item_id"), pay)


def _holds_end(change: Change, facts: Facts, on: date) -> Facts:
    ended = holds_on(facts, change.number("item_id"), on=on)
    return replace(facts, holds=tuple(hold for hold in facts.holds if hold not in ended))


def _list_agrees(change: Change, facts: Facts, on: date) -> Facts:
    return _with_item(facts, change.number("item_id"), lambda item: replace(item, list_behind=False))


def _unparked(change: Change, facts: Facts, on: date) -> Facts:
    return replace(facts, parked=False)


def _pauses_lifted(change: Change, facts: Facts, on: date) -> Facts:
    return replace(facts, pauses=tuple(pause for pause in facts.pauses if not pause.bites(on)))


def _notice_settled(change: Change, facts: Facts, on: date) -> Facts:
    return _with_item(facts, change.number("item_id"), lambda item: replace(item, pending=False))


def _item_minimum(change: Change, facts: Facts, on: date) -> Facts:
    money = Money(change.number("minor"), change.word("currency"))

    def lower(step: Step) -> Step:
        return replace(step, minimum_item=_with_amount(step.minimum_item, money))

    return _with_step(facts, change.number("level"), lower)


def _notice_minimum(change: Change, facts: Facts, on: date) -> Facts:
    money = Money(change.number("minor"), change.word("currency"))

    def lower(step: Step) -> Step:
        return replace(step, minimum_notice=_with_amount(step.minimum_notice, money))

    return _with_step(facts, change.number("level"), lower)


def _credits_used(change: Change, facts: Facts, on: date) -> Facts:
    currency = change.word("currency")
    left = tuple(item for item in facts.items if item.open_minor >= 0 or item.currency != currency)
    return replace(facts, items=left)


def _cap_raised(change: Change, facts: Facts, on: date) -> Facts:
    if facts.policy is None or facts.policy.contact_cap is None:
        return facts
    cap = replace(facts.policy.contact_cap, touches=change.number("touches"))
    return replace(facts, policy=replace(facts.policy, contact_cap=cap))


def _sales_releases(change: Change, facts: Facts, on: date) -> Facts:
    level = change.number("level")
    others = tuple(gate for gate in facts.gates if gate.level != level)
    return replace(facts, gates=(*others, Gate(level=level, until_on=on, released_on=on)))


_ALTERATIONS: Final[Mapping[ChangeCode, Callable[[Change, Facts, date], Facts]]] = MappingProxyType(
    {
        ChangeCode.PAID: _paid,
        ChangeCode.HOLDS_END: _holds_end,
        ChangeCode.LIST_AGREES: _list_agrees,
        ChangeCode.UNPARKED: _unparked,
        ChangeCode.PAUSES_LIFTED: _pauses_lifted,
        ChangeCode.NOTICE_SETTLED: _notice_settled,
        ChangeCode.ITEM_MINIMUM: _item_minimum,
        ChangeCode.NOTICE_MINIMUM: _notice_minimum,
        ChangeCode.CREDITS_USED: _credits_used,
        ChangeCode.CAP_RAISED: _cap_raised,
        ChangeCode.SALES_RELEASES: _sales_releases,
    }
)


def _with_item(facts: Facts, item_id: int, alter: Callable[[Item], Item]) -> Facts:
    return replace(
        facts, items=tuple(alter(item) if item.item_id == item_id else item for item in facts.items)
    )


def _with_step(facts: Facts, level: int, alter: Callable[[Step], Step]) -> Facts:
    if facts.policy is None:
        return facts
    steps = tuple(
        alter(step) if place == level else step for place, step in enumerate(facts.policy.steps, start=1)
    )
    return replace(facts, policy=replace(facts.policy, steps=steps))


def _with_amount(amounts: Amounts, money: Money) -> Amounts:
    others = [other for other in amounts if other.currency != money.currency]
    return tuple(sorted([*others, money], key=lambda amount: amount.currency))


# ---------------------------------------------------------------------------------------- what a person can do


def remedies(facts: Facts, item: Item, *, on: date) -> Iterator[Change]:
    """Every change a person could make that touches something true of the item, whether or not it would be enough."""
    for remedy in dict.fromkeys(REMEDIES.values()):
        change = remedy(facts, item, on)
        if change is not None:
            yield change


def remedy_for(reason: Reason, facts: Facts, item: Item, *, on: date) -> Change | None:
    """The change that removes the reason; None where only time or another strategy does."""
    remedy = REMEDIES.get(reason)
    return remedy(facts, item, on) if remedy else None


def holds_on(facts: Facts, item_id: int, *, on: date) -> tuple[Hold, ...]:
    """The holds that bite on the item on the day, those on its customer included."""
    return tuple(hold for hold in facts.holds if hold.bites(on) and hold.item_id in (None, item_id))


def judged_alone(facts: Facts, item: Item, *, on: date) -> Judged | None:
    """The item with what stands against it by itself; None if it asks for no answer on the day."""
    return next((one for one in judge(facts, on=on) if one.item.item_id == item.item_id), None)


def group_of(facts: Facts, item: Item, *, on: date) -> Group | None:
    """What would be the item's notice; None if something stands against the item by itself."""
    groups = gather(judge(facts, on=on), facts, on=on)
    return next((group for group in groups if item in (one.item for one in group.members)), None)


def turning_days(facts: Facts, *, on: date, within: int) -> list[date]:
    """The days after `on`, at most so many later, on which time alone may change an answer, in order."""
    last = on + timedelta(days=within)
    return sorted({day for day in _turns(facts) if on < day <= last})


def _turns(facts: Facts) -> Iterator[date]:
    one_day = timedelta(days=1)
    for item in facts.items:
        yield item.due_on + one_day
        if facts.policy:
            yield from _own_turns(item, facts.policy)
    for hold in facts.holds:
        yield hold.from_on
        if hold.until_on:
            yield hold.until_on + one_day
    for pause in facts.pauses:
        yield pause.from_on
        yield pause.until_on + one_day
    yield from chain.from_iterable(turns_of_gate(gate) for gate in facts.gates)
    if facts.policy and facts.policy.contact_cap:
        for day in facts.touched_on:
            yield day
            yield day + timedelta(days=facts.policy.contact_cap.days)


def _own_turns(item: Item, policy: Policy) -> Iterator[date]:
    if item.level == 0 and policy.upcoming:
        yield reached_on(policy, 0, item.due_on)
    if item.level_counted < len(policy.steps):
        yield reached_on(policy, item.level_counted + 1, item.due_on)
        over_on = gap_over_on(policy.step(item.level_counted + 1), item.last_reminded_on)
        if over_on:
            yield over_on


def _let_list_agree(facts: Facts, item: Item, on: date) -> Change | None:
    return Change(ChangeCode.LIST_AGREES, (("item_id", item.item_id),)) if item.list_behind else None


def _unpark(facts: Facts, item: Item, on: date) -> Change | None:
    return Change(ChangeCode.UNPARKED) if facts.parked else None


def _end_holds(facts: Facts, item: Item, on: date) -> Change | None:
    holds = holds_on(facts, item.item_id, on=on)
    if not holds:
        return None
    ends = [hold.until_on for hold in holds]
    until_on = None if None in ends else max(end for end in ends if end)
    return Change(ChangeCode.HOLDS_END, (("item_id", item.item_id), ("until_on", until_on)))


def _lift_pauses(facts: Facts, item: Item, on: date) -> Change | None:
    biting = [pause.until_on for pause in facts.pauses if pause.bites(on)]
    return Change(ChangeCode.PAUSES_LIFTED, (("until_on", max(biting)),)) if biting else None


def _settle_notice(facts: Facts, item: Item, on: date) -> Change | None:
    return Change(ChangeCode.NOTICE_SETTLED, (("item_id", item.item_id),)) if item.pending else None


def _lower_item_minimum(facts: Facts, item: Item, on: date) -> Change | None:
    one = judged_alone(facts, item, on=on)
    if one is None or one.blocked not in (Reason.BELOW_MINIMUM, Reason.HELD_AMOUNT):
        return None
    level = max(one.level_next, 1)
    return Change(
        ChangeCode.ITEM_MINIMUM, (("minor", one.free_minor), ("currency", item.currency), ("level", level))
    )


def _lower_notice_minimum(facts: Facts, item: Item, on: date) -> Change | None:
    group = group_of(facts, item, on=on)
    if group is None or group.net_minor < 1:
        return None
    minor, level = group.net_minor, max(group.level, 1)
    return Change(
        ChangeCode.NOTICE_MINIMUM, (("minor", minor), ("currency", item.currency), ("level", level))
    )


def _use_credits(facts: Facts, item: Item, on: date) -> Change | None:
    group = group_of(facts, item, on=on)
    if group is None or group.credit_minor == 0:
        return None
    return Change(ChangeCode.CREDITS_USED, (("minor", -group.credit_minor), ("currency", item.currency)))


def _raise_cap(facts: Facts, item: Item, on: date) -> Change | None:
    group, left = group_of(facts, item, on=on), touches_left(facts, on=on)
    if group is None or left is None or facts.policy is None or facts.policy.contact_cap is None:
        return None
    waiting = queue(gather(judge(facts, on=on), facts, on=on), facts.policy)
    place = next((place for place, other in enumerate(waiting, start=1) if other.key == group.key), 0)
    return Change(ChangeCode.CAP_RAISED, (("touches", facts.policy.contact_cap.touches - left + place),))


def _let_sales_release(facts: Facts, item: Item, on: date) -> Change | None:
    group = group_of(facts, item, on=on)
    return Change(ChangeCode.SALES_RELEASES, (("level", group.level),)) if group and group.waits else None


REMEDIES: Final[Mapping[Reason, Callable[[Facts, Item, date], Change | None]]] = MappingProxyType(
    {
        Reason.LIST_BEHIND: _let_list_agree,
        Reason.PARKED: _unpark,
        Reason.HELD_CUSTOMER: _end_holds,
        Reason.HELD_ITEM: _end_holds,
        Reason.PENDING_NOTICE: _settle_notice,
        Reason.PAUSED: _lift_pauses,
        Reason.HELD_AMOUNT: _end_holds,
        Reason.BELOW_MINIMUM: _lower_item_minimum,
        Reason.BELOW_NOTICE_MINIMUM: _lower_notice_minimum,
        Reason.CREDIT_COVERS: _use_credits,
        Reason.CONTACT_CAP: _raise_cap,
        Reason.SALES_ASKED: _let_sales_release,
    }
)
