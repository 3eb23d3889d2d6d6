"""The dunning decision for one customer, row by row: the readable twin of `engine.dunning.decide`.

Runs use the engine; the why-card uses this one, because it can be asked again with altered facts. A test draws facts
by Hypothesis and holds both to the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from debitora.dunning.rules.facts import Decided, Decision, Facts, Item, Line, LineKind, Notice, Question
from debitora.dunning.rules.policy import Grouping, Policy
from debitora.dunning.rules.reasons import ALSO_OPEN, Reason
from debitora.dunning.rules.sales import waits
from debitora.dunning.rules.steps import gap_over_on, reached_on
from debitora.dunning.rules.ways import channel_of, way_under

Key = tuple[str, bool, int]
"""Currency, whether the items are not yet due, and the part."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that asks for an answer; `blocked` is what stands against it by itself."""

    item: Item
    early: bool
    held_minor: int
    grouping: Grouping = Grouping.CUSTOMER_CURRENCY
    blocked: Reason | None = None

    @property
    def key(self) -> Key:
        """The group it would join: currency, whether it is not yet due, and what keeps its notice apart from others."""
        return self.item.currency, self.early, self.part

    @property
    def part(self) -> int:
        """Its level, or the first item of its order or contact, where notices are kept apart by them; else 0."""
        if self.early:
            return 0
        apart = {
            Grouping.LEVEL: self.level_next,
            Grouping.ORDER: self.item.order_item,
            Grouping.CONTACT: self.item.contact_item,
        }
        return apart.get(self.grouping) or 0

    @property
    def free_minor(self) -> int:
        """What is open and not held."""
        return self.item.open_minor - self.held_minor

    @property
    def level_next(self) -> int:
        """The level that a notice would bring: the next, or the same where the last one crossed; an early reminder brings none."""
        return self.item.level if self.early else self.item.level_counted + 1


@dataclass(frozen=True, slots=True)
class Group:
    """What would be one notice: the free items of one currency and part, all due or all early."""

    currency: str
    early: bool
    part: int
    members: tuple[Judged, ...]
    credit_minor: int
    """Zero or below."""
    waits: bool = False
    """For the word of sales."""

    @property
    def key(self) -> Key:
        """Unique among the groups of a customer."""
        return self.currency, self.early, self.part

    @property
    def turn(self) -> tuple[int, str, int]:
        """The order in which groups use up credits and the contact cap: the highest level first."""
        return -self.level, self.currency, self.part

    @property
    def level(self) -> int:
        """The highest level that a member would reach."""
        return max(member.level_next for member in self.members)

    @property
    def due_minor(self) -> int:
        """What the members owe, held parts left out."""
        return sum(member.free_minor for member in self.members)

    @property
    def net_minor(self) -> int:
        """What is left to ask for when the credits are counted."""
        return self.due_minor + self.credit_minor


def decide(facts: Facts, *, on: date) -> Decided:
    """Decide every overdue item of the customer on the day, and gather what is noticed."""
    judged = judge(facts, on=on)
    groups = gather(judged, facts, on=on)
    outcomes = weigh(groups, facts, on=on)
    answers = [
        (one, reason) for one in judged if (reason := one.blocked or outcomes[one.key]) and _told(one, reason)
    ]
    noticed = [group for group in groups if outcomes[group.key] in (Reason.NOTICE, Reason.UPCOMING)]
    lines = sorted(_lines(answers, noticed, facts), key=lambda line: line.item_id)
    return Decided(
        decisions=tuple(_decision(one, reason, facts, on) for one, reason in answers),
        notices=tuple(_notice(group, lines, facts) for group in sorted(noticed, key=lambda group: group.key)),
        lines=tuple(lines),
        questions=tuple(_questions(groups, outcomes, facts)),
    )


def _told(one: Judged, reason: Reason) -> bool:
    """An item not yet due that is not reminded is no decision at all."""
    return not one.early or reason is Reason.UPCOMING


# ------------------------------------------------------------------------------------------- one item by itself


def judge(facts: Facts, *, on: date) -> list[Judged]:
    """Every item that asks for an answer, by item id, with the first rule that stands against it by itself."""
    items = sorted(facts.items, key=lambda item: item.item_id)
    return [_judged(item, facts, on) for item in items if _asks(item, facts, on)]


def _asks(item: Item, facts: Facts, on: date) -> bool:
    """A debit that is overdue, or one that may get its one reminder beforehand."""
    if item.open_minor <= 0:
        return False
    if item.due_on < on:
        return True
    ahead = facts.policy.upcoming_days if facts.policy else None
    return ahead is not None and item.level == 0 and item.last_reminded_on is None


def _judged(item: Item, facts: Facts, on: date) -> Judged:
    grouping = facts.policy.grouping if facts.policy else Grouping.CUSTOMER_CURRENCY
    one = Judged(item=item, early=item.due_on >= on, held_minor=_held(item, facts, on), grouping=grouping)
    return replace(one, blocked=_out(one, facts, on) or _not_its_turn(one, facts.policy, on))


