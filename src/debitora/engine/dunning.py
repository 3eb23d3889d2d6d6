"""The dunning run as mathematics: every overdue item of a company decided at once, in frames.

`decide` says the same as `debitora.dunning.rules.decide` says for one customer; a test holds the two together. In short:

1. An overdue item is *blocked* by the first rule that applies, in the order of the numbers in `Reason`.
2. Items that nothing blocks gather by customer and currency, and by level, order or contact where the policy says so. A group becomes a notice unless its sum is below the
   minimum, credits cover it, sales has to be asked first, or the customer has been touched often enough.
3. The notice asks for its due items, each rising by one level (or repeating it, where a payment crossed the last notice),
   and shows what else is open and which credits count.

Amounts are integers of minor units. The engine reads no clock: `on` is the day it decides for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from debitora.engine.dunning_groups import CONTACT, GROUP, LEVEL, ORDER, first_of, gather
from debitora.engine.dunning_shapes import (
    CUSTOMERS,
    DECISIONS,
    HOLDS,
    ITEMS,
    LINES,
    NOTICES,
    QUESTIONS,
    TOUCHES,
    Decided,
    PolicyNumbers,
    Reason,
    StepNumbers,
)
from debitora.engine.frames import expect


def decide(
    *,
    items: pl.DataFrame,
    customers: pl.DataFrame,
    holds: pl.DataFrame,
    touches: pl.DataFrame,
    policies: Mapping[int, PolicyNumbers],
    on: date,
) -> Decided:
    """Decide every overdue item, and gather what is noticed. Inputs are shaped as ITEMS, CUSTOMERS, HOLDS and TOUCHES.

    The order of the input rows does not matter. Raises WrongFrame, and polars.ComputeError if a customer stands
    twice in `customers`.
    """
    currencies = items["currency"].unique().sort().to_list()
    ledger = expect(items, ITEMS, name="items").with_columns(pl.col("currency").cast(pl.Enum(currencies)))
    in_force = _in_force(expect(holds, HOLDS, name="holds"), on)
    steps = _steps(policies, currencies)
    known = _customers(
        expect(customers, CUSTOMERS, name="customers"),
        in_force,
        _touches(expect(touches, TOUCHES, name="touches"), policies, on),
        policies,
    )
    ahead = max((policy.upcoming_days or 0 for policy in policies.values()), default=0)
    judged = _judge(
        _candidates(ledger, known, on, ahead=ahead),
        in_force,
        steps,
        _kept_apart(policies),
        _too_soon(policies, on),
    ).collect()
    credit_items = _credits(ledger).collect()
    groups = gather(judged, credit_items, steps.collect())
    decisions = _decisions(judged, groups)
    lines = _lines(decisions, groups, credit_items)
    return Decided(
        decisions=_shaped(decisions, DECISIONS),
        notices=_shaped(_notices(groups, lines), NOTICES),
        lines=_shaped(lines, LINES),
        questions=_shaped(_questions(decisions, groups), QUESTIONS),
    )


# ------------------------------------------------------------------------------------------- one item by itself

_CAN_ALSO_BE_OPEN: Final = [
    reason.value for reason in (Reason.GRACE, Reason.GAP, Reason.BELOW_MINIMUM, Reason.LAST_STEP_DONE)
]
_OWN: Final = [
    "item_id",
    "policy_id",
    "level",
    "level_next",
    "days_overdue",
    "open_minor",
    "held_minor",
    "free_minor",
]
_JUDGED: Final = [
    *GROUP,
    *_OWN,
    "blocked",
    "consider_credits",
    "offset_credits",
    "cap",
    "touches",
    "released",
]


def _in_force(holds: pl.LazyFrame, on: date) -> pl.LazyFrame:
    """Holds that bite on the day: the first and the last day are both held."""
    still = pl.col("until_on").is_null() | (pl.col("until_on") >= on)
    return holds.filter((pl.col("from_on") <= on) & still)


def _steps(policies: Mapping[int, PolicyNumbers], currencies: Sequence[str]) -> pl.LazyFrame:
    """One row per policy, level to be reached and currency. Level 0 is the reminder before the due day."""
    rows = [
        (
            policy_id,
            level,
            currency,
            days,
            step.month_end and level > 0,
            policy.grace_days,
            step.way if level else policy.upcoming_way,
            step.min_gap_days,
            step.item_minimum(currency),
            step.notice_minimum(currency),
            1 << level - 1 if level and step.asks_sales else 0,
        )
        for policy_id, policy in policies.items()
        for level, days, step in _ladder(policy)
        for currency in currencies
    ]
    schema: dict[str, type[pl.DataType] | pl.DataType] = {
        "policy_id": pl.Int64,
        "level_next": pl.Int16,
        "currency": pl.Enum(currencies),
        "days_needed": pl.Int32,
        "month_end": pl.Boolean,
        "grace_days": pl.Int32,
        "way": pl.Int16,
        "gap_needed": pl.Int32,
        "item_minimum": pl.Int64,
        "notice_minimum": pl.Int64,
        "asking": pl.Int16,
    }
    return pl.LazyFrame(rows, schema=schema, orient="row")


def _ladder(policy: PolicyNumbers) -> Iterator[tuple[int, int, StepNumbers]]:
    """Level, days after the due day from which it may be reached, and the step whose minimums count."""
    if policy.upcoming_days is not None:
        yield 0, -policy.upcoming_days, policy.steps[0]
    for level, step in enumerate(policy.steps, start=1):
        yield level, step.days_after_due + policy.grace_days, step


def _touches(touches: pl.LazyFrame, policies: Mapping[int, PolicyNumbers], on: date) -> pl.LazyFrame:
    """Per policy with a cap and customer: how often the customer was touched within that policy's window."""
    age = (pl.lit(on) - pl.col("touched_on")).dt.total_days()
    counted = [
        touches.filter(age.is_between(0, policy.contact_cap.days - 1))
        .group_by("customer_id")
        .agg(touches=pl.len().cast(pl.Int32))
        .with_columns(policy_id=pl.lit(policy_id, dtype=pl.Int64))
        for policy_id, policy in policies.items()
        if policy.contact_cap is not None
    ]
    none = pl.LazyFrame(schema={"customer_id": pl.Int64, "touches": pl.Int32, "policy_id": pl.Int64})
    return pl.concat([none, *counted])


