"""CFONB 120 of French banks: records of 120 characters, statements from record 01 to record 07.

    01 account, currency, day and sum of the old balance     05 a complement of the movement before it
    04 movement                                              07 the new balance

Days are DDMMYY. The last digit of an amount carries its sign: { A ... I are 0 to 9 of a credit, } J ... R of a debit. What a
complement says stands in its qualifier: NPY the payer, NBE the payee, LIB and LCC texts, RCN and REF references, RUM the mandate,
MMO the sum in another currency. The payer's account is not told.

Format: CFONB, relevé de compte sur support informatique, and its complements for SEPA.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from debitora.formats.bank.checks import fragment, other_account
from debitora.formats.bank.fields import (
    NotInFormat,
    against,
    broken,
    day_of,
    groups_of,
    known,
    minor_of,
    plain,
    provided,
)
from debitora.formats.bank.records import Record, file_of_groups, records_of
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.faults import Fault, FaultCode
from debitora.values.money import is_currency

_CODES: Final = frozenset({"01", "04", "05", "07"})
_WIDTH: Final = 120
_CREDITS: Final = "{ABCDEFGHI"
_DEBITS: Final = "}JKLMNOPQR"
_TEXTS: Final = ("LIB", "LCC", "LC2", "LCS")
_ORIGINAL: Final = re.compile(r"([A-Z]{3})(\d)(\d{14})")


def read_cfonb120(data: bytes) -> BankFile:
    """The statements of a file. Never raises: what is wrong is a fault."""
    try:
        records = records_of(data, width=_WIDTH, codes=_CODES, code_width=2)
    except NotInFormat as problem:
        return BankFile.refused(Reading.CFONB120, problem.fault)
    return file_of_groups(Reading.CFONB120, groups_of(records, lambda one: one.code == "01"), _statement)


def _statement(group: Sequence[Record]) -> tuple[Statement, list[Fault]]:
    """The statement of records 01 to 07. Raises NotInFormat where one of the two is missing or a record is broken."""
    head, foot = _ends(group)
    currency = _currency(group)
    lines = tuple(
        _line(records, currency) for records in groups_of(group[1:-1], lambda one: one.code == "04")
    )
    statement = Statement(
        account=_account(head),
        currency=currency,
        reach=Reach.BOOKED,
        lines=lines,
        opening_minor=_signed(head, currency),
        closing_minor=_signed(foot, currency),
        opened_on=_day(head, 35),
        closed_on=_day(foot, 35),
        place=head.place,
    )
    strange = next((one for one in group if one.cut(22, 32) != head.cut(22, 32)), head)
    return statement, other_account(strange.place, head.cut(22, 32), strange.cut(22, 32))


def _ends(group: Sequence[Record]) -> tuple[Record, Record]:
    """The first and the last record, where they are those of one statement."""
    if group[0].code != "01":
        raise NotInFormat(fragment("opening", group[0].place))
    end = next((number for number, one in enumerate(group) if one.code == "07"), None)
    if end is None:
        raise NotInFormat(fragment("closing", group[0].place))
    if end + 1 < len(group):
        raise NotInFormat(fragment("opening", group[end + 1].place))
    return group[0], group[end]


def _account(record: Record) -> str:
    """Bank, branch and number of the account, as they stand in its IBAN."""
    return (record.cut(3, 7) + record.cut(12, 16) + record.cut(22, 32)).replace(" ", "").upper()


def _currency(group: Sequence[Record]) -> str:
    """The currency that records name; old files leave it out and mean euros. Raises NotInFormat where there are several."""
    named = {one.cut(17, 19): one for one in reversed(group) if one.code != "05" and one.cut(17, 19).strip()}
    if len(named) > 1:
        raise against("one_currency", group[0].place, " ".join(sorted(named)))
    return known(next(iter(named), "EUR"), group[0].place)


def _day(record: Record, first: int) -> date:
    return day_of(record.cut(first, first + 5), "dmy", record.place)


def _signed(record: Record, currency: str) -> int:
    """The amount in 91 to 104, whose decimals stand in 20. Raises NotInFormat."""
    amount, decimals = record.cut(91, 104).strip(), record.cut(20, 20).strip() or "2"
    sign, last = _last_digit(amount[-1:])
    if not sign or decimals not in {"0", "1", "2", "3", "4"}:
        raise broken(FaultCode.AMOUNT_UNREADABLE, record.place, amount)
    digits = (amount[:-1].replace(" ", "0") + last).zfill(int(decimals))
    border = len(digits) - int(decimals)
    return sign * minor_of(digits[:border], digits[border:], currency, record.place)


def _last_digit(letter: str) -> tuple[int, str]:
    """(sign, digit) of an overpunched digit; (0, "") where it is none."""
    for sign, letters in ((1, _CREDITS), (-1, _DEBITS)):
        if letter and letter in letters:
            return sign, str(letters.index(letter))
    return 0, ""


def _line(records: Sequence[Record], currency: str) -> Line:
    """A movement (04) with its complements (05)."""
    movement, complements = records[0], records[1:]
    strange = next((one for one in records if one.code not in {"04", "05"}), None)
    if movement.code != "04" or strange:
        raise against("order", (strange or movement).place, (strange or movement).text)
    return_reason = movement.cut(41, 42).strip()
    original, abroad = _original(complements)
    return Line(
        place=movement.place,
        booked_on=_day(movement, 35),
        valued_on=_day(movement, 43) if movement.cut(43, 48).strip() else None,
        minor=_signed(movement, currency),
        name=_said(complements, "NPY") or _said(complements, "NBE"),
        text=plain(movement.cut(49, 79), *(_said(complements, kind) for kind in _TEXTS)),
        reference=_unless_zero(movement.cut(105, 120)),
        end_to_end=provided(_first(complements, "RCN")) or provided(_first(complements, "REF")),
        mandate=_first(complements, "RUM"),
        reversal=bool(return_reason),
        return_reason=return_reason,
        bank_reference=_unless_zero(movement.cut(82, 88)),
        code=movement.cut(33, 34).strip(),
        original_minor=original,
        original_currency=abroad,
    )


def _said(complements: Sequence[Record], kind: str) -> str:
    """The text of all complements with a qualifier, 70 characters each."""
    return plain(*(one.cut(49, 118) for one in complements if one.cut(46, 48) == kind))


def _first(complements: Sequence[Record], kind: str) -> str:
    """The first 35 characters of a complement that holds two references."""
    return next((plain(one.cut(49, 83)) for one in complements if one.cut(46, 48) == kind), "")


def _original(complements: Sequence[Record]) -> tuple[int, str]:
    """(minor units, currency) of the sum before an exchange (MMO); (0, "") where there is none."""
    for one in complements:
        found = _ORIGINAL.match(one.cut(49, 118)) if one.cut(46, 48) == "MMO" else None
        if found and is_currency(found[1]):
            border = len(found[3]) - int(found[2])
            return minor_of(found[3][:border], found[3][border:], found[1], one.place), found[1]
    return 0, ""


def _unless_zero(text: str) -> str:
    return plain(text) if text.strip(" 0") else ""
