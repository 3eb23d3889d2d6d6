"""Table -> mapping: what each column means, by its header and its cells, with confidence and reason for each guess."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from debitora.formats import synonyms
from debitora.formats.faults import Fault, FaultCode, Faults, fault
from debitora.formats.grid import Form, Table, column
from debitora.formats.headers import HEADER_ROWS, find_header, is_local_currency, scores
from debitora.formats.mapping import Column, Guess, Mapping, Proposal, Sign, first_line_after
from debitora.formats.notation import guess_notation
from debitora.formats.profiles import Profile, likeness, profile_of
from debitora.formats.skipping import RULE

SAMPLE: Final = 20_000
"""Rows by which a list is judged; reading then judges every row."""

_LEAST: Final = 0.5
_SURE: Final = 0.9
_IDS: Final = (
    "number",
    "position",
    "customer_number",
    "company_code",
    "order_reference",
    "parent_number",
    "postcode",
)
_FLOAT: Final = r"^\s*\d+[.,]0\s*$"


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    field: str
    index: int
    reason: str


def guess_mapping(table: Table, *, subject: str = "items", currency: str = "") -> Proposal:
    """Propose how to read a list of "items" or "customers".

    currency: the company's own, taken where nothing in the file names one. Faults: NO_ROWS, and COLUMN_MISSING for each
    field without which the list cannot be read.
    """
    if table.form is not None:
        return _laid_down(table, table.form, subject, currency)
    rows = table.head(HEADER_ROWS)
    header = find_header(rows, subject)
    first = first_line_after(rows, header) if header is not None else _first_filled(rows)
    body, numeric = table.below(first)
    if body.height == 0:
        return Proposal(Mapping({}, subject=subject), faults=Faults.of([fault(FaultCode.NO_ROWS)]))
    body, numeric = _sampled(body, numeric, rows[header][1] if header is not None else ())
    profiles = [profile_of(body[column(index)]) for index in range(table.width)]
    headers = rows[header][1] if header is not None else ()
    found = _by_header(headers, profiles, subject) if header is not None else _by_content(profiles, subject)
    guesses = [Guess(each.field, str(each.index), round(each.score, 3), each.reason) for each in found]
    columns = {each.field: Column(each.index, headers[each.index] if headers else "") for each in found}
    mapping = Mapping(
        columns,
        subject=subject,
        header_line=rows[header][0] if header is not None else 0,
        first_line=first,
        float_shaped=float_shaped(body, columns),
    )
    mapping, notes, ambiguous = guess_notation(body, numeric, mapping, currency)
    unclear = ("header",) if header is None else ()
    return Proposal(mapping, (*guesses, *notes), (*unclear, *ambiguous), Faults.of(missing_fields(mapping)))


def _laid_down(table: Table, form: Form, subject: str, currency: str) -> Proposal:
    """The mapping of a file whose program lays its columns down; a fault where it holds something else."""
    if form.subject != subject:
        return Proposal(
            Mapping({}, subject=subject),
            faults=Faults.of([fault(FaultCode.WRONG_SUBJECT, holds=form.subject)]),
        )
    columns = {
        field: Column(index, head)
        for index, (field, head) in enumerate(zip(form.fields, form.headers, strict=True))
    }
    mapping = Mapping(
        columns, subject=subject, header_line=0, first_line=1, sign=Sign.COLUMNS, currency=currency
    )
    empty = Faults() if table.height else Faults.of([fault(FaultCode.NO_ROWS)])
    return Proposal(mapping, ambiguous=("due",) if form.assumes_due else (), faults=empty)


def _sampled(
    body: pl.DataFrame, numeric: pl.DataFrame | None, header: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """At most SAMPLE rows, spread evenly over the list; page breaks and repeated headers would blur what they show."""
    differs = [pl.col(column(i)).fill_null("") != cell for i, cell in enumerate(header)] or [
        pl.lit(value=True)
    ]
    is_data = (pl.sum_horizontal(pl.exclude("line").is_not_null()) > 1) & pl.any_horizontal(differs)
    keep = body.select(is_data).to_series()
    if keep.any():
        body, numeric = body.filter(keep), None if numeric is None else numeric.filter(keep)
    step = -(-body.height // SAMPLE)
    body, numeric = body.gather_every(step), None if numeric is None else numeric.gather_every(step)
    drawn = body.select(pl.all_horizontal(pl.exclude("line").fill_null("").str.contains(RULE))).to_series()
    return body.filter(~drawn), None if numeric is None else numeric.filter(~drawn)


def missing_fields(mapping: Mapping) -> list[Fault]:
    """COLUMN_MISSING for each field (or choice of fields) without which a list cannot be read."""
    known = set(mapping.columns)
    return [
        fault(FaultCode.COLUMN_MISSING, field=choice[0], choices=" ".join(choice))
        for choice in _needed(mapping)
        if not known & set(choice)
    ]


def _needed(mapping: Mapping) -> list[tuple[str, ...]]:
    """Choices of fields, of each of which one must be there."""
    if mapping.subject == "customers":
        return [("customer_number",), ("customer_name",)]
    by_sign: dict[Sign, list[tuple[str, ...]]] = {
        Sign.COLUMNS: [("debit", "credit")],
        Sign.FLAG: [("open", "amount"), ("side",)],
        Sign.KIND: [("open", "amount"), ("kind",)],
    }
    money = by_sign.get(mapping.sign, [("open", "amount")])
    return [("number",), ("customer_number", "customer_name"), ("due_on",), *money]


def _first_filled(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """The line of the first row that is as wide as most: titles above a list without header are passed over."""
    widths = [sum(1 for cell in cells if cell.strip()) for _, cells in rows]
    usual = max(widths, default=0)
    return next((line for (line, _), width in zip(rows, widths, strict=True) if width * 2 > usual), 1)


def _by_header(headers: Sequence[str], profiles: Sequence[Profile], subject: str) -> list[_Candidate]:
    """Fields by header and content, the best pairs first; each column and each field once."""
    candidates = [
        _Candidate(score * likeness(field, profiles[index]), field, index, _reason(score))
        for index, header in enumerate(headers)
        for field, score in scores(header, subject).items()
    ]
    local = {index for index, header in enumerate(headers) if is_local_currency(header)}
    return _settle_currencies(_assigned(candidates, subject), candidates, local)


def _reason(score: float) -> str:
    return "header_exact" if score >= _SURE else "header_similar"


def _assigned(candidates: Sequence[_Candidate], subject: str) -> list[_Candidate]:
    order = synonyms.ITEM_FIELDS if subject == "items" else synonyms.CUSTOMER_FIELDS
    ranked = sorted(candidates, key=lambda each: (-each.score, order.index(each.field), each.index))
    taken: dict[str, _Candidate] = {}
    used: set[int] = set()
    for each in ranked:
        if each.score >= _LEAST and each.field not in taken and each.index not in used:
            taken[each.field] = each
            used.add(each.index)
    return sorted(taken.values(), key=lambda each: order.index(each.field))


def _settle_currencies(
    found: list[_Candidate], candidates: Sequence[_Candidate], local: set[int]
) -> list[_Candidate]:
    """Amount and currency must be of one kind, the document's or the company's; else the currency is left out."""
    by_field = {each.field: each for each in found}
    money = by_field.get("open") or by_field.get("amount")
    current = by_field.get("currency")
    if money is None or current is None or (money.index in local) == (current.index in local):
        return found
    fitting = [
        each
        for each in candidates
        if each.field == "currency"
        and each.score >= _LEAST
        and (each.index in local) == (money.index in local)
        and each.index != money.index
    ]
    others = [each for each in found if each.field != "currency"]
    return [*others, max(fitting, key=lambda each: each.score)] if fitting else others


def _by_content(profiles: Sequence[Profile], subject: str) -> list[_Candidate]:
    """Fields of a list without header: by what only they look like, then by order."""
    indexes = range(len(profiles))
    found: dict[str, int] = {}
    for field, share in (("email", "email"), ("currency", "currency"), ("side", "side")):
        likely = [i for i in indexes if getattr(profiles[i], share) >= 0.8 and i not in found.values()]
        if likely and (subject == "items" or field != "side"):
            found[field] = likely[0]
    rest = [i for i in indexes if i not in found.values() and not profiles[i].is_empty]
    if subject == "items":
        days = [i for i in rest if profiles[i].day >= 0.8]
        money = [i for i in rest if profiles[i].number >= 0.8 and profiles[i].whole < 0.5 and i not in days]
        found |= dict(zip(("issued_on", "due_on") if len(days) > 1 else ("due_on",), days, strict=False))
        found |= dict(zip(("amount", "open") if len(money) > 1 else ("open",), money, strict=False))
    found |= _identities([i for i in rest if i not in found.values()], profiles, subject)
    return [_Candidate(0.4, field, index, "content") for field, index in found.items()]


def _identities(rest: Sequence[int], profiles: Sequence[Profile], subject: str) -> dict[str, int]:
    """Numbers and name among the columns that are left: the item's number differs most from row to row."""
    codes = sorted((i for i in rest if profiles[i].code >= 0.8), key=lambda i: (-profiles[i].kinds, i))
    names = [i for i in rest if profiles[i].is_text]
    fields = ("number", "customer_number") if subject == "items" else ("customer_number",)
    found = dict(zip(fields, codes, strict=False))
    return found | ({"customer_name": names[0]} if names else {})


def float_shaped(body: pl.DataFrame, columns: AnyMapping[str, Column]) -> tuple[str, ...]:
    """Fields of identity whose numbers all end in ".0", as a program writes whole numbers it took for floats.

    body: rows of data, as `Table.below` gives them.
    """
    shaped = []
    for field in _IDS:
        if field in columns:
            cells = body[column(columns[field].index)].drop_nulls()
            if cells.len() and cells.str.contains(_FLOAT).mean() == 1.0:
                shaped.append(field)
    return tuple(shaped)
