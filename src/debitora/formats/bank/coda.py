"""CODA of Belgian banks (Febelfin, versions 1 and 2): records of 128 characters, statements from record 0 to record 9.

    0 head of the file                     3 information on the movement before it (31, 32, 33)
    1 account and old balance              4 message to everybody
    2 movement (21, 22, 23)                8 new balance
                                           9 number of records, sums of both sides

Days are DDMMYY, amounts have three decimals. A movement with details (the same sequence number, detail numbers from 0001) is
told by its details where they tie to it, and by its sum where they do not: never by both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from debitora.formats.bank.checks import fragment, other_account, wrong_counts, wrong_totals
from debitora.formats.bank.coda_lines import line_of, signed
from debitora.formats.bank.fields import (
    NotInFormat,
    account_of,
    against,
    day_of,
    groups_of,
    known,
    minor_of,
    plain,
)
from debitora.formats.bank.records import Record, file_of_groups, records_of
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.faults import Fault

_CODES: Final = frozenset("0123489")
_WIDTH: Final = 128
_COUNTED: Final = frozenset("1238")
_BELGIAN_NUMBER: Final = "0"
"""The structure of an account before IBAN: twelve digits."""


def read_coda(data: bytes) -> BankFile:
    """The statements of a file. Never raises: what is wrong is a fault."""
    try:
        records = records_of(data, width=_WIDTH, codes=_CODES, code_width=1)
    except NotInFormat as problem:
        return BankFile.refused(Reading.CODA, problem.fault)
    return file_of_groups(Reading.CODA, groups_of(records, lambda one: one.code == "0"), _statement)


def _statement(group: Sequence[Record]) -> tuple[Statement, list[Fault]]:
    """The statement of records 0 to 9. Raises NotInFormat where a balance is missing or a record is broken."""
    old, new = _balance(group, "1", "opening"), _balance(group, "8", "closing")
    account, currency = _account(old, old.cut(2, 2), 6)
    closed, closed_in = _account(new, old.cut(2, 2), 5)
    if closed_in != currency:
        raise against("one_currency", new.place, closed_in)
    body = [one for one in group if one.code in "23"]
    movements = [_lines(records, currency) for records in groups_of(body, _begins)]
    statement = Statement(
        account=account,
        currency=known(currency, old.place),
        reach=Reach.BOOKED,
        lines=tuple(line for lines in movements for line in lines),
        opening_minor=signed(old, 43, currency),
        closing_minor=signed(new, 42, currency),
        opened_on=_day(old, 59),
        closed_on=_day(new, 58),
        number=old.cut(3, 5).strip(),
        identity=plain(group[0].cut(25, 34)) if group[0].code == "0" else "",
        place=old.place,
    )
    return statement, [*other_account(new.place, account, closed), *_against_totals(group, currency)]


def _balance(group: Sequence[Record], code: str, missing: str) -> Record:
    """The one record of a balance."""
    found = [one for one in group if one.code == code]
    if not found:
        raise NotInFormat(fragment(missing, group[0].place))
    if len(found) > 1:
        raise against("order", found[1].place, found[1].text)
    return found[0]


def _account(record: Record, structure: str, first: int) -> tuple[str, str]:
    """(account, currency) in the 37 characters of both, by the structure that record 1 names."""
    if structure == _BELGIAN_NUMBER:
        return account_of(record.cut(first, first + 11)), record.cut(first + 13, first + 15)
    length = 31 if structure == "2" else 34
    return account_of(record.cut(first, first + length - 1)), record.cut(first + 34, first + 36)


def _day(record: Record, first: int) -> date:
    return day_of(record.cut(first, first + 5), "dmy", record.place)


def _begins(record: Record) -> bool:
    """Whether a movement begins: record 21 that is no detail."""
    return record.cut(1, 2) == "21" and record.cut(7, 10) == "0000"


def _lines(records: Sequence[Record], currency: str) -> list[Line]:
    """The line of a movement, or those of its details where they tie to its sum."""
    if not _begins(records[0]):
        raise against("order", records[0].place, records[0].text)
    parts = groups_of(records, lambda one: one.cut(1, 2) == "21")
    total, *details = [line_of(part, currency) for part in parts]
    if not details or sum(one.minor for one in details) != total.minor:
        return [total]
    return [one._replace(batch=total.bank_reference or records[0].cut(3, 6)) for one in details]


def _against_totals(group: Sequence[Record], currency: str) -> list[Fault]:
    """Faults where record 9 tells another number of records or other sums. A file without it was cut short."""
    last = _balance(group, "9", "closing")
    movements = [signed(one, 32, currency) for one in group if _begins(one)]
    paid_out, paid_in = (sum(abs(minor) for minor in movements if minor * side > 0) for side in (-1, 1))
    counted = sum(one.code in _COUNTED for one in group)
    return [
        *wrong_counts(last.place, [("records", last.number(17, 22), counted)]),
        *wrong_totals(
            currency,
            last.place,
            [("debits", _sum(last, 23, currency), paid_out), ("credits", _sum(last, 38, currency), paid_in)],
        ),
    ]


def _sum(record: Record, first: int, currency: str) -> int:
    return minor_of(record.cut(first, first + 11), record.cut(first + 12, first + 14), currency, record.place)