def _customers(
    customers: pl.LazyFrame, holds: pl.LazyFrame, touches: pl.LazyFrame, policies: Mapping[int, PolicyNumbers]
) -> pl.LazyFrame:
    """Customers with what their policy, their holds and their touches say about all their items."""
    rows = [
        (
            policy_id,
            len(policy.steps),
            policy.upcoming_days is not None,
            policy.consider_credits,
            policy.consider_credits and policy.offset_credits,
            policy.grouping,
            policy.contact_cap.touches if policy.contact_cap else None,
        )
        for policy_id, policy in policies.items()
    ]
    schema = {
        "policy_id": pl.Int64,
        "last_level": pl.Int16,
        "has_upcoming": pl.Boolean,
        "consider_credits": pl.Boolean,
        "offset_credits": pl.Boolean,
        "grouping": pl.String,
        "cap": pl.Int32,
    }
    held = holds.filter(pl.col("item_id").is_null()).select("customer_id", held_customer=True).unique()
    return (
        customers.join(pl.LazyFrame(rows, schema=schema, orient="row"), on="policy_id", how="left")
        .join(held, on="customer_id", how="left")
        .join(touches, on=["customer_id", "policy_id"], how="left")
    )


def _candidates(ledger: pl.LazyFrame, customers: pl.LazyFrame, on: date, *, ahead: int) -> pl.LazyFrame:
    """Overdue debits, and those due within `ahead` days that may get their one reminder beforehand (`early`)."""
    overdue = pl.col("due_on") < on
    never = (pl.col("level") == 0) & pl.col("last_reminded_on").is_null()
    soon = never & (pl.col("due_on") <= on + timedelta(days=ahead)) if ahead else pl.lit(False)
    repeated = pl.col("crossed") & (pl.col("level") > 0)
    return (
        ledger.filter((pl.col("open_minor") > 0) & (overdue | soon))
        .with_columns(
            early=~overdue,
            days_overdue=(pl.lit(on) - pl.col("due_on")).dt.total_days().cast(pl.Int32),
            days_since=(pl.lit(on) - pl.col("last_reminded_on")).dt.total_days(),
        )
        .join(customers, on="customer_id", how="left", validate="m:1")
        .filter(~pl.col("early") | pl.col("has_upcoming"))
        .with_columns(level_next=(pl.col("level") + (~pl.col("early") & ~repeated).cast(pl.Int16)))
    )


