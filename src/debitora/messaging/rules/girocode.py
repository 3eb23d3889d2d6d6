"""The payment QR code of a letter ("GiroCode"): EPC069-12 version 002, SEPA credit transfer in euro."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from debitora.messaging.rules.modules import TooLong, modules_of
from debitora.values.money import Money

_MAX_NAME: Final = 70
_MAX_TEXT: Final = 140
_MAX_MINOR: Final = 99_999_999_999
_UTF8: Final = "1"
_DARK: Final = re.compile(b"\x01+")
_RECTANGLES: Final = [f"h{length}v1h-{length}z" for length in range(178)]
"""A row of dark modules as a path, by their number; 177 are the most that a code can have."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the debtor shall pay to. `bic` and `bank` may be empty."""

    holder: str
    iban: str
    bic: str = ""
    bank: str = ""


def girocode_data(account: Account, *, amount: Money, reference: str) -> str | None:
    """The text inside the code, or None where no code is possible: other currency, no IBAN, nothing to pay.

    `reference` is what the payer's bank shows as remittance text; it is cut at 140 characters, the holder at 70.
    """
    if amount.currency != "EUR" or not account.iban or not 0 < amount.minor <= _MAX_MINOR:
        return None
    fields = [
        "BCD",
        "002",
        _UTF8,
        "SCT",
        _one_line(account.bic),
        _one_line(account.holder)[:_MAX_NAME],
        "".join(account.iban.split()),
        f"EUR{amount.decimal}",
        "",
        "",
        _one_line(reference)[:_MAX_TEXT],
    ]
    return "\n".join(fields).rstrip("\n")


def girocode_svg(account: Account, *, amount: Money, reference: str) -> str:
    """The code as an SVG without border, or an empty text where no code is possible: too many bytes for one, too."""
    data = girocode_data(account, amount=amount, reference=reference)
    if data is None:
        return ""
    try:
        rows = modules_of(data.encode())
    except TooLong:
        return ""
    drawn = "".join(_row_path(row, place) for place, row in enumerate(rows))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"><path d="{drawn}"/></svg>'


def _row_path(row: bytes, place: int) -> str:
    """Rectangles for the dark runs of one row of modules."""
    spans = [run.span() for run in _DARK.finditer(row)]
    return "".join([f"M{start} {place}{_RECTANGLES[end - start]}" for start, end in spans])


def _one_line(text: str) -> str:
    """A line break inside a field would shift the fields behind it."""
    return " ".join(text.split())
