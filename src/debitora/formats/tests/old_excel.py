"""Builders for tests: workbooks in the old Excel format and OpenDocument spreadsheets, sane and malicious."""

from __future__ import annotations

import html
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from debitora.formats.compound import wrapped

Row = Sequence[str | float | None]

_BEGIN, _END, _SHEET, _DIMENSIONS, _LABEL, _NUMBER = 0x809, 0x0A, 0x85, 0x200, 0x204, 0x203


def record(kind: int, content: bytes = b"") -> bytes:
    """One record of BIFF8."""
    return struct.pack("<HH", kind, len(content)) + content


def cell(row: int, column: int, value: str | float) -> bytes:
    """A cell with a text or a number."""
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return record(_LABEL, place + struct.pack("<HB", len(value), 1) + text)
    return record(_NUMBER, place + struct.pack("<d", value))


def sheet(cells: Iterable[bytes], *, said: tuple[int, int] = (0, 0)) -> bytes:
    """A sheet of cells; `said` are the rows and columns that it claims."""
    begin = record(_BEGIN, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    reach = record(_DIMENSIONS, struct.pack("<IIHHH", 0, said[0], 0, said[1], 0)) if any(said) else b""
    return begin + reach + b"".join(cells) + record(_END)


def book(
    sheets: Mapping[str, bytes], *, extra: bytes = b"", all_at: int | None = None, shared: bool = False
) -> bytes:
    """A workbook's stream; extra: further records of its head; all_at: where every sheet is said to begin; shared: where the
    first one does.
    """
    begin = record(_BEGIN, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)) + extra
    heads = [struct.pack("<BB", len(name), 1) + name.encode("utf-16-le") for name in sheets]
    start = len(begin) + sum(len(head) + 10 for head in heads) + len(record(_END))
    named = []
    for head, content in zip(heads, sheets.values(), strict=True):
        named.append(record(_SHEET, struct.pack("<IBB", start if all_at is None else all_at, 0, 0) + head))
        start += 0 if shared else len(content)
    return begin + b"".join(named) + record(_END) + b"".join(sheets.values())


def xls(sheets: Mapping[str, Iterable[Row]]) -> bytes:
    """The bytes of an .xls file."""
    contents = {
        name: sheet(
            cell(y, x, value)
            for y, row in enumerate(rows)
            for x, value in enumerate(row)
            if value is not None
        )
        for name, rows in sheets.items()
    }
    return wrapped("Workbook", book(contents))


def ods(sheets: Mapping[str, str], *, prolog: str = "", manifest: str = "<manifest/>") -> bytes:
    """The bytes of an .ods file, by the XML of each sheet's rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    tables = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr("content.xml", content)
    return target.getvalue()


def ods_row(cells: Iterable[str], *, repeated: int = 1) -> str:
    """A row of an OpenDocument sheet that stands there `repeated` times."""
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def ods_cell(text: str = "", *, repeated: int = 1, number: float | None = None, day: str = "") -> str:
    """A cell with a text, a number, a day or nothing, that stands there `repeated` times."""
    value = (
        f'office:value-type="float" office:value="{number}"'
        if number is not None
        else f'office:value-type="date" office:date-value="{day}"'
        if day
        else 'office:value-type="string"'
        if text
        else ""
    )
    shown = f"<text:p>{html.escape(text)}</text:p>" if text else ""
    begin = f'<table:table-cell {value} table:number-columns-repeated="{repeated}"'
    return f"{begin}>{shown}</table:table-cell>" if shown else f"{begin}/>"
