"""The reference rates of a company: the tables that are shipped with what the company added, and what they make computable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl
from django.db.models import F, QuerySet

from debitora.dunning.models import Rate, RateWithdrawal
from debitora.dunning.queries.assignments import assignments, traits
from debitora.dunning.queries.strategies import StrategyRow, strategies
from debitora.dunning.rules.policy import Interest, Policy
from debitora.dunning.rules.rates import Doubted, counts_until, doubts, ends_soon
from debitora.engine.assignment import assign
from debitora.kit.pg.bulk import rows
from debitora.values.rates import BeforeTable, NotYetKnown, RateStep, RateTable, merged, shipped
from debitora.values.statutes import InterestLaw, NoStatutoryRate, interest_law, statutory_periods

Tables = Mapping[str, RateTable]
SHOWN: Final = 4
"""So many steps of a table stand open on its page; earlier ones unfold."""
MOST: Final = 500
"""So many added rates are listed as withdrawn or in force, the newest first."""


@dataclass(frozen=True, slots=True)
class AddedRate:
    """A rate that the company added. `withdrawn_at` is None where it is in force."""

    id: int
    table: str
    step: RateStep
    added_at: datetime
    added_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Using:
    """A strategy whose law follows a table. claims: whether it claims that interest; known: whether the rate of the day is."""

    strategy: int
    name: str
    claims: bool
    known: bool


@dataclass(frozen=True, slots=True)
class TableCard:
    """A table as its page shows it: the newest step first, each with the row that added it where one did.

    counts_until: the last day whose interest it gives, which may lie after the last day that is known.
    """

    key: str
    known_to: date
    counts_until: date
    has_ended: bool
    ends_soon: bool
    steps: tuple[tuple[RateStep, AddedRate | None], ...]
    using: tuple[Using, ...]

    @property
    def earlier(self) -> int:
        """How many steps stand behind the first SHOWN."""
        return len(self.steps) - SHOWN


@dataclass(frozen=True, slots=True)
class Computable:
    """What an added rate lets be reckoned: strategies whose rate of the day becomes known, and what is overdue under them."""

    strategies: tuple[Using, ...]
    items: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What speaks against a rate that is typed, and what it would make computable; None where it is refused."""

    doubts: tuple[Doubted, ...]
    computable: Computable | None


def rate_tables() -> Tables:
    """The tables that count for the company: those that are shipped, with its own rows."""
    added = _steps(_standing())
    return merged(added) if added else shipped()


def rate_cards(*, on: date) -> list[TableCard]:
    """All tables with where each rate comes from, and the strategies that follow them."""
    tables = rate_tables()
    rows_of = {
        (one.table, one.step.valid_from): one for one in reversed(added_rates()) if not one.withdrawn_at
    }
    named = strategies()
    return [
        TableCard(
            key=key,
            known_to=table.known_to,
            counts_until=counts_until(table),
            has_ended=counts_until(table) < on,
            ends_soon=ends_soon(table, on=on),
            steps=tuple(
                (step, _origin(step, rows_of.get((key, step.valid_from)))) for step in reversed(table.steps)
            ),
            using=_using(named, key, tables, on),
        )
        for key, table in tables.items()
    ]


def added_rates() -> list[AddedRate]:
    """The rates that the company added, the newest first, whatever became of them."""
    found = list(Rate.objects.order_by("-id")[:MOST])
    ended = RateWithdrawal.objects.filter(rate_id__in=[row.id for row in found])
    by_rate = {one.rate_id: one for one in ended.annotate(text=F("wording__text")).order_by("id")}
    return [_added(row, by_rate.get(row.id)) for row in found]


def rate_tried(*, table: str, step: RateStep, on: date) -> Tried:
    """Look at a rate without adding it."""
    before = rate_tables()
    found = doubts(table, step, tables=before, on=on)
    if any(one.refused for one in found):
        return Tried(found, None)
    after = {**before, table: before[table].with_later([step])}
    return Tried(found, computable(before=before, after=after, on=on))


def computable(*, before: Tables, after: Tables, on: date) -> Computable:
    """What can be reckoned on the day with the later tables and not with the earlier."""
    named = [
        row for row in strategies() if not _known(row.policy, before, on) and _known(row.policy, after, on)
    ]
    using = tuple(_as_using(row, after, on) for row in named)
    return Computable(using, _overdue({one.strategy for one in using}, on))


def ending(*, on: date) -> list[str]:
    """The tables that a strategy in use claims interest by and whose knowledge ends soon, or has ended."""
    tables = rate_tables()
    keys = {
        law.reference
        for row in strategies()
        if row.used and row.policy.claims.interest is Interest.STATUTORY and (law := _law(row.policy, on))
    }
    return [key for key, table in tables.items() if key in keys and ends_soon(table, on=on)]


def _standing() -> QuerySet[Rate]:
    withdrawn = RateWithdrawal.objects.values("rate_id")
    return Rate.objects.exclude(id__in=withdrawn).order_by("id")


def _steps(found: QuerySet[Rate]) -> dict[str, list[RateStep]]:
    """By table; of rows that begin on one day the later comes later, and so goes before the earlier."""
    steps: dict[str, list[RateStep]] = {}
    for row in found:
        steps.setdefault(row.table_key, []).append(_step(row))
    return steps


def _step(row: Rate) -> RateStep:
    return RateStep(row.valid_from, row.bp, row.known_to, row.source, row.checked_on)


def _added(row: Rate, ended: RateWithdrawal | None) -> AddedRate:
    return AddedRate(
        id=row.id,
        table=row.table_key,
        step=_step(row),
        added_at=row.added_at,
        added_by=row.added_by_label,
        withdrawn_at=ended.withdrawn_at if ended else None,
        withdrawn_by=ended.withdrawn_by_label if ended else "",
        reason=(getattr(ended, "text", None) or "") if ended else "",
    )


def _origin(step: RateStep, added: AddedRate | None) -> AddedRate | None:
    return added if added and added.step.source == step.source and added.step.bp == step.bp else None


def _using(named: Sequence[StrategyRow], key: str, tables: Tables, on: date) -> tuple[Using, ...]:
    found = [row for row in named if (law := _law(row.policy, on)) and law.reference == key]
    return tuple(_as_using(row, tables, on) for row in found)


def _as_using(row: StrategyRow, tables: Tables, on: date) -> Using:
    claims = row.policy.claims.interest is Interest.STATUTORY
    return Using(row.id, row.name, claims, _known(row.policy, tables, on))


def _law(policy: Policy, on: date) -> InterestLaw | None:
    try:
        return interest_law(policy.country, policy.debtor.value, arisen_on=on)
    except NoStatutoryRate:
        return None


def _known(policy: Policy, tables: Tables, on: date) -> bool:
    """Whether the law's rate of the day is known for the policy."""
    law = _law(policy, on)
    if law is None:
        return False
    try:
        return bool(statutory_periods(law, tables, start=on, end=on + timedelta(days=1)))
    except (BeforeTable, NotYetKnown):
        return False


def _overdue(named: Collection[int], on: date) -> int:
    """Overdue debits of the customers who get one of the strategies today."""
    if not named:
        return 0
    rules = assignments()
    given = assign(traits(), own=rules.own, segments=rules.segments, company=rules.company)
    customers = given.filter(pl.col("strategy_id").is_in(list(named)))["customer_id"].to_list()
    found = rows(
        """select count(*) as items from receivables_itemstate
           where open_minor <> 0 and open_minor > 0 and due_on < %(on)s and customer_id = any(%(customers)s)""",
        on=on,
        customers=customers,
    )
    return int(found[0]["items"])
