"""What a statement of a camt message says besides its entries: account, currency, number, pages, balances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lxml import etree

from debitora.formats.bank.camt_entries import day_of, signed_minor
from debitora.formats.bank.checks import fragment
from debitora.formats.bank.elements import Fields, Shape, namespace_of
from debitora.formats.bank.fields import NotInFormat, account_of, against, known, plain
from debitora.formats.bank.statements import Line, Reach, Statement

_PAGES: Final = {"PgNb": "page", "LastPgInd": "last"}
_HEAD: Final = Shape(
    {
        "Id": "identity",
        "ElctrncSeqNb": "number",
        "LglSeqNb": "legal_number",
        "StmtPgntn": _PAGES,
        "RptPgntn": _PAGES,
        "NtfctnPgntn": _PAGES,
        "Acct": {"Id": "account", "Ccy": "currency"},
    }
)
_MESSAGE: Final = Shape({"GrpHdr": {"MsgPgntn": _PAGES}})
_BALANCE: Final = Shape({"Tp": "kind", "Amt": "amount", "CdtDbtInd": "side", "Dt": "day"})
_OPENINGS: Final = ("OPBD", "PRCD")
_CLOSINGS: Final = ("CLBD",)
_INTERIM: Final = "ITBD"


@dataclass(frozen=True, slots=True)
class Balance:
    """A booked balance: of OPBD, PRCD (the closing of the day before), CLBD, or ITBD (of the day so far)."""

    kind: str
    minor: int
    currency: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Head:
    """The parts of a statement before its entries. only_day: of all balances, where it is one: then each entry is of that day."""

    place: int
    account: str
    fields: Fields
    pages: Fields
    balances: Sequence[Balance]
    only_day: date | None

    @property
    def is_first_page(self) -> bool:
        """Whether the statement begins here."""
        return self.pages.get("page", "1") in ("0", "1")

    @property
    def is_last_page(self) -> bool:
        """Whether the statement ends here."""
        return self.pages.get("last", "true") in ("true", "1")

    @property
    def number(self) -> str:
        """The bank's number of the statement, with the page where it has several."""
        number = plain(self.fields.get("number") or self.fields.get("legal_number", ""))
        is_whole = self.is_first_page and self.is_last_page
        return number if is_whole or not number else f"{number}/{plain(self.pages['page'])}"


def head_of(statement: etree._Element, place: int) -> Head:
    """The head of the statement with this number in its file. Raises NotInFormat."""
    fields = _HEAD.fields_of(statement)
    parent = statement.getparent()
    pages = fields if "page" in fields or parent is None else _MESSAGE.fields_of(parent)
    account = account_of(fields.get("account", ""))
    if not account:
        raise NotInFormat(fragment("account", place))
    balances = _balances(statement, place)
    days = {balance.day for balance in balances}
    return Head(place, account, fields, pages, balances, only_day=days.pop() if len(days) == 1 else None)


def _balances(statement: etree._Element, place: int) -> list[Balance]:
    """The booked balances in their order; one without a side is a credit, and shows by not tying where it is none."""
    found = (_BALANCE.fields_of(each) for each in statement.iterfind(f"{namespace_of(statement)}Bal"))
    return [
        Balance(
            kind=fields["kind"],
            minor=signed_minor(fields, "amount", place, "CRDT"),
            currency=fields["amount"].rpartition(" ")[2],
            day=day_of(fields["day"], place) if "day" in fields else None,
        )
        for fields in found
        if fields.get("kind") in (*_OPENINGS, *_CLOSINGS, _INTERIM)
    ]


def statement_of(head: Head, reach: Reach, lines: Sequence[Line], currencies: Iterable[str]) -> Statement:
    """The statement with its lines, whose currencies are these. Raises NotInFormat for a fragment, or for several currencies."""
    opening, closing = _ends(head.balances, reach)
    if reach is Reach.BOOKED:
        _complete(opening, closing, head)
    return Statement(
        account=head.account,
        currency=_one_currency(head, currencies),
        reach=reach,
        lines=tuple(lines),
        opening_minor=opening.minor if opening else None,
        closing_minor=closing.minor if closing else None,
        opened_on=opening.day if opening else None,
        closed_on=closing.day if closing else None,
        number=head.number,
        identity=plain(head.fields.get("identity", "")),
        place=head.place,
    )


def _ends(balances: Sequence[Balance], reach: Reach) -> tuple[Balance | None, Balance | None]:
    """(opening, closing): of the day so far, the first and the last interim balance stand in for those of the day."""
    opening = _first(balances, _OPENINGS)
    closing = _first(balances[::-1], _CLOSINGS)
    interim = [each for each in balances if each.kind == _INTERIM] if reach is Reach.INTERIM else []
    if interim and closing is None:
        closing = interim[-1]
    if len(interim) > 1 and opening is None:
        opening = interim[0]
    return opening, closing


def _first(balances: Sequence[Balance], kinds: Sequence[str]) -> Balance | None:
    """The first balance of the first of these kinds that is there."""
    return next((each for kind in kinds for each in balances if each.kind == kind), None)


def _complete(opening: Balance | None, closing: Balance | None, head: Head) -> None:
    """Raises NotInFormat where a balance is missing that only a page in the middle may lack."""
    if opening is None and head.is_first_page:
        raise NotInFormat(fragment("opening", head.place))
    if closing is None and head.is_last_page:
        raise NotInFormat(fragment("closing", head.place))


def _one_currency(head: Head, currencies: Iterable[str]) -> str:
    """The currency of the account, which is that of every amount. Raises NotInFormat."""
    found = {*currencies, *(each.currency for each in head.balances)} | {head.fields.get("currency", "")}
    found.discard("")
    if not found:
        raise NotInFormat(fragment("currency", head.place))
    if len(found) > 1:
        raise against("one_currency", head.place, " ".join(sorted(found)))
    return known(found.pop(), head.place)
