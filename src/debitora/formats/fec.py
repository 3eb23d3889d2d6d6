"""French ledger files (FEC): the customers' accounts with debit, credit, letter and the letter's day, as a history.

A letter (EcritureLet) says which debits and credits settle each other, and DateLet since when. So every document tells what
was open on any day. Columns stand by their names, parted by tabs or bars.

Format: Livre des procédures fiscales, art. A47 A-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from debitora.formats.encodings import decode
from debitora.formats.faults import Fault, FaultCode, Faults, fault
from debitora.formats.grid import Table
from debitora.formats.ledgers import Booking, cents_of, day_of, table_of
from debitora.values.money import is_currency

CUSTOMERS: Final = "411"
"""Accounts that begin so are those of customers (Plan comptable général)."""

_NEEDED: Final = ("JournalCode", "EcritureDate", "CompteNum", "PieceRef", "PieceDate", "Debit", "Credit")
_KEY: Final = tuple(name.casefold() for name in _NEEDED)
_CALLED: Final = {
    "number": "PieceRef",
    "customer_number": "CompAuxNum",
    "customer_name": "CompAuxLib",
    "issued_on": "PieceDate",
    "currency": "Idevise",
    "debit": "Debit",
    "credit": "Credit",
    "amount": "Debit",
    "cleared_on": "DateLet",
    "text": "EcritureLib",
}


def is_fec(data: bytes) -> bool:
    """Whether the first line names the columns of such a file."""
    first = data[:600].lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].lower()
    return first.startswith(b"journalcode") and b"comptenum" in first and b"ecriture" in first


def read_fec(data: bytes, name: str, *, encoding: str | None) -> tuple[Table | None, Faults]:
    """The documents on customers' accounts; (None, faults) where the file is broken or has none."""
    text, used, problem = decode(data, encoding)
    if problem:
        return None, Faults.of([problem])
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    mark = "\t" if "\t" in lines[0] else "|"
    heads = [head.strip().casefold() for head in lines[0].split(mark)]
    missing = [name for name, key in zip(_NEEDED, _KEY, strict=True) if key not in heads]
    if missing:
        return None, Faults.of(
            fault(FaultCode.FEC_RULE, line=1, value=name, rule="column") for name in missing
        )
    bookings: list[Booking] = []
    faults: list[Fault] = []
    for line, content in enumerate(lines[1:], start=2):
        if not content.strip():
            continue
        booking, problems = _booked(line, content.split(mark), heads)
        faults += problems
        bookings += [booking] if booking else []
    if not bookings and not faults:
        faults = [fault(FaultCode.FEC_RULE, line=1, value=CUSTOMERS, rule="no_customers")]
    if faults:
        return None, Faults.of(faults)
    return table_of(name, _sound(bookings), program="fec", words=_CALLED, encoding=used), Faults()


def _booked(line: int, cells: Sequence[str], heads: Sequence[str]) -> tuple[Booking | None, list[Fault]]:
    """The booking of a line, or None where it is on another account; what is wrong with it."""
    row = {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}
    if not row.get("comptenum", "").startswith(CUSTOMERS):
        return None, []
    if len(cells) < len([head for head in heads if head]) - 4:
        return None, [
            fault(FaultCode.FEC_RULE, line=line, value=f"{len(cells)} / {len(heads)}", rule="cells")
        ]
    debit, credit = cents_of(row["debit"] or "0"), cents_of(row["credit"] or "0")
    day = day_of(row["piecedate"]) or day_of(row["ecrituredate"])
    faults = [
        fault(FaultCode.AMOUNT_UNREADABLE, line=line, column=column, value=row[column.casefold()])
        for column, cents in (("Debit", debit), ("Credit", credit))
        if cents is None
    ]
    if day is None:
        faults.append(fault(FaultCode.DATE_UNREADABLE, line=line, column="PieceDate", value=row["piecedate"]))
    letter = row.get("datelet", "")
    cleared = day_of(letter)
    if letter and cleared is None:
        faults.append(fault(FaultCode.DATE_UNREADABLE, line=line, column="DateLet", value=letter))
    if faults or debit is None or credit is None or day is None:
        return None, faults
    return _booking(line, row, day, debit - credit, cleared), []


def _booking(line: int, row: dict[str, str], day: date, cents: int, cleared: date | None) -> Booking:
    """The amounts of a FEC are in the ledger's currency, euros; Idevise names another beside them only."""
    own = row.get("compauxnum", "")
    currency = row.get("idevise", "").upper()
    return Booking(
        line=line,
        number=row["pieceref"] or row.get("ecriturenum", "") or day.isoformat(),
        customer=own or row["comptenum"],
        name=row.get("compauxlib", "") or row.get("comptelib", ""),
        day=day,
        due_on=None,
        currency=currency if is_currency(currency) and not row.get("montantdevise", "") else "EUR",
        cents=cents,
        text=row.get("ecriturelib", ""),
        cleared_on=cleared if row.get("ecriturelet", "") else None,
    )


def _sound(bookings: Sequence[Booking]) -> list[Booking]:
    """A letter's day before the document's own is the day of the document: nothing is settled before it is there."""
    return [
        replace(each, cleared_on=each.day) if each.cleared_on and each.cleared_on < each.day else each
        for each in bookings
    ]
