"""A file of a bank -> its format, by content alone; and the one door through which every format is read.

The name is kept for nothing but workbooks: banks call the same file .txt, .sta, .xml or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from debitora.formats import sniffing
from debitora.formats.bank.camt import camt_kind, read_camt
from debitora.formats.bank.cfonb import read_cfonb120
from debitora.formats.bank.coda import read_coda
from debitora.formats.bank.fields import NotInFormat, against
from debitora.formats.bank.mt940 import read_mt940
from debitora.formats.bank.norma43 import read_norma43
from debitora.formats.bank.ofx import is_ofx, read_ofx
from debitora.formats.bank.packed import is_packed, unpacked
from debitora.formats.bank.statements import BankFile, Reading
from debitora.formats.bank.tables import read_bank_table
from debitora.formats.encodings import decode
from debitora.formats.faults import FaultCode, Faults, fault
from debitora.formats.tables import MAX_BYTES

_BEGINNING: Final = 64 * 1024
_SOMETHING: Final = re.compile(rb"[^ \t\r\n\x00\x1a\xef\xbb\xbf\xff\xfe]")
_XML: Final = re.compile(r"\s{0,1000}<(?:\?xml|!--|!DOCTYPE|[A-Za-z])")
_LINES: Final = (
    (Reading.MT942, re.compile(r"^:(?:34F|90[CD]):", re.MULTILINE)),
    (Reading.MT940, re.compile(r"^:(?:20|25|28C?|60[FM]|61|62[FM]|86):", re.MULTILINE)),
    (Reading.CODA, re.compile(r"\A\s{0,1000}0[0-9]{4}[0-9 ]{6}[0-9]{3}05", re.MULTILINE)),
    (Reading.CFONB120, re.compile(r"^0[1457][0-9 ]{5}.{4}[0-9 ]{5}.{60,}", re.MULTILINE)),
    (Reading.NORMA43, re.compile(r"^11[0-9]{16,18}[0-9]{12}[12][0-9]{14}", re.MULTILINE)),
)
"""Text formats by what only their lines look like, the most certain first."""

_READERS: Final[Mapping[Reading, Callable[[bytes], BankFile]]] = {
    Reading.CAMT052: read_camt,
    Reading.CAMT053: read_camt,
    Reading.CAMT054: read_camt,
    Reading.MT940: read_mt940,
    Reading.MT942: read_mt940,
    Reading.CODA: read_coda,
    Reading.CFONB120: read_cfonb120,
    Reading.NORMA43: read_norma43,
    Reading.OFX: read_ofx,
}


def recognised(data: bytes) -> Reading | None:
    """The format of a file; TABLE for a workbook or a text that may be one; None for anything else that has a name."""
    kind = sniffing.content_kind(data)
    if kind != sniffing.TEXT:
        return Reading.TABLE if kind == sniffing.WORKBOOK else None
    if is_ofx(data):
        return Reading.OFX
    text, _encoding, problem = decode(data[:_BEGINNING], None)
    if problem:
        return None
    if _XML.match(text.lstrip("\ufeff")):
        return camt_kind(data)
    return next((reading for reading, lines in _LINES if lines.search(text)), Reading.TABLE)


def read_bank_file(data: bytes, name: str = "", *, account: str = "", currency: str = "") -> BankFile:
    """The statements of a file of any format, or of all files of a zip. account, currency: of a table that names none.

    Faults: those of its format; EMPTY_FILE, FILE_TOO_LARGE, NOT_A_STATEMENT. Nothing read is always a fault. Faults of a zip name
    the file in it as their column.
    """
    if len(data) > MAX_BYTES:
        return BankFile.refused(None, fault(FaultCode.FILE_TOO_LARGE, limit=MAX_BYTES))
    if is_packed(data):
        return _read_packed(data, partial(_read_one, account=account, currency=currency))
    return _read_one(data, name, account=account, currency=currency)


def _read_one(data: bytes, name: str, *, account: str, currency: str) -> BankFile:
    if not _SOMETHING.search(data):
        return BankFile.refused(None, fault(FaultCode.EMPTY_FILE))
    reading = recognised(data)
    if reading is None:
        return BankFile.refused(None, fault(FaultCode.NOT_A_STATEMENT, kind=sniffing.content_kind(data)))
    if reading is Reading.TABLE:
        return read_bank_table(data, name, account=account, currency=currency)
    return _READERS[reading](data)


def _read_packed(data: bytes, read: Callable[[bytes, str], BankFile]) -> BankFile:
    """The statements of all files, which are of one format; a fault that hinders one of them refuses all."""
    found: dict[str, BankFile] = {}
    try:
        found.update((name, read(each, name)) for name, each in unpacked(data))
    except NotInFormat as refused:
        return BankFile.refused(None, refused.fault)
    readings = {each.reading for each in found.values()}
    faults = [replace(said, column=name) for name, each in found.items() for said in each.faults]
    if any(each.faults.hindering for each in found.values()):
        return BankFile.refused(None, *faults)
    if len(readings) > 1:
        return BankFile.refused(None, against("packed", 0, "").fault)
    statements = [each for one in found.values() for each in one]
    placed = tuple(replace(each, place=place) for place, each in enumerate(statements, start=1))
    return BankFile(readings.pop(), placed, Faults.of(faults))
