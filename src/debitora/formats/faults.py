"""What can be wrong with a file: codes with a place, a value and an advice, never sentences and never exceptions.

The caller words them in the user's language: one sentence per `FaultCode`, one per `Advice`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_KEPT: Final = 1000
"""That many faults of one file are kept with their place; the others are counted."""

_MAX_VALUE: Final = 80


class Advice(StrEnum):
    """What a person can do about a fault."""

    EXPORT_AGAIN = "export_again"  # the file is damaged or empty: export it once more
    SAVE_AS_CSV = "save_as_csv"  # save it as CSV (UTF-8) or XLSX
    UNPROTECT = "unprotect"  # save the workbook without a password
    CHOOSE_ENCODING = "choose_encoding"  # choose encoding or delimiter by hand
    CHOOSE_SHEET = "choose_sheet"  # choose one of the sheets that exist
    EXPORT_BATCH = "export_batch"  # export the booking batch (21) or the debtors (16) instead
    CHOOSE_KIND = "choose_kind"  # bring the file as what it is: open items or customers
    SPLIT_FILE = "split_file"  # deliver the list in several files
    CHOOSE_BORDERS = "choose_borders"  # say where the columns of a text without separators begin
    CHOOSE_COLUMN = "choose_column"  # say which column holds the field
    CHOOSE_FORMAT = "choose_format"  # say decimal mark, date order or sign
    CHOOSE_CURRENCY = "choose_currency"  # say the currency of the list
    CORRECT_ROW = "correct_row"  # correct the cell in the source and export again
    FORMAT_AS_TEXT = "format_as_text"  # the spreadsheet shortened the number: format the column as text
    REMOVE_DOUBLE = "remove_double"  # deliver each (number, position) once
    COMPLETE_LATER = "complete_later"  # nothing must be done now, the value is left out
    CLOSE_GAP = "close_gap"  # bring the statement that is missing, or accept the difference with a reason
    OTHER_COMPANY = "other_company"  # take the file where the account belongs


class FaultCode(StrEnum):
    """What is wrong. The comment is the meaning; params are named in it."""

    # the file
    EMPTY_FILE = "empty_file"  # no bytes, or nothing but blanks
    FILE_TOO_LARGE = "file_too_large"  # more bytes than `limit`
    NOT_A_TABLE = (
        "not_a_table"  # the content is something else: `kind` (pdf, image, html, markdown, prose, ...)
    )
    NUL_BYTES = "nul_bytes"  # zero bytes inside text
    ENCODING_UNKNOWN = "encoding_unknown"  # the chosen encoding does not exist
    ENCODING_UNFIT = "encoding_unfit"  # the text does not decode in `encoding`
    LINE_TOO_LONG = "line_too_long"  # a line of more characters than `limit`
    QUOTE_UNCLOSED = "quote_unclosed"  # a quotation mark opens on this line and never closes
    TOO_MANY_ROWS = "too_many_rows"  # more rows than `limit`
    TOO_MANY_COLUMNS = "too_many_columns"  # more columns than `limit`
    ARCHIVE_TOO_LARGE = (
        "archive_too_large"  # the workbook unpacks to more than is plausible (zip bomb): `reason`
    )
    WORKBOOK_ENCRYPTED = "workbook_encrypted"  # the workbook has a password
    WORKBOOK_DAMAGED = "workbook_damaged"  # the workbook cannot be read
    SHEET_UNKNOWN = "sheet_unknown"  # the chosen sheet is not in the workbook: `sheets`
    NO_ROWS = "no_rows"  # a header but no row below it
    DATEV_RULE = "datev_rule"  # a DATEV file breaks the `rule` of its format
    DATEV_CATEGORY = "datev_category"  # a DATEV file of another category: `name`
    FEC_RULE = "fec_rule"  # a French ledger file breaks the `rule` of its format
    WRONG_SUBJECT = "wrong_subject"  # the file holds `holds` (items, customers), but was brought as the other
    # the columns
    COLUMN_MISSING = (
        "column_missing"  # no column was found for `field` (remembered as `header`, where it was)
    )
    COLUMN_CUT = "column_cut"  # a border between columns of fixed width runs through a number
    DECIMALS_MIXED = "decimals_mixed"  # a decimal point where the list has decimal commas, or the reverse
    # the rows
    NUMBER_MISSING = "number_missing"  # an item without a number
    NUMBER_SHORTENED = "number_shortened"  # a number in scientific notation (1,93E+09): digits are lost
    NUMBER_TWICE = "number_twice"  # the same (customer, number, position) as on line `first`
    CUSTOMER_MISSING = "customer_missing"  # neither customer number nor name
    CUSTOMER_TWICE = "customer_twice"  # the same customer number as on line `first`
    NAME_MISSING = "name_missing"  # a customer without a name
    ACCOUNT_UNREADABLE = "account_unreadable"  # not the number of an account
    DUE_MISSING = "due_missing"  # a debit without a due day
    DATE_UNREADABLE = "date_unreadable"  # no date in the order of this list
    DATE_IMPOSSIBLE = "date_impossible"  # a day that no calendar has (31.02.), or a year outside 1900 to 2199
    AMOUNT_MISSING = "amount_missing"  # no amount in the row
    AMOUNT_UNREADABLE = "amount_unreadable"  # no amount in the notation of this list
    AMOUNT_TOO_LARGE = "amount_too_large"  # 10^15 minor units or more
    SIDE_UNREADABLE = "side_unreadable"  # neither debit nor credit
    OPEN_FLAG_UNREADABLE = "open_flag_unreadable"  # neither open nor settled
    CURRENCY_MISSING = "currency_missing"  # no currency in the row and none known for the list
    CURRENCY_UNKNOWN = "currency_unknown"  # not an ISO 4217 currency in circulation
    # files of banks
    BANK_RULE = "bank_rule"  # a file of a bank breaks the `rule` of its format
    NOT_A_STATEMENT = (
        "not_a_statement"  # no account statement in a format that is known: `kind`, where it has a name
    )
    SUM_TOO_LARGE = "sum_too_large"  # balances and lines of a statement come to 5 * 10^14 minor units or more, up to this line
    STATEMENT_FRAGMENT = "statement_fragment"  # part of a statement only: `missing` (statement, account, currency, opening, closing)
    ACCOUNT_ELSEWHERE = "account_elsewhere"  # a statement of an account that another company has
    # warnings: the statement is read, and held
    STATEMENT_UNTIED = "statement_untied"  # opening and lines give another closing: `difference`
    PAGES_APART = (
        "pages_apart"  # a page is missing before or behind this one: `difference`, where it is known
    )
    TOTAL_WRONG = "total_wrong"  # the file tells a `total` as `told`, its lines give `found`
    ACCOUNTS_DIFFER = "accounts_differ"  # a statement opens with the account `told` and closes with `found`
    # warnings: the value is left out, the row is read
    ENTRY_PENDING = "entry_pending"  # announced, not booked: the entry is left out
    EMAIL_UNREADABLE = "email_unreadable"  # not one e-mail address
    LANGUAGE_UNKNOWN = "language_unknown"  # not a language by code or name
    COUNTRY_UNKNOWN = "country_unknown"  # not a country by code or name
    CUSTOMER_KIND_UNKNOWN = "customer_kind_unknown"  # neither business nor consumer: treated as consumer


HOLDING: Final = frozenset(
    {FaultCode.STATEMENT_UNTIED, FaultCode.PAGES_APART, FaultCode.TOTAL_WRONG, FaultCode.ACCOUNTS_DIFFER}
)
"""Faults by which a file of a bank contradicts itself: its statements are read, and held until a person decides."""

WARNINGS: Final = HOLDING | {
    FaultCode.ENTRY_PENDING,
    FaultCode.EMAIL_UNREADABLE,
    FaultCode.LANGUAGE_UNKNOWN,
    FaultCode.COUNTRY_UNKNOWN,
    FaultCode.CUSTOMER_KIND_UNKNOWN,
}
"""Faults that leave out one value, or hold what was read, but do not stop an import."""

_ADVICE: Final[dict[FaultCode, Advice]] = dict.fromkeys(WARNINGS, Advice.COMPLETE_LATER) | {
    FaultCode.EMPTY_FILE: Advice.EXPORT_AGAIN,
    FaultCode.FILE_TOO_LARGE: Advice.SPLIT_FILE,
    FaultCode.NOT_A_TABLE: Advice.SAVE_AS_CSV,
    FaultCode.NUL_BYTES: Advice.EXPORT_AGAIN,
    FaultCode.ENCODING_UNKNOWN: Advice.CHOOSE_ENCODING,
    FaultCode.ENCODING_UNFIT: Advice.CHOOSE_ENCODING,
    FaultCode.LINE_TOO_LONG: Advice.EXPORT_AGAIN,
    FaultCode.QUOTE_UNCLOSED: Advice.EXPORT_AGAIN,
    FaultCode.TOO_MANY_ROWS: Advice.SPLIT_FILE,
    FaultCode.TOO_MANY_COLUMNS: Advice.SAVE_AS_CSV,
    FaultCode.ARCHIVE_TOO_LARGE: Advice.SAVE_AS_CSV,
    FaultCode.WORKBOOK_ENCRYPTED: Advice.UNPROTECT,
    FaultCode.WORKBOOK_DAMAGED: Advice.SAVE_AS_CSV,
    FaultCode.SHEET_UNKNOWN: Advice.CHOOSE_SHEET,
    FaultCode.NO_ROWS: Advice.EXPORT_AGAIN,
    FaultCode.DATEV_CATEGORY: Advice.EXPORT_BATCH,
    FaultCode.WRONG_SUBJECT: Advice.CHOOSE_KIND,
    FaultCode.COLUMN_MISSING: Advice.CHOOSE_COLUMN,
    FaultCode.COLUMN_CUT: Advice.CHOOSE_BORDERS,
    FaultCode.DECIMALS_MIXED: Advice.CHOOSE_FORMAT,
    FaultCode.NUMBER_SHORTENED: Advice.FORMAT_AS_TEXT,
    FaultCode.NUMBER_TWICE: Advice.REMOVE_DOUBLE,
    FaultCode.CUSTOMER_TWICE: Advice.REMOVE_DOUBLE,
    FaultCode.SIDE_UNREADABLE: Advice.CHOOSE_FORMAT,
    FaultCode.CURRENCY_MISSING: Advice.CHOOSE_CURRENCY,
    FaultCode.BANK_RULE: Advice.EXPORT_AGAIN,
    FaultCode.NOT_A_STATEMENT: Advice.EXPORT_AGAIN,
    FaultCode.SUM_TOO_LARGE: Advice.EXPORT_AGAIN,
    FaultCode.STATEMENT_FRAGMENT: Advice.EXPORT_AGAIN,
    FaultCode.ACCOUNT_ELSEWHERE: Advice.OTHER_COMPANY,
    FaultCode.STATEMENT_UNTIED: Advice.CLOSE_GAP,
    FaultCode.PAGES_APART: Advice.CLOSE_GAP,
    FaultCode.TOTAL_WRONG: Advice.CLOSE_GAP,
    FaultCode.ACCOUNTS_DIFFER: Advice.CLOSE_GAP,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: line 1-based (0: the file), column by its header, the value as it was read."""

    code: FaultCode
    line: int = 0
    column: str = ""
    value: str = ""
    params: tuple[tuple[str, str], ...] = ()

    @property
    def advice(self) -> Advice:
        """What to do about it; where nothing else is said, correct the row in the source."""
        return _ADVICE.get(self.code, Advice.CORRECT_ROW)


