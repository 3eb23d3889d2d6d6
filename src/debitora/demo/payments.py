"""How customers pay: the true course of every item, far beyond the demo day.

| habit | what happens to an invoice |
| --- | --- |
| punctual | paid within a few days of the due day, now and then a week late |
| slow | paid about two weeks late |
| very_slow | paid about two months late |
| month_end | paid on the last bank day of the month in which it falls due |
| part_payer | about half when due, the rest in one or two parts over two months |
| disputer | one invoice in three is paid short; the rest follows after months, or never |
| insolvent | late, and nothing any more from the day of failure |

About one invoice in eighty is lost on its way and paid months late by anybody. A credit note or payment on
account is offset against the customer's next invoice when that is paid; what remains of it is paid back.
"""

from random import Random
from typing import Final

import polars as pl

from debitora.demo.invoices import normal, uniform

LOST: Final = 0.012
DISPUTED: Final = 0.35
NEVER_RESOLVED: Final = 0.25


def draw(rng: Random, items: pl.DataFrame, payers: pl.Series) -> pl.DataFrame:
    """Draw every movement that ever settles `items`.

    `payers` is the habit of each customer by position. Columns: item, moved_on, minor (with the sign that
    reduces what is open) and kind (payment, offset, refund). On a day D the open amount of an item is its
    amount plus its movements up to D.
    """
    count = len(items)
    plan = items.with_columns(
        payer=payers.gather(items["customer"]),
        z=normal(rng, count),
        **{name: uniform(rng, count) for name in "uvw"},
    )
    plan = _with_days(_with_shares(plan))
    offsets = _offsets(plan)
    invoices = _after_offsets(plan.filter(pl.col("kind") == "invoice"), offsets)
    parts = [_payments(invoices, f"on_{part}", f"minor_{part}") for part in (1, 2, 3)]
    crediting = plan.filter(pl.col("kind") != "invoice")
    moves = [*parts, _offset_moves(offsets), _refunds(crediting, offsets)]
    return pl.concat(moves).sort("moved_on", "item", "kind", "minor")


def _is(*payers: str) -> pl.Expr:
    return pl.col("payer").is_in(list(payers))


def _with_shares(plan: pl.DataFrame) -> pl.DataFrame:
    """Add which share is paid first and second; a third part takes what is left."""
    u, v = pl.col("u"), pl.col("v")
    parted = _is("part_payer") & (u < 0.8)
    disputed = _is("disputer") & (u < DISPUTED)
    first = pl.when(parted).then(0.40 + 0.25 * v).when(disputed).then(0.55 + 0.35 * v).otherwise(1.0)
    rest = 1.0 - pl.col("share_1")
    second = pl.when(parted & (u < 0.5)).then(rest * 0.5).otherwise(rest)
    plan = plan.with_columns(disputed=disputed, share_1=first)
    return plan.with_columns(share_2=second)


def _with_days(plan: pl.DataFrame) -> pl.DataFrame:
    """Add the bank days on which the parts are paid; null is never."""
    z, u, v, w = (pl.col(name) for name in "zuvw")
    lost = pl.when(w > 1 - LOST).then(50 + 110 * u).otherwise(0.0)
    late = _habit(z, w) + lost
    earliest = pl.col("issued_on") + pl.duration(days=1)
    day = pl.max_horizontal(pl.col("due_on") + pl.duration(days=late.round().cast(pl.Int64)), earliest)
    on_1 = pl.when(_is("month_end")).then(_last_bank_day(day)).otherwise(_bank_day(day))
    gap = pl.when("disputed").then(60 + 90 * w).otherwise(14 + 14 * v)
    never = pl.col("disputed") & (v < NEVER_RESOLVED)
    plan = plan.with_columns(on_1=on_1)
    plan = plan.with_columns(on_2=pl.when(~never).then(_bank_day(pl.col("on_1") + _days(gap))))
    plan = plan.with_columns(on_3=_bank_day(pl.col("on_2") + _days(14 + 14 * w)))
    return plan.with_columns(
        pl.when(_still_pays(name)).then(name).alias(name) for name in ("on_1", "on_2", "on_3")
    )


def _habit(z: pl.Expr, w: pl.Expr) -> pl.Expr:
    """Return the days past the due day by habit; `z` is standard normal, `w` uniform."""
    slow = pl.when(_is("slow")).then((14 + 8 * z).clip(2, 45))
    very_slow = slow.when(_is("very_slow")).then((58 + 24 * z).clip(15, 150))
    insolvent = very_slow.when(_is("insolvent")).then(20 + 12 * z)
    others = insolvent.when(_is("part_payer")).then(4 + 3 * z).when(_is("month_end")).then(0.0)
    slip = pl.when(w < 0.06).then(8.0).otherwise(0.0)
    return others.otherwise(-1 + 2.5 * z + slip)


