"""Ledgers drawn from a seed: a few customers with everything that a dunning decision looks at.

Numbers are small on purpose, so that boundaries and ties meet often; every reason comes up (a test counts them).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from debitora.dunning.rules.facts import Facts, Gate, Hold, Item, Pause
from debitora.dunning.rules.policy import (
    Amounts,
    Channel,
    ContactCap,
    DebtorKind,
    Grouping,
    Policy,
    Silence,
    Step,
    Upcoming,
)
from debitora.values.money import Money

TODAY = date(2026, 3, 16)
SEEDS = st.integers(0, 2**32 - 1)
CURRENCIES = ("EUR", "JPY", "USD")
_EARLY = (Channel.MAIL, Channel.LETTER)


def ledger(seed: int, *, customers: int) -> list[Facts]:
    """The customers 1 to n under one of three policies or none; their item ids are shuffled among them."""
    random = Random(seed)
    policies = [_policy(random) for _ in range(3)]
    ids = list(range(1, customers * 6 + 1))
    random.shuffle(ids)
    return [
        _customer(random, number, policies, iter(ids[number * 6 - 6 :])) for number in range(1, customers + 1)
    ]


def _policy(random: Random) -> Policy:
    return Policy(
        name="drawn",
        debtor=DebtorKind.BUSINESS,
        country="DE",
        language="de",
        steps=tuple(_step(random) for _ in range(random.randint(1, 3))),
        grace_days=random.choice([0, 0, 1, 2]),
        contact_cap=ContactCap(touches=random.randint(1, 2), days=random.randint(2, 6))
        if random.random() < 0.6
        else None,
        consider_credits=random.random() < 0.7,
        offset_credits=random.random() < 0.8,
        grouping=random.choice([Grouping.CUSTOMER_CURRENCY, *Grouping]),
        upcoming=Upcoming(days_before=random.randint(1, 6), text="reminder", channel=random.choice(_EARLY))
        if random.random() < 0.6
        else None,
    )


def _step(random: Random) -> Step:
    return Step(
        text="reminder",
        days_after_due=random.randint(1, 4),
        channel=random.choice([Channel.MAIL, *Channel]),
        month_end=random.random() < 0.1,
        min_gap_days=random.randint(0, 4),
        minimum_item=_minimums(random, 7),
        minimum_notice=_minimums(random, 12),
        ask_sales_days=random.choice([0, 0, 0, 2]),
    )


def _minimums(random: Random, highest: int) -> Amounts:
    return tuple(Money(random.randint(1, highest), code) for code in CURRENCIES if random.random() < 0.5)


def _customer(random: Random, number: int, policies: list[Policy], ids: Iterator[int]) -> Facts:
    items = tuple(_item(random, next(ids)) for _ in range(random.randint(0, 6)))
    chosen = None if random.random() < 0.05 else random.randrange(len(policies))
    return Facts(
        customer_id=number,
        items=items,
        policy=None if chosen is None else policies[chosen],
        policy_id=chosen,
        holds=tuple(_hold(random, items) for _ in range(random.choice([0, 0, 1, 2, 3]))),
        touched_on=tuple(_day(random, 8) for _ in range(random.choice([0, 0, 0, 1, 2]))),
        parked=random.random() < 0.04,
        has_sales=random.random() < 0.8,
        gates=tuple(_gate(random, level) for level in range(1, 4) if random.random() < 0.3),
        pauses=tuple(_pause(random) for _ in range(random.choice([0] * 9 + [1, 1, 2]))),
    )


def _item(random: Random, item_id: int) -> Item:
    return Item(
        item_id=item_id,
        currency=random.choice(["EUR", "EUR", *CURRENCIES]),
        due_on=TODAY - timedelta(days=random.randint(-6, 9)),
        open_minor=random.randint(1, 12) * random.choice([1, 1, 1, 1, -1]),
        level=random.choice([0, 0, 0, 1, 1, 2, 3]),
        last_reminded_on=TODAY - timedelta(days=random.randint(0, 6)) if random.random() < 0.4 else None,
        list_behind=random.random() < 0.04,
        pending=random.random() < 0.05,
        crossed=random.random() < 0.1,
        order_item=random.choice([None, 1, 2]),
        contact_item=random.choice([None, 3, 4]),
    )


def _hold(random: Random, items: tuple[Item, ...]) -> Hold:
    item = random.choice(items) if items and random.random() < 0.93 else None
    part = max(1, abs(item.open_minor) - random.randint(0, 5)) if item and random.random() < 0.8 else None
    return Hold(
        from_on=_day(random, 6),
        until_on=_day(random, 3) if random.random() < 0.5 else None,
        item_id=item.item_id if item else None,
        amount_minor=part,
    )


def _pause(random: Random) -> Pause:
    begins = _day(random, 6)
    channel = random.choice(["", "", "mail", "letter"])
    instead = random.choice([way for way in ("", "", "mail", "letter", "call") if not way or way != channel])
    return Pause(begins, begins + timedelta(days=random.randint(0, 5)), instead, channel)


def _gate(random: Random, level: int) -> Gate:
    said = random.choice(["", "", "release", "stop"])
    return Gate(
        level=level,
        until_on=TODAY - timedelta(days=random.choice([-2, -1, 0, 1, 2, 29, 30, 31, 32])),
        silence=random.choice(list(Silence)),
        released_on=TODAY - timedelta(days=random.choice([0, 1, 28, 29, 30, 31]))
        if said == "release"
        else None,
        stopped=said == "stop",
        stopped_until_on=_day(random, 3) if said == "stop" else None,
    )


def _day(random: Random, spread: int) -> date:
    return TODAY + timedelta(days=random.randint(-spread, spread // 2))
