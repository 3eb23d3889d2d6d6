"""When a list needs a person's word before it is applied: guards. And how the rows of a file become the list of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from debitora.engine.lists import LISTED, ListDiff
from debitora.formats.items import ItemRows

SETTLES_SHARE = 0.5
"""A list that would settle more than this share of the open items is unlikely."""
SETTLES_FEW = 20
"""So many settled items are never unlikely."""
OLD_DAYS = 31
"""A list whose newest document is older than this, seen from its day, is probably last month's."""


class Guard(StrEnum):
    """What speaks against applying a list without asking."""

    SETTLES_MANY = "settles_many"
    OLDER_THAN_LAST = "older_than_last"
    LOOKS_OLD = "looks_old"
    TOTAL_DIFFERS = "total_differs"
    COMPANY_CODES = "company_codes"


@dataclass(frozen=True, slots=True)
class Raised:
    """A guard that speaks, with the figures to show."""

    guard: Guard
    params: Mapping[str, int | str]

    def as_dict(self) -> dict[str, object]:
        """Plain values, for a JSON column."""
        return {"guard": str(self.guard), "params": dict(self.params)}


def guards(
    *,
    rows: ItemRows,
    changes: ListDiff,
    open_before: int,
    as_of: date,
    last_as_of: date | None,
    codes: Mapping[str, int],
    chosen_codes: Sequence[str],
) -> list[Raised]:
    """Every guard that speaks. `open_before` counts the source's open items, `chosen_codes` are those a person took."""
    found = [
        _settles_many(changes, open_before),
        _older(as_of, last_as_of),
        _looks_old(rows, as_of),
        _total(rows),
        _codes(codes, chosen_codes),
    ]
    return [raised for raised in found if raised is not None]


def _settles_many(changes: ListDiff, open_before: int) -> Raised | None:
    settled = changes.to_settle.height
    if settled <= SETTLES_FEW or settled <= SETTLES_SHARE * open_before:
        return None
    return Raised(Guard.SETTLES_MANY, {"settled": settled, "open": open_before})


def _older(as_of: date, last_as_of: date | None) -> Raised | None:
    if last_as_of is None or as_of >= last_as_of:
        return None
    return Raised(Guard.OLDER_THAN_LAST, {"as_of": as_of.isoformat(), "last": last_as_of.isoformat()})


def _looks_old(rows: ItemRows, as_of: date) -> Raised | None:
    issued = rows.frame["issued_on"].max() if rows.frame.height else None
    newest = issued if isinstance(issued, date) else None
    if newest is None or (as_of - newest).days <= OLD_DAYS:
        return None
    return Raised(Guard.LOOKS_OLD, {"newest": newest.isoformat(), "as_of": as_of.isoformat()})


def _total(rows: ItemRows) -> Raised | None:
    stated = rows.stated_total_minor
    summed = int(rows.frame["open_minor"].sum())
    if stated is None or stated == summed:
        return None
    return Raised(Guard.TOTAL_DIFFERS, {"stated": stated, "summed": summed})


def _codes(codes: Mapping[str, int], chosen: Sequence[str]) -> Raised | None:
    unknown = [code for code in codes if code not in chosen]
    if len(codes) < 2 or not unknown:
        return None
    return Raised(Guard.COMPANY_CODES, {code or "-": count for code, count in codes.items()})


def listed(rows: ItemRows, chosen_codes: Sequence[str]) -> pl.DataFrame:
    """The open items of a list as engine.lists compares them (LISTED), of the chosen company codes (none: of all).

    A credit without a due day is due on the day it was issued, else on the day of the list's other dates: credits have no
    due day of their own.
    """
    frame = rows.frame.filter(pl.col("is_open") & (pl.col("open_minor") != 0))
    if chosen_codes:
        frame = frame.filter(pl.col("company_code").is_in(list(chosen_codes)))
    return frame.select(list(LISTED)).cast(dict(LISTED))  # type: ignore[arg-type]
