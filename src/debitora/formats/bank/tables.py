"""CSV and workbooks of online banking -> statements: one for each account and currency that the table names.

A running balance, whichever way it runs, gives opening and closing; without one both are missing. What the table does not say,
account or currency, may be told by who knows it; a table without account is a fragment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, takewhile
from typing import Final

import polars as pl

from debitora.formats.amounts import to_minor_columns
from debitora.formats.bank.checks import file_of, fragment
from debitora.formats.bank.columns import Layout, layout_of
from debitora.formats.bank.fields import NotInFormat, account_of, against, broken, known, plain
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.bank.words import MONEY_IN, MONEY_OUT, PENDING, TOTALS
from debitora.formats.dates import read_days
from debitora.formats.faults import Fault, FaultCode, fault
from debitora.formats.grid import Table, column
from debitora.formats.headers import words_of
from debitora.formats.tables import read_table
from debitora.values.money import exponent, is_currency

_MONEY: Final = ("amount", "debit", "credit", "balance")
_ACCOUNT: Final = re.compile(r"[A-Z0-9][A-Z0-9/.-]{2,40}")
_SAID: Final = 200
_UNCLEAR: Final = {"decimal_mark": FaultCode.DECIMALS_MIXED, "sign": FaultCode.SIDE_UNREADABLE}
"""What must be known: read the wrong way, it would be another amount."""


def read_bank_table(data: bytes, name: str = "", *, account: str = "", currency: str = "") -> BankFile:
    """The statements of a table. account, currency: where the table names none.

    Faults: those of `read_table`, NOT_A_STATEMENT where no header names a day and amounts, DECIMALS_MIXED and SIDE_UNREADABLE
    where decimal mark or sign cannot be known, STATEMENT_FRAGMENT, and those of rows; ENTRY_PENDING for rows that are not booked. Texts are cut at MAX_TEXT.
    """
    table, faults = read_table(data, name)
    if table is None:
        return BankFile(None, (), faults)
    layout = layout_of(table) if table.form is None else None
    if layout is None:
        return BankFile.refused(None, fault(FaultCode.NOT_A_STATEMENT, kind="table"))
    unclear = [code for name, code in _UNCLEAR.items() if name in layout.ambiguous]
    if unclear:
        return BankFile.refused(Reading.TABLE, *map(fault, unclear))
    layout = replace(
        layout, account=layout.account or account_of(account), currency=layout.currency or currency
    )
    movements, problems = _movements(table, layout)
    if not movements and not problems:
        return BankFile.refused(Reading.TABLE, fault(FaultCode.NO_ROWS))
    statements = [_statement(rows) for rows in _grouped(movements)]
    return file_of(Reading.TABLE, statements, dict.fromkeys(problems))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table: its cells by field, and what its days and amounts are; `codes`: why one of them is none."""

    place: int
    cells: dict[str, str]
    booked_on: date | None
    valued_on: date | None
    money: dict[str, int | None]
    codes: dict[str, str]
    currency: str
    account: str

    @property
    def told(self) -> bool:
        """Whether it names an amount."""
        return any(self.money.get(name) is not None or name in self.codes for name in _MONEY[:3])

    @property
    def is_pending(self) -> bool:
        """Whether its day or its state says that it is not booked."""
        return bool({self.cells.get(name, "").casefold() for name in ("booked_on", "status")} & PENDING)

    @property
    def is_total(self) -> bool:
        """Whether it is a sum or a balance between the movements: no day, and words that say so."""
        said = words_of(f"{self.cells['booked_on']} {self.cells['text']}"[:_SAID])
        return self.booked_on is None and not TOTALS.isdisjoint(said)


@dataclass(frozen=True, slots=True)
class _Movement:
    line: Line
    balance: int | None
    account: str
    currency: str


def _movements(table: Table, layout: Layout) -> tuple[list[_Movement], list[Fault]]:
    """The movements of the table in its order. A row of text alone goes on with the text of the row above."""
    movements: list[_Movement] = []
    faults: list[Fault] = []
    for row in _rows(table, layout):
        if not row.cells["booked_on"] and not row.told:
            movements[-1:] = [_longer(each, row.cells["text"]) for each in movements[-1:]]
        elif row.is_pending:
            faults.append(fault(FaultCode.ENTRY_PENDING, line=row.place, value=row.cells["text"]))
        elif not row.is_total:
            try:
                movements.append(_movement(row, layout))
            except NotInFormat as refused:
                faults.append(refused.fault)
    return movements, faults


def _rows(table: Table, layout: Layout) -> list[_Row]:
    """Every row below the header, its days and amounts read column by column."""
    body, numeric = table.below(layout.notation.first_line)
    texts = {name: _column(body, index) for name, index in layout.columns.items()}
    texts["text"] = [plain(*cells) for cells in _together(body, layout.texts)]
    currencies = [each.upper() or layout.currency for each in texts.get("currency", [""] * body.height)]
    days = {
        name: read_days(body[column(layout.columns[name])], layout.notation.date_order)
        for name in ("booked_on", "valued_on")
        if name in texts
    }
    money = {name: _money(body, numeric, layout, name, currencies) for name in _MONEY if name in texts}
    codes = {name: frame["code"].to_list() for name, frame in (*days.items(), *money.items())}
    booked, valued = (
        days[name]["day"].to_list() if name in days else [] for name in ("booked_on", "valued_on")
    )
    minors = {name: frame["minor"].to_list() for name, frame in money.items()}
    return [
        _Row(
            place=place,
            cells={name: cells[index] for name, cells in texts.items()},
            booked_on=booked[index],
            valued_on=valued[index] if valued else None,
            money={name: each[index] for name, each in minors.items()},
            codes={name: each[index] for name, each in codes.items() if each[index]},
            currency=currencies[index],
            account=account_of(texts["account"][index]) if "account" in texts else "",
        )
        for index, place in enumerate(body["line"].to_list())
    ]