def fault(code: FaultCode, *, line: int = 0, column: str = "", value: str = "", **params: object) -> Fault:
    """Build a fault; long values are cut, params become text."""
    shown = value if len(value) <= _MAX_VALUE else value[: _MAX_VALUE - 1] + "…"
    return Fault(code, line, column, shown, tuple((name, str(word)) for name, word in sorted(params.items())))


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one file in the order of their lines: the first 1000, and how many of each code in all."""

    kept: tuple[Fault, ...] = ()
    counts: tuple[tuple[FaultCode, int], ...] = ()

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> Faults:
        """Sort by line, keep the first thousand, count all."""
        ordered = sorted(faults, key=lambda one: (one.line, one.column, one.code))
        counts = Counter(one.code for one in ordered)
        return cls(tuple(ordered[:MAX_KEPT]), tuple(sorted(counts.items())))

    @classmethod
    def at(cls, code: FaultCode, *, lines: list[int], values: list[str], column: str, total: int) -> Faults:
        """One fault per line and value, all of one code and column; `total` counts those that were not handed in."""
        kept = tuple(
            fault(code, line=line, column=column, value=value)
            for line, value in zip(lines, values, strict=True)
        )
        return cls(kept[:MAX_KEPT], ((code, total),)) if total else cls()

    @property
    def total(self) -> int:
        """How many there are, kept or not."""
        return sum(count for _, count in self.counts)

    @property
    def hindering(self) -> int:
        """How many stop an import; the others are warnings."""
        return sum(count for code, count in self.counts if code not in WARNINGS)

    def count(self, code: FaultCode) -> int:
        """How many of one code."""
        return dict(self.counts).get(code, 0)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.kept)

    def __bool__(self) -> bool:
        return bool(self.counts)

    def __add__(self, other: Faults) -> Faults:
        counts = Counter(dict(self.counts)) + Counter(dict(other.counts))
        kept = sorted(self.kept + other.kept, key=lambda one: (one.line, one.column, one.code))[:MAX_KEPT]
        return Faults(tuple(kept), tuple(sorted(counts.items())))
