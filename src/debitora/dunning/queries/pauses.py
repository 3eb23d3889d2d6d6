"""Pauses of groups of customers: which are in force, whom they stop, and what that comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from debitora.dunning.models import Pause as PauseRow
from debitora.dunning.models import PauseLift
from debitora.dunning.queries.assignments import traits
from debitora.dunning.rules.assignment import Segment, Traits
from debitora.dunning.rules.facts import Pause
from debitora.dunning.rules.pauses import GroupPause, in_force, meant_for
from debitora.dunning.rules.ways import stopped_bits
from debitora.engine.assignment import assign
from debitora.kit.pg.bulk import rows


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a pause would stop: customers of the group, and what of theirs is overdue. Sums in minor units by currency."""

    customers: int
    items: int
    sums: Mapping[str, int]


def standing_pauses(*, ends_from: date) -> tuple[GroupPause, ...]:
    """The pauses that were not lifted and do not end before the day."""
    lifted = PauseLift.objects.values("pause_id")
    found = PauseRow.objects.filter(until_on__gte=ends_from).exclude(id__in=lifted).order_by("id")
    return tuple(GroupPause(_group(row), _span(row)) for row in found)


def stopped_ways(*, on: date, customer: int | None = None) -> pl.DataFrame:
    """The customers, of all or of one, whom pauses in force on the day leave without some way: `customer_id`, `paused`.

    `paused` as the engine reads it: a bit for each channel of a step that is stopped.
    """
    spans, caught = _biting(on, customer=customer)
    meant = caught.group_by("customer_id", maintain_order=True).agg(pl.col("place").sort())
    bits = [stopped_bits(spans[place] for place in places) for places in meant["place"].to_list()]
    stopped = pl.Series("paused", bits, pl.Int16)
    return meant.select("customer_id", stopped).filter(pl.col("paused") != 0)


def pauses_among(*, customers: Collection[int], on: date) -> dict[int, tuple[Pause, ...]]:
    """The pauses in force on the day for those of the customers for whom there are any."""
    spans, caught = _biting(on, among=customers)
    found: dict[int, tuple[Pause, ...]] = {}
    for customer, place in caught.sort("customer_id", "place").iter_rows():
        found[customer] = (*found.get(customer, ()), spans[place])
    return found


def pauses_of(*, customer: int, on: date) -> tuple[Pause, ...]:
    """The pauses that are meant for a customer and do not end before the day."""
    standing = standing_pauses(ends_from=on)
    if not standing:
        return ()
    row = traits(customer=customer).row(0, named=True)
    return meant_for(standing, Traits(row["kind"], row["country"], row["language"], row["salesperson_id"]))


def reach(*, group: Segment, on: date) -> Reach:
    """What a pause of the group would stop as things stand today."""
    customers = _caught([group]).to_list()
    found = rows(
        """select currency, count(*) as items, sum(open_minor)::numeric(38) as total
           from receivables_itemstate
           where open_minor <> 0 and open_minor > 0 and due_on < %(on)s and customer_id = any(%(customers)s)
           group by currency order by currency""",
        on=on,
        customers=customers,
    )
    sums = {row["currency"]: int(row["total"]) for row in found}
    return Reach(len(customers), sum(int(row["items"]) for row in found), sums)


def _biting(
    on: date, *, customer: int | None = None, among: Collection[int] | None = None
) -> tuple[list[Pause], pl.DataFrame]:
    """The pauses in force, oldest first, and for whom each is meant: `customer_id` and its `place` among them."""
    standing = in_force(standing_pauses(ends_from=on), on=on)
    shape = {"customer_id": pl.Int64, "place": pl.Int64}
    caught = [
        _caught([one.group], customer=customer, among=among)
        .to_frame()
        .with_columns(place=pl.lit(place, dtype=pl.Int64))
        for place, one in enumerate(standing)
    ]
    return [one.span for one in standing], pl.concat([pl.DataFrame(schema=shape), *caught])


def _caught(
    groups: Sequence[Segment], *, customer: int | None = None, among: Collection[int] | None = None
) -> pl.Series:
    """The customers, of all, of one or of some, who fit any of the groups."""
    if not groups:
        return pl.Series("customer_id", [], pl.Int64)
    given = assign(traits(customer=customer, among=among), own={}, segments=groups, company={})
    return given.filter(pl.col("segment_id").is_not_null())["customer_id"]


def _group(row: PauseRow) -> Segment:
    attributes: dict[str, Any] = {"kind": row.kind, "country": row.country, "language": row.language}
    return Segment(id=row.id, strategy=0, **attributes, salesperson=row.salesperson_id)


def _span(row: PauseRow) -> Pause:
    return Pause(row.from_on, row.until_on, row.instead, row.channel)
