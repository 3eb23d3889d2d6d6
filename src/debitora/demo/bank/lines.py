"""What the bank tells of the customers' payments, and what is true of each line.

Shares are per thousand. `told` says what a text holds: numbers, both (and the customer's number), customer, nothing, some,
mistyped (see `remittance`), order (the payer's own), reference (structured), ours (a direct debit). `kind` says what a line is:

| kind | share | meaning |
| --- | --- | --- |
| exact, lump, net | what remains | one item in full; several; credits are deducted |
| part, rest | as `payments` has them | less than is open; the last of several parts |
| apart | `APART` of lumps | a lump's items come one by one: each is `exact` |
| twin | `ACCIDENTS` | an even amount comes in two equal halves, on one day and in the same words |
| double | ... | paid, and paid again five to nine days later or on the same day; the second line is all excess |
| transposed, rounded | ... | two digits of the amount exchanged; up to full euros or tens |
| bank_fee | ..., `FEES_ABROAD` | 1.50 to 15.00 are missing |
| recalled | ... | paid, taken back with a reason, paid again |
| discount | `TAKEN` of entitled payers | 2 or 3 % less, within the term; `late_discount` after it: `TAKEN_LATE` |
| debit, returned | all of `DEBITED` payers | collected; `RETURNED` of them come back with a reason, most with a fee of the bank |
| advance | every item on account | came in on the day that the item has, naming no invoice |
| refund, double_refund | as `payments` has them | a credit is paid back; a double payment is, in `GIVEN_BACK` of cases |
| others | `STRANGERS` for each such line | what is no customer's: see `strangers` |

Every movement is settled in one line, or in the two halves of a twin, on its own day. A line that is returned or recalled, and the
one that takes it back, settle nothing together. What an offset settles without money is in no line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

import polars as pl

from debitora.demo.bank.bundles import Bundle, Share, bundles
from debitora.demo.bank.chances import happens
from debitora.demo.bank.mishaps import MISHAPS, debited
from debitora.demo.bank.payers import Payer, payers
from debitora.demo.bank.shapes import SCHEMA, BankLine
from debitora.demo.bank.strangers import strangers
from debitora.demo.bank.transfers import exchanged, refund, short_or_whole, transfer
from debitora.demo.truth import Truth

APART: Final = 150
ACCIDENTS: Final = {
    "twin": 6,
    "double": 6,
    "transposed": 4,
    "rounded": 6,
    "bank_fee": 4,
    "recalled": 3,
}
FEES_ABROAD: Final = 120
STRANGERS: Final = 120
BEFORE, AFTER = timedelta(days=25), timedelta(days=15)
"""How far a line may lie from the payment that brings it about."""
_LISTS: Final = ("items", "owners", "minors")


@dataclass(frozen=True, slots=True, eq=False)
class Banking:
    """Lines with the columns of `shapes.SCHEMA`, and who pays: customer, pays_through, who, account, next_account, moves_on,
    discount_percent, discount_days."""

    lines: pl.DataFrame
    payers: pl.DataFrame


def bank_lines(truth: Truth, *, since: date | None = None, until: date | None = None) -> Banking:
    """Return what the company's accounts tell from `since` (its first day) to `until` (its day).

    The same truth and days give the same lines, to the letter. Time and memory grow with the lines.
    """
    since, until = since or truth.first, until or truth.on
    rng = Random(f"{truth.seed} bank {since} {until}")  # noqa: S311 - invented data, no secrets
    known = payers(truth)
    told = [*_all_lines(rng, truth, known, since, until)]
    told = [line for line in told if since <= line.booked_on <= until]
    told += strangers(rng, len(told) * STRANGERS // 1_000, since=since, until=until)
    rng.shuffle(told)
    told.sort(key=lambda line: line.booked_on)
    return Banking(_frame(told), _payer_frame(known))


def _all_lines(
    rng: Random, truth: Truth, known: Sequence[Payer], since: date, until: date
) -> Iterator[BankLine]:
    through = pl.Series("payer", [one.pays_through for one in known], dtype=pl.Int64)
    pair = 0
    for bundle in bundles(truth, through, since=since - BEFORE, until=until + AFTER):
        for payment in _payments(rng, known[bundle.payer], bundle):
            lines = _lines_of(rng, known[bundle.payer], payment)
            pair += 1
            yield from (replace(line, pair=pair) if line.pair is not None else line for line in lines)
    yield from _advances(rng, truth, known, since, until)


def _payments(rng: Random, payer: Payer, bundle: Bundle) -> list[Bundle]:
    """The bundle, or its parts, where they come one by one."""
    may_part = len(bundle.shares) > 1 and bundle.is_plain
    return bundle.apart() if may_part and (payer.is_debited or happens(rng, APART)) else [bundle]


def _lines_of(rng: Random, payer: Payer, bundle: Bundle) -> list[BankLine]:
    if bundle.minor < 0:
        return [refund(rng, payer, bundle)]
    if payer.is_debited and len(bundle.shares) == 1:
        return debited(rng, payer, bundle)
    accident = _accident(rng, payer)
    if accident in MISHAPS:
        return MISHAPS[accident](rng, payer, bundle, transfer(rng, payer, bundle))
    return [exchanged(rng, payer, short_or_whole(rng, payer, bundle, accident))]


def _accident(rng: Random, payer: Payer) -> str:
    draw = rng.randrange(1_000)
    if payer.is_abroad and happens(rng, FEES_ABROAD):
        return "bank_fee"
    for accident, share in ACCIDENTS.items():
        draw -= share
        if draw < 0:
            return accident
    return ""


def _advances(
    rng: Random, truth: Truth, known: Sequence[Payer], since: date, until: date
) -> Iterator[BankLine]:
    """What came in before there was an invoice. The company's own list has it as the item on account of that day."""
    paid = truth.items.filter((pl.col("kind") == "on_account") & pl.col("issued_on").is_between(since, until))
    columns = ("item", "customer", "issued_on", "currency", "amount_minor", "number")
    for item, customer, day, currency, minor, number in paid.select(columns).iter_rows():
        payer = known[known[customer].pays_through]
        share = Share(item, customer, -minor, 0, -minor, number, None, day)
        line = transfer(rng, payer, Bundle(payer.customer, day, currency, (share,)), kind="advance")
        yield replace(line, items=(), owners=(), minors=(), excess_minor=line.minor)