def _judge(
    candidates: pl.LazyFrame, holds: pl.LazyFrame, steps: pl.LazyFrame, kept_apart: pl.Expr, too_soon: pl.Expr
) -> pl.LazyFrame:
    """Adds `part`, `held_minor`, `free_minor` and `blocked`: the reason against the item by itself, null if there is none."""
    all_of_it = pl.col("amount_minor").is_null().any()
    on_items = (
        holds.filter(pl.col("item_id").is_not_null())
        .group_by("item_id")
        .agg(held_item=all_of_it, held_part=pl.col("amount_minor").cast(pl.Int128).sum())
    )
    part = pl.min_horizontal(pl.col("open_minor"), pl.col("held_part").fill_null(0)).cast(pl.Int64)
    whole = pl.col("held_customer").fill_null(False) | pl.col("held_item").fill_null(False)
    return (
        candidates.join(on_items, on="item_id", how="left")
        .join(steps, on=["policy_id", "level_next", "currency"], how="left")
        .with_columns(part=kept_apart, held_minor=pl.when(whole).then("open_minor").otherwise(part))
        .with_columns(free_minor=pl.col("open_minor") - pl.col("held_minor"))
        .with_columns(blocked=_blocked(too_soon))
        .select(*_JUDGED)
    )


def _kept_apart(policies: Mapping[int, PolicyNumbers]) -> pl.Expr:
    """What keeps an item's notice apart from the customer's others in the currency: its level, order or contact, or nothing (0)."""
    used = {policy.grouping for policy in policies.values()}
    part = pl.lit(0, dtype=pl.Int64)
    if not used & {LEVEL, ORDER, CONTACT}:
        return part
    own = (
        pl.when(pl.col("grouping") == LEVEL)
        .then(pl.col("level_next").cast(pl.Int64))
        .when(pl.col("grouping") == ORDER)
        .then(pl.col("order_item").fill_null(0))
        .when(pl.col("grouping") == CONTACT)
        .then(pl.col("contact_item").fill_null(0))
        .otherwise(part)
    )
    return pl.when("early").then(part).otherwise(own)


def _too_soon(policies: Mapping[int, PolicyNumbers], on: date) -> pl.Expr:
    """Whether the day of the step has not come: so many days after the due day, or the end of the month they lie in."""
    days = pl.col("days_overdue") < pl.col("days_needed")
    if not any(step.month_end for policy in policies.values() for step in policy.steps):
        return days
    counted = pl.duration(days=pl.col("days_needed") - pl.col("grace_days"))
    reached = (pl.col("due_on") + counted).dt.month_end() + pl.duration(days=pl.col("grace_days"))
    return pl.when("month_end").then(reached > pl.lit(on)).otherwise(days)


def _blocked(too_soon: pl.Expr) -> pl.Expr:
    """The first rule that applies, in the order of the reasons' numbers."""
    item_minimum = pl.col("item_minimum")
    rules: list[tuple[Reason, pl.Expr]] = [
        (Reason.LIST_BEHIND, pl.col("list_behind")),
        (Reason.PARKED, pl.col("parked")),
        (Reason.HELD_CUSTOMER, pl.col("held_customer")),
        (Reason.HELD_ITEM, pl.col("free_minor") <= 0),
        (Reason.NO_STRATEGY, pl.col("last_level").is_null()),
        (Reason.PENDING_NOTICE, pl.col("pending")),
        (Reason.LAST_STEP_DONE, pl.col("level_next") > pl.col("last_level")),
        (Reason.PAUSED, (pl.col("paused") & pl.col("way")) != 0),
        (Reason.GRACE, too_soon),
        (Reason.GAP, pl.col("days_since") < pl.col("gap_needed")),
        (Reason.HELD_AMOUNT, (pl.col("free_minor") < item_minimum) & (pl.col("open_minor") >= item_minimum)),
        (Reason.BELOW_MINIMUM, pl.col("free_minor") < item_minimum),
    ]
    return first_of(rules)


