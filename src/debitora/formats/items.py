"""Table and mapping -> open items as columns: amounts in signed minor units, days as dates, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from debitora.formats.amounts import SYMBOLS, to_minor_columns
from debitora.formats.cells import faults_of, first_of_equal, key_expression, severed_rows, texts_of
from debitora.formats.dates import read_days
from debitora.formats.faults import FaultCode, Faults
from debitora.formats.grid import Table, column
from debitora.formats.mapping import Mapping, Sign, columns_beyond
from debitora.formats.signs import with_open_flag, with_signs
from debitora.formats.skipping import Skipped, without_noise
from debitora.values.money import is_currency

SCHEMA: Final = pl.Schema(
    {
        "line": pl.UInt32,
        "number": pl.String,
        "position": pl.String,
        "customer_number": pl.String,
        "customer_name": pl.String,
        "issued_on": pl.Date,
        "due_on": pl.Date,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "open_minor": pl.Int64,
        "is_open": pl.Boolean,
        "cleared_on": pl.Date,
        "company_code": pl.String,
        "kind": pl.String,
        "order_reference": pl.String,
        "product_group": pl.String,
        "text": pl.String,
        "email": pl.String,
        "salesperson": pl.String,
        "contact_name": pl.String,
        "contact_email": pl.String,
        "number_key": pl.String,
        "customer_key": pl.String,
    }
)
"""Columns of ItemRows.frame. Texts are "" where the list says nothing; only issued_on, cleared_on, amount_minor are null.

