"""A file of any shape -> a table of text: CSV in any dialect, columns of fixed width, XLSX, XLS, ODS; or why it is none.

The content decides, not the ending. Nothing is interpreted here: `guess` says what the columns mean, `items` and
`customers` read them.
"""

from __future__ import annotations

import re
from typing import Final

from debitora.formats import datev, delimited, fec, sniffing, workbooks
from debitora.formats.faults import FaultCode, Faults, fault
from debitora.formats.grid import MAX_COLUMNS, MAX_ROWS, Table, column

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Table", "column", "read_table"]

MAX_BYTES: Final = 600_000_000

_SOMETHING: Final = re.compile(rb"[^ \t\r\n\xef\xbb\xbf\xff\xfe]")


def read_table(
    data: bytes,
    name: str = "",
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    borders: tuple[int, ...] = (),
) -> tuple[Table | None, Faults]:
    """Read a list or workbook; (None, faults) where it is none. Never raises for what is in the file.

    encoding, delimiter, sheet: what the user chose by hand; None recognises them (the first visible sheet with rows).
    delimiter "fixed" cuts columns of fixed width, at `borders` where those are given.
    """
    if len(data) > MAX_BYTES:
        return None, Faults.of([fault(FaultCode.FILE_TOO_LARGE, limit=MAX_BYTES)])
    if not _SOMETHING.search(data):
        return None, Faults.of([fault(FaultCode.EMPTY_FILE)])
    if datev.is_datev(data):
        return datev.read_datev(data, name, encoding=encoding)
    if fec.is_fec(data):
        return fec.read_fec(data, name, encoding=encoding)
    kind = sniffing.content_kind(data)
    if kind == sniffing.WORKBOOK:
        return workbooks.read_workbook(data, name, sheet=sheet)
    if kind == sniffing.TEXT:
        return delimited.read_delimited(data, name, encoding=encoding, delimiter=delimiter, borders=borders)
    if kind == "encrypted":
        return None, Faults.of([fault(FaultCode.WORKBOOK_ENCRYPTED)])
    return None, Faults.of([fault(FaultCode.NOT_A_TABLE, kind=kind)])
