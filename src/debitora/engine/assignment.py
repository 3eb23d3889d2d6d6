"""Which strategy each customer gets, for all customers at once. `debitora.dunning.rules.assignment` says it for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import polars as pl

from debitora.engine.frames import Schema, expect

TRAITS: Final[Schema] = {
    "customer_id": pl.Int64,  # unique
    "kind": pl.String,  # what is not "business" counts as a consumer
    "country": pl.String,
    "language": pl.String,  # "" = not known
    "salesperson_id": pl.Int64,
}
GIVEN: Final[Schema] = {
    "customer_id": pl.Int64,  # in the order that came in
    "strategy_id": pl.Int64,  # null = none
    "source": pl.String,  # customer | segment | company | nobody
    "segment_id": pl.Int64,  # null = no rule did it
}


class SegmentTraits(Protocol):
    """What the engine reads of a rule; empty or None = whatever it is, and at least one is given."""

    @property
    def id(self) -> int: ...
    @property
    def strategy(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def salesperson(self) -> int | None: ...


def assign(
    customers: pl.DataFrame,
    *,
    own: Mapping[int, int],
    segments: Sequence[SegmentTraits],
    company: Mapping[str, int],
) -> pl.DataFrame:
    """The strategy of every customer (shaped as TRAITS) and what gave it, shaped as GIVEN. Raises WrongFrame."""
    chosen = pl.DataFrame(
        list(own.items()), schema={"customer_id": pl.Int64, "own_id": pl.Int64}, orient="row"
    )
    known = expect(customers, TRAITS, name="customers").with_columns(
        kind=_kind(), segment_id=_first(segments)
    )
    of_segment = {one.id: one.strategy for one in segments}
    by_kind = pl.col("kind").replace_strict(company, default=None, return_dtype=pl.Int64)
    by_segment = pl.col("segment_id").replace_strict(of_segment, default=None, return_dtype=pl.Int64)
    return (
        known.with_columns(segment_id=_first(segments))
        .join(chosen.lazy(), on="customer_id", how="left", maintain_order="left")
        .with_columns(segment_id=pl.when(pl.col("own_id").is_null()).then("segment_id"))
        .with_columns(strategy_id=pl.coalesce("own_id", by_segment, by_kind), source=_source(by_kind))
        .select(pl.col(column).cast(kind) for column, kind in GIVEN.items())
        .collect()
    )


def fitting(customers: pl.DataFrame, segments: Sequence[SegmentTraits]) -> dict[int, int]:
    """Rule id -> how many customers have its attributes, whoever catches them."""
    known = expect(customers, TRAITS, name="customers").with_columns(kind=_kind())
    counts = known.select(_fits(one).sum().alias(str(one.id)) for one in segments).collect()
    return {one.id: int(counts[str(one.id)][0]) for one in segments}


def _kind() -> pl.Expr:
    return pl.when(pl.col("kind") == "business").then(pl.lit("business")).otherwise(pl.lit("consumer"))


def _first(segments: Sequence[SegmentTraits]) -> pl.Expr:
    """The first rule that fits; null if none does."""
    answer = pl.lit(None, dtype=pl.Int64)
    for one in reversed(segments):
        answer = pl.when(_fits(one)).then(pl.lit(one.id, dtype=pl.Int64)).otherwise(answer)
    return answer


def _fits(one: SegmentTraits) -> pl.Expr:
    wanted = {
        "kind": one.kind,
        "country": one.country,
        "language": one.language,
        "salesperson_id": one.salesperson,
    }
    named = [
        pl.col(name).eq_missing(pl.lit(value)) for name, value in wanted.items() if value not in ("", None)
    ]
    return pl.all_horizontal(named)


def _source(by_kind: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("own_id").is_not_null())
        .then(pl.lit("customer"))
        .when(pl.col("segment_id").is_not_null())
        .then(pl.lit("segment"))
        .when(by_kind.is_not_null())
        .then(pl.lit("company"))
        .otherwise(pl.lit("nobody"))
    )
