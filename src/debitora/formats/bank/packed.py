"""A zip of bank files, as banks hand out the statements of a day (EBICS C52, C53, C54) -> the files in it.

Nothing is unpacked that is too many, too large, too good to be true, or packed once more; what is no statement refuses all of it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from debitora.formats import sniffing
from debitora.formats.archives import DEFECTS, is_implausible
from debitora.formats.bank.fields import against
from debitora.formats.tables import MAX_BYTES

MAX_FILES: Final = 1_000
"""A bank packs a file for each account and day."""

_ZIP: Final = b"PK\x03\x04"
_WORKBOOKS: Final = frozenset({"[Content_Types].xml", "mimetype", "xl/workbook.xml", "xl/workbook.bin"})
_ADDED: Final = "__MACOSX/"
"""What a Mac puts beside the files that it packs."""


def is_packed(data: bytes) -> bool:
    """Whether it is a zip, and no workbook, which is one too."""
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _WORKBOOKS.isdisjoint(archive.namelist())
    except DEFECTS:
        return False


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file, by name. Raises NotInFormat (rule `packed`) with the name of the file that breaks it, where one does."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in _files(archive):
                yield member.filename, _read(archive, member)
    except DEFECTS as damaged:
        raise against("packed", 0, "") from damaged


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files by name. Raises NotInFormat."""
    files = [
        each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith(_ADDED)
    ]
    refused = [each.filename for each in files if each.flag_bits & 1 or is_implausible(each)]
    names = {each.filename for each in files}
    is_too_large = sum(each.file_size for each in files) > MAX_BYTES
    if refused or is_too_large or not 0 < len(files) <= MAX_FILES or len(names) < len(files):
        raise against("packed", 0, refused[0] if refused else "")
    return sorted(files, key=lambda each: each.filename)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a file, no more than it declares. Raises NotInFormat for one that is packed itself."""
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) != member.file_size or sniffing.content_kind(data) != sniffing.TEXT:
        raise against("packed", 0, member.filename)
    return data
