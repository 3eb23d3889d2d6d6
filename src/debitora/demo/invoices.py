"""What was invoiced: drawing the items of the period, in the order in which the company posts them.

Everything here works on whole columns: uniform draws come from the handed-in `Random`, polars does the
arithmetic. Amounts are drawn as floats, because a distribution is one, and are rounded to minor units before
anything is added up.
"""

from array import array
from datetime import date
from random import Random
from typing import Final

import polars as pl

SEASON: Final = (0.80, 0.86, 1.06, 1.00, 1.04, 1.06, 0.90, 0.76, 1.10, 1.14, 1.18, 1.10)
"""Share of the average month, January to December: a holiday summer, a busy autumn."""
WEEKDAY: Final = (1.0, 1.0, 1.0, 1.0, 0.9, 0.0, 0.0)
CREDIT_NOTES: Final = 0.03
ON_ACCOUNT: Final = 0.006
INSTALMENTS: Final = 0.01
DELIVERIES_AFTER_FAILURE: Final = 45
"""Days until the company stops delivering to a customer who became insolvent."""
VAT: Final = 1.19  # domestic sales only (section 12 UStG); sales abroad leave without VAT


def uniform(rng: Random, count: int) -> pl.Series:
    """Draw `count` numbers in [0, 1)."""
    draw = rng.random
    return pl.Series("u", array("d", [draw() for _ in range(count)]), dtype=pl.Float64)


def normal(rng: Random, count: int) -> pl.Series:
    """Draw `count` standard normal numbers (Box and Muller's transformation)."""
    radius = (-2.0 * (1.0 - uniform(rng, count)).log()).sqrt()
    return radius * (uniform(rng, count) * 6.283185307179586).cos()


def draw(rng: Random, customers: pl.DataFrame, count: int, *, first: date, last: date) -> pl.DataFrame:
    """Draw `count` items issued from `first` to `last`.

    Columns: item (0, 1, ... in order of issue), customer, kind (invoice, credit_note, on_account), issued_on,
    due_on, currency, amount_minor (gross; credits negative), number, position (2 is a second instalment),
    reference (the customer's order) and fails_on of the customer.
    """
    days = _days(rng, count, first, last)
    items = pl.DataFrame({"issued_on": days, "customer": _buyers(rng, customers, count)}).with_row_index(
        "item"
    )
    items = _redirected(items, _debtors(customers, first, last))
    items = items.with_columns(second=uniform(rng, count) < INSTALMENTS, draw=uniform(rng, count))
    items = _with_kinds(items)
    items = _with_amounts(items, normal(rng, count), uniform(rng, count))
    items = _as_instalments(_with_numbers(items, uniform(rng, count), last))
    return items.drop("second", "draw", "country", "terms_days", "median_minor", "payer")


def _days(rng: Random, count: int, first: date, last: date) -> pl.Series:
    """Draw days of issue, ascending: seasons, working days, and a peak when a month is billed."""
    calendar = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    day = pl.col("day").dt
    weights = calendar.select(
        pl.Series(SEASON).gather(calendar["day"].dt.month() - 1)
        * pl.Series(WEEKDAY).gather(calendar["day"].dt.weekday() - 1)
        * pl.when(day.day() >= 26).then(2.0).otherwise(1.0)
    ).to_series()
    return calendar["day"].gather(_pick(weights, uniform(rng, count))).sort()


def _buyers(rng: Random, customers: pl.DataFrame, count: int) -> pl.Series:
    return _pick(customers["weight"], uniform(rng, count)).cast(pl.UInt32)


def _pick(weights: pl.Series, draws: pl.Series) -> pl.Series:
    """Return for every draw the position that owns that part of the summed weights."""
    steps = weights.cum_sum()
    found = steps.search_sorted(draws * weights.sum(), side="right")
    return found.clip(0, len(weights) - 1)