def _column(body: pl.DataFrame, index: int) -> list[str]:
    return [(cell or "").strip() for cell in body[column(index)].to_list()]


def _together(body: pl.DataFrame, indexes: Sequence[int]) -> list[tuple[str, ...]]:
    """The cells of some columns, row by row."""
    columns = [_column(body, index) for index in indexes]
    return list(zip(*columns, strict=True)) if columns else [()] * body.height


def _money(
    body: pl.DataFrame, numeric: pl.DataFrame | None, layout: Layout, name: str, currencies: Sequence[str]
) -> pl.DataFrame:
    """Columns `minor` and `code` of a column of amounts."""
    cells = column(layout.columns[name])
    known_ones = [each if is_currency(each) else None for each in currencies]
    frame = pl.DataFrame(
        {"text": body[cells], "currency": known_ones}, schema={"text": pl.String, "currency": pl.String}
    )
    return to_minor_columns(frame, "text", layout.notation, None if numeric is None else numeric[cells])


def _movement(row: _Row, layout: Layout) -> _Movement:
    """A row as a movement. Raises NotInFormat."""
    if not row.currency:
        raise NotInFormat(fragment("currency"))
    known(row.currency, row.place)
    for name, code in row.codes.items():
        raise broken(FaultCode(code), row.place, row.cells[name])
    if row.booked_on is None:
        raise against("movement", row.place, row.cells["booked_on"])
    account = row.account or layout.account
    if not account:
        raise NotInFormat(fragment("account"))
    if not _ACCOUNT.fullmatch(account):
        raise broken(FaultCode.ACCOUNT_UNREADABLE, row.place, account)
    line = Line(
        place=row.place,
        booked_on=row.booked_on,
        minor=_minor(row, layout.notation.decimal_mark),
        valued_on=row.valued_on,
        name=plain(row.cells.get("name", "")),
        account=account_of(row.cells.get("other_account", "")),
        bank=account_of(row.cells.get("other_bank", "")),
        text=row.cells["text"],
        reference=plain(row.cells.get("reference", "")),
        end_to_end=plain(row.cells.get("end_to_end", "")),
        mandate=plain(row.cells.get("mandate", "")),
        bank_reference=plain(row.cells.get("bank_reference", "")),
        code=plain(row.cells.get("code", "")),
    )
    return _Movement(line, row.money.get("balance"), account, row.currency)


def _minor(row: _Row, mark: str) -> int:
    """What the account gained: the signed amount, an amount with its side, or credit less debit. Raises NotInFormat."""
    for name in _MONEY[:3]:
        cell = row.cells.get(name, "")
        if _decimals(cell, mark) > exponent(row.currency):
            raise broken(FaultCode.AMOUNT_UNREADABLE, row.place, cell)
    amount, debit, credit = (row.money.get(name) for name in _MONEY[:3])
    if amount is not None:
        return _sided(amount, row)
    if debit is None and credit is None:
        raise broken(FaultCode.AMOUNT_MISSING, row.place, "")
    return (credit or 0) - abs(debit or 0)


def _decimals(cell: str, mark: str) -> int:
    """How many decimals an amount has, zeros at its end apart."""
    _, found, behind = cell.rpartition(mark)
    digits = "".join(takewhile(str.isdecimal, behind)) if found else ""
    return len(digits.rstrip("0"))


def _sided(amount: int, row: _Row) -> int:
    """The amount with the sign of its side, where the table has one."""
    side = row.cells.get("side", "").casefold()
    if not side:
        return amount
    if side not in MONEY_IN | MONEY_OUT:
        raise broken(FaultCode.SIDE_UNREADABLE, row.place, side)
    return abs(amount) if side in MONEY_IN else -abs(amount)


def _longer(movement: _Movement, text: str) -> _Movement:
    """The movement with more text."""
    return replace(movement, line=movement.line._replace(text=plain(movement.line.text, text)))


def _grouped(movements: Sequence[_Movement]) -> list[list[_Movement]]:
    """The movements of each account and currency, in the order of the table."""
    groups: dict[tuple[str, str], list[_Movement]] = {}
    for each in movements:
        groups.setdefault((each.account, each.currency), []).append(each)
    return list(groups.values())


def _statement(movements: Sequence[_Movement]) -> Statement:
    """The statement of movements of one account and currency, the oldest first."""
    ordered = list(movements)[::-1] if _is_newest_first(movements) else list(movements)
    first, last = ordered[0], ordered[-1]
    is_balanced = all(each.balance is not None for each in ordered)
    return Statement(
        account=first.account,
        currency=first.currency,
        reach=Reach.EXPORT,
        lines=tuple(each.line for each in ordered),
        opening_minor=(first.balance or 0) - first.line.minor if is_balanced else None,
        closing_minor=last.balance if is_balanced else None,
        opened_on=first.line.booked_on if is_balanced else None,
        closed_on=last.line.booked_on if is_balanced else None,
        place=movements[0].line.place,
    )


def _is_newest_first(movements: Sequence[_Movement]) -> bool:
    """Whether the table runs from the newest to the oldest: by its days, and within one day by its balances."""
    first, last = movements[0].line.booked_on, movements[-1].line.booked_on
    if first != last or any(each.balance is None for each in movements):
        return first > last
    pairs = list(pairwise(movements))
    upwards = sum(above.balance == (below.balance or 0) + above.line.minor for above, below in pairs)
    downwards = sum(below.balance == (above.balance or 0) + below.line.minor for above, below in pairs)
    return upwards > downwards
