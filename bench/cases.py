"""Bank lines with known truth, day by day, as a matcher meets them: what is asked, what is open, what was learned before.

No benchmark. A case comes from the generator (here) or from a ledger whose letters were taken off (`letters`). What a matcher is
shown are the frames of `debitora.engine.matching`; the truth stays here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final

import polars as pl

from debitora.cash.rules.abbreviating import abbreviation
from debitora.cash.rules.exchanging import TOLD_LINES
from debitora.demo.bank.lines import Banking, bank_lines
from debitora.demo.generator import generate
from debitora.demo.truth import Truth
from debitora.engine.frames import Schema
from debitora.engine.matching import CUSTOMERS, ITEMS, PAYERS

DAY: Final = date(2026, 11, 20)
CANCELLED_AT: Final = 10
"""One in so many customers has an invoice that was cancelled."""
KNOWN: Final[Schema] = {
    "item": pl.Int64,
    "customer": pl.Int64,
    "currency": pl.String,
    "number": pl.String,
    "amount_minor": pl.Int64,
    "issued_on": pl.Date,  # the company has it the day after
    "due_on": pl.Date,
}
SETTLED: Final[Schema] = {"item": pl.Int64, "settled_on": pl.Date, "minor": pl.Int64}
TRUTH: Final = {
    "line": pl.Int64,
    "kind": pl.String,
    "told": pl.String,
    "who": pl.String,
    "customers": pl.List(pl.Int64),  # empty: nobody's
    "items": pl.List(pl.Int64),  # empty: the money is for no item
    "minors": pl.List(pl.Int64),  # taken off each item, discounts and fees included; below zero for credits
}


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Lines (TOLD_LINES; money in only), items (KNOWN), what settles them and when (SETTLED), customers, payers known before the first
    line (PAYERS), and the truth (TRUTH)."""

    name: str
    lines: pl.DataFrame
    items: pl.DataFrame
    settled: pl.DataFrame
    customers: pl.DataFrame
    payers: pl.DataFrame
    truth: pl.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """What a matcher is shown on one day: TOLD_LINES, ITEMS as they are open in the morning, CUSTOMERS, PAYERS; how numbers were abbreviated."""

    on: date
    lines: pl.DataFrame
    items: pl.DataFrame
    customers: pl.DataFrame
    payers: pl.DataFrame
    habits: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def days(case: Case) -> Iterator[Day]:
    """Each day with lines; what was true of the days before is settled and learned by then."""
    habits: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    numbers = dict(case.items.select("item", pl.struct("customer", "number")).iter_rows())
    paid = dict(case.truth.select("line", "items").iter_rows())
    for on in case.lines["booked_on"].unique().sort():
        lines = case.lines.filter(pl.col("booked_on") == on)
        yield Day(on, lines, _open_on(case, on), case.customers, _learned_by(case, on), habits)
        for line, text in lines.select("line", "text").iter_rows():
            told = [numbers[item] for item in paid[line] if item in numbers]
            for customer, habit in {(one["customer"], abbreviation(text, one["number"])) for one in told}:
                if habit:
                    habits[customer][habit] += 1


def at_once(case: Case) -> Day:
    """All lines on one day, against all items as if none had ever been settled: the hardest and largest question."""
    items = case.items.rename({"amount_minor": "open_minor"}).with_columns(listed=pl.lit(value=False))
    return Day(case.lines["booked_on"].max(), case.lines, items.select(*ITEMS), case.customers, case.payers)


def generated(
    *, seed: int, customers: int, items: int, months: int = 18, lines_of: int = 28, learned_from: int = 28
) -> Case:
    """The lines of the last `lines_of` days of an invented company; the accounts of the `learned_from` days before are known."""
    truth = generate(seed=seed, customers=customers, items=items, months=months, on=DAY)
    since = DAY - timedelta(days=lines_of - 1)
    told = bank_lines(truth, since=since - timedelta(days=learned_from), until=DAY)
    known = truth.items.select(*(pl.col(name).cast(kind) for name, kind in KNOWN.items()))
    asked = told.lines.filter((pl.col("booked_on") >= since) & (pl.col("minor") > 0))
    before = _sightings(told.lines.filter(pl.col("booked_on") < since))
    cancelled, settled = _cancelled(known, seed=seed, since=since)
    return Case(
        name=f"generated {seed}",
        lines=_as_asked(asked),
        items=pl.concat([known, cancelled]),
        settled=pl.concat([_settlements(truth, told, since), settled]),
        customers=truth.customers.select(pl.col("customer").cast(pl.Int64), "number", "name"),
        payers=before,
        truth=_as_truth(asked),
    )


def text_alone(case: Case) -> Case:
    """The same case at a bank that tells neither account nor name apart: the name stands somewhere in the text."""
    lines = case.lines.with_columns(
        payer=pl.lit(""), name=pl.lit(""), text=pl.concat_str("name", "text", separator=" ")
    )
    return replace(case, name=f"{case.name}, text alone", lines=lines, payers=empty_payers())


