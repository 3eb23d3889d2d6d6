"""What one notice would gather: the groups of a run, which of them are too small, covered or too many.

A part of `debitora.engine.dunning`; amounts are minor units.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from debitora.engine.dunning_shapes import Reason

GROUP: Final = ["customer_id", "currency", "early", "part"]
LEVEL: Final = "level"
ORDER: Final = "order"
CONTACT: Final = "contact"
"""How a policy may gather besides by customer and currency: a notice for each level, order, or contact whom items name."""


def gather(judged: pl.DataFrame, credit_items: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """One row per customer, currency, earliness and part with an unblocked item; `refused` is null where it is noticed.

    Where a customer has several notices in a currency, one of them `carries` the credits and what else is open.
    """
    owed = pl.col("free_minor").cast(pl.Int128).sum().cast(pl.Int64)
    same = [
        pl.col(name).first()
        for name in ("policy_id", "consider_credits", "offset_credits", "cap", "touches", "released")
    ]
    free = judged.filter(pl.col("blocked").is_null())
    groups = free.group_by(GROUP).agg(
        pl.col("level_next").max(), *same, due_minor=owed, items=pl.len().cast(pl.Int32)
    )
    covered = credit_items.group_by("customer_id", "currency").agg(
        credit_minor=pl.col("open_minor").cast(pl.Int128).sum().cast(pl.Int64)
    )
    counted = pl.when("offset_credits").then("credit_minor").otherwise(None).fill_null(0)
    return (
        groups.join(covered, on=["customer_id", "currency"], how="left")
        .join(steps, on=["policy_id", "level_next", "currency"], how="left")
        .with_columns(credit_minor=counted)
        .with_columns(refused=_refused())
        .pipe(_with_credits_once)
        .pipe(_without_early_beside_due)
        .pipe(_within_cap)
    )


def _refused() -> pl.Expr:
    """Why a group is not sent whatever the cap says: too small, covered, or waiting for sales.

    What a credit leaves must reach the minimum, and never be nothing.
    """
    net = pl.col("due_minor") + pl.col("credit_minor")
    return first_of(
        [
            (Reason.BELOW_NOTICE_MINIMUM, pl.col("due_minor") < pl.col("notice_minimum")),
            (
                Reason.CREDIT_COVERS,
                net < pl.max_horizontal(pl.col("notice_minimum"), pl.lit(1, dtype=pl.Int64)),
            ),
            (Reason.SALES_ASKED, (pl.col("asking") & ~pl.col("released").fill_null(0)) != 0),
        ]
    )


def _with_credits_once(groups: pl.DataFrame) -> pl.DataFrame:
    """Of several groups of a customer in a currency the first that may be sent carries the credits, and the others none.

    The highest level is first, then the smallest part. A group before it that the credits cover, or that waits for sales, stays unsent.
    """
    if not (groups["part"] != 0).any():
        return groups.with_columns(carries=pl.lit(True))
    pair = ["customer_id", "currency", "early"]
    ordered = groups.sort(*pair, "level_next", "part", descending=[False, False, False, True, False])
    large = pl.col("refused").is_null().cast(pl.Int32)
    before = (large.cum_sum() - large).over(pair)
    spent = ordered.with_columns(carries=before == 0).with_columns(
        credit_minor=pl.when("carries").then("credit_minor").otherwise(0)
    )
    return spent.with_columns(refused=pl.when("carries").then("refused").otherwise(_refused()))


def _without_early_beside_due(groups: pl.DataFrame) -> pl.DataFrame:
    """Who gets a notice today gets no friendly word about later items on top: those wait for another day."""
    dunned = groups.filter(~pl.col("early") & pl.col("refused").is_null()).select("customer_id", "currency")
    early = groups.filter("early").join(dunned, on=["customer_id", "currency"], how="anti")
    return pl.concat([groups.filter(~pl.col("early")), early])


def _within_cap(groups: pl.DataFrame) -> pl.DataFrame:
    """Refuses what would touch a customer too often: the highest level goes first, then the currency's code, then the part."""
    order = ["customer_id", "level_next", "currency", "part"]
    fit = groups.filter(pl.col("refused").is_null()).sort(order, descending=[False, True, False, False])
    row = pl.int_range(1, pl.len() + 1)
    before = pl.when(pl.col("customer_id").rle_id().diff().fill_null(1) > 0).then(row - 1).forward_fill()
    exceeds = pl.col("touches").fill_null(0) + row - before > pl.col("cap")
    capped = fit.with_columns(refused=first_of([(Reason.CONTACT_CAP, exceeds)]))
    return pl.concat([groups.filter(pl.col("refused").is_not_null()), capped])


def first_of(rules: list[tuple[Reason, pl.Expr]]) -> pl.Expr:
    """The reason of the first rule that is true; a rule that answers null does not apply."""
    answer = pl.lit(None, dtype=pl.Int16)
    for reason, applies in reversed(rules):
        answer = pl.when(applies).then(pl.lit(reason.value, dtype=pl.Int16)).otherwise(answer)
    return answer
