"""OFX and QFX of both notations -> statements: SGML, where a value ends with the next tag, and XML, where it has an end of its own.

OFX tells the closing balance alone. Accounts with a bank and cards are read; those of securities and pensions are no accounts that
customers pay to.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from debitora.formats.bank.checks import file_of, fragment
from debitora.formats.bank.fields import (
    MAX_TEXT,
    NotInFormat,
    account_of,
    against,
    broken,
    known,
    minor_of,
    plain,
)
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.encodings import decode
from debitora.formats.faults import Fault, FaultCode, fault

_BEGINNING: Final = 64 * 1024
_ROOT: Final = re.compile(rb"<OFX[\s>]|OFXHEADER\s*[:=]", re.IGNORECASE)
_DECLARED: Final = re.compile(
    rb"CHARSET:\s*(?:ISO-)?([0-9-]{3,12})|encoding=[\"']([A-Za-z0-9-]{3,20})[\"']", re.IGNORECASE
)
_CDATA: Final = re.compile(r"<!\[CDATA\[([^\]<]{0,4000})\]\]>")
_TOKEN: Final = re.compile(r"<(/?)([A-Za-z0-9._-]{1,40})\s{0,20}>([^<]*)")

_INVESTMENT: Final = "INVSTMTRS"
_STATEMENTS: Final = frozenset({"STMTRS", "CCSTMTRS", _INVESTMENT})
_MOVEMENT: Final = "STMTTRN"
_BALANCES: Final = frozenset({"LEDGERBAL", "AVAILBAL"})
_GROUPS: Final = (
    _STATEMENTS
    | _BALANCES
    | {_MOVEMENT, "BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST"}
    | {"BANKACCTTO", "CCACCTTO", "PAYEE", "CURRENCY", "ORIGCURRENCY"}
)
"""Groups of values; a value belongs to the innermost of them that is open."""

_AMOUNT: Final = re.compile(r"([+-]?)(?=[.,]?[0-9])([0-9]{0,40})(?:[.,]([0-9]{0,40}))?")
_DAY: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6}(?:\.[0-9]{1,6})?)?(?:\s?\[.{0,20}\])?")


class _Token(NamedTuple):
    """A tag and the text after it. place: its line."""

    place: int
    is_end: bool
    name: str
    value: str


@dataclass(slots=True)
class _Group:
    """A statement or a movement: its values by `GROUP.NAME`, the first of each."""

    name: str = ""
    place: int = 0
    values: dict[str, str] = field(default_factory=dict)
    movements: list[_Group] = field(default_factory=list)

    def get(self, *names: str) -> str:
        """The first of these values that is not empty."""
        return next((value for name in names if (value := self.values.get(name))), "")


def is_ofx(data: bytes) -> bool:
    """Whether the beginning has an OFX header or its root."""
    return _ROOT.search(data[:_BEGINNING].replace(b"\x00", b"")) is not None


def read_ofx(data: bytes) -> BankFile:
    """All statements of a file. Faults: BANK_RULE (`xml` where it breaks off, `declarations`, `movement`, `one_currency`),
    STATEMENT_FRAGMENT, NOT_A_STATEMENT for securities, and what its amounts and days break. Texts are cut at MAX_TEXT."""
    statements: list[Statement] = []
    faults: list[Fault] = []
    try:
        for group in _groups(_tokens(_text(data))):
            try:
                statements.append(_statement(group))
            except NotInFormat as refused:
                faults.append(refused.fault)
    except NotInFormat as refused:
        faults.append(refused.fault)
    return file_of(Reading.OFX, statements, faults)


def _text(data: bytes) -> str:
    """The text: UTF-8 where it fits, for many banks declare a code page and write UTF-8; else as declared. Raises NotInFormat."""
    text, _encoding, problem = decode(data, "utf-8")
    if problem:
        text, _encoding, problem = decode(data, _declared(data))
    if problem:
        text, _encoding, problem = decode(data, None)
    if problem:
        raise NotInFormat(problem)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise against("declarations", 0, "")
    return _CDATA.sub(lambda found: html.escape(found[1]), text)


def _declared(data: bytes) -> str | None:
    """The encoding that the header names."""
    found = _DECLARED.search(data[:_BEGINNING])
    if not found:
        return None
    page, name = (each.decode("ascii") if each else "" for each in found.groups())
    return name or (f"iso-{page}" if page.startswith("8859") else f"cp{page}")


def _tokens(text: str) -> Iterator[_Token]:
    """The tags in their order."""
    place, position = 1, 0
    for found in _TOKEN.finditer(text):
        place += text.count("\n", position, found.start())
        position = found.start()
        yield _Token(place, bool(found[1]), found[2].upper(), found[3][: 4 * MAX_TEXT])


def _groups(tokens: Iterable[_Token]) -> Iterator[_Group]:
    """The statements. Raises NotInFormat where one does not end."""
    reader = _Reader()
    for token in tokens:
        if token.name not in _GROUPS:
            reader.take(token)
            continue
        yield from reader.close(token.name)
        if not token.is_end:
            reader.open(token)
    if reader.path:
        raise against("xml", reader.statement.place, reader.path[0])


@dataclass(slots=True)
class _Reader:
    """The groups that are open, from the outermost, the statement and the movement that are being read."""

    path: list[str] = field(default_factory=list)
    statement: _Group = field(default_factory=_Group)
    movement: _Group | None = None

    def take(self, token: _Token) -> None:
        """A value, or the end of one."""
        value = "" if token.is_end or not self.path else plain(html.unescape(token.value))
        if value:
            (self.movement or self.statement).values.setdefault(f"{self.path[-1]}.{token.name}", value)

    def open(self, token: _Token) -> None:
        """A group begins."""
        self.path.append(token.name)
        if token.name in _STATEMENTS:
            self.statement = _Group(token.name, token.place)
        elif token.name == _MOVEMENT:
            self.movement = _Group(token.name, token.place)
            self.statement.movements.append(self.movement)
        elif token.name in _BALANCES:
            self.movement = None

    def close(self, name: str) -> Iterator[_Group]:
        """A group ends, and those in it; or one of its name begins while it is open. Gives the statement that ends so."""
        if name not in self.path:
            return
        del self.path[self.path.index(name) :]
        if _MOVEMENT not in self.path:
            self.movement = None
        if name in _STATEMENTS:
            yield self.statement


def _statement(group: _Group) -> Statement:
    """A statement with its lines. Raises NotInFormat for securities, and for a fragment."""
    if group.name == _INVESTMENT:
        raise NotInFormat(fault(FaultCode.NOT_A_STATEMENT, line=group.place, kind="investment"))
    account = account_of(group.get("BANKACCTFROM.ACCTID", "CCACCTFROM.ACCTID"))
    if not account:
        raise NotInFormat(fragment("account", group.place))
    currency = _currency(group)
    told, day = group.get("LEDGERBAL.BALAMT"), group.get("LEDGERBAL.DTASOF")
    return Statement(
        account=account,
        currency=currency,
        reach=Reach.EXPORT,
        lines=tuple(_line(each, currency) for each in group.movements),
        closing_minor=_minor(told, currency, group.place) if told else None,
        closed_on=_day(day, group.place) if told and day else None,
        place=group.place,
    )


def _currency(group: _Group) -> str:
    """The currency of the account, which is that of every movement. Raises NotInFormat."""
    told = {group.get("STMTRS.CURDEF", "CCSTMTRS.CURDEF")}
    found = (told | {each.get("CURRENCY.CURSYM") for each in group.movements}) - {""}
    if not found:
        raise NotInFormat(fragment("currency", group.place))
    if len(found) > 1:
        raise against("one_currency", group.place, " ".join(sorted(found)))
    return known(found.pop(), group.place)


def _line(movement: _Group, currency: str) -> Line:
    """A movement as a line. Raises NotInFormat."""
    posted = movement.get("STMTTRN.DTPOSTED")
    if not posted:
        raise against("movement", movement.place, "")
    valued = movement.get("STMTTRN.DTAVAIL")
    return Line(
        place=movement.place,
        booked_on=_day(posted, movement.place),
        minor=_minor(movement.get("STMTTRN.TRNAMT"), currency, movement.place),
        valued_on=_day(valued, movement.place) if valued else None,
        name=movement.get("STMTTRN.NAME", "PAYEE.NAME"),
        account=account_of(movement.get("BANKACCTTO.ACCTID", "CCACCTTO.ACCTID")),
        bank=movement.get("BANKACCTTO.BANKID"),
        text=movement.get("STMTTRN.MEMO"),
        bank_reference=movement.get("STMTTRN.FITID"),
        code=movement.get("STMTTRN.TRNTYPE"),
    )


def _minor(text: str, currency: str, place: int) -> int:
    """Minor units of an amount with its sign; the decimal mark is a point or a comma. Raises NotInFormat."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise broken(FaultCode.AMOUNT_UNREADABLE if text else FaultCode.AMOUNT_MISSING, place, text)
    minor = minor_of(found[2], found[3] or "", currency, place)
    return -minor if found[1] == "-" else minor


def _day(text: str, place: int) -> date:
    """The day of `20260302`, whatever time and zone follow: it is the bank's. Raises NotInFormat."""
    found = _DAY.fullmatch(text)
    if not found:
        raise broken(FaultCode.DATE_UNREADABLE, place, text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise broken(FaultCode.DATE_IMPOSSIBLE, place, text) from None
    if not 1900 <= day.year < 2200:
        raise broken(FaultCode.DATE_IMPOSSIBLE, place, text)
    return day
