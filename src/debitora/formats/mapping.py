"""What the columns of one source mean: guessed once, corrected by a person, remembered, fitted to the next file."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from debitora.formats.faults import Fault, FaultCode, Faults, fault
from debitora.formats.grid import Table
from debitora.formats.headers import HEADER_ROWS, is_units_row, key_of
from debitora.formats.synonyms import CUSTOMER_FIELDS, ITEM_FIELDS

VERSION: Final = 1


class NotAMapping(Exception):
    """The stored text is no mapping of this version."""


class Sign(StrEnum):
    """How a list tells debits from credits."""

    DEBIT_POSITIVE = "debit_positive"  # invoices positive, credits negative
    DEBIT_NEGATIVE = "debit_negative"  # the reverse
    FLAG = "flag"  # a column says debit or credit (S/H)
    COLUMNS = "columns"  # debit and credit stand in two columns
    KIND = "kind"  # no signs: the document type says credit note


class DateOrder(StrEnum):
    """The order of a date's parts where it does not begin with the year."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its index (0-based) and, to find it again in another file, its header."""

    index: int
    header: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read one source's list. `subject` is "items" or "customers".

    header_line: line of the header, 0 for none; first_line: line of the first row of data. flag_inverted: yes in the open
    flag (or kind of customer) means settled (or consumer). float_shaped: fields whose numbers end in ".0" by accident.
    currency: of rows that name none, "" where none is known. encoding, delimiter, sheet: chosen by hand, "" recognises.
    borders: where the columns of a text without separators (delimiter "fixed") begin; once recognised they stay, so that a
    list without headings is never cut in another way than a person has seen.
    """

    columns: AnyMapping[str, Column]
    subject: str = "items"
    header_line: int = 1
    first_line: int = 2
    decimal_mark: str = "."
    thousands_mark: str = ""
    date_order: DateOrder = DateOrder.YMD
    sign: Sign = Sign.DEBIT_POSITIVE
    flag_inverted: bool = False
    float_shaped: tuple[str, ...] = ()
    currency: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    borders: tuple[int, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of a field, or None."""
        return self.columns.get(name)

    def header(self, name: str) -> str:
        """What a person calls the column of a field: its header, else its letter (A, B, ... AA)."""
        found = self.columns.get(name)
        return (found.header or letters(found.index)) if found else ""

    def with_columns(self, changes: AnyMapping[str, Column | None]) -> Mapping:
        """The mapping with some fields moved to other columns, or (None) dropped."""
        merged: dict[str, Column | None] = {**self.columns, **changes}
        return replace(self, columns={name: column for name, column in merged.items() if column is not None})

    def as_dict(self) -> dict[str, Any]:
        """The mapping as plain JSON values, for a JSON column."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        columns = {name: {"index": each.index, "header": each.header} for name, each in self.columns.items()}
        return {
            "version": VERSION,
            "columns": columns,
            **plain,
            "float_shaped": list(self.float_shaped),
            "borders": list(self.borders),
        }

    @classmethod
    def from_dict(cls, plain: AnyMapping[str, Any]) -> Mapping:
        """Read back what `as_dict` gave. Raises NotAMapping for other versions, fields or values."""
        try:
            if plain["version"] != VERSION:
                raise NotAMapping(f"version {plain['version']}")
            columns = {
                name: Column(int(each["index"]), str(each["header"]))
                for name, each in plain["columns"].items()
            }
            values = {name: plain[name] for name in _PLAIN}
            values |= {"date_order": DateOrder(plain["date_order"]), "sign": Sign(plain["sign"])}
            borders = tuple(int(place) for place in plain.get("borders", ()))
            shaped = tuple(plain["float_shaped"])
            return cls(columns, float_shaped=shaped, borders=borders, **values)._checked()
        except (KeyError, TypeError, ValueError, AttributeError) as broken:
            raise NotAMapping(str(broken)) from broken

    def _checked(self) -> Mapping:
        fields = ITEM_FIELDS if self.subject == "items" else CUSTOMER_FIELDS
        if self.subject not in {"items", "customers"} or not set(self.columns) <= set(fields):
            raise NotAMapping(f"fields {sorted(set(self.columns) - set(fields))}")
        if self.decimal_mark not in {".", ","} or self.thousands_mark not in {"", ".", ",", "'", " "}:
            raise NotAMapping(f"marks {self.decimal_mark!r} {self.thousands_mark!r}")
        return self


_PLAIN: Final = (
    "subject", "header_line", "first_line", "decimal_mark", "thousands_mark", "date_order", "sign", "flag_inverted",
    "currency", "encoding", "delimiter", "sheet",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """Why something was guessed: `what` is a field or a property of the mapping, confidence from 0 to 1."""

    what: str
    value: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guessed mapping with its reasons, what a person should look at, and what is missing.

    Reasons: header_exact, header_similar, content (of columns); evidence, no_evidence (of notation); header_currency,
    amount_symbol, company_currency.
    ambiguous: properties that the file leaves open (date_order, decimal_mark, sign, currency, header).
    """

    mapping: Mapping
    guesses: tuple[Guess, ...] = ()
    ambiguous: tuple[str, ...] = ()
    faults: Faults = field(default_factory=Faults)