def _cancelled(items: pl.DataFrame, *, seed: int, since: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """For one customer in ten, an invoice and the credit note that cancelled it some days later, KNOWN and SETTLED.

    No payment is for them. Until a person puts one against the other, weeks or months later, they stand beside what is paid. The
    invented companies have none, ledgers have many.
    """
    rng, next_one = Random(f"cancelled {seed}"), items["item"].max()
    rows: list[tuple[object, ...]] = []
    settled: list[tuple[int, date, int]] = []
    for customer, currency, minor in _first_invoices(items).iter_rows():
        if rng.randrange(CANCELLED_AT):
            continue
        issued = since - timedelta(days=rng.randrange(-20, 60))
        credited = issued + timedelta(days=rng.randrange(1, 15))
        seen = credited + timedelta(days=rng.randrange(5, 250))
        amount = minor * rng.randrange(50, 150) // 100 + 1
        for sign, on in ((1, issued), (-1, credited)):
            next_one += 1
            number = f"CA-{700_000 + len(rows)}"
            rows.append(
                (next_one, customer, currency, number, sign * amount, on, issued + timedelta(days=30))
            )
            settled.append((next_one, seen, sign * amount))
    return (
        pl.DataFrame(rows, schema=dict(KNOWN), orient="row"),
        pl.DataFrame(settled, schema=dict(SETTLED), orient="row"),
    )


def _first_invoices(items: pl.DataFrame) -> pl.DataFrame:
    """Customer, currency and amount of the first invoice of each customer."""
    debits = items.filter(pl.col("amount_minor") > 0).sort("customer", "item")
    return debits.unique("customer", keep="first", maintain_order=True).select(
        "customer", "currency", "amount_minor"
    )


def _as_asked(lines: pl.DataFrame) -> pl.DataFrame:
    text = pl.concat_str("text", "reference", "end_to_end", separator=" ").str.strip_chars()
    return lines.select(
        "line", "currency", "minor", "booked_on", payer="payer_iban", name="payer_name", text=text,
        paid_currency="original_currency", paid_minor="original_minor",
    ).select(*TOLD_LINES)  # fmt: skip


def _as_truth(lines: pl.DataFrame) -> pl.DataFrame:
    """Money that was paid in another currency is a kind of its own, whatever it pays."""
    kind = pl.when(pl.col("original_currency") != "").then(pl.lit("foreign")).otherwise("kind")
    one = pl.concat_list(pl.col("customer")).list.drop_nulls()
    several = pl.when(pl.col("owners").list.len() > 0).then(pl.col("owners").list.unique()).otherwise(one)
    truth = lines.select("line", "told", "who", "items", "minors", "pair", kind=kind, customers=several)
    return _first_of_a_pair(truth).select(*TRUTH)


def _first_of_a_pair(truth: pl.DataFrame) -> pl.DataFrame:
    """Of two lines that nobody can tell apart the first pays: which of them did, no matcher can know."""
    alike = pl.col("pair").is_not_null()
    told = ["kind", "told", "who", "customers", "items", "minors"]
    pays = truth.filter(alike).sort("pair", pl.col("items").list.len() == 0, "line")
    places = truth.filter(alike).sort("pair", "line").select("line")
    return pl.concat(
        [
            truth.filter(~alike).select("line", *told),
            places.hstack(pays.select(told)),
        ]
    ).sort("line")


def _settlements(truth: Truth, told: Banking, since: date) -> pl.DataFrame:
    """Movements before the lines begin, then the lines, and offsets that no line carries."""
    moves = truth.movements.select(
        pl.col("item").cast(pl.Int64), settled_on="moved_on", minor=-pl.col("minor"), kind="kind"
    )
    lines = told.lines.filter((pl.col("booked_on") >= since) & (pl.col("items").list.len() > 0))
    flat = lines.explode("items", "minors").select(item="items", settled_on="booked_on", minor="minors")
    inside = moves.filter((pl.col("settled_on") >= since) & (pl.col("kind") == "offset"))
    silent = inside.join(flat, on=["item", "settled_on"], how="anti")
    before = moves.filter(pl.col("settled_on") < since)
    return pl.concat([before.drop("kind"), flat, silent.drop("kind")])


def _open_on(case: Case, on: date) -> pl.DataFrame:
    settled = case.settled.filter(pl.col("settled_on") < on).group_by("item").agg(pl.col("minor").sum())
    known = case.items.filter(pl.col("issued_on") < on).join(
        settled, on="item", how="left", maintain_order="left"
    )
    left = pl.col("amount_minor") - pl.col("minor").fill_null(0)
    return (
        known.with_columns(open_minor=left, listed=pl.lit(value=False))
        .filter(left * pl.col("amount_minor").sign() > 0)
        .select(*ITEMS)
    )


def _learned_by(case: Case, on: date) -> pl.DataFrame:
    """Accounts of earlier days: a person has put their lines right by now."""
    earlier = (
        case.lines.filter(pl.col("booked_on") < on)
        .join(case.truth, on="line")
        .with_columns(payer_iban="payer")
    )
    seen = pl.concat([case.payers, _sightings(earlier, owners="customers")])
    return (
        seen.group_by("payer", "customer")
        .agg(pl.col("times").sum())
        .sort("payer", "customer")
        .select(*PAYERS)
    )


def _sightings(lines: pl.DataFrame, owners: str = "owners") -> pl.DataFrame:
    """PAYERS of lines: how often money from an account was a customer's."""
    told = lines.filter((pl.col("payer_iban") != "") & (pl.col(owners).list.len() > 0))
    each = told.select(payer="payer_iban", customer=pl.col(owners).list.unique()).explode("customer")
    return each.group_by("payer", "customer").agg(times=pl.len().cast(pl.Int64)).select(*PAYERS)


def empty_payers() -> pl.DataFrame:
    """Nothing learned yet."""
    return pl.DataFrame(schema=dict(PAYERS))


def customers_frame(rows: list[tuple[int, str, str]]) -> pl.DataFrame:
    """CUSTOMERS of rows."""
    return pl.DataFrame(rows, schema=dict(CUSTOMERS), orient="row")
