"""Pauses of groups of customers: which there are, whom they stop, and what that comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from debitora.dunning.models import Pause as PauseRow
from debitora.dunning.models import PauseLift
from debitora.dunning.queries.assignments import traits
from debitora.dunning.rules.assignment import Segment, Traits
from debitora.dunning.rules.facts import Pause
from debitora.dunning.rules.pauses import GroupPause, in_force, meant_for
from debitora.engine.assignment import assign
from debitora.kit.pg.bulk import rows

SHOWN: Final = 100
"""So many pauses are listed, the newest first."""


@dataclass(frozen=True, slots=True)
class ListedPause:
    """A pause as its list shows it. `lifted_at` is None where it runs, or ran, to its end."""

    id: int
    group: Segment
    span: Pause
    reason: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None
    lifted_by: str

    def state(self, *, on: date) -> str:
        """lifted, ended, coming or running."""
        if self.lifted_at is not None:
            return "lifted"
        if self.span.until_on < on:
            return "ended"
        return "running" if self.span.from_on <= on else "coming"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a pause would stop: customers of the group, and what of theirs is overdue. Sums in minor units by currency."""

    customers: int
    items: int
    sums: Mapping[str, int]


def pauses() -> list[ListedPause]:
    """The newest pauses, whatever became of them."""
    found = list(PauseRow.objects.select_related("wording").order_by("-id")[:SHOWN])
    lifts = {one.pause_id: one for one in PauseLift.objects.filter(pause_id__in=[row.id for row in found])}
    return [_listed(row, lifts.get(row.id)) for row in found]


def standing_pauses(*, ends_from: date) -> tuple[GroupPause, ...]:
    """The pauses that were not lifted and do not end before the day."""
    lifted = PauseLift.objects.values("pause_id")
    found = PauseRow.objects.filter(until_on__gte=ends_from).exclude(id__in=lifted).order_by("id")
    return tuple(GroupPause(_group(row), _span(row)) for row in found)


def paused_customers(*, on: date, customer: int | None = None) -> pl.Series:
    """The customers, of all or of one, for whom a pause is in force on the day."""
    return _caught(_groups_in_force(on), customer=customer)


def paused_among(*, customers: Collection[int], on: date) -> frozenset[int]:
    """Those of the customers for whom a pause is in force on the day."""
    return frozenset(_caught(_groups_in_force(on), among=customers).to_list())


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


def _groups_in_force(on: date) -> list[Segment]:
    return [one.group for one in in_force(standing_pauses(ends_from=on), on=on)]


def _caught(
    groups: Sequence[Segment], *, customer: int | None = None, among: Collection[int] | None = None
) -> pl.Series:
    """The customers, of all, of one or of some, who fit any of the groups."""
    if not groups:
        return pl.Series("customer_id", [], pl.Int64)
    given = assign(traits(customer=customer, among=among), own={}, segments=groups, company={})
    return given.filter(pl.col("segment_id").is_not_null())["customer_id"]


def _listed(row: PauseRow, lift: PauseLift | None) -> ListedPause:
    return ListedPause(
        id=row.id,
        group=_group(row),
        span=_span(row),
        reason=row.wording.text,
        placed_at=row.placed_at,
        placed_by=row.placed_by_label,
        lifted_at=lift.lifted_at if lift else None,
        lifted_by=lift.lifted_by_label if lift else "",
    )


def _group(row: PauseRow) -> Segment:
    attributes: dict[str, Any] = {"kind": row.kind, "country": row.country, "language": row.language}
    return Segment(id=row.id, strategy=0, **attributes, salesperson=row.salesperson_id)


def _span(row: PauseRow) -> Pause:
    return Pause(row.from_on, row.until_on, row.instead)
