"""What structured references carry: RF creditor references, Swiss QR references, Belgian structured communications.

Whoever writes them wraps a number of his own, filled with zeros, in check digits; payers hand them back unread. A reference counts only
if its check digits are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

_ANY: Final = r"RF\d\d[A-Z0-9]|\d{12}|\d{3}/\d{4}/\d{5}"
"""What every reference has, so that other texts are passed by at once."""
_CREDITOR: Final = re.compile(r"\bRF(\d\d)([A-Z0-9]{1,21})\b")
_SWISS: Final = re.compile(r"\b(\d{26})(\d)\b")
_BELGIAN: Final = re.compile(r"(?<!\d)(\d{3})/?(\d{4})/?(\d{3})(\d{2})(?!\d)")
_CARRIES: Final = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
"""The table of the recursive check digit modulo 10 (Swiss Implementation Guidelines QR-bill, annex B)."""


def carried(text: str) -> tuple[str, ...]:
    """The numbers that references in a text carry, without the zeros that fill them up, in their order."""
    return tuple(number for number in _carried(text.upper()) if number)


def _carried(text: str) -> Iterator[str]:
    for check, number in _CREDITOR.findall(text):
        if _remainder(number + "RF" + check) == 1:
            yield number.lstrip("0")
    for number, check in _SWISS.findall(text):
        if _recursive(number) == int(check):
            yield number.lstrip("0")
    for *parts, check in _BELGIAN.findall(text):
        number = "".join(parts)
        if (int(number) % 97 or 97) == int(check):
            yield number.lstrip("0")


def _remainder(text: str) -> int:
    """Letters as 10 to 35, modulo 97 (ISO 11649, ISO 7064)."""
    return int("".join(str(int(sign, 36)) for sign in text)) % 97


def _recursive(digits: str) -> int:
    carry = 0
    for digit in digits:
        carry = _CARRIES[(carry + int(digit)) % 10]
    return (10 - carry) % 10


def with_carried(texts: pl.DataFrame) -> pl.DataFrame:
    """The texts, each followed by what its references carry."""
    telling = texts["text"].str.contains(f"(?i){_ANY}")
    if not telling.any():
        return texts
    more = [
        " ".join((text, *carried(text))) if tells else text
        for text, tells in zip(texts["text"], telling, strict=True)
    ]
    return texts.with_columns(text=pl.Series(more, dtype=pl.String))
