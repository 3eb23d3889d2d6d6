"""When a list needs a person's word before it is applied: guards. And how the rows of a file become the list of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

import polars as pl

from debitora.engine.lists import LISTED, ListDiff
from debitora.formats.items import ItemRows

SETTLES_PERCENT: Final = 30
"""A list that would settle more than this share of the open items is unlikely."""
SETTLES_FEW: Final = 3
"""So many settled items are never unlikely."""
OLD_DAYS: Final = 31
"""A list whose newest document is older than this, seen from its day, is probably last month's."""
BACK_DAYS: Final = 7
"""A newest document so many days older than that of the list before: probably an earlier export."""

GUARDED: Final = ("issued_on", "open_minor", "currency")
"""The columns of ItemRows.frame that guards look at."""


class Guard(StrEnum):
    """What speaks against applying a list without asking. The comment names the figures."""

    SETTLES_MANY = "settles_many"  # would settle `settled` of `open` items
    OLDER_THAN_LAST = "older_than_last"  # its day `as_of` is before that of the `last` list
    LOOKS_OLD = "looks_old"  # the `newest` document is long before `as_of`
    GOES_BACK = "goes_back"  # the `newest` document is older than the newest of the list before, `before`
    TOTAL_DIFFERS = "total_differs"  # states `stated`, its rows sum to `summed`, in `currency`
    OTHER_SHAPE = (
        "other_shape"  # a list where the source brought movements before, or the reverse: `shape`, `before`
    )
    COMPANY_CODES = "company_codes"  # company codes with their counts, of which nobody said which belong here


@dataclass(frozen=True, slots=True)
class Raised:
    """A guard that speaks, with the figures to show: days as ISO text, amounts in minor units."""

    guard: Guard
    params: Mapping[str, int | str]

    def as_dict(self) -> dict[str, object]:
        """Plain values, for a JSON column."""
        return {"guard": str(self.guard), "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class LastList:
    """The list of this source that was applied last: its day, and its newest document if lists name days of issue."""

    as_of: date
    newest: date | None = None
    shape: str = "list"


@dataclass(frozen=True, slots=True)
class Codes:
    """Which company codes of a source's lists belong here (`taken`), and which do not (`left`): a person's answer."""

    taken: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, list[str]]:
        """Plain values, for a JSON column."""
        return {"taken": list(self.taken), "left": list(self.left)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any] | None) -> Codes:
        """Read back what `as_dict` gave; no answer where there is none."""
        known = plain or {}
        return cls(tuple(known.get("taken", ())), tuple(known.get("left", ())))

    def answered(self, chosen: Sequence[str], codes: Mapping[str, int]) -> Codes:
        """What is known once a person took `chosen` of a list's codes; what she said of other codes stays."""
        kept = [code for code in self.taken if code not in codes]
        left = [code for code in (*codes, *self.left) if code not in chosen]
        return Codes(tuple(dict.fromkeys((*chosen, *kept))), tuple(dict.fromkeys(left)))

    def open_questions(self, codes: Mapping[str, int]) -> list[str]:
        """The codes of a list about which nobody has said anything. A list without codes, or with one only, asks nothing.

        Once a person has answered, every new code asks again, and so does a list that holds none of the codes taken.
        """
        if set(codes) <= {""} or (not self.taken and len(codes) < 2):
            return []
        unknown = [code for code in codes if code not in (*self.taken, *self.left)]
        return unknown if set(codes) & set(self.taken) else list(codes)

    def chosen(self, codes: Mapping[str, int]) -> tuple[str, ...]:
        """The codes by which a list is narrowed; none: all of it."""
        return () if set(codes) <= {""} else self.taken


@dataclass(frozen=True, slots=True)
class Judged:
    """What the guards look at. `open_before` counts the source's open items, `codes` the list's items by company code."""

    rows: ItemRows
    changes: ListDiff
    open_before: int
    as_of: date
    last: LastList | None = None
    codes: Mapping[str, int] = field(default_factory=dict)
    answer: Codes = field(default_factory=Codes)


def other_shape(shape: str, last: LastList | None) -> Raised | None:
    """A source either tells what is open or what happened: a list after movements would settle all that it does not name."""
    if last is None or last.shape == shape:
        return None
    return Raised(Guard.OTHER_SHAPE, {"shape": shape, "before": last.shape})


def guards(judged: Judged) -> list[Raised]:
    """Every guard that speaks."""
    found = [
        other_shape("list", judged.last),
        _settles_many(judged),
        _older(judged),
        _looks_old(judged),
        _goes_back(judged),
        _total(judged.rows),
        _codes(judged),
    ]
    return [raised for raised in found if raised is not None]


def _settles_many(judged: Judged) -> Raised | None:
    settled = judged.changes.to_settle.height
    if settled <= SETTLES_FEW or settled * 100 <= SETTLES_PERCENT * judged.open_before:
        return None
    return Raised(Guard.SETTLES_MANY, {"settled": settled, "open": judged.open_before})


def _older(judged: Judged) -> Raised | None:
    if judged.last is None or judged.as_of >= judged.last.as_of:
        return None
    days = {"as_of": judged.as_of.isoformat(), "last": judged.last.as_of.isoformat()}
    return Raised(Guard.OLDER_THAN_LAST, days)


def _looks_old(judged: Judged) -> Raised | None:
    newest = newest_document(judged.rows)
    if newest is None or (judged.as_of - newest).days <= OLD_DAYS:
        return None
    return Raised(Guard.LOOKS_OLD, {"newest": newest.isoformat(), "as_of": judged.as_of.isoformat()})


def _goes_back(judged: Judged) -> Raised | None:
    newest = newest_document(judged.rows)
    before = judged.last.newest if judged.last else None
    if newest is None or before is None or (before - newest).days <= BACK_DAYS:
        return None
    return Raised(Guard.GOES_BACK, {"newest": newest.isoformat(), "before": before.isoformat()})


def newest_document(rows: ItemRows) -> date | None:
    """The latest day of issue in a list; None where it names none."""
    newest = rows.frame["issued_on"].max() if rows.frame.height else None
    return newest if isinstance(newest, date) else None


def _total(rows: ItemRows) -> Raised | None:
    stated = rows.stated_total_minor
    summed = int(rows.frame["open_minor"].sum())
    if stated is None or stated == summed:
        return None
    currency = str(rows.frame["currency"][0])
    return Raised(Guard.TOTAL_DIFFERS, {"stated": stated, "summed": summed, "currency": currency})


def _codes(judged: Judged) -> Raised | None:
    if not judged.answer.open_questions(judged.codes):
        return None
    return Raised(Guard.COMPANY_CODES, dict(judged.codes))


def listed(rows: ItemRows, chosen_codes: Sequence[str] = ()) -> pl.DataFrame:
    """The open items of a list as engine.lists compares them (LISTED), of the chosen company codes (none: of all)."""
    is_open = rows.frame["is_open"] & (rows.frame["open_minor"] != 0)
    frame = rows.frame if is_open.all() else rows.frame.filter(is_open)
    if chosen_codes:
        frame = frame.filter(pl.col("company_code").is_in(list(chosen_codes)))
    return frame.select(list(LISTED)).cast(pl.Schema(LISTED))
