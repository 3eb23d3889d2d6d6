"""Bytes -> text: UTF-8 strictly, UTF-16 by its mark or its zeros, else one of the three code pages that lists come in.

Code pages cannot be told apart for certain. So every reading of the words that differ is shown, and a person chooses.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import Final

from debitora.formats.faults import Fault, FaultCode, fault

CODE_PAGES: Final = ("cp1252", "iso8859-15", "cp850")
"""Western Windows, Latin-9 (Unix), DOS. Others can be chosen by hand."""
CHOOSABLE: Final = ("utf-8", *CODE_PAGES, "cp437", "cp1250", "mac_roman")
"""The encodings that a person may choose for text of one byte a letter."""
ENCODINGS: Final = (*CHOOSABLE, "utf-16", "utf-16-le", "utf-16-be")
"""All that may be chosen."""

_SAMPLE: Final = 32 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LETTERS: Final = "äöüßÄÖÜàâçéèêëîïôûùÀÂÇÉÈÊËÎÏÔÛÙœæáíóúñ"
_LETTER_IN_WORD: Final = re.compile(
    rf"(?<=[A-Za-z{_LETTERS}])[{_LETTERS}]|[{_LETTERS}](?=[A-Za-z{_LETTERS}])"
)
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_WIDE_SAMPLE: Final = 4096
_MOSTLY_ZERO: Final = 0.6  # not money: a share of bytes
_HARDLY_ZERO: Final = 0.05  # not money: a share of bytes
_SHOWN_WORDS: Final = 3
_SHOWN_BYTES: Final = 24


def decode(data: bytes, chosen: str | None) -> tuple[str, str, Fault | None]:
    """(text, encoding, fault): `chosen` is tried alone; without it the first encoding that fits is taken."""
    if chosen:
        return _decode_as(data, chosen)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding)
    wide = wide_encoding(data)
    if wide:
        return _decode_as(data, wide)
    try:
        return data.decode("utf-8"), "utf-8", None
    except UnicodeDecodeError:
        return _decode_as(data, guess_code_page(data))


def as_utf8(data: bytes, chosen: str | None) -> tuple[bytes, str, Fault | None]:
    """(text as UTF-8 without a mark, encoding, fault), as `decode` reads it. UTF-8 is only looked through, not decoded twice."""
    named = (chosen or "").lower().replace("_", "-")
    if named in ("utf-8", "utf8", "") and not wide_encoding(data) and _is_utf8(data):
        marked = data.startswith(codecs.BOM_UTF8)
        return data.removeprefix(codecs.BOM_UTF8), "utf-8-sig" if marked and not chosen else "utf-8", None
    text, used, problem = decode(data, chosen)
    return text.encode("utf-8", "surrogatepass"), used, problem


def wide_encoding(data: bytes) -> str:
    """utf-16-le or utf-16-be where every other byte of the beginning is mostly zero, as Latin letters have it; else ""."""
    sample = data[: _WIDE_SAMPLE // 2 * 2]
    if len(data) % 2 or len(sample) < 8:
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if max(even, odd) < _MOSTLY_ZERO or min(even, odd) > _HARDLY_ZERO:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def samples(data: bytes, encodings: Iterable[str]) -> dict[str, str]:
    """Encoding -> the first words beyond ASCII as it reads them ("Müller, Straße"); "" where it cannot read them.

    Empty where no choice is to be made: all bytes are ASCII, or the text is Unicode.
    """
    if data.startswith(tuple(mark for mark, _ in _MARKS)) or wide_encoding(data) or _is_utf8(data):
        return {}
    words: list[bytes] = []
    for line in _bounded_lines(data):
        words += [word for word in _WORD.findall(line) if _NOT_ASCII.search(word) and word not in words]
        if len(words) >= _SHOWN_WORDS:
            break
    shown = b", ".join(word[:_SHOWN_BYTES] for word in words[:_SHOWN_WORDS])
    return {encoding: _shown_as(shown, encoding) for encoding in encodings} if shown else {}


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _shown_as(words: bytes, encoding: str) -> str:
    try:
        text = words.decode(encoding)
    except (UnicodeError, LookupError):
        return ""
    return (
        text
        if text.isprintable()
        else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    )


def guess_code_page(data: bytes) -> str:
    """One of CODE_PAGES, by the lines that are not ASCII.

    DOS against Windows: the reading with more of our languages' letters next to letters wins. cp1252 and Latin-9 share
    their letters: only the euro sign (0x80 or 0xA4) and the control range tell them apart.
    """
    sample = b"".join(_bounded_lines(data))
    if _plausibility(sample.decode("cp850")) > _plausibility(sample.decode("cp1252", "replace")):
        return "cp850"
    has_high_controls = re.search(rb"[\x80-\x9f]", data) is not None
    return "iso8859-15" if b"\xa4" in data and not has_high_controls else "cp1252"


def _plausibility(text: str) -> int:
    """Letters of German, French and Dutch inside words, less all other characters beyond ASCII."""
    letters = len(_LETTER_IN_WORD.findall(text))
    beyond = sum(1 for character in text if character > "\x7f")
    return 2 * letters - beyond


def _bounded_lines(data: bytes) -> list[bytes]:
    """The first lines that are not ASCII, about 32 kB of them."""
    lines: list[bytes] = []
    size = position = 0
    while size < _SAMPLE and (found := _NOT_ASCII.search(data, position)):
        start = data.rfind(b"\n", position, found.start()) + 1 or position
        end = data.find(b"\n", found.start())
        position = len(data) if end < 0 else end + 1
        lines.append(data[start : min(position, start + _SAMPLE)])
        size += len(lines[-1])
    return lines


def _decode_as(data: bytes, encoding: str) -> tuple[str, str, Fault | None]:
    """Decode strictly; five bytes that cp1252 leaves undefined become question marks rather than a refusal."""
    try:
        name = codecs.lookup(encoding).name
        lenient = name == "cp1252"
        text = data.decode(name, errors="replace" if lenient else "strict")
    except LookupError:
        return "", encoding, fault(FaultCode.ENCODING_UNKNOWN, value=encoding)
    except (UnicodeError, TypeError):
        return "", encoding, fault(FaultCode.ENCODING_UNFIT, encoding=encoding)
    return text.removeprefix("\ufeff"), name, None