def _frame(told: Sequence[BankLine]) -> pl.DataFrame:
    """The lines by column; a pair's number becomes that of its first line."""
    names = [name for name in SCHEMA if name not in ("line", *_LISTS)]
    columns = {name: [getattr(line, name) for line in told] for name in names}
    plain = pl.DataFrame(columns, schema={name: SCHEMA[name] for name in names}).with_row_index("line")
    frame = plain.join(_lists(told), on="line", how="left", maintain_order="left")
    first = pl.when(pl.col("pair").is_not_null()).then(pl.col("line").min().over("pair"))
    alone = pl.len().over("pair") < 2
    listed = (pl.col(name).fill_null(pl.lit([], dtype=SCHEMA[name])) for name in _LISTS)
    return frame.with_columns(*listed, pair=pl.when(~alone).then(first)).select(
        pl.col(name).cast(kind) for name, kind in SCHEMA.items()
    )


def _lists(told: Sequence[BankLine]) -> pl.DataFrame:
    """The columns that are lists, for the lines that have any: built flat, which is many times faster than list by list."""
    flat = [
        (place, *share)
        for place, line in enumerate(told)
        for share in zip(line.items, line.owners, line.minors, strict=True)
    ]
    schema = {"line": pl.UInt32} | dict.fromkeys(_LISTS, pl.Int64)
    return pl.DataFrame(flat, schema=schema, orient="row").group_by("line", maintain_order=True).agg(_LISTS)


def _payer_frame(known: Sequence[Payer]) -> pl.DataFrame:
    names = (
        "customer",
        "pays_through",
        "who",
        "account",
        "next_account",
        "moves_on",
        "discount_percent",
        "discount_days",
    )
    return pl.DataFrame({name: [getattr(one, name) for one in known] for name in names})
