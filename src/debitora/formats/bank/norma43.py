"""Norma 43 of Spanish banks (AEB, Cuaderno 43): records of 80 characters, statements from record 11 to record 33.

    11 account, first and last day, opening balance      24 the sum in another currency
    22 movement                                          33 sums of both sides, closing balance
    23 up to five texts of a movement                    88 number of records

Days are YYMMDD, amounts have two decimals. The file does not say who paid: that stands in the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from debitora.formats.bank.checks import fragment, other_account, wrong_counts, wrong_totals
from debitora.formats.bank.fields import (
    NotInFormat,
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

_CODES: Final = frozenset({"00", "11", "22", "23", "24", "33", "88"})
_WIDTH: Final = 80
# ISO 4217 numbers of the currencies that Spanish accounts are held in.
_CURRENCIES: Final = {
    "978": "EUR", "840": "USD", "826": "GBP", "756": "CHF", "392": "JPY", "036": "AUD", "124": "CAD", "208": "DKK",
    "578": "NOK", "752": "SEK", "985": "PLN", "203": "CZK", "348": "HUF", "949": "TRY", "484": "MXN", "504": "MAD",
    "156": "CNY", "986": "BRL",
}  # fmt: skip


def read_norma43(data: bytes) -> BankFile:
    """The statements of a file. Never raises: what is wrong is a fault."""
    try:
        records = records_of(data, width=_WIDTH, codes=_CODES, code_width=2)
        faults = _against_count(records)
    except NotInFormat as problem:
        return BankFile.refused(Reading.NORMA43, problem.fault)
    body = [one for one in records if one.code not in {"00", "88"}]
    groups = groups_of(body, lambda one: one.code == "11")
    return file_of_groups(Reading.NORMA43, groups, _statement, faults)


def _against_count(records: Sequence[Record]) -> list[Fault]:
    """A fault where record 88 tells another number of records than stand before it; some banks count the record itself."""
    for number, one in enumerate(records):
        if one.code == "88" and one.number(21, 26) not in {number, number + 1}:
            return wrong_counts(one.place, [("records", one.number(21, 26), number)])
    return []


def _statement(group: Sequence[Record]) -> tuple[Statement, list[Fault]]:
    """The statement of records 11 to 33. Raises NotInFormat where one of the two is missing or a record is broken."""
    head, foot = group[0], group[-1]
    if head.code != "11":
        raise NotInFormat(fragment("opening", head.place))
    if foot.code != "33":
        raise NotInFormat(fragment("closing", foot.place))
    if any(one.code == "33" for one in group[:-1]):
        raise NotInFormat(fragment("opening", foot.place))
    currency = _currency(head, 48, 50)
    lines = tuple(
        _line(records, currency) for records in groups_of(group[1:-1], lambda one: one.code == "22")
    )
    statement = Statement(
        account=head.cut(3, 20),
        currency=currency,
        reach=Reach.BOOKED,
        lines=lines,
        opening_minor=_balance(head, 33, currency),
        closing_minor=_balance(foot, 59, currency),
        opened_on=_day(head, 21),
        closed_on=_day(head, 27),
        place=head.place,
    )
    differing = other_account(foot.place, head.cut(3, 20), foot.cut(3, 20))
    return statement, [*differing, *_against_sums(foot, statement)]


def _line(records: Sequence[Record], currency: str) -> Line:
    """A movement (22) with its texts (23) and its sum in another currency (24)."""
    movement = records[0]
    if movement.code != "22":
        raise against("order", movement.place, movement.text)
    original, abroad = _original(records)
    texts = [one.cut(first, first + 37) for one in records if one.code == "23" for first in (5, 43)]
    return Line(
        place=movement.place,
        booked_on=_day(movement, 11),
        valued_on=_day(movement, 17),
        minor=_amount(movement, 28, currency, {"1": -1, "2": 1}, "movement"),
        text=plain(*texts),
        reference=_reference(movement),
        bank_reference=_unless_zero(movement.cut(43, 52)),
        code=movement.cut(23, 24) + movement.cut(25, 27),
        original_minor=original,
        original_currency=abroad,
    )


def _original(records: Sequence[Record]) -> tuple[int, str]:
    """(minor units, currency) of record 24; (0, "") where there is none."""
    found = next((one for one in records if one.code == "24"), None)
    if found is None:
        return 0, ""
    currency = _currency(found, 5, 7)
    return minor_of(found.cut(8, 19), found.cut(20, 21), currency, found.place), currency


def _reference(movement: Record) -> str:
    """Reference 1 and 2 of a movement, without those that are all zeros."""
    return plain(_unless_zero(movement.cut(53, 64)), _unless_zero(movement.cut(65, 80)))


def _unless_zero(text: str) -> str:
    return text.strip() if text.strip(" 0") else ""


def _currency(record: Record, first: int, last: int) -> str:
    number = record.cut(first, last)
    return known(_CURRENCIES.get(number, number), record.place)


def _day(record: Record, first: int) -> date:
    return day_of(record.cut(first, first + 5), "ymd", record.place)


def _balance(record: Record, first: int, currency: str) -> int:
    """An opening or closing balance; some banks write 0 for the side of what the bank owes."""
    return _amount(record, first, currency, {"1": -1, "2": 1, "0": 1}, "balance")


def _amount(record: Record, first: int, currency: str, sides: Mapping[str, int], rule: str) -> int:
    """An amount of fourteen digits behind its side."""
    side = record.cut(first, first)
    if side not in sides:
        raise against(rule, record.place, side)
    whole, part = record.cut(first + 1, first + 12), record.cut(first + 13, first + 14)
    return sides[side] * minor_of(whole, part, currency, record.place)


def _against_sums(foot: Record, statement: Statement) -> list[Fault]:
    """Faults where record 33 tells other numbers or sums of debits and credits than its movements give."""
    faults: list[Fault] = []
    for name, first, side in (("debits", 21, -1), ("credits", 40, 1)):
        minors = [abs(one.minor) for one in statement.lines if one.minor * side > 0]
        told = minor_of(
            foot.cut(first + 5, first + 16), foot.cut(first + 17, first + 18), statement.currency, foot.place
        )
        faults += wrong_counts(foot.place, [(name, foot.number(first, first + 4), len(minors))])
        faults += wrong_totals(statement.currency, foot.place, [(name, told, sum(minors))])
    return faults
