"""SWIFT MT940 (statements) and MT942 (movements of the day), with the dialects of their banks.

A message is a row of fields `:20:`, `:25:`, `:60F:`, `:61:`, `:86:`, ...; what stands outside of messages (SWIFT blocks, names of
banks, blank lines, remarks) is no part of it. Pages of one statement (`:62M:` then `:60M:`) are joined where they follow each
other. A text `:86:` that follows no movement speaks of the whole statement and is left out.

Format: SWIFT User Handbook, category 9; Die Deutsche Kreditwirtschaft, DFÜ-Abkommen, appendix 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import Final

from debitora.formats.bank.checks import file_of, fragment, wrong_counts, wrong_totals
from debitora.formats.bank.fields import (
    NotInFormat,
    account_of,
    against,
    day_of,
    groups_of,
    known,
    minor_of,
    numbered_lines,
    plain,
    told,
)
from debitora.formats.bank.mt940_lines import Field, line_of
from debitora.formats.bank.statements import BankFile, Line, Reach, Reading, Statement
from debitora.formats.faults import Fault, FaultCode, fault

_TAG: Final = re.compile(r":(\d{2}[A-Z]?|NS):(.*)", re.DOTALL)
_CLOCK: Final = re.compile(r":\d\d:\d\d(?!\d)")
_BLOCKS: Final = re.compile(r"(?:\{[1-3]:[^\n]{0,200}\})?\{4:")
_ENDS: Final = ("-}", "{1:", "-XXX")
_CLOSING: Final = frozenset({"62F", "62M", "90C", "90D"})
_BALANCE: Final = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d{1,40})(?:,(\d{0,10}))?\s*")
_FLOOR: Final = re.compile(r"([A-Z]{3})[CD]?[\d,]{1,40}\s*")
_SUMMARY: Final = re.compile(r"(\d{1,10})([A-Z]{3})(\d{1,40})(?:,(\d{0,10}))?\s*")


@dataclass(frozen=True, slots=True)
class _Balance:
    """A balance of a statement; `last` where no page follows (closing) or none went before (opening)."""

    minor: int
    on: date
    currency: str
    last: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """A message: a statement, or one page of it."""

    statement: Statement
    begins: bool = True
    ends: bool = True


def read_mt940(data: bytes) -> BankFile:
    """The statements of a file; `reading` is MT942 where all of them are movements of a day. Never raises."""
    try:
        fields = _fields(numbered_lines(data))
    except NotInFormat as problem:
        return file_of(Reading.MT940, (), [problem.fault])
    pages: list[_Page] = []
    faults: list[Fault] = []
    for message in groups_of(fields, lambda one: one.tag == "20"):
        page, problems = _page(message)
        pages += [page] if page else []
        faults += problems
    statements, gaps = _joined(pages)
    is_interim = bool(statements) and all(each.reach is Reach.INTERIM for each in statements)
    return file_of(Reading.MT942 if is_interim else Reading.MT940, statements, [*faults, *gaps])


def _fields(lines: Sequence[tuple[int, str]]) -> list[Field]:
    """The fields of all messages with the lines that continue them.

    A message ends by its mark. A lone "-" is one only behind a closing field; before, it is a line of text. So is a time of
    day that was broken before its minutes (":20:15").
    """
    heads: list[tuple[int, str]] = []
    texts: list[list[str]] = []
    is_open = is_closed = False
    for place, line in lines:
        found = _TAG.fullmatch(_BLOCKS.sub("", line, count=1).lstrip(" \ufeff"))
        in_text = is_open and not is_closed and heads[-1][1] == "86"
        if found and not (in_text and _CLOCK.match(line)):
            heads.append((place, found[1]))
            texts.append([found[2]])
            is_closed = found[1] in _CLOSING or (is_closed and found[1] != "20")
            is_open = True
        elif line.startswith(_ENDS) or (is_closed and line.strip() == "-"):
            is_open = False
        elif is_open:
            texts[-1].append(line)
    return [Field(place, tag, "\n".join(said)) for (place, tag), said in zip(heads, texts, strict=True)]


def _page(message: Sequence[Field]) -> tuple[_Page | None, list[Fault]]:
    """The page that a message is; (None, faults) where it is a fragment or broken."""
    if not any(one.tag in {"25", "60F", "60M", "61", "62F", "62M"} for one in message):
        return None, [fragment("statement", message[0].place)]
    try:
        is_interim = any(one.tag in {"34F", "13D"} for one in message) and not _field(message, "60")
        return (_interim if is_interim else _booked)(message)
    except NotInFormat as problem:
        return None, [problem.fault]


def _field(message: Sequence[Field], tag: str) -> Field | None:
    """The first field with a tag, with or without a letter."""
    return next((one for one in message if one.tag[:2] == tag), None)


def _head(message: Sequence[Field], reach: Reach) -> Statement:
    """The statement without currency, balances and lines. Raises NotInFormat where no account is named."""
    account, number = _field(message, "25"), _field(message, "28")
    if account is None or not account_of(account.text):
        raise NotInFormat(fragment("account", message[0].place))
    return Statement(
        account=account_of(account.text),
        currency="",
        reach=reach,
        lines=(),
        number=plain(number.text) if number else "",
        identity=plain(message[0].text) if message[0].tag == "20" else "",
        place=message[0].place,
    )


def _booked(message: Sequence[Field]) -> tuple[_Page | None, list[Fault]]:
    head = _head(message, Reach.BOOKED)
    opening, closing = _balance(message, "60"), _balance(message, "62")
    if closing.currency != opening.currency:
        raise against("one_currency", head.place, closing.currency)
    lines, faults = _lines(message, opening.currency)
    statement = replace(
        head,
        currency=opening.currency,
        lines=lines,
        opening_minor=opening.minor,
        closing_minor=closing.minor,
        opened_on=opening.on,
        closed_on=closing.on,
    )
    return _Page(statement, begins=opening.last, ends=closing.last), faults


def _balance(message: Sequence[Field], tag: str) -> _Balance:
    """Opening (60) or closing (62). Raises NotInFormat where it is missing, does not read, or stands there twice."""
    fields = [one for one in message if one.tag[:2] == tag]
    if not fields:
        raise NotInFormat(fragment("opening" if tag == "60" else "closing", message[0].place))
    if len(fields) > 1:
        raise against("order", fields[1].place, fields[1].first)
    field, found = fields[0], _BALANCE.fullmatch(fields[0].first)
    if not found:
        raise against("balance", field.place, field.first)
    minor = minor_of(found[4], found[5] or "", found[3], field.place)
    signed = minor if found[1] == "C" else -minor
    return _Balance(signed, day_of(found[2], "ymd", field.place), found[3], last=field.tag != f"{tag}M")


def _interim(message: Sequence[Field]) -> tuple[_Page | None, list[Fault]]:
    """Movements of a day, whose sums by side are told behind them."""
    head = _head(message, Reach.INTERIM)
    summaries = [(one, *_summary(one)) for one in message if one.tag in {"90C", "90D"}]
    currency = _floor_currency(message) or next((told for _, _, told, _ in summaries), "")
    if not currency:
        raise NotInFormat(fragment("currency", message[0].place))
    lines, faults = _lines(message, currency)
    for field, count, told_in, minor in summaries:
        side = [abs(one.minor) for one in lines if (one.minor > 0) == (field.tag == "90C")]
        faults += wrong_counts(field.place, [("lines", count, len(side))])
        faults += wrong_totals(known(told_in, field.place), field.place, [("sum", minor, sum(side))])
    return _Page(replace(head, currency=currency, lines=lines)), faults


def _floor_currency(message: Sequence[Field]) -> str:
    """The currency of the floor limit (34F), where there is one."""
    field = _field(message, "34")
    if field is None:
        return ""
    found = _FLOOR.fullmatch(field.first)
    if not found:
        raise against("balance", field.place, field.first)
    return known(found[1], field.place)


def _summary(field: Field) -> tuple[int, str, int]:
    """(number, currency, sum) of the movements on one side (90C, 90D)."""
    found = _SUMMARY.fullmatch(field.first)
    if not found:
        raise against("balance", field.place, field.first)
    return int(found[1]), found[2], minor_of(found[3], found[4] or "", found[2], field.place)


def _lines(message: Sequence[Field], currency: str) -> tuple[tuple[Line, ...], list[Fault]]:
    """The movements, each with the text behind it."""
    lines: list[Line] = []
    faults: list[Fault] = []
    for movement, text in _movements(message):
        try:
            lines.append(line_of(movement, text, currency))
        except NotInFormat as problem:
            faults.append(problem.fault)
    return tuple(lines), faults


def _movements(message: Sequence[Field]) -> Iterator[tuple[Field, str]]:
    """(field 61, text of the fields 86 that stand right behind it)."""
    for group in groups_of(message, lambda one: one.tag == "61"):
        if group[0].tag == "61":
            yield group[0], "\n".join(one.text for one in takewhile(lambda one: one.tag == "86", group[1:]))


def _joined(pages: Sequence[_Page]) -> tuple[list[Statement], list[Fault]]:
    """Statements with their pages put together.

    A page that follows none, or is followed by none, is a statement of its own, with a fault: a page is missing there.
    """
    statements: list[Statement] = []
    faults: list[Fault] = []
    ended = True
    for page in pages:
        last = statements[-1] if statements else None
        if last and not page.begins and not ended and _follows(page.statement, last):
            statements[-1] = _together(last, page.statement)
        else:
            faults += [] if page.begins and ended else [_missing_page(page.statement, last)]
            statements.append(page.statement)
        ended = page.ends
    return statements, faults if ended else [*faults, _missing_page(statements[-1], None)]


def _follows(page: Statement, last: Statement) -> bool:
    return (
        _same_account(page, last) and _main(page) == _main(last) and page.opening_minor == last.closing_minor
    )


def _same_account(one: Statement, other: Statement) -> bool:
    return (one.account, one.currency) == (other.account, other.currency)


def _main(statement: Statement) -> str:
    """The number of a statement without that of its page."""
    return statement.number.partition("/")[0]


def _together(first: Statement, second: Statement) -> Statement:
    return replace(
        first,
        lines=first.lines + second.lines,
        closing_minor=second.closing_minor,
        closed_on=second.closed_on,
    )


def _missing_page(statement: Statement, before: Statement | None) -> Fault:
    """A fault at a statement; its difference to the one before is known where both are of one account."""
    is_known = before is not None and _same_account(before, statement)
    gap = (statement.opening_minor or 0) - (before.closing_minor or 0) if before is not None else 0
    difference = told(gap, statement.currency) if is_known else ""
    return fault(FaultCode.PAGES_APART, line=statement.place, value=statement.number, difference=difference)