def _debtors(customers: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Return what an item takes from its customer, its day of failure and its solvent neighbour."""
    length = (last - first).days
    solvent = pl.when(pl.col("payer") != "insolvent").then(pl.col("customer"))
    fallback = pl.col("customer").filter(pl.col("payer") != "insolvent").min()
    return customers.select(
        "customer", "country", "currency", "terms_days", "median_minor", "payer",
        fails_on=pl.lit(first) + pl.duration(days=(pl.col("fails_at") * length).cast(pl.Int64)),
        heir=solvent.backward_fill().fill_null(fallback).fill_null(pl.col("customer")),
    )  # fmt: skip


def _redirected(items: pl.DataFrame, debtors: pl.DataFrame) -> pl.DataFrame:
    """Let the neighbour buy what an insolvent customer would have bought after deliveries to it stopped."""
    ends = debtors.select(
        "customer", "heir", stop=pl.col("fails_on") + pl.duration(days=DELIVERIES_AFTER_FAILURE)
    )
    moved = items.join(ends, on="customer", how="left", maintain_order="left").select(
        "item",
        "issued_on",
        customer=pl.when(pl.col("issued_on") > pl.col("stop")).then("heir").otherwise("customer"),
    )
    return moved.join(debtors.drop("heir"), on="customer", how="left", maintain_order="left")


def _with_kinds(items: pl.DataFrame) -> pl.DataFrame:
    draw = pl.col("draw")
    credit = pl.when(draw < CREDIT_NOTES).then(pl.lit("credit_note"))
    on_account = credit.when(draw < CREDIT_NOTES + ON_ACCOUNT).then(pl.lit("on_account"))
    items = items.with_columns(kind=on_account.otherwise(pl.lit("invoice")))
    invoice = pl.col("kind") == "invoice"
    ahead_is_plain = (invoice & ~pl.col("second")).shift(1, fill_value=False)
    return items.with_columns(second=pl.col("second") & invoice & ahead_is_plain)


def _with_amounts(items: pl.DataFrame, z: pl.Series, u: pl.Series) -> pl.DataFrame:
    """Add gross amounts: log-normal around the customer's median; credits are a part of such an amount."""
    tax = pl.when(pl.col("country") == "DE").then(VAT).otherwise(1.0)
    gross = (pl.col("median_minor") * (z * 0.9).exp() * tax).clip(500, 40_000_000)
    credit = -(gross * (0.05 + 0.75 * u)).clip(100)
    round_hundreds = -((gross / 10_000).ceil() * 10_000)
    noted = pl.when(pl.col("kind") == "credit_note").then(credit)
    amount = noted.when(pl.col("kind") == "on_account").then(round_hundreds).otherwise(gross)
    return items.with_columns(amount_minor=amount.round().cast(pl.Int64))


def _with_numbers(items: pl.DataFrame, u: pl.Series, last: date) -> pl.DataFrame:
    """Add numbers in order of issue, references and due days; one foreign invoice in ten is in euro."""
    width = max(5, len(str(len(items))))
    prefix = pl.col("kind").replace_strict({"invoice": "RE", "credit_note": "GS", "on_account": "AZ"})
    serial = (~pl.col("second")).cum_sum().cast(pl.String).str.zfill(width)
    due = pl.when(pl.col("kind") == "invoice").then(pl.col("terms_days")).otherwise(0)
    return items.with_columns(
        number=prefix + pl.col("issued_on").dt.strftime("%y") + "-" + serial,
        position=pl.when("second").then(2).otherwise(1).cast(pl.Int32),
        reference=pl.when(u < 0.8).then(pl.lit("B-") + (u * 1_000_000).cast(pl.Int64).cast(pl.String)),
        due_on=pl.col("issued_on") + pl.duration(days=due),
        currency=pl.when(u > 0.9).then(pl.lit("EUR")).otherwise("currency"),
    )


def _as_instalments(items: pl.DataFrame) -> pl.DataFrame:
    """Make every second instalment repeat the invoice before it, due thirty days later."""
    of_first = (
        "customer",
        "issued_on",
        "currency",
        "amount_minor",
        "number",
        "reference",
        "fails_on",
        "payer",
    )
    second = pl.col("second")
    return items.with_columns(
        *(pl.when(second).then(pl.col(name).shift(1)).otherwise(name).alias(name) for name in of_first),
        due_on=pl.when(second).then(pl.col("due_on").shift(1) + pl.duration(days=30)).otherwise("due_on"),
    )
