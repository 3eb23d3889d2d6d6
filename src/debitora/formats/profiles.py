"""What the cells of a column look like: the second witness beside its header."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from debitora.formats import synonyms
from debitora.formats.amounts import SYMBOLS
from debitora.formats.dates import looks_like_day
from debitora.values.emails import is_address
from debitora.values.money import currencies, is_currency

SAMPLE: Final = 400
"""Cells of a column that are looked at, spread over the whole list."""

_SIGN: Final = r"(?:" + "|".join(currencies()) + r"|[€$£])?"
_NUMBER: Final = re.compile(
    rf"\(?{_SIGN}\s?[-+−]?\s?{_SIGN}\s?(?:\d{{1,3}}(?:[.,'’\s]\d{{3}})+|\d+)?(?:[.,]\d+)?\s?-?\)?\s?(?:{_SIGN}|[SH]|CR|DR)"
)
_MAX_LENGTH: Final = 80
_WHOLE: Final = re.compile(r"\d+(?:[.,]0)?")
_SERIAL: Final = re.compile(r"[2-8]\d{4}(?:\.\d+)?")
_CODE: Final = re.compile(r"(?=.*\d)[\w./#+-]{1,40}")


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) among the filled cells of a sample; `filled` among all its cells."""

    filled: float
    distinct: float
    kinds: int
    number: float
    whole: float
    day: float
    serial: float
    currency: float
    flag: float
    side: float
    email: float
    code: float
    length: float

    @property
    def is_empty(self) -> bool:
        """Whether no sampled cell is filled."""
        return self.filled == 0

    @property
    def is_text(self) -> bool:
        """Whether most cells are words: no numbers, days or codes."""
        return not self.is_empty and max(self.number, self.day, self.code) < 0.5


def profile_of(column: pl.Series) -> Profile:
    """Look at up to SAMPLE filled cells."""
    filled = column.drop_nulls()
    step = max(1, filled.len() // SAMPLE)
    shown = filled.gather_every(step).head(SAMPLE).str.strip_chars().str.slice(0, _MAX_LENGTH)
    cells = [text for text in shown.to_list() if text]
    share = filled.len() / column.len() if column.len() and cells else 0.0
    return Profile(
        filled=share,
        distinct=len(set(cells)) / len(cells) if cells else 0.0,
        kinds=len(set(cells)),
        number=_share(
            cells, lambda text: any(c.isdigit() for c in text) and _NUMBER.fullmatch(text) is not None
        ),
        whole=_share(cells, lambda text: _WHOLE.fullmatch(text) is not None),
        day=_share(cells, looks_like_day),
        serial=_share(cells, lambda text: _SERIAL.fullmatch(text) is not None),
        currency=_share(cells, lambda text: is_currency(text.upper()) or text in SYMBOLS),
        flag=_share(cells, lambda text: flag_word(text) in _FLAGS),
        side=_share(cells, lambda text: text.casefold() in _SIDES),
        email=_share(cells, lambda text: is_address(text)),
        code=_share(cells, lambda text: _CODE.fullmatch(text) is not None),
        length=sum(map(len, cells)) / len(cells) if cells else 0.0,
    )


_FLAGS: Final = synonyms.OPEN_VALUES | synonyms.SETTLED_VALUES
_SIDES: Final = synonyms.DEBIT_VALUES | synonyms.CREDIT_VALUES


def flag_word(text: str) -> str:
    """A yes or no as it is compared: without case, blanks at the ends, and a float's ".0"."""
    return text.strip().casefold().removesuffix(".0")


def _share(cells: list[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, cells)) / len(cells) if cells else 0.0


def likeness(field: str, profile: Profile) -> float:
    """How far the cells may be those of the field: 1 yes, below 0.5 hardly; the header's score is multiplied by it."""
    if field in _AMOUNTS:
        return _like_amount(field, profile)
    if field in _DAYS:
        return _like_day(field, profile)
    if profile.is_empty:
        return 0.75
    if field in _SHARES:
        share, least, otherwise = _SHARES[field]
        return 1.0 if getattr(profile, share) >= least else otherwise
    return _like_words(field, profile)


_AMOUNTS: Final = frozenset({"amount", "open", "debit", "credit"})
_DAYS: Final = frozenset({"issued_on", "due_on", "cleared_on"})
_SHARES: Final = {
    "currency": ("currency", 0.5, 0.52),
    "open_flag": ("flag", 0.8, 0.2),
    "side": ("side", 0.8, 0.2),
    "email": ("email", 0.4, 0.55),
    "contact_email": ("email", 0.4, 0.3),
}


def _like_amount(field: str, profile: Profile) -> float:
    if profile.is_empty:
        return 1.0 if field in {"debit", "credit"} else 0.75
    if profile.day >= 0.6 or profile.side >= 0.8:
        return 0.2
    if profile.number < 0.6:
        return 0.55 if profile.number or not profile.flag else 0.2
    is_yes_or_no = profile.flag == 1 and profile.kinds <= 2
    return 0.6 if is_yes_or_no else 1.0


def _like_day(field: str, profile: Profile) -> float:
    if profile.is_empty:
        return 1.0 if field == "cleared_on" else 0.75
    if profile.day >= 0.5 or profile.serial >= 0.8:
        return 1.0
    return 0.52 if profile.day > 0 or profile.number < 0.5 else 0.3


def _like_words(field: str, profile: Profile) -> float:
    if profile.day >= 0.6 and profile.whole < 0.6:
        return 0.3
    if field in {"number", "customer_number"}:
        is_amount = profile.number >= 0.6 and profile.whole < 0.5
        return 0.52 if is_amount else 0.55 if profile.is_text else 1.0
    if field == "customer_name":
        return 0.4 if profile.number >= 0.6 else 0.6 if profile.code >= 0.8 else 1.0
    if field in {"company_code", "kind", "customer_kind", "language", "country"}:
        return 1.0 if profile.kinds <= 60 and profile.length <= 30 else 0.45
    return 0.4 if field in {"city", "street", "salesperson"} and profile.number >= 0.6 else 1.0