def _held(item: Item, facts: Facts, on: date) -> int:
    """How much of the item is held on the day; parts add up to at most all of it."""
    biting = [hold for hold in facts.holds if hold.bites(on) and hold.item_id in (None, item.item_id)]
    if any(hold.item_id is None or hold.amount_minor is None for hold in biting):
        return item.open_minor
    return min(item.open_minor, sum(hold.amount_minor or 0 for hold in biting))


def _out(one: Judged, facts: Facts, on: date) -> Reason | None:
    """Why the item is out of the run, whatever its age."""
    held = any(hold.item_id is None and hold.bites(on) for hold in facts.holds)
    rules = (
        (Reason.LIST_BEHIND, one.item.list_behind),
        (Reason.PARKED, facts.parked),
        (Reason.HELD_CUSTOMER, held),
        (Reason.HELD_ITEM, one.free_minor <= 0),
        (Reason.NO_STRATEGY, facts.policy is None),
        (Reason.PENDING_NOTICE, one.item.pending),
        (
            Reason.LAST_STEP_DONE,
            facts.policy is not None and one.item.level_counted >= len(facts.policy.steps),
        ),
        (Reason.PAUSED, _paused(one, facts, on)),
    )
    return next((reason for reason, applies in rules if applies), None)


def _paused(one: Judged, facts: Facts, on: date) -> bool:
    """Whether pauses close the way of the item's next step and name no other."""
    biting = [pause for pause in facts.pauses if pause.bites(on)]
    policy, level = facts.policy, one.level_next
    if policy is None or not biting or level > len(policy.steps):
        return False
    return not way_under(channel_of(policy, 0 if one.early else level), biting)


def _not_its_turn(one: Judged, policy: Policy | None, on: date) -> Reason | None:
    """Why an item that takes part is not noticed today: its day, its gap, its size."""
    if policy is None:
        return None
    step = policy.step(max(one.level_next, 1))
    over_on = gap_over_on(step, one.item.last_reminded_on)
    minimum = step.item_minimum(one.item.currency)
    too_small = one.free_minor < minimum
    rules = (
        (Reason.GRACE, on < reached_on(policy, one.level_next, one.item.due_on)),
        (Reason.GAP, over_on is not None and on < over_on),
        (Reason.HELD_AMOUNT, too_small and one.item.open_minor >= minimum),
        (Reason.BELOW_MINIMUM, too_small),
    )
    return next((reason for reason, applies in rules if applies), None)


# ------------------------------------------------------------------------------- what one notice would gather


def gather(judged: list[Judged], facts: Facts, *, on: date) -> list[Group]:
    """The free items by currency, earliness and part, in their turn, each with the credits that count for it."""
    free = [one for one in judged if one.blocked is None]
    keys = sorted({one.key for one in free})
    groups = [
        Group(
            currency=currency,
            early=early,
            part=part,
            members=tuple(one for one in free if one.key == (currency, early, part)),
            credit_minor=_offset_minor(facts, currency),
        )
        for currency, early, part in keys
    ]
    asked = [replace(group, waits=_waits(group, facts, on)) for group in groups]
    return list(_with_credits_once(asked, facts.policy))


def _waits(group: Group, facts: Facts, on: date) -> bool:
    """Whether the step that the notice would stand for asks sales first, and nobody has let it go."""
    asks = not group.early and facts.policy is not None and facts.policy.step(group.level).asks_sales
    return waits(facts.gates, level=group.level, asks=asks, has_sales=facts.has_sales, on=on)


def _with_credits_once(groups: list[Group], policy: Policy | None) -> Iterator[Group]:
    """Of several groups in a currency the first that may be sent carries the credits, and those after it none."""
    carried: set[tuple[str, bool]] = set()
    for group in sorted(groups, key=lambda group: group.turn):
        pair = group.currency, group.early
        yield replace(group, credit_minor=0) if pair in carried else group
        if _refused(group, policy) is None:
            carried.add(pair)


def _offset_minor(facts: Facts, currency: str) -> int:
    """What the credits in the currency lower the sum by: nothing where the policy only shows them."""
    if facts.policy is None or not facts.policy.offset_credits:
        return 0
    return sum(item.open_minor for item in counted_credits(facts, currency))


def counted_credits(facts: Facts, currency: str) -> list[Item]:
    """The credits in the currency, if the policy considers them."""
    if facts.policy is None or not facts.policy.consider_credits:
        return []
    return [item for item in facts.items if item.open_minor < 0 and item.currency == currency]


def weigh(groups: list[Group], facts: Facts, *, on: date) -> dict[Key, Reason | None]:
    """The answer for all members of each group, by its key.

    Who gets a notice gets no friendly word about later items on top: such a group answers None and waits for another
    day. Near the contact cap the highest level goes first, then the currencies by their code, then the parts.
    """
    outcomes = {group.key: _refused(group, facts.policy) for group in groups}
    left = touches_left(facts, on=on)
    for place, group in enumerate(queue(groups, facts.policy), start=1):
        noticed = Reason.UPCOMING if group.early else Reason.NOTICE
        outcomes[group.key] = Reason.CONTACT_CAP if left is not None and place > left else noticed
    return outcomes