def _still_pays(name: str) -> pl.Expr:
    return (pl.col(name) < pl.col("fails_on")).fill_null(value=True) | ~_is("insolvent")


def _days(days: pl.Expr) -> pl.Expr:
    return pl.duration(days=days.round().cast(pl.Int64))


def _bank_day(day: pl.Expr) -> pl.Expr:
    """Return the day, or the Monday after it; bank holidays are not observed."""
    weekday = day.dt.weekday()
    return day + pl.duration(days=pl.when(weekday > 5).then(8 - weekday.cast(pl.Int64)).otherwise(0))


def _last_bank_day(day: pl.Expr) -> pl.Expr:
    end = day.dt.month_end()
    weekday = end.dt.weekday().cast(pl.Int64)
    return end - pl.duration(days=pl.when(weekday > 5).then(weekday - 5).otherwise(0))


def _offsets(plan: pl.DataFrame) -> pl.DataFrame:
    """Return which credit is offset against which invoice: item, item_to, minor (positive) and moved_on.

    The invoice is the next one of the customer in the same currency; it takes one credit only, the latest
    before it. Where that invoice is never paid, moved_on is null.
    """
    invoice = pl.col("kind") == "invoice"
    following = pl.when(invoice).then("item").shift(-1).backward_fill()
    pairs = plan.with_columns(item_to=following.over("customer", "currency", order_by="item")).filter(
        ~invoice
    )
    pairs = pairs.drop_nulls("item_to").sort("item").unique("item_to", keep="last", maintain_order=True)
    targets = plan.select(item_to="item", invoiced="amount_minor", moved_on="on_1")
    return pairs.join(targets, on="item_to").select(
        "item", "item_to", "moved_on", minor=pl.min_horizontal(-pl.col("amount_minor"), "invoiced")
    )


def _after_offsets(invoices: pl.DataFrame, offsets: pl.DataFrame) -> pl.DataFrame:
    """Add the parts in minor units; together they are the invoice less what was offset."""
    taken = offsets.select(item="item_to", taken="minor")
    invoices = invoices.join(taken, on="item", how="left")
    payable = pl.col("amount_minor") - pl.col("taken").fill_null(0)
    invoices = invoices.with_columns(payable=payable, minor_1=_share(payable, "share_1"))
    second = pl.min_horizontal(_share(pl.col("payable"), "share_2"), pl.col("payable") - pl.col("minor_1"))
    invoices = invoices.with_columns(minor_2=pl.when(pl.col("share_1") < 1).then(second).otherwise(0))
    return invoices.with_columns(minor_3=pl.col("payable") - pl.col("minor_1") - pl.col("minor_2"))


def _share(payable: pl.Expr, share: str) -> pl.Expr:
    return (payable * pl.col(share)).round().cast(pl.Int64)


def _payments(invoices: pl.DataFrame, day: str, minor: str) -> pl.DataFrame:
    due = invoices.filter((pl.col(minor) > 0) & pl.col(day).is_not_null())
    return _moves(due.select("item", moved_on=day, minor=-pl.col(minor)), "payment")


def _offset_moves(offsets: pl.DataFrame) -> pl.DataFrame:
    """Write each offset on both sides: it raises the credit towards zero and lowers the invoice."""
    done = offsets.drop_nulls("moved_on")
    credit = done.select("item", "moved_on", "minor")
    invoice = done.select(item="item_to", moved_on="moved_on", minor=-pl.col("minor"))
    return _moves(pl.concat([credit, invoice]), "offset")


def _refunds(crediting: pl.DataFrame, offsets: pl.DataFrame) -> pl.DataFrame:
    """Pay back what no invoice takes: 45 days after the offset, or 90 after issue where there is none."""
    rows = crediting.join(offsets.select("item", taken="minor", offset_on="moved_on"), on="item", how="left")
    waiting = pl.col("taken").is_not_null() & pl.col("offset_on").is_null()
    alone = pl.when(pl.col("taken").is_null()).then(pl.col("issued_on") + pl.duration(days=90))
    day = alone.otherwise(pl.col("offset_on") + pl.duration(days=45))
    rest = -pl.col("amount_minor") - pl.col("taken").fill_null(0)
    rows = rows.filter(~waiting).select("item", moved_on=_bank_day(day), minor=rest)
    return _moves(rows.filter(pl.col("minor") > 0), "refund")


def _moves(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    return rows.with_columns(kind=pl.lit(kind))
