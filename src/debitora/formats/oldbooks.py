"""Checks on a workbook in the old Excel format (.xls) before anything parses it.

Its sheets are walked record by record: how far their cells reach, how far they say they reach, and how often a sheet is
named. What is handed on is the stream of the workbook alone, in a container written here.

Format: [MS-XLS], BIFF8 and BIFF5.
"""

from __future__ import annotations

import struct
from typing import Final

from debitora.formats.archives import MAX_CELLS
from debitora.formats.compound import NotACompound, stream_of, wrapped
from debitora.formats.faults import Fault, FaultCode, fault

MAX_OLD_BYTES: Final = 200_000_000
MAX_OLD_SHEETS: Final = 1_000
MAX_SPARSE: Final = 2_000_000
"""Cells of the rectangles in all beyond which at least one in a hundred must be filled."""

_ROWS, _COLUMNS = 65_536, 256
_FILE_PASS, _SHEET, _DIMENSIONS, _MANY, _BEGIN, _LAST = 0x2F, 0x85, 0x200, 0xBD, 0x809, 0x0A
_CELLS: Final = frozenset({0x06, 0x206, 0x406, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6, _MANY})
_HEAD: Final = struct.Struct("<HH")
_STREAMS: Final = ("Workbook", "Book")


def opened_old_workbook(data: bytes) -> tuple[bytes, Fault | None]:
    """(a container that is safe to parse, None), or (b"", why there is none)."""
    if len(data) > MAX_OLD_BYTES:
        return b"", fault(FaultCode.FILE_TOO_LARGE, limit=MAX_OLD_BYTES)
    try:
        for name in _STREAMS:
            book = stream_of(data, name)
            if book is not None:
                problem = _book_fault(book)
                return (b"", problem) if problem else (wrapped(name, book), None)
    except (NotACompound, struct.error, ValueError):
        return b"", fault(FaultCode.WORKBOOK_DAMAGED)
    return b"", fault(FaultCode.NOT_A_TABLE, kind="compound")


def _book_fault(book: bytes) -> Fault | None:
    """Why the workbook must not be parsed: a password, too many sheets, or sheets that reach too far in all."""
    if len(book) < _HEAD.size or _HEAD.unpack_from(book)[0] != _BEGIN:
        return fault(FaultCode.WORKBOOK_DAMAGED)
    starts: list[int] = []
    for kind, place, size in _records(book, 0):
        if kind == _FILE_PASS:
            return fault(FaultCode.WORKBOOK_ENCRYPTED)
        if kind == _SHEET and size >= 4:
            starts.append(struct.unpack_from("<I", book, place)[0])
    if len(starts) > MAX_OLD_SHEETS:
        return fault(FaultCode.ARCHIVE_TOO_LARGE, reason="members")
    if any(start >= len(book) for start in starts):
        return fault(FaultCode.WORKBOOK_DAMAGED)
    reach = {start: _reach(book, start) for start in sorted(set(starts))}
    if any(rows > _ROWS or columns > _COLUMNS for rows, columns, _ in reach.values()):
        return fault(FaultCode.ARCHIVE_TOO_LARGE, reason="cells")
    cells = sum(reach[start][0] * reach[start][1] for start in starts)
    filled = sum(reach[start][2] for start in starts)
    is_sparse = cells > MAX_SPARSE and filled * 100 < cells
    return fault(FaultCode.ARCHIVE_TOO_LARGE, reason="cells") if cells > MAX_CELLS or is_sparse else None


def _records(book: bytes, place: int) -> list[tuple[int, int, int]]:
    """(kind, where its content begins, length) of the records from one begin to its end."""
    found: list[tuple[int, int, int]] = []
    depth = 0
    end = len(book) - _HEAD.size
    while place <= end:
        kind, size = _HEAD.unpack_from(book, place)
        place += _HEAD.size
        found.append((kind, place, size))
        place += size
        depth += (kind == _BEGIN) - (kind == _LAST)
        if kind == _LAST and depth <= 0:
            break
    return found


def _reach(book: bytes, start: int) -> tuple[int, int, int]:
    """(rows, columns) that a sheet's cells reach to, or that it says they do; and how many cells it holds."""
    rows = columns = filled = 0
    for kind, place, size in _records(book, start):
        if kind in _CELLS and size >= 4:
            row, column = _HEAD.unpack_from(book, place)
            last = struct.unpack_from("<H", book, place + size - 2)[0] if kind == _MANY else column
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            filled += max(1, last - column + 1)
        elif kind == _DIMENSIONS:
            said = _said(book, place, size)
            rows, columns = max(rows, said[0]), max(columns, said[1])
    return rows, columns, filled


def _said(book: bytes, place: int, size: int) -> tuple[int, int]:
    """(rows, columns) of a DIMENSIONS record; BIFF8 counts rows in 32 bits, BIFF5 in 16."""
    if size >= 14:
        _, rows, _, columns = struct.unpack_from("<IIHH", book, place)
    elif size >= 8:
        _, rows, _, columns = struct.unpack_from("<HHHH", book, place)
    else:
        return 0, 0
    return rows, columns
