"""Who would get what today if a strategy said something else. Reads, decides twice, writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from debitora.dunning.queries.candidates import Candidates, candidates
from debitora.dunning.queries.claims import claims_of_run
from debitora.dunning.queries.strategies import StrategyRow
from debitora.dunning.rules.policy import Policy, amount_in
from debitora.dunning.rules.reasons import Reason
from debitora.engine.dunning_difference import counted, differences, summed
from debitora.engine.dunning_shapes import Decided
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.values.money import Money

SHOWN: Final = 50
"""How many customers that differ are listed."""
_TYPED: Final = 0
"""The key of a policy that is no version yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer gets: a notice of a level and sum, or none; `reason` is the code of the first item that differs."""

    level: int | None
    total: Money | None
    reason: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A customer in one currency who is treated differently; `items` of hers are decided differently."""

    customer: int
    number: str
    name: str
    items: int
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Preview:
    """Today by the present version and by what was typed: (what, before, after) each. Decisions count items.

    `sums` are what notices ask for without `claims`: fees, interest and lump sums. `in_use`: whether anybody has the strategy. If not, it is tried on all customers of its kind, in place of theirs.
    """

    on: date
    in_use: bool
    customers: int
    reasons: tuple[tuple[str, int, int], ...]
    levels: tuple[tuple[int, int, int], ...]
    sums: tuple[tuple[Money, Money], ...]
    claims: tuple[tuple[Money, Money], ...]
    differing: int
    rows: tuple[Differing, ...]


def preview(*, company: Company, row: StrategyRow | None, policy: Policy, on: date) -> Preview:
    """Decide the items of day `on` by the strategy's present version and by the typed policy. `row` None = a new one."""
    known = candidates(on=on, time_zone=company.time_zone, beside=(policy,))
    in_use = row is not None and row.version_id in known.policies
    customer = pl.col("policy_id") == row.version_id if row and in_use else _of_kind(policy)
    found = _narrowed(known, customer)
    tried = replace(
        found,
        customers=found.customers.with_columns(policy_id=pl.lit(_TYPED, pl.Int64)),
        policies={_TYPED: policy},
    )
    before, after = found.decided(on=on), tried.decided(on=on)
    told = differences(before, after)
    return Preview(
        on=on,
        in_use=in_use,
        customers=found.customers.height,
        reasons=tuple(
            (Reason(reason).code, old, new)
            for reason, old, new in counted(before.decisions, after.decisions, "reason")
        ),
        levels=tuple(counted(before.notices, after.notices, "level")),
        sums=tuple(
            (Money(old, currency), Money(new, currency))
            for currency, old, new in summed(before.notices, after.notices)
        ),
        claims=_claims(_claimed(company, before, found, on), _claimed(company, after, tried, on)),
        differing=told["customer_id"].n_unique(),
        rows=_first(told),
    )


def _claimed(company: Company, decided: Decided, found: Candidates, on: date) -> Counter[str]:
    """What the notices would claim beside their items: minor units by currency."""
    parts = ["customer_id", "currency", "part"]
    beside = claims_of_run(company=company, decided=decided, found=found, on=on)
    lines = decided.lines.select("item_id", "currency").unique("item_id").join(beside, on="item_id")
    told = Counter[str]()
    for currency, minor in lines.select(
        "currency", pl.col("interest_minor") + pl.col("lump_sum_minor")
    ).iter_rows():
        told[currency] += minor
    for policy, level, currency, count in (
        decided.notices.unique(parts).group_by("policy_id", "level", "currency").len().iter_rows()
    ):
        told[currency] += count * (
            amount_in(found.policies[policy].step(level).fee, currency) if level else 0
        )
    return told


def _claims(before: Counter[str], after: Counter[str]) -> tuple[tuple[Money, Money], ...]:
    return tuple(
        (Money(before[currency], currency), Money(after[currency], currency))
        for currency in sorted(set(+before) | set(+after))
    )


def _of_kind(policy: Policy) -> pl.Expr:
    business = pl.col("kind") == "business"
    return business if policy.debtor == "business" else ~business


def _narrowed(known: Candidates, of: pl.Expr) -> Candidates:
    """Only the customers concerned: nothing that is decided about one depends on another."""
    customers = known.customers.filter(of)
    ids = customers.select("customer_id")
    return replace(
        known,
        customers=customers,
        items=known.items.join(ids, on="customer_id", how="semi"),
        holds=known.holds.join(ids, on="customer_id", how="semi"),
        touches=known.touches.join(ids, on="customer_id", how="semi"),
    )


def _first(told: pl.DataFrame) -> tuple[Differing, ...]:
    ids = told["customer_id"].unique(maintain_order=True).head(SHOWN)
    customers = Customer.objects.select_related("party").in_bulk(ids.to_list())
    shown = told.filter(pl.col("customer_id").is_in(ids.implode()))
    return tuple(
        _differing(customers[one["customer_id"]], one)
        for one in shown.iter_rows(named=True)
        if one["customer_id"] in customers
    )


def _differing(customer: Customer, one: Mapping[str, int | str | None]) -> Differing:
    return Differing(
        customer=customer.id,
        number=customer.number,
        name=customer.party.name,
        items=int(one["items"] or 0),
        before=_answer(one, "before"),
        after=_answer(one, "after"),
    )


def _answer(one: Mapping[str, int | str | None], side: str) -> Answer:
    level, total, reason = one[f"level_{side}"], one[f"total_{side}"], one[f"reason_{side}"]
    return Answer(
        level=None if level is None else int(level),
        total=None if total is None else Money(int(total), str(one["currency"])),
        reason="" if reason is None else Reason(int(reason)).code,
    )
