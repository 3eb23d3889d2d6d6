"""What notices may claim beside their items: read for many lines at once, and told by `engine.claims`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from debitora.dunning.queries.candidates import Candidates
from debitora.dunning.queries.claim_debts import DUE, claimable_debts, due_items
from debitora.dunning.queries.contents import Claimable, Content
from debitora.dunning.queries.rates import rate_tables
from debitora.dunning.queries.strategies import policies
from debitora.dunning.rules.default import is_free_reminder_asked
from debitora.dunning.rules.policy import Channel, DebtorKind, Interest, Policy
from debitora.engine.claims import CLAIMED, DEBTS, Terms, claimed
from debitora.engine.dunning_shapes import Decided
from debitora.people.models import Company
from debitora.values.days import next_working_day
from debitora.values.rates import NotYetKnown, RateTable
from debitora.values.statutes import (
    InterestLaw,
    NoStatutoryRate,
    RatePeriod,
    agreed_periods,
    half_year,
    interest_law,
    next_half_year,
    statutory_periods,
)

_LINES: Final = {
    "item_id": pl.Int64,
    "policy_id": pl.Int64,
    "asks_interest": pl.Boolean,
    "asks_lump_sum": pl.Boolean,
}
CURRENCY: Final = "EUR"
"""The lump sum of the directive is one of euros; in another currency none is claimed."""
Rates = dict[int, Sequence[RatePeriod]]


def claims_of_run(*, company: Company, decided: Decided, found: Candidates, on: date) -> pl.DataFrame:
    """What the notices of a run claim with each of their lines, shaped as CLAIMED; lines that claim nothing are left out.

    `found`: what was decided on. A run whose strategies claim nothing costs nothing. Of an item that is held in part no interest is claimed.
    """
    steps = pl.DataFrame(list(_asking(found.policies)), schema=_STEPS, orient="row")
    if steps.is_empty():
        return pl.DataFrame(schema=dict(CLAIMED))
    parts = ["customer_id", "currency", "part"]
    held = decided.decisions.select("item_id", whole=pl.col("held_minor") == 0)
    lines = (
        decided.lines.filter(pl.col("kind") == "due")
        .join(decided.notices.select(*parts, "policy_id", "level"), on=parts)
        .join(steps, on=["policy_id", "level"])
        .join(held, on="item_id")
        .select(
            "item_id",
            "policy_id",
            asks_interest=pl.col("asks_interest") & pl.col("whole"),
            asks_lump_sum=pl.col("asks_lump_sum") & (pl.col("currency") == CURRENCY),
        )
    )
    due = found.items.select(list(DUE))
    told = _claimed(company, lines, due, found.policies, on)
    return told.filter((pl.col("interest_minor") > 0) | (pl.col("lump_sum_minor") > 0))


def with_claimable(*, company: Company, contents: Mapping[int, Content]) -> dict[int, Content]:
    """The contents with what notices may claim by what is known now, on the day of their run. Those that claim nothing stay as they are."""
    claiming = [one for one in contents.values() if one.facts.claims_minor]
    if not claiming:
        return dict(contents)
    known = policies({one.facts.strategy_version for one in claiming})
    now: dict[int, Claimable] = {}
    for on in sorted({one.facts.as_of for one in claiming}):
        lines = [line for one in claiming if one.facts.as_of == on for line in _asked_again(one)]
        asked = pl.DataFrame(lines, schema=_LINES, orient="row")
        told = _claimed(company, asked, due_items(items=asked["item_id"].to_list()), known, on)
        now |= {item: Claimable(*facts) for item, *facts in told.iter_rows()}
    return {notice: _with_claimable(one, now) for notice, one in contents.items()}


def _with_claimable(content: Content, now: Mapping[int, Claimable]) -> Content:
    if not content.facts.claims_minor:
        return content
    own = {line.item: now[line.item] for line in content.facts.lines if line.item in now}
    return replace(content, claimable=own)


def _asked_again(content: Content) -> Iterable[tuple[int, int, bool, bool]]:
    for line in content.facts.lines:
        if line.kind == "due":
            asks = (line.interest_minor > 0, line.lump_sum_minor > 0)
            yield line.item, content.facts.strategy_version, *asks


_STEPS: Final = {
    "policy_id": pl.Int64,
    "level": pl.Int16,
    "asks_interest": pl.Boolean,
    "asks_lump_sum": pl.Boolean,
}


def _asking(known: Mapping[int, Policy]) -> Iterable[tuple[int, int, bool, bool]]:
    """The steps that ask for interest or lump sums."""
    for key, policy in known.items():
        bears = policy.claims.interest is not Interest.NONE
        lump_sum = policy.claims.lump_sum and policy.debtor is DebtorKind.BUSINESS
        for level, step in enumerate(policy.steps, start=1):
            asks = (step.claim_interest and bears, step.claim_lump_sum and lump_sum)
            if any(asks) and step.channel is not Channel.CALL:
                yield key, level, *asks


def _claimed(
    company: Company, lines: pl.DataFrame, due: pl.DataFrame, known: Mapping[int, Policy], on: date
) -> pl.DataFrame:
    """What lines (_LINES) claim by what is known of their items (`due`, shaped as DUE)."""
    free = [
        key for key, policy in known.items() if is_free_reminder_asked(policy.country, policy.debtor.value)
    ]
    asked = lines.unique("item_id", keep="first").sort("item_id")
    items = asked.join(due, on="item_id", maintain_order="left")
    found = claimable_debts(items=items.select(*DUE, free=pl.col("policy_id").is_in(free)))
    rated, rates = _rated(asked.join(found.debts, on="item_id"), known, on)
    whole = rated.with_columns(
        rates=pl.when("asks_interest").then("rates"), lump_sum=pl.col("asks_lump_sum")
    ).rename({"policy_id": "terms"})
    return claimed(
        whole.select(list(DEBTS)),
        found.payments,
        terms={key: _terms(policy) for key, policy in known.items()},
        rates=rates,
        working=lambda day: next_working_day(day, company.country),
        on=on,
    )


def _terms(policy: Policy) -> Terms:
    stated = policy.claims
    return Terms(
        country=policy.country,
        kind=policy.debtor.value,
        agreed=stated.due_date_agreed,
        told=stated.invoice_told_default,
        day_count=stated.day_count,
    )


def _rated(debts: pl.DataFrame, known: Mapping[int, Policy], on: date) -> tuple[pl.DataFrame, Rates]:
    """The debts with the key of their rates and the first day of these; both null where a rate is not known until the day."""
    arisen = debts.with_columns(arisen_on=pl.coalesce("issued_on", "due_on"))
    tables, rates = rate_tables(), Rates()
    keys: dict[InterestLaw | int | None, int] = {}
    rows = []
    for policy_id, day in (
        arisen.select("policy_id", "arisen_on").unique().sort("policy_id", "arisen_on").iter_rows()
    ):
        law = _law(known[policy_id], day)
        if law not in keys:
            keys[law] = len(keys)
            rates[keys[law]] = _periods(law, tables, on)
        periods = rates[keys[law]]
        if periods:
            rows.append((policy_id, day, keys[law], periods[0].from_on))
    schema = {"policy_id": pl.Int64, "arisen_on": pl.Date, "rates": pl.Int64, "rated_from": pl.Date}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return arisen.join(found, on=["policy_id", "arisen_on"], how="left"), rates


def _law(policy: Policy, arisen_on: date) -> InterestLaw | int | None:
    """The law of the interest, the basis points that were agreed, or None: no interest is claimed."""
    stated = policy.claims
    if stated.interest is Interest.AGREED:
        return stated.agreed_bp
    if stated.interest is Interest.NONE:
        return None
    try:
        return interest_law(policy.country, policy.debtor.value, arisen_on=arisen_on)
    except NoStatutoryRate:
        return None


_AGES_AGO: Final = date(1990, 1, 1)


def _periods(
    law: InterestLaw | int | None, tables: Mapping[str, RateTable], on: date
) -> tuple[RatePeriod, ...]:
    """The rates from the first that is known until the day; none where they end before it."""
    if law is None:
        return ()
    if isinstance(law, int):
        return agreed_periods(law, start=_AGES_AGO, end=on, source="")
    start = _AGES_AGO
    if law.reference:
        start = _unbroken_from(tables[law.reference])
        if law.half_yearly and half_year(start) != start:
            start = next_half_year(start)
    try:
        return statutory_periods(law, tables, start=start, end=on)
    except NotYetKnown:
        return ()


def _unbroken_from(table: RateTable) -> date:
    """The first day from which the table knows every day up to its end."""
    start = table.steps[-1].valid_from
    for before in reversed(table.steps[:-1]):
        if before.known_to + timedelta(days=1) < start:
            break
        start = before.valid_from
    return start
