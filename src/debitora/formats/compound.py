"""Compound files (OLE2, the container of .xls): one stream out of them, and one stream into a fresh one.

A workbook is never handed on in the container it came in: chains that run in circles, overlap or lead nowhere would be
followed by whoever reads it next. The one stream that matters is taken out here, with every chain bounded, and wrapped anew.

Format: [MS-CFB] of Microsoft's open specifications.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR: Final = 0xFFFFFFFA
_END: Final = 0xFFFFFFFE
_FREE: Final = 0xFFFFFFFF
_FAT: Final = 0xFFFFFFFD
_HEADER: Final = 512
_IN_HEADER: Final = 109
_ENTRY: Final = 128
_MINI: Final = 64
_STREAM, _ROOT = 2, 5
_WRAPPED: Final = 4096  # sector size of what is written here; 109 tables of 1024 sectors reach 457 MB


class NotACompound(Exception):
    """The bytes are no compound file, or a damaged one."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


def stream_of(data: bytes, *names: str) -> bytes | None:
    """The first of the named streams that the file holds, None where it holds none of them. Raises NotACompound."""
    try:
        return _Container(data).stream(names)
    except (struct.error, IndexError, ValueError) as broken:
        raise NotACompound(str(broken)) from broken


def wrapped(name: str, content: bytes) -> bytes:
    """A compound file that holds this stream alone. Raises ValueError beyond 400 MB."""
    body = content + bytes(-max(len(content), _WRAPPED) % _WRAPPED)
    body = body.ljust(_WRAPPED, b"\0")
    sectors = len(body) // _WRAPPED
    tables = -(-(sectors + 2 + _IN_HEADER) // (_WRAPPED // 4))
    if tables > _IN_HEADER:
        raise ValueError("too long for one compound file")
    chain = [
        *range(1, sectors),
        _END,
        _END,
        _END,
        *[_FAT] * tables,
    ]  # stream, directory, small streams, tables
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * _WRAPPED, b"\xff")
    places = [sectors + 2 + index for index in range(tables)]
    entries = _written_entry("Root Entry", _ROOT, sectors + 1, _MINI, child=1) + _written_entry(
        name, _STREAM, 0, len(body), child=_FREE
    )
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        MAGIC, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, sectors, 0, _WRAPPED, _END, 0, _END, 0,
    )  # fmt: skip
    listed = struct.pack(f"<{_IN_HEADER}I", *places, *[_FREE] * (_IN_HEADER - tables))
    return b"".join(
        [(header + listed).ljust(_WRAPPED, b"\0"), body, entries.ljust(_WRAPPED, b"\0"), bytes(_WRAPPED), fat]
    )


def _written_entry(name: str, kind: int, start: int, size: int, *, child: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ", text, len(text) + 2, kind, 1, _FREE, _FREE, child, 0, start, size
    )


class _Container:
    """A compound file with its tables read; every chain is as long as there are sectors, at most."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC) or len(data) < _HEADER:
            raise NotACompound("no such file")
        shift, mini = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini != 6:
            raise NotACompound(f"sectors of 2^{shift} and 2^{mini}")
        self._data, self._size = data, 1 << shift
        self._sectors = max(0, -(-len(data) // self._size) - 1)
        _tables, directory, _, least, self._first_mini, _, first, _ = struct.unpack_from(
            "<IIIIIIII", data, 44
        )
        self._least = least
        self._fat = self._numbers(self._table_sectors(first))
        self._entries = self._directory(directory)

    def stream(self, names: Iterable[str]) -> bytes | None:
        wanted = [name.casefold() for name in names]
        found = {each.name.casefold(): each for each in self._entries if each.kind == _STREAM}
        entry = next((found[name] for name in wanted if name in found), None)
        if entry is None:
            return None
        if entry.size >= self._least:
            return self._joined(self._chain(entry.start))[: entry.size]
        return self._small(entry)

    def _sector(self, number: int) -> bytes:
        if number >= self._sectors:
            raise NotACompound(f"sector {number} of {self._sectors}")
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _joined(self, numbers: Iterable[int]) -> bytes:
        return b"".join(self._sector(number) for number in numbers)

    def _numbers(self, sectors: Iterable[int]) -> array[int]:
        """The sectors as a table of 32-bit numbers."""
        content = self._joined(sectors)
        return array("I", struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    def _table_sectors(self, first: int) -> list[int]:
        """Where the allocation table lies: 109 places in the header, the others in a chain of their own."""
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        seen = 0
        while first < _LAST_SECTOR:
            seen += 1
            if seen > self._sectors:
                raise NotACompound("the tables run in a circle")
            content = self._sector(first)
            *more, first = struct.unpack(f"<{self._size // 4}I", content)
            places += more
        found = [place for place in places if place < _LAST_SECTOR]
        if len(found) > self._sectors:
            raise NotACompound("more tables than sectors")
        return found

    def _chain(self, start: int) -> Iterator[int]:
        return _followed(self._fat, start, self._sectors)

    def _directory(self, start: int) -> list[_Entry]:
        content = self._joined(self._chain(start))
        return [_read_entry(content, place) for place in range(0, len(content) - _ENTRY + 1, _ENTRY)]

    def _small(self, entry: _Entry) -> bytes:
        """A stream of less than 4096 bytes lies in pieces of 64 in a stream of the root."""
        root = next((each for each in self._entries if each.kind == _ROOT), None)
        if root is None:
            raise NotACompound("no root")
        table = self._numbers(self._chain(self._first_mini))
        content = self._joined(self._chain(root.start))
        pieces = [
            content[number * _MINI : (number + 1) * _MINI]
            for number in _followed(table, entry.start, len(content) // _MINI)
        ]
        return b"".join(pieces)[: entry.size]


def _followed(table: array[int], start: int, most: int) -> Iterator[int]:
    """The numbers of a chain. Raises NotACompound where it is longer than possible, or leads out of the table."""
    number, seen = start, 0
    while number < _LAST_SECTOR:
        seen += 1
        if seen > most:
            raise NotACompound("a chain runs in a circle")
        yield number
        number = table[number]


def _read_entry(content: bytes, place: int) -> _Entry:
    length, kind = struct.unpack_from("<HB", content, place + 64)
    name = content[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    start, size = struct.unpack_from("<II", content, place + 116)
    return _Entry(name, kind, start, size)