# ------------------------------------------------------------------------------- what one notice would gather


def _credits(ledger: pl.LazyFrame) -> pl.LazyFrame:
    return ledger.filter(pl.col("open_minor") < 0).select(
        "item_id", "customer_id", "currency", "level", "open_minor"
    )


# --------------------------------------------------------------------------------------------------- the answer


def _decisions(judged: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """The final reason of every item. An early item that is not reminded is no decision at all."""
    outcome = groups.lazy().select(*GROUP, "refused", gathered=True)
    early = pl.col("early")
    noticed = pl.when(early).then(Reason.UPCOMING.value).otherwise(Reason.NOTICE.value).cast(pl.Int16)
    reason = pl.coalesce("blocked", "refused", noticed)
    return (
        judged.lazy()
        .join(outcome, on=GROUP, how="left")
        .with_columns(reason=reason, notice=reason.is_in([Reason.NOTICE.value, Reason.UPCOMING.value]))
        .filter(~early | (pl.col("notice") & pl.col("gathered")))
        .with_columns(level_to=pl.when("notice").then("level_next").otherwise("level"))
        .rename({"level": "level_before"})
        .select(*DECISIONS, "early", "part", "free_minor")
        .sort("item_id")
        .collect()
    )


def _lines(decisions: pl.DataFrame, groups: pl.DataFrame, credit_items: pl.DataFrame) -> pl.DataFrame:
    """What stands on the notices: due or upcoming items, what is also open beside due ones, and counted credits."""
    pair = ["customer_id", "currency"]
    carriers = groups.filter(pl.col("refused").is_null() & pl.col("carries"))
    parts = [*pair, "part"]
    asked = decisions.filter("notice").with_columns(
        kind=pl.when("early").then(pl.lit("upcoming")).otherwise(pl.lit("due"))
    )
    beside = (
        decisions.filter(pl.col("reason").is_in(_CAN_ALSO_BE_OPEN))
        .drop("part")
        .join(carriers.filter(~pl.col("early")).select(parts), on=pair)
        .with_columns(kind=pl.lit("also_open"))
    )
    shown = credit_items.join(carriers.filter("consider_credits").select(parts), on=pair)
    open_debits = pl.concat([asked, beside], how="diagonal").select(
        "item_id", *parts, "kind", "level_to", level_from="level_before", open_minor="free_minor"
    )
    credit_lines = shown.with_columns(kind=pl.lit("credit"), level_from="level", level_to="level")
    return pl.concat([open_debits.select(*LINES), credit_lines.select(*LINES)]).sort("item_id")


def _notices(groups: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    also_open = (
        lines.filter(pl.col("kind") == "also_open")
        .group_by("customer_id", "currency", "part")
        .agg(also_open_minor=pl.col("open_minor").cast(pl.Int128).sum().cast(pl.Int64))
    )
    return (
        groups.filter(pl.col("refused").is_null())
        .join(also_open, on=["customer_id", "currency", "part"], how="left")
        .with_columns(
            pl.col("also_open_minor").fill_null(0), total_minor=pl.col("due_minor") + pl.col("credit_minor")
        )
        .rename({"level_next": "level"})
        .sort("customer_id", "currency", "part")
    )


def _questions(decisions: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """What waits for sales, once for each customer and level, whatever the currency."""
    waiting = groups.filter(pl.col("refused") == Reason.SALES_ASKED.value).select(*GROUP, level="level_next")
    return (
        decisions.filter(pl.col("reason") == Reason.SALES_ASKED.value)
        .join(waiting, on=GROUP)
        .sort("customer_id", "level", "item_id")
        .group_by("customer_id", "level", maintain_order=True)
        .agg(pl.col("policy_id").first(), items="item_id")
    )


def _shaped(frame: pl.DataFrame, schema: Mapping[str, type[pl.DataType] | pl.DataType]) -> pl.DataFrame:
    return frame.select(pl.col(column).cast(kind) for column, kind in schema.items())