def queue(groups: list[Group], policy: Policy | None) -> list[Group]:
    """The groups that are large enough to be sent and wait for nobody, in the order in which they use up the contact cap."""
    large = [group for group in groups if _refused(group, policy) is None]
    dunned = {group.currency for group in large if not group.early}
    fit = [group for group in large if not (group.early and group.currency in dunned)]
    return sorted(fit, key=lambda group: group.turn)


def _refused(group: Group, policy: Policy | None) -> Reason | None:
    """Why a group is not sent whatever the cap says: what a credit leaves must reach the minimum and never be nothing."""
    minimum = notice_minimum(group, policy)
    if group.due_minor < minimum:
        return Reason.BELOW_NOTICE_MINIMUM
    if group.net_minor < max(minimum, 1):
        return Reason.CREDIT_COVERS
    return Reason.SALES_ASKED if group.waits else None


def notice_minimum(group: Group, policy: Policy | None) -> int:
    """The minimum of the step that the notice would stand for; an early reminder keeps to the first step's."""
    return policy.step(max(group.level, 1)).notice_minimum(group.currency) if policy else 0


def touches_left(facts: Facts, *, on: date) -> int | None:
    """How many more contacts the cap allows today; None = there is no cap. Zero or below = none."""
    cap = facts.policy.contact_cap if facts.policy else None
    if cap is None:
        return None
    first = on - timedelta(days=cap.days - 1)
    return cap.touches - sum(first <= day <= on for day in facts.touched_on)


# --------------------------------------------------------------------------------------------------- the answer


def _decision(one: Judged, reason: Reason, facts: Facts, on: date) -> Decision:
    return Decision(
        item_id=one.item.item_id,
        customer_id=facts.customer_id,
        currency=one.item.currency,
        reason=reason,
        level_before=one.item.level,
        level_to=one.level_next if reason.noticed else one.item.level,
        days_overdue=(on - one.item.due_on).days,
        open_minor=one.item.open_minor,
        held_minor=one.held_minor,
        policy_id=facts.policy_id,
        notice=reason.noticed,
    )


def _lines(answers: list[tuple[Judged, Reason]], noticed: list[Group], facts: Facts) -> Iterator[Line]:
    """Due or upcoming items, what is also open beside due ones, and the credits that count.

    Of several notices in a currency the first shows what is also open and the credits.
    """
    first = {group.currency: group for group in sorted(noticed, key=lambda group: group.turn, reverse=True)}
    for one, reason in answers:
        if reason.noticed:
            kind = LineKind.UPCOMING if one.early else LineKind.DUE
            yield _line(one.item, facts, kind, one.part, level_to=one.level_next, open_minor=one.free_minor)
        elif reason in ALSO_OPEN and one.item.currency in first and not first[one.item.currency].early:
            part, level = first[one.item.currency].part, one.item.level
            yield _line(one.item, facts, LineKind.ALSO_OPEN, part, level_to=level, open_minor=one.free_minor)
    for currency, group in first.items():
        for item in counted_credits(facts, currency):
            yield _line(
                item, facts, LineKind.CREDIT, group.part, level_to=item.level, open_minor=item.open_minor
            )


def _line(item: Item, facts: Facts, kind: LineKind, part: int, *, level_to: int, open_minor: int) -> Line:
    return Line(
        item_id=item.item_id,
        customer_id=facts.customer_id,
        currency=item.currency,
        part=part,
        kind=kind,
        level_from=item.level,
        level_to=level_to,
        open_minor=open_minor,
    )


def _notice(group: Group, lines: list[Line], facts: Facts) -> Notice:
    own = [line for line in lines if (line.currency, line.part) == (group.currency, group.part)]
    shown = [line for line in own if line.kind is LineKind.ALSO_OPEN]
    return Notice(
        customer_id=facts.customer_id,
        currency=group.currency,
        part=group.part,
        policy_id=facts.policy_id,
        level=group.level,
        due_minor=group.due_minor,
        also_open_minor=sum(line.open_minor for line in shown),
        credit_minor=group.credit_minor,
        total_minor=group.net_minor,
        items=len(group.members),
    )


def _questions(groups: list[Group], outcomes: dict[Key, Reason | None], facts: Facts) -> Iterator[Question]:
    """What sales is asked about, once for each level, whatever the currency."""
    waiting = [group for group in groups if outcomes[group.key] is Reason.SALES_ASKED]
    for level in sorted({group.level for group in waiting}):
        members = [one for group in waiting if group.level == level for one in group.members]
        items = tuple(sorted(one.item.item_id for one in members))
        yield Question(facts.customer_id, level, facts.policy_id, items)
