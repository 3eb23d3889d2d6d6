"""Cells -> notation: decimal mark, date order, sign convention, currency of a list, each with its evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from debitora.formats import synonyms
from debitora.formats.amounts import SYMBOLS, cleaned, find_marks, is_negative, to_minor_columns
from debitora.formats.dates import order_evidence
from debitora.formats.grid import column
from debitora.formats.headers import currency_of, key_of
from debitora.formats.mapping import DateOrder, Guess, Mapping, Sign

_AMOUNTS: Final = ("open", "amount", "debit", "credit")
_DAYS: Final = ("issued_on", "due_on", "cleared_on")
_MOSTLY: Final = 0.8
_ENOUGH: Final = 5
_PROBE: Final = 5_000

_Found = tuple[Mapping, list[Guess], list[str]]


def guess_notation(
    body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping, currency: str
) -> tuple[Mapping, tuple[Guess, ...], tuple[str, ...]]:
    """Complete a mapping whose columns are known; says why, and which properties the file leaves open."""
    guesses: list[Guess] = []
    ambiguous: list[str] = []
    for step in (_marks, _date_order):
        mapping, said, unclear = step(body, numeric, mapping)
        guesses += said
        ambiguous += unclear
    if mapping.subject == "items":
        mapping, said, unclear = _sign(body, numeric, mapping)
        guesses += said
        ambiguous += unclear
        mapping, said, unclear = _currency(body, mapping, currency)
        guesses += said
        ambiguous += unclear
    return _with_flags(mapping), tuple(guesses), tuple(ambiguous)


def _texts(body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping, field: str) -> pl.Series:
    """The filled text cells of a field; cells that a workbook stores as numbers say nothing about notation."""
    name = column(mapping.columns[field].index)
    cells = body[name] if numeric is None else body[name].filter(~numeric[name])
    return cells.drop_nulls()


def _marks(body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping) -> _Found:
    columns = [_texts(body, numeric, mapping, name) for name in _AMOUNTS if name in mapping.columns]
    marks = find_marks(columns)
    fitted = replace(mapping, decimal_mark=marks.decimal, thousands_mark=marks.thousands)
    sure = marks.proven and not marks.mixed
    guess = Guess("decimal_mark", marks.decimal, 1.0 if sure else 0.5, "evidence" if sure else "no_evidence")
    return fitted, [guess], [] if sure else ["decimal_mark"]


def _date_order(body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping) -> _Found:
    texts = [_texts(body, numeric, mapping, name) for name in _DAYS if name in mapping.columns]
    different = pl.concat(texts).unique().to_list() if texts else []
    dmy, mdy, either = order_evidence(different)
    if dmy or mdy:
        order = DateOrder.DMY if dmy >= mdy else DateOrder.MDY
        sure = not (dmy and mdy)
        guess = Guess("date_order", order, 1.0 if sure else 0.6, "evidence")
        return replace(mapping, date_order=order), [guess], [] if sure else ["date_order"]
    if not either:
        return mapping, [Guess("date_order", DateOrder.YMD, 1.0, "evidence")], []
    is_slashed = any("/" in text for text in different)
    order = DateOrder.MDY if is_slashed and mapping.decimal_mark == "." else DateOrder.DMY
    sure = not is_slashed
    guess = Guess("date_order", order, 0.8 if sure else 0.5, "no_evidence")
    return replace(mapping, date_order=order), [guess], [] if sure else ["date_order"]


def _sign(body: pl.DataFrame, numeric: pl.DataFrame | None, mapping: Mapping) -> _Found:
    """Two columns, a flag, a document type, or the sign itself."""
    if {"debit", "credit"} & set(mapping.columns) and _prefers_columns(body, mapping):
        rest = {name: each for name, each in mapping.columns.items() if name not in {"open", "side"}}
        fitted = replace(mapping, columns=rest, sign=Sign.COLUMNS)
        return fitted, [Guess("sign", Sign.COLUMNS, 0.9, "evidence")], []
    field = "open" if "open" in mapping.columns else "amount"
    if field not in mapping.columns:
        return mapping, [], []
    money = body[column(mapping.columns[field].index)]
    negative = (
        pl.DataFrame({"t": money})
        .select(is_negative(cleaned(pl.col("t"))).fill_null(value=False))
        .to_series()
    )
    share = int(negative.sum()) / max(money.drop_nulls().len(), 1)
    sign, confidence, reason = _sign_of(body, mapping, negative, share)
    unclear = ["sign"] if sign is Sign.DEBIT_NEGATIVE else []
    return replace(mapping, sign=sign), [Guess("sign", sign, confidence, reason)], unclear


def _sign_of(
    body: pl.DataFrame, mapping: Mapping, negative: pl.Series, share: float
) -> tuple[Sign, float, str]:
    side = mapping.column("side")
    if side:
        is_credit = (
            body[column(side.index)].str.strip_chars().str.to_lowercase().is_in(list(synonyms.CREDIT_VALUES))
        )
        credit_rows = is_credit.fill_null(value=False)
        is_signed = (negative & credit_rows).sum() > credit_rows.sum() / 2
        return (Sign.DEBIT_POSITIVE if is_signed else Sign.FLAG), 0.95, "evidence"
    if share >= _MOSTLY and int(negative.sum()) >= _ENOUGH:
        return Sign.DEBIT_NEGATIVE, 0.7, "evidence"
    kind = mapping.column("kind")
    if kind and not negative.any():
        kinds = body[column(kind.index)].str.strip_chars().str.to_lowercase()
        if kinds.is_in(list(synonyms.CREDIT_KINDS)).any():
            return Sign.KIND, 0.7, "evidence"
    return Sign.DEBIT_POSITIVE, 0.95 if share else 0.8, "evidence" if share else "no_evidence"


def _prefers_columns(body: pl.DataFrame, mapping: Mapping) -> bool:
    """Whether debit less credit is the item, and not the balance beside them.

    A balance is the item unless it is missing, unsigned though credits stand beside it, or running down the list.
    """
    if "open" not in mapping.columns:
        return True
    money = {name: _probe(body, mapping, name) for name in ("open", "debit", "credit")}
    net = money["debit"].fill_null(0) - money["credit"].fill_null(0)
    balance = money["open"].fill_null(0)
    if bool((balance < 0).any()):
        is_running = balance == balance.shift(1) + net
        is_own = balance == net
        return bool(is_running.sum() > is_own.sum())
    is_running = (balance == balance.shift(1) + net) & (balance != net)
    return bool((net < 0).any()) or bool(is_running.sum() > balance.len() / 2)


def _probe(body: pl.DataFrame, mapping: Mapping, field: str) -> pl.Series:
    """The first amounts of a field in hundredths, to compare columns with each other."""
    found = mapping.column(field)
    rows = body.head(_PROBE)
    if found is None:
        return pl.Series([0], dtype=pl.Int64).new_from_index(0, rows.height)
    frame = rows.select(text=pl.col(column(found.index)), currency=pl.lit("EUR"))
    return to_minor_columns(frame, "text", mapping)["minor"]


def _currency(body: pl.DataFrame, mapping: Mapping, company: str) -> _Found:
    """Without a column: the currency that a header names, else that of the amounts, else the company's own."""
    if "currency" in mapping.columns:
        return mapping, [], []
    named = {currency_of(mapping.columns[name].header) for name in _AMOUNTS if name in mapping.columns} - {""}
    if len(named) == 1:
        code = named.pop()
        return replace(mapping, currency=code), [Guess("currency", code, 0.9, "header_currency")], []
    symbols = _symbols(body, mapping)
    if len(symbols) == 1:
        code = symbols.pop()
        return replace(mapping, currency=code), [Guess("currency", code, 0.9, "amount_symbol")], []
    return (
        replace(mapping, currency=company),
        [Guess("currency", company, 0.5, "company_currency")],
        ["currency"],
    )


def _symbols(body: pl.DataFrame, mapping: Mapping) -> set[str]:
    """The currencies written beside the amounts."""
    found: set[str] = set()
    for name in _AMOUNTS:
        if name in mapping.columns:
            cells = body[column(mapping.columns[name].index)]
            signs = cells.str.extract(r"([A-Z]{3}|US\$|[€$£¥])").drop_nulls().unique().to_list()
            found |= {SYMBOLS.get(sign, sign) for sign in signs}
    return found


def _with_flags(mapping: Mapping) -> Mapping:
    """Note the columns whose yes means settled, or consumer."""
    name, inverted = (
        ("open_flag", synonyms.INVERTED_FLAGS)
        if mapping.subject == "items"
        else ("customer_kind", synonyms.INVERTED_KINDS)
    )
    found = mapping.column(name)
    is_inverted = found is not None and key_of(found.header) in {key_of(word) for word in inverted}
    return replace(mapping, flag_inverted=is_inverted)
