"""Checks on a zipped workbook (XLSX, ODS) before anything parses it: what it says, what it truly holds, how far it reaches.

A workbook is refused by its declared *and* its actual size, by the number of its members, and by the rectangle its
cells span: one cell in the last corner of a sheet would make a reader allocate the whole sheet.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from debitora.formats.faults import Fault, FaultCode, fault
from debitora.formats.spreads import spread_cells

MAX_MEMBERS: Final = 2_000
MAX_UNPACKED: Final = 1_000_000_000
"""Bytes of all members together; a sheet of a million rows and ten columns has about 400 MB."""
MAX_RATIO: Final = 300
"""Unpacked : packed of one member above 1 MB; sheets reach 40, deflate cannot do more than 1,032."""
MAX_CELLS: Final = 25_000_000
"""Cells of the rectangle that a sheet spans; of all sheets together where they are parsed together (XLS, ODS)."""
MAX_CONTENT: Final = 500_000_000
"""Bytes of the content of an OpenDocument spreadsheet, which is looked through in one piece."""

_SHEET_ROWS, _SHEET_COLUMNS = 1_048_576, 16_384
_CHUNK: Final = 1 << 20
_RATIO_FROM: Final = 1 << 20
_TAIL: Final = 65_557
_OPEN_DOCUMENT: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_END: Final = b"PK\x05\x06"
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["']""")
DEFECTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What reading a damaged archive raises."""


def archive_fault(data: bytes) -> Fault | None:
    """Why this archive must not be parsed, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _declared_fault(archive, data) or _actual_fault(archive) or _open_document_fault(archive)
    except DEFECTS:
        return fault(FaultCode.WORKBOOK_DAMAGED)


def _declared_fault(archive: zipfile.ZipFile, data: bytes) -> Fault | None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if data[-_TAIL:].count(_END) != 1 or len(set(names)) != len(names):
        return _bomb("structure")
    if len(members) > MAX_MEMBERS:
        return _bomb("members")
    if any(member.flag_bits & 1 for member in members):
        return fault(FaultCode.WORKBOOK_ENCRYPTED)
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        return _bomb("size")
    if any(is_implausible(member) for member in members):
        return _bomb("ratio")
    if not {"xl/workbook.xml", "xl/workbook.bin"} & set(names) and not _is_open_document(archive, names):
        return fault(FaultCode.NOT_A_TABLE, kind="archive")
    return None


def _is_open_document(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """Whether the archive calls itself an OpenDocument spreadsheet."""
    if "mimetype" not in names or "content.xml" not in names:
        return False
    with archive.open("mimetype") as stream:
        return stream.read(len(_OPEN_DOCUMENT) + 1).strip() in (_OPEN_DOCUMENT, _OPEN_DOCUMENT + b"-template")


def is_implausible(member: zipfile.ZipInfo) -> bool:
    """Whether a member unpacks to so much more than it takes that it can only be meant to do harm."""
    return member.file_size > _RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1)


def _actual_fault(archive: zipfile.ZipFile) -> Fault | None:
    """Unpack every member once without keeping it: sizes as declared, sheets within their bounds."""
    for member in archive.infolist():
        is_sheet = member.filename.lower().startswith("xl/worksheets/")
        columns, rows, size = 0, 0, 0
        with archive.open(member) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > member.file_size:
                    return _bomb("size")
                if is_sheet:
                    reach = _reach(tail + chunk)
                    columns, rows, tail = max(columns, reach[0]), max(rows, reach[1]), chunk[-64:]
        if rows > _SHEET_ROWS or columns > _SHEET_COLUMNS or columns * rows > MAX_CELLS:
            return _bomb("cells")
    return None


def _open_document_fault(archive: zipfile.ZipFile) -> Fault | None:
    """Why an OpenDocument spreadsheet must not be parsed: a password, entities, or cells repeated without end."""
    names = archive.namelist()
    if "mimetype" not in names or "content.xml" not in names:
        return None
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        return fault(FaultCode.WORKBOOK_ENCRYPTED)
    if archive.getinfo("content.xml").file_size > MAX_CONTENT:
        return _bomb("size")
    content = archive.read("content.xml")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return _bomb("structure")
    return _bomb("cells") if spread_cells(content) > MAX_CELLS else None


def _reach(chunk: bytes) -> tuple[int, int]:
    """(columns, rows) that the cell references of this piece of a sheet reach to."""
    references = set(_REFERENCE.findall(chunk))
    columns = {letters for letters, _ in references}
    rows = {digits for _, digits in references}
    widest = max(map(_column_number, columns), default=0)
    return widest, max((int(digits[:12]) for digits in rows), default=0)


def _column_number(letters: bytes) -> int:
    """A -> 1, Z -> 26, AA -> 27; more than three letters reach beyond every sheet."""
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number


def _bomb(reason: str) -> Fault:
    return fault(FaultCode.ARCHIVE_TOO_LARGE, reason=reason)
