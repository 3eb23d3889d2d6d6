"""Pages of long lists by keyset: each page begins where the last one ended, whatever was added meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db import connection

Row = TypeVar("Row")


class SortUnknown(Exception):
    """The list cannot be sorted by that word."""


class CursorUnreadable(Exception):
    """The place to continue from was not made by this list and sort."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; `next` and `previous` are handed in as `after` to go on, None where the list ends."""

    rows: tuple[Row, ...]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class SortKey:
    """What a list is sorted by: an SQL expression that is never null, its type, and the unique id that breaks ties.

    `falls`: the expression falls where the word rises (days overdue rise as the due day falls).
    """

    expression: str
    kind: str
    tie: str
    falls: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    back: bool
    value: Any
    tie: int


_FORWARD: Final = "f"
_BACK: Final = "b"


def page(
    select: str,
    where: Sequence[str],
    params: Mapping[str, Any],
    shape: type[Row],
    *,
    keys: Mapping[str, SortKey],
    sort: str,
    after: str | None,
    size: int,
) -> Page[Row]:
    """The page of `select ... from ...` narrowed by `where`, sorted by a word of `keys`, "-" in front: descending.

    The select's columns are the fields of `shape`. Raises SortUnknown and CursorUnreadable.
    """
    key = keys.get(sort.removeprefix("-"))
    if key is None:
        raise SortUnknown(sort)
    place = _read(after, sort) if after else None
    back = place is not None and place.back
    descending = (sort.startswith("-") != key.falls) != back
    way, beyond = ("desc", "<") if descending else ("asc", ">")
    conditions = list(where)
    values = {**params, "size": size + 1}
    if place is not None:
        conditions.append(f"({key.expression}, {key.tie}) {beyond} (%(place)s::{key.kind}, %(tie)s)")
        values |= {"place": place.value, "tie": place.tie}
    head, tail = select.split("\nfrom ", 1)
    sql = (
        f"{head}, ({key.expression})::text, {key.tie}\nfrom {tail}\nwhere {' and '.join(conditions) or 'true'}"
        f"\norder by {key.expression} {way}, {key.tie} {way}\nlimit %(size)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    return _page(found, shape, sort=sort, size=size, place=place)


def _page(
    found: list[tuple[Any, ...]], shape: type[Row], *, sort: str, size: int, place: _Place | None
) -> Page[Row]:
    """One row more than asked for tells that the list goes on in the direction of reading."""
    back = place is not None and place.back
    goes_on = len(found) > size
    shown = found[:size][::-1] if back else found[:size]
    if not shown:
        return Page((), None, None)
    onward = goes_on if not back else True
    backward = goes_on if back else place is not None
    return Page(
        rows=tuple(shape(*row[:-2]) for row in shown),
        next=_write(_FORWARD, sort, shown[-1]) if onward else None,
        previous=_write(_BACK, sort, shown[0]) if backward else None,
    )


def _write(way: str, sort: str, row: tuple[Any, ...]) -> str:
    text = json.dumps([way, sort, str(row[-2]), row[-1]], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(token: str, sort: str) -> _Place:
    try:
        padded = token + "=" * (-len(token) % 4)
        way, made_for, value, tie = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, TypeError) as unreadable:
        raise CursorUnreadable(token) from unreadable
    sound = way in (_FORWARD, _BACK) and made_for == sort and isinstance(value, str) and type(tie) is int
    if not sound or "\0" in value:
        raise CursorUnreadable(token)
    return _Place(back=way == _BACK, value=value, tie=tie)