def letters(index: int) -> str:
    """The spreadsheet's name of a column: 0 -> A, 25 -> Z, 26 -> AA."""
    name = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def fit(mapping: Mapping, table: Table) -> tuple[Mapping, Faults]:
    """Fit a remembered mapping to a new file: its columns are found again by their headers, wherever they stand now.

    Faults: COLUMN_MISSING with field and header, for each that is gone; then the mapping is returned as it was.
    """
    if not mapping.header_line:
        return mapping, columns_beyond(mapping, table)
    rows = table.head(HEADER_ROWS)
    wanted = {key_of(each.header) for each in mapping.columns.values() if each.header}
    hits = [len(wanted & {key_of(cell) for cell in cells}) for _, cells in rows]
    best = max(range(len(rows)), key=lambda index: (hits[index], -index)) if rows else 0
    if not rows or not hits[best]:
        return mapping, Faults.of(_missing(name, each) for name, each in mapping.columns.items())
    return _fit_to(mapping, rows, best)


def _fit_to(mapping: Mapping, rows: list[tuple[int, tuple[str, ...]]], best: int) -> tuple[Mapping, Faults]:
    line, cells = rows[best]
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        places.setdefault(key_of(cell), []).append(index)
    columns: dict[str, Column] = {}
    faults: list[Fault] = []
    for name, each in mapping.columns.items():
        found = places.get(key_of(each.header), []) if each.header else [each.index]
        if not found:
            faults.append(_missing(name, each))
        else:
            columns[name] = Column(each.index if each.index in found else found[0], each.header)
    if faults:
        return mapping, Faults.of(faults)
    return replace(
        mapping, columns=columns, header_line=line, first_line=first_line_after(rows, best)
    ), Faults()


def columns_beyond(mapping: Mapping, table: Table) -> Faults:
    """COLUMN_MISSING for each field whose column the table does not have."""
    beyond = {name: each for name, each in mapping.columns.items() if not 0 <= each.index < table.width}
    return Faults.of(_missing(name, each) for name, each in beyond.items())


def first_line_after(rows: list[tuple[int, tuple[str, ...]]], header: int) -> int:
    """The line of the first row of data below the header row: rows that only name units are jumped over."""
    for line, cells in rows[header + 1 :]:
        if any(map(str.strip, cells)) and not is_units_row(cells):
            return line
    return rows[header][0] + 1


def _missing(name: str, column: Column) -> Fault:
    return fault(FaultCode.COLUMN_MISSING, column=column.header, field=name, header=column.header)
