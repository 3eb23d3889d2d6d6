"""Making the demo company: the same seed and sizes give the same company, to the byte of its files."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random
from typing import Final

import polars as pl

from debitora.demo import customers, invoices, names, payments
from debitora.demo.truth import Creditor, Truth

SEED: Final = 5
CREDITOR: Final = Creditor(
    name="Brendoquist Fertigungstechnik GmbH",
    street="Ziegeleistraße 14",
    postcode="43217",
    city="Keldhude",
    country="DE",
    email="forderungen@brendoquist.example",
    phone="+49 30 23125 400",
    iban=names.german_iban(90_123_456, 4_711_001),
    vat_number="DE000000000",
    register="Amtsgericht Keldhude, HRB 00471",
    director="Wiebke Norlikamp",
)


class NothingToDraw(ValueError):
    """A company without customers or months cannot have items."""


def demo_company(*, on: date) -> Truth:
    """Return the company of `debitora demo`: 400 customers, 6,000 items, 18 months and two weeks to come."""
    return generate(seed=SEED, customers=400, items=6_000, months=18, on=on, ahead=14)


def generate(*, seed: int, customers: int, items: int, months: int, on: date, ahead: int = 0) -> Truth:
    """Make a company with that many `customers` and `items` issued in the `months` up to `on`.

    `ahead` adds days after `on` in which items are issued too, so that the lists of those days have new ones.
    Raises NothingToDraw for sizes below one and TooManyCustomers above `names.VARIETY`. Time and memory grow
    with the number of items.
    """
    if min(customers, items, months) < 1:
        raise NothingToDraw(f"customers={customers}, items={items}, months={months}")
    rng = Random(seed)  # noqa: S311 - invented data, no secrets
    first = _months_before(on, months)
    debtors = _draw_customers(rng, customers)
    drawn = invoices.draw(rng, debtors, items, first=first, last=on + timedelta(days=ahead))
    movements = payments.draw(rng, drawn, debtors["payer"])
    items_known = _with_end(drawn, movements)
    return Truth(seed, first, on, CREDITOR, customers=debtors, items=items_known, movements=movements)


def _draw_customers(rng: Random, count: int) -> pl.DataFrame:
    return customers.draw(rng, count)


def _months_before(on: date, months: int) -> date:
    years, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    day = min(on.day, monthrange(years, month + 1)[1])
    return date(years, month + 1, day) + timedelta(days=1)


def _with_end(items: pl.DataFrame, movements: pl.DataFrame) -> pl.DataFrame:
    """Add the day on which an item is truly settled: that of its last movement, if they reach its amount."""
    ends = movements.group_by("item").agg(moved=pl.col("minor").sum(), last=pl.col("moved_on").max())
    settled = pl.when(pl.col("amount_minor") + pl.col("moved") == 0).then("last")
    return (
        items.join(ends, on="item", how="left", maintain_order="left")
        .with_columns(settled_on=settled)
        .drop("moved", "last")
    )
