"""DATEV format files (EXTF, DTVF): booking batches as movements of customers, debtor master data as customers.

Category 21 (Buchungsstapel): every row that touches a debtor's account is a debit or a credit of that customer. Category 16
(Debitoren/Kreditoren) names customers. Other categories are refused by their name.

Format: DATEV developer portal, "DATEV-Format", versions 300 to 700.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from debitora.formats.encodings import decode
from debitora.formats.faults import Fault, FaultCode, Faults, fault
from debitora.formats.grid import Form, Table
from debitora.formats.headers import key_of
from debitora.formats.ledgers import Booking, cells_of, cents_of, day_of, table_of
from debitora.values.money import is_currency

BOOKINGS: Final = 21
PARTNERS: Final = 16

_MARKS: Final = (b'"EXTF"', b"EXTF;", b'"DTVF"', b"DTVF;")
_VERSIONS: Final = range(100, 1000)
_LANGUAGES: Final = {"1": "de", "4": "fr", "5": "en"}
_WORDS: Final = {
    "cents": ("umsatzohnesollhabenkz", "umsatz"),
    "side": ("sollhabenkennzeichen", "sh"),
    "currency": ("wkzumsatz", "wkz"),
    "account": ("konto", "kontonummer"),
    "contra": ("gegenkontoohnebuschluessel", "gegenkonto"),
    "day": ("belegdatum",),
    "number": ("belegfeld1",),
    "second": ("belegfeld2",),
    "due": ("faelligkeit",),
    "text": ("buchungstext",),
    "reversal": ("generalumkehrgu", "generalumkehr"),
}
_ASTRAY: Final = ';"\n'  # stands in no number, amount or day, unless a quotation mark is missing before it
_NEEDED: Final = ("cents", "side", "account", "contra", "day", "number")
_PARTNER_WORDS: Final = {
    "customer_number": ("konto", "kontonummer"),
    "company_name": ("nameadressattypunternehmen",),
    "last_name": ("nameadressattypnatuerlperson",),
    "first_name": ("vornameadressattypnatuerlperson",),
    "other_name": ("nameadressattypkeineangabe",),
    "street": ("strasse",),
    "postcode": ("postleitzahl",),
    "city": ("ort",),
    "country": ("land",),
    "email": ("email",),
    "language": ("sprache",),
}
_PARTNER_FIELDS: Final = (
    "customer_number", "customer_name", "street", "postcode", "city", "country", "email", "language",
)  # fmt: skip
_CALLED: Final = {
    "number": "Belegfeld 1",
    "customer_number": "Konto",
    "issued_on": "Belegdatum",
    "due_on": "Fälligkeit",
    "currency": "WKZ Umsatz",
    "debit": "Umsatz",
    "credit": "Umsatz",
    "amount": "Umsatz",
    "text": "Buchungstext",
}


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line: which category, from which day the financial year runs, how long general accounts are."""

    category: int
    name: str
    year: date
    account_length: int
    currency: str


