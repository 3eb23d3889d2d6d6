"""Which movements come in one payment: those of a payer, a day and a currency, with credits that are deducted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from debitora.demo.truth import Truth

_LISTS: Final = ("item", "customer", "minor", "left", "amount_minor", "number", "reference", "issued_on")


@dataclass(frozen=True, slots=True)
class Share:
    """What a payment does to an item: `minor` is settled of it, `left` stays open; all negative for credits."""

    item: int
    customer: int
    minor: int
    left: int
    amount: int
    number: str
    reference: str | None
    issued_on: date


@dataclass(frozen=True, slots=True)
class Bundle:
    """One payment as its payer means it: money in is above zero, a refund below."""

    payer: int
    paid_on: date
    currency: str
    shares: Sequence[Share]

    @property
    def minor(self) -> int:
        """What is settled, credits deducted."""
        return sum(share.minor for share in self.shares)

    @property
    def issued_on(self) -> date:
        """The day of the latest document: nobody pays before."""
        return max(share.issued_on for share in self.shares)

    @property
    def is_plain(self) -> bool:
        """Only invoices, each paid in full."""
        return all(share.minor > 0 and not share.left for share in self.shares)

    def apart(self) -> list["Bundle"]:
        """Return a payment for each item instead."""
        return [Bundle(self.payer, self.paid_on, self.currency, (share,)) for share in self.shares]


def bundles(truth: Truth, pays_through: pl.Series, *, since: date, until: date) -> Iterator[Bundle]:
    """Gather the movements from `since` to `until`, in the order of days and payers.

    `pays_through` is, by position of the customer, the position of the one who pays. Offsets go with the payment
    of their invoice; where no money moves with them, no bank hears of it. Refunds stay apart.
    """
    moved = _moved(truth, since, until)
    moved = moved.with_columns(payer=pays_through.gather(moved["customer"]))
    for payer, paid_on, currency, *lists in _gathered(moved).iter_rows():
        yield Bundle(payer, paid_on, currency, tuple(Share(*share) for share in zip(*lists, strict=True)))


def _moved(truth: Truth, since: date, until: date) -> pl.DataFrame:
    """What the days settle of each item: refunds and the rest apart."""
    days = pl.col("moved_on").is_between(since, until)
    touched = truth.movements.filter(days).select("item").unique()
    course = truth.movements.join(touched, on="item", how="semi").with_columns(
        is_refund=pl.col("kind") == "refund"
    )
    by_day = course.group_by("item", "moved_on", "is_refund").agg(
        moved=pl.col("minor").sum(), money=pl.col("minor").filter(pl.col("kind") != "offset").sum()
    )
    known = by_day.join(truth.items.drop("settled_on", "fails_on"), on="item").sort(
        "item", "moved_on", "is_refund"
    )
    left = pl.col("amount_minor") + pl.col("moved").cum_sum().over("item")
    return known.with_columns(left=left, minor=-pl.col("moved")).filter(days)


def _gathered(moved: pl.DataFrame) -> pl.DataFrame:
    """One row a payment: payer, day, currency, then a list for each part of a Share, in the order of items."""
    keys = ("payer", "moved_on", "currency", "is_refund")
    found = moved.sort("item").group_by(keys, maintain_order=True).agg(pl.col(*_LISTS), pl.col("money").sum())
    paid = found.filter(pl.col("money") != 0).sort("moved_on", "payer", "currency", "is_refund")
    return paid.select("payer", "moved_on", "currency", *_LISTS)
