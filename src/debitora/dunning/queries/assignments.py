"""Who gets which strategy: the rules of a company, whom each catches today, and what gave one customer hers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from debitora.dunning.models import Assignment, OwnStrategy
from debitora.dunning.models import Segment as SegmentRow
from debitora.dunning.rules.assignment import Assignments, Given, Segment, Traits, given, never_asked
from debitora.engine.assignment import TRAITS, assign, fitting
from debitora.kit.pg.bulk import frame

SHOWN: Final = 50
"""How many customers with a strategy of their own a page lists."""
_TRAITS: Final = """
    select c.id, c.kind, coalesce(nullif(p.country, ''), o.country), nullif(c.language, ''), c.salesperson_id
    from receivables_customer c
    join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
    join people_company o on o.id = c.company_id
    where (%(customer)s::bigint is null or c.id = %(customer)s)
      and (%(among)s::bigint[] is null or c.id = any(%(among)s))"""
_WITH_OPEN: Final = "select distinct customer_id from receivables_itemstate where open_minor <> 0"


@dataclass(frozen=True, slots=True)
class Catch:
    """How many customers a rule catches, and how many of them have something open."""

    customers: int = 0
    with_open: int = 0


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with whom it catches today. `fits`: customers with its attributes, whoever catches them.

    `behind` is the place of an earlier rule that leaves nobody to this one; None = there is none.
    """

    segment: Segment
    place: int
    caught: Catch
    fits: int
    behind: int | None

    @property
    def taken(self) -> int:
        """Customers that fit and are caught by something that goes before."""
        return self.fits - self.caught.customers


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A customer with a strategy of her own."""

    customer: int
    number: str
    name: str
    strategy: int
    chosen_at: datetime
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that says who gets which strategy; the catches add up to `customers`."""

    customers: int
    own: Catch
    rules: tuple[RuleRow, ...]
    company: Mapping[str, Catch]
    """By kind of customer."""
    nobody: Catch


def assignments() -> Assignments:
    """What the company says now."""
    return Assignments(
        own=dict(OwnStrategy.objects.values_list("customer_id", "strategy_id")),
        segments=segments(),
        company=dict(Assignment.objects.values_list("customer_kind", "strategy_id")),
    )


def segments() -> tuple[Segment, ...]:
    """The rules in the order in which they are asked."""
    return tuple(
        Segment(
            id=row.id,
            strategy=row.strategy_id,
            kind=row.kind,
            country=row.country,
            language=row.language,
            salesperson=row.salesperson_id,
        )
        for row in SegmentRow.objects.order_by("place")
    )


def traits(*, customer: int | None = None, among: Collection[int] | None = None) -> pl.DataFrame:
    """What rules look at, of all customers, of one or of some, shaped as engine.assignment.TRAITS."""
    found = frame(_TRAITS, TRAITS, customer=customer, among=None if among is None else list(among))
    return found.with_columns(pl.col("language").fill_null(""))


def strategies_of(
    customers: pl.DataFrame, rules: Assignments, *, customer: int | None = None
) -> pl.DataFrame:
    """The strategy of each customer (a frame with customer_id and kind), shaped as engine.assignment.GIVEN.

    Country, language and salesperson are read only where a rule looks at them.
    """
    if any(one.country or one.language or one.salesperson for one in rules.segments):
        customers = customers.select("customer_id").join(
            traits(customer=customer), on="customer_id", how="left", maintain_order="left"
        )
    else:
        customers = customers.select(
            "customer_id",
            "kind",
            country=pl.lit(""),
            language=pl.lit(""),
            salesperson_id=pl.lit(None, pl.Int64),
        )
    return assign(customers, own=rules.own, segments=rules.segments, company=rules.company)


def given_to(*, customer: int) -> Given:
    """The strategy of one customer and what gave it."""
    row = traits(customer=customer).row(0, named=True)
    known = Traits(row["kind"], row["country"], row["language"], row["salesperson_id"])
    return given(customer, known, assignments())


def overview() -> Overview:
    """Whom each rule catches today."""
    everybody, rules = traits(), assignments()
    given_out = assign(everybody, own=rules.own, segments=rules.segments, company=rules.company)
    counted = _counted(given_out.with_columns(kind=everybody["kind"]))
    fits, behind = fitting(everybody, rules.segments), never_asked(rules.segments)
    places = {one.id: place for place, one in enumerate(rules.segments, start=1)}
    return Overview(
        customers=everybody.height,
        own=counted.get(("customer", None, None), Catch()),
        rules=tuple(
            RuleRow(
                segment=one,
                place=places[one.id],
                caught=counted.get(("segment", one.id, None), Catch()),
                fits=fits[one.id],
                behind=places[behind[one.id]] if one.id in behind else None,
            )
            for one in rules.segments
        ),
        company={kind: counted.get(("company", None, kind), Catch()) for kind in ("business", "consumer")},
        nobody=counted.get(("nobody", None, None), Catch()),
    )


def _counted(given_out: pl.DataFrame) -> dict[tuple[str, int | None, str | None], Catch]:
    """(source, rule, kind where the company's default gave it) -> how many."""
    kind = pl.when(pl.col("kind") == "business").then(pl.lit("business")).otherwise(pl.lit("consumer"))
    with_open = frame(_WITH_OPEN, {"customer_id": pl.Int64})["customer_id"]
    rows = (
        given_out.with_columns(
            kind=pl.when(pl.col("source") == "company").then(kind),
            open=pl.col("customer_id").is_in(with_open.implode()),
        )
        .group_by("source", "segment_id", "kind")
        .agg(pl.len().alias("customers"), pl.col("open").sum())
    )
    return {
        (row["source"], row["segment_id"], row["kind"]): Catch(row["customers"], row["open"])
        for row in rows.iter_rows(named=True)
    }


def own_strategies() -> list[OwnRow]:
    """Customers with a strategy of their own, the newest choice first; at most SHOWN."""
    found = OwnStrategy.objects.select_related("customer__party").order_by("-chosen_at", "-id")[:SHOWN]
    return [
        OwnRow(
            customer=row.customer_id,
            number=row.customer.number,
            name=row.customer.party.name,
            strategy=row.strategy_id,
            chosen_at=row.chosen_at,
            chosen_by=row.chosen_by_label,
        )
        for row in found
    ]