def is_datev(data: bytes) -> bool:
    """Whether a file begins as DATEV files do."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_MARKS)


def read_datev(data: bytes, name: str, *, encoding: str | None) -> tuple[Table | None, Faults]:
    """The documents of a booking batch, or the debtors of master data; (None, faults) for all else and what is broken."""
    text, used, problem = decode(data, encoding)
    if problem:
        return None, Faults.of([problem])
    lines = _lines(text)
    head, faults = _head(lines[0][1])
    if head is None:
        return None, Faults.of(faults)
    if head.category not in (BOOKINGS, PARTNERS):
        return None, Faults.of([_foreign(head)])
    if len(lines) < 2:
        return None, Faults.of([_rule("headings", line=2)])
    if head.category == PARTNERS:
        return _partners(lines, head, name, used)
    return _bookings(lines, head, name, used)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of every line that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    found: list[tuple[int, list[str]]] = []
    begin = 1
    for cells in reader:
        if any(map(str.strip, cells)):
            found.append((begin, cells))
        begin = reader.line_num + 1
    return found


def _rule(rule: str, *, line: int = 1, value: str = "") -> Fault:
    return fault(FaultCode.DATEV_RULE, line=line, value=value, rule=rule)


def _foreign(head: _Head) -> Fault:
    return fault(
        FaultCode.DATEV_CATEGORY, line=1, value=str(head.category), name=head.name or str(head.category)
    )


def _head(cells: Sequence[str]) -> tuple[_Head | None, list[Fault]]:
    """The first line as it is laid down; every rule that it breaks."""
    fields = [*cells, *[""] * 31]
    faults: list[Fault] = []

    def require(rule: str, place: int, holds: Callable[[str], bool]) -> None:
        if not holds(fields[place].strip()):
            faults.append(_rule(rule, value=fields[place]))

    require("version", 1, lambda text: text.isdecimal() and int(text) in _VERSIONS)
    require("category", 2, lambda text: text.isdecimal())
    if faults:
        return None, faults
    category = int(fields[2])
    if category in (BOOKINGS, PARTNERS):
        require("financial_year", 12, lambda text: day_of(text) is not None)
        require("account_length", 13, lambda text: text.isdecimal() and 4 <= int(text) <= 8)
        require("currency", 21, lambda text: not text or is_currency(text))
    if faults:
        return None, faults
    year = day_of(fields[12].strip()) or date.min
    length = int(fields[13]) if fields[13].strip().isdecimal() else 4
    return _Head(category, fields[3].strip(), year, length, fields[21].strip() or "EUR"), []


def _places(
    headings: Sequence[str], words: dict[str, tuple[str, ...]], needed: Sequence[str]
) -> tuple[dict[str, int], list[Fault]]:
    """Where each field stands; a fault for each that is needed and stands nowhere."""
    keys = [key_of(heading) for heading in headings]
    places = {
        field: next(keys.index(word) for word in names if word in keys)
        for field, names in words.items()
        if set(names) & set(keys)
    }
    return places, [_rule(f"column_{field}", line=2) for field in needed if field not in places]


def _is_debtor(account: str, head: _Head) -> bool:
    """Personal accounts are one digit longer than general ones; those that begin with 1 to 6 are debtors."""
    plain = account.lstrip("0")
    return len(plain) == head.account_length + 1 and plain[0] in "123456"


def _bookings(
    lines: Sequence[tuple[int, list[str]]], head: _Head, name: str, encoding: str
) -> tuple[Table | None, Faults]:
    places, faults = _places(lines[1][1], _WORDS, _NEEDED)
    if faults:
        return None, Faults.of(faults)
    width = len(lines[1][1])
    bookings: list[Booking] = []
    for line, cells in lines[2:]:
        if len(cells) > width or len(cells) <= max(places[field] for field in _NEEDED):
            faults.append(_rule("cells", line=line, value=f"{len(cells)} / {width}"))
            continue
        row = {field: cells[place].strip() if place < len(cells) else "" for field, place in places.items()}
        if any(mark in row[field] for field in _NEEDED for mark in _ASTRAY):
            faults.append(_rule("quotes", line=line, value=" ".join(row[field] for field in _NEEDED)))
            continue
        made, problems = _booked(line, row, head)
        bookings += made
        faults += problems
    if not bookings and not faults:
        faults.append(_rule("no_debtors", line=lines[-1][0]))
    table = table_of(name, bookings, program="datev", words=_CALLED, encoding=encoding)
    return (table, Faults()) if not faults else (None, Faults.of(faults))


def _booked(line: int, row: dict[str, str], head: _Head) -> tuple[list[Booking], list[Fault]]:
    """What a row books on debtors: none, one, or two where one debtor is booked against another."""
    accounts = [(row["account"], 1), (row["contra"], -1)]
    debtors = [(account.lstrip("0"), turn) for account, turn in accounts if _is_debtor(account, head)]
    faults = [
        fault(FaultCode.ACCOUNT_UNREADABLE, line=line, column="Konto", value=account)
        for account, _ in accounts
        if not account.isdecimal()
    ]
    if faults or not debtors:
        return [], faults
    cents, side = cents_of(row["cents"]), row["side"].upper()
    day = _day(row["day"], head)
    currency = row.get("currency", "") or head.currency
    if cents is None:
        faults.append(fault(FaultCode.AMOUNT_UNREADABLE, line=line, column="Umsatz", value=row["cents"]))
    if side not in {"S", "H"}:
        faults.append(fault(FaultCode.SIDE_UNREADABLE, line=line, column="Soll/Haben", value=row["side"]))
    if day is None:
        faults.append(fault(FaultCode.DATE_UNREADABLE, line=line, column="Belegdatum", value=row["day"]))
    if not is_currency(currency):
        faults.append(fault(FaultCode.CURRENCY_UNKNOWN, line=line, column="WKZ Umsatz", value=currency))
    if faults or cents is None or day is None:
        return [], faults
    is_reversal = row.get("reversal", "").upper() in {"G", "1"}
    signed = cents * (1 if side == "S" else -1) * (-1 if is_reversal else 1)
    made = [_booking(line, row, account, day, currency, signed * turn) for account, turn in debtors]
    missing = [each for each in made if not each.number]
    return made, [fault(FaultCode.NUMBER_MISSING, line=line, column="Belegfeld 1") for _ in missing[:1]]


def _booking(line: int, row: dict[str, str], account: str, day: date, currency: str, cents: int) -> Booking:
    """A credit without a number is a payment on account, known by its day."""
    return Booking(
        line=line,
        number=row["number"] or (day.isoformat() if cents < 0 else ""),
        customer=account,
        name="",
        day=day,
        due_on=_due(row, day) if cents > 0 else None,
        currency=currency,
        cents=cents,
        text=row.get("text", ""),
    )


def _day(text: str, head: _Head) -> date | None:
    """TTMM (or TMM) within the financial year; TTMMJJJJ as it stands."""
    plain = text.strip()
    if len(plain) in (7, 8):
        return day_of(plain.zfill(8), "dmy")
    if len(plain) not in (3, 4) or not plain.isdecimal():
        return None
    day, month = int(plain[:-2]), int(plain[-2:])
    for year in (head.year.year, head.year.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if head.year <= found < head.year + timedelta(days=366):
            return found
    return None


def _due(row: dict[str, str], day: date) -> date | None:
    """The due day: a field of its own (TTMMJJJJ), or Belegfeld 2 (TTMMJJ) where that can be one."""
    own = row.get("due", "")
    found = day_of(own.zfill(8), "dmy") if own else None
    second = row.get("second", "")
    if found is None and len(second) == 6 and second.isdecimal():
        found = day_of(f"{second[:4]}20{second[4:]}", "dmy")
    return found if found is not None and day <= found <= day + timedelta(days=3 * 366) else None


def _partners(
    lines: Sequence[tuple[int, list[str]]], head: _Head, name: str, encoding: str
) -> tuple[Table | None, Faults]:
    places, faults = _places(lines[1][1], _PARTNER_WORDS, ("customer_number",))
    rows: list[list[object]] = []
    for line, cells in lines[2:]:
        row = {field: cells[place].strip() for field, place in places.items() if place < len(cells)}
        account = row.get("customer_number", "")
        if not account.isdecimal():
            faults.append(fault(FaultCode.ACCOUNT_UNREADABLE, line=line, column="Konto", value=account))
        elif _is_debtor(account, head):
            rows.append([line, *_partner(row)])
    if faults:
        return None, Faults.of(faults)
    form = Form(
        program="datev",
        subject="customers",
        fields=_PARTNER_FIELDS,
        headers=("Konto", "Name", "Straße", "Postleitzahl", "Ort", "Land", "E-Mail", "Sprache"),
    )
    return Table(name, cells_of(rows, len(form.fields)), encoding=encoding, form=form), Faults()


def _partner(row: dict[str, str]) -> list[str]:
    person = " ".join(part for part in (row.get("first_name", ""), row.get("last_name", "")) if part)
    named = row.get("company_name") or person or row.get("other_name", "")
    address = [row.get(field, "") for field in ("street", "postcode", "city", "country", "email")]
    return [row["customer_number"].lstrip("0"), named, *address, _LANGUAGES.get(row.get("language", ""), "")]