open_minor is signed (debit positive) and 0 where the item is not open. A list without customer numbers gives the name as
number. number_key and customer_key are `values.numbers.number_key` of the two numbers.
"""

_TEXTS: Final = (
    "position",
    "customer_name",
    "company_code",
    "kind",
    "order_reference",
    "product_group",
    "text",
    "email",
    "salesperson",
    "contact_name",
    "contact_email",
)
_CUT: Final = ("order_reference", "product_group")
MOST: Final = 60
"""So many characters of those texts are kept."""
_MONEY: Final = ("open", "amount", "debit", "credit")
_ALWAYS: Final = (
    "line",
    "number",
    "position",
    "currency",
    "open_minor",
    "company_code",
    "number_key",
    "customer_key",
)

PIECE: Final = 100_000
"""Rows that are read at once: what a million rows need on their way would be several times what they give."""


@dataclass(frozen=True, slots=True)
class ItemRows:
    """The rows that could be read, the rows that are none, and the total that the list states of itself.

    read: rows of data, readable or not. stated_total_minor: the open sum in the last row of totals, None where there is
    none or the list has several currencies.
    """

    frame: pl.DataFrame = field(repr=False)
    read: int
    skipped: Skipped
    stated_total_minor: int | None = None


def read_items(
    table: Table, mapping: Mapping, *, columns: Sequence[str] = tuple(SCHEMA)
) -> tuple[ItemRows, Faults]:
    """Read an open-item list by its mapping; rows with a fault are not in the frame.

    columns: those of SCHEMA that are looked at; line, number, position, currency, company_code, open_minor and the keys are
    always there. A mapping that does not fit the table gives COLUMN_MISSING and no rows: `mapping.fit` it first.
    """
    beyond = columns_beyond(mapping, table)
    if beyond:
        return ItemRows(pl.DataFrame(schema=SCHEMA), 0, Skipped()), beyond
    wanted = [name for name in SCHEMA if name in columns or name in _ALWAYS]
    parts, read, skipped, faults = [], 0, Skipped(), Faults()
    for body, numeric in table.pieces(mapping.first_line, PIECE):
        body, numeric, noise = without_noise(body, numeric, mapping)
        part, problems = _read_piece(body, numeric, mapping)
        parts.append(part.select(wanted))
        read, skipped = read + body.height, skipped + noise
        faults += problems + severed_rows(table, body)
    sound = pl.concat(parts)
    faults += number_twice(sound, column=mapping.header("number"), per_company_code=True)
    return ItemRows(sound, read, skipped, _stated_total(skipped, sound, mapping)), faults


def _read_piece(
    body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping
) -> tuple[pl.DataFrame, Faults]:
    """Some rows of data as SCHEMA has them, without those that have a fault."""
    raw = body.select(
        "line", *(pl.col(column(each.index)).alias(name) for name, each in mapping.columns.items())
    )
    frame, faults = _identities(raw, mapping)
    frame, problems = _days(frame, mapping)
    faults += problems
    frame, problems = _money(frame, numeric, mapping)
    faults += problems
    frame, problems = _open(frame, mapping)
    faults += problems
    sound = frame.filter(~pl.col("bad")) if frame["bad"].any() else frame
    return sound.select(SCHEMA.names()).cast(SCHEMA), faults


def company_codes(frame: pl.DataFrame) -> dict[str, int]:
    """How many items each company code of a list has, by code; one entry "" where the list names none."""
    counted = frame.group_by("company_code").len().sort("company_code")
    return dict(zip(counted["company_code"].to_list(), counted["len"].to_list(), strict=True))


def number_twice(frame: pl.DataFrame, *, column: str = "", per_company_code: bool = False) -> Faults:
    """NUMBER_TWICE for each row whose (customer, number, position) stands on an earlier line already.

    Two company codes may use the same number; once the codes that belong here are chosen, ask again without them.
    """
    keys = ["customer_key", "number_key", "position", *(["company_code"] if per_company_code else [])]
    return first_of_equal(frame, keys, FaultCode.NUMBER_TWICE, shown="number", column=column)


def _identities(raw: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    """Numbers, names and the other texts; faults of missing and shortened numbers."""
    texts = texts_of(raw, (*_TEXTS, "number", "customer_number"), mapping.float_shaped)
    texts = texts.with_columns(pl.col(name).str.head(MOST) for name in _CUT if name in raw.columns)
    number = (
        pl.when(pl.col("customer_number") == "")
        .then(pl.col("customer_name"))
        .otherwise(pl.col("customer_number"))
    )
    texts = texts.with_columns(customer_number=number)
    texts = texts.with_columns(
        number_key=key_expression("number"),
        customer_key=key_expression("customer_number"),
        no_number=pl.col("number") == "",
        shortened=pl.col("number").str.contains(r"(?i)^\d(?:[.,]\d+)?e\+\d+$"),
        no_customer=pl.col("customer_number") == "",
    )
    faults = (
        faults_of(texts, "no_number", FaultCode.NUMBER_MISSING, mapping.header("number"))
        + faults_of(texts, "shortened", FaultCode.NUMBER_SHORTENED, mapping.header("number"), shown="number")
        + faults_of(texts, "no_customer", FaultCode.CUSTOMER_MISSING, mapping.header("customer_number"))
    )
    return texts.with_columns(bad=pl.col("no_number") | pl.col("shortened") | pl.col("no_customer")), faults


def _days(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    faults = Faults()
    for name in ("issued_on", "due_on", "cleared_on"):
        if name not in mapping.columns:
            frame = frame.with_columns(
                pl.lit(None, dtype=pl.Date).alias(name), pl.lit(value=True).alias(f"{name}_ok")
            )
            continue
        read = read_days(frame[name], mapping.date_order)
        frame = frame.with_columns(
            read["day"].alias(name), read["code"].alias("code"), frame[name].alias("shown")
        )
        faults += _coded(frame, name, mapping, (FaultCode.DATE_UNREADABLE, FaultCode.DATE_IMPOSSIBLE))
        frame = frame.with_columns(
            bad=pl.col("bad") | pl.col("code").is_not_null(), **{f"{name}_ok": pl.col("code").is_null()}
        )
    return frame, faults


def _coded(frame: pl.DataFrame, name: str, mapping: Mapping, codes: tuple[FaultCode, ...]) -> Faults:
    """Faults of the rows whose column `code` says so, with the text in `shown`."""
    faults = Faults()
    if frame["code"].null_count() == frame.height:
        return faults
    for code in codes:
        marked = frame.with_columns(hit=(pl.col("code") == code.value).fill_null(value=False))
        faults += faults_of(marked, "hit", code, mapping.header(name), shown="shown")
    return faults


def _money(
    frame: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping
) -> tuple[pl.DataFrame, Faults]:
    """Currency, then every amount column in minor units as written."""
    frame, faults = _currencies(frame, mapping)
    for name in _MONEY:
        found = mapping.column(name)
        if found is None:
            frame = frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(f"{name}_read"))
            continue
        stored = numeric[column(found.index)] if numeric is not None else None
        read = to_minor_columns(frame, name, mapping, stored)
        frame = frame.with_columns(
            read["minor"].alias(f"{name}_read"), read["code"].alias("code"), frame[name].alias("shown")
        )
        codes = (FaultCode.DECIMALS_MIXED, FaultCode.AMOUNT_UNREADABLE, FaultCode.AMOUNT_TOO_LARGE)
        faults += _coded(frame, name, mapping, codes)
        frame = frame.with_columns(bad=pl.col("bad") | pl.col("code").is_not_null())
    return frame, faults


def _currencies(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    if "currency" not in mapping.columns:
        frame = frame.with_columns(currency=pl.lit(None, dtype=pl.String))
    given = pl.col("currency").str.strip_chars()
    code = given.replace(SYMBOLS).str.to_uppercase().replace({"EURO": "EUR"})
    frame = frame.with_columns(
        shown=given, currency=pl.when(code != "").then(code).otherwise(pl.lit(mapping.currency))
    )
    unknown = [
        each for each in frame["currency"].unique().drop_nulls().to_list() if each and not is_currency(each)
    ]
    frame = frame.with_columns(
        missing=(pl.col("currency").fill_null("") == ""),
        hit=pl.col("currency").is_in(unknown).fill_null(value=False),
    )
    header = mapping.header("currency")
    faults = faults_of(frame, "missing", FaultCode.CURRENCY_MISSING, header) + faults_of(
        frame, "hit", FaultCode.CURRENCY_UNKNOWN, header, shown="currency"
    )
    return frame.with_columns(bad=pl.col("bad") | pl.col("missing") | pl.col("hit")), faults


def _open(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    """Sign, whether the item is open, and the due day; faults of missing ones."""
    frame, faults = with_signs(frame, mapping)
    frame, problems = with_open_flag(frame, mapping)
    faults += problems
    open_minor = (
        pl.coalesce("open_signed", "amount_minor") if _open_is_amount(mapping) else pl.col("open_signed")
    )
    settled = pl.col("flag_open").not_() | (
        pl.col("flag_open").is_null() & pl.col("cleared_on").is_not_null()
    )
    settled = settled.fill_null(value=False)
    frame = frame.with_columns(is_settled=settled, wanted=open_minor)
    frame = frame.with_columns(
        open_minor=pl.when(pl.col("is_settled")).then(0).otherwise(pl.col("wanted")),
        no_amount=pl.col("wanted").is_null() & ~pl.col("is_settled") & ~pl.col("bad"),
    )
    frame = frame.with_columns(
        is_open=pl.col("open_minor") != 0,
        due_on=pl.when(pl.col("open_minor") <= 0)
        .then(pl.coalesce("due_on", "issued_on", "cleared_on"))
        .otherwise(pl.col("due_on")),
    )
    no_due = pl.col("due_on").is_null() & pl.col("due_on_ok") & ~pl.col("bad")
    frame = frame.with_columns(no_due=no_due)
    faults += faults_of(frame, "no_amount", FaultCode.AMOUNT_MISSING, _money_header(mapping))
    faults += faults_of(frame, "no_due", FaultCode.DUE_MISSING, mapping.header("due_on"))
    return frame.with_columns(bad=pl.col("bad") | pl.col("no_amount") | pl.col("no_due")), faults


def _open_is_amount(mapping: Mapping) -> bool:
    return "open" not in mapping.columns and mapping.sign is not Sign.COLUMNS


def _money_header(mapping: Mapping) -> str:
    return next((mapping.header(name) for name in _MONEY if name in mapping.columns), "")


def _stated_total(skipped: Skipped, sound: pl.DataFrame, mapping: Mapping) -> int | None:
    """The last row of totals, below all items, in the only currency of the list."""
    used = sound["currency"].unique().to_list()
    found = mapping.column("open") or mapping.column("amount")
    if skipped.last_total is None or found is None or len(used) != 1 or mapping.sign is Sign.COLUMNS:
        return None
    line, cells = skipped.last_total
    if (sound["line"] > line).any():
        return None
    frame = pl.DataFrame(
        {"text": [cells[found.index]], "currency": used}, schema={"text": pl.String, "currency": pl.String}
    )
    minor = to_minor_columns(frame, "text", mapping)["minor"][0]
    if minor is None:
        return None
    return -int(minor) if mapping.sign is Sign.DEBIT_NEGATIVE else int(minor)
