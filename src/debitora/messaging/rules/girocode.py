"""The payment QR code of a letter ("GiroCode"): EPC069-12 version 002, SEPA credit transfer in euro."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from debitora.messaging.rules.qr import modules
from debitora.values.money import Money

_MAX_NAME: Final = 70
_MAX_TEXT: Final = 140
_MAX_MINOR: Final = 99_999_999_999
_MAX_BYTES: Final = 331
"""What the largest code that EPC069-12 allows, version 13, takes at error correction M."""
_UTF8: Final = "1"
_DARK: Final = re.compile(b"\x01+")


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
    if data is None or len(data.encode()) > _MAX_BYTES:
        return ""
    rows = modules(data.encode())
    size = len(rows)
    drawn = "".join(_row_path(row, place) for place, row in enumerate(rows))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{drawn}"/></svg>'


def _row_path(row: bytes, place: int) -> str:
    """Rectangles for the dark runs of one row of modules."""
    return "".join(f"M{run.start()} {place}h{len(run[0])}v1h-{len(run[0])}z" for run in _DARK.finditer(row))


def _one_line(text: str) -> str:
    """A line break inside a field would shift the fields behind it."""
    return " ".join(text.split())
