"""Columns of a list: which of them it shows and in which order, in its table, in its file, and in the menu to choose.

The choice stands in the address (`?column=number&column=open`), so a saved view keeps it and an export follows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Generic, TypeVar

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from debitora.formats.sheets import Value
from debitora.kit.cells import markup
from debitora.kit.narrowing import carried, changed

Row = TypeVar("Row")

FIRST = "number"
"""The column that most lists never go without: it opens the row. Others name theirs as `first`."""
_LEFT_OUT_WHERE_NARROW = ("lower", "low")


class FirstColumnUnknown(LookupError):
    """A list names a first column that it does not have: a mistake in its page, found by its first request."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: what its cell shows in the list and says in a file.

    `css` are classes of head and cell, `marks` attributes that tell a phone's card what the cell is (data-title,
    data-value, data-wide, data-label), `sort` the word to sort by.
    """

    label: str
    value: Callable[[Row], Value]
    cell: Callable[[Row], object]
    css: str = ""
    sort: str = ""
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column in the list."""

    label: str
    css: str
    sort: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A column in the menu that chooses them; `forward` and `backward` name the buttons that move it."""

    name: str
    label: str
    shown: bool
    always: bool
    forward: str
    backward: str


def chosen(query: QueryDict, known: Mapping[str, Column[Row]], *, first: str = FIRST) -> tuple[str, ...]:
    """The columns that the address asks for, in its order; none: it asks for no special ones. Unknown names count not.

    Raises FirstColumnUnknown where the list does not know its own first column, also when nothing is asked for.
    """
    if first not in known:
        raise FirstColumnUnknown(first)
    asked = tuple(name for name in dict.fromkeys(query.getlist("column")) if name in known)
    return asked if not asked or first in asked else (first, *asked)


def table(
    query: QueryDict,
    known: Mapping[str, Column[Row]],
    usual: Sequence[str],
    rows: Iterable[Row],
    *,
    key: Callable[[Row], int],
    before: Callable[[Row], str] | None = None,
    first: str = FIRST,
) -> dict[str, Any]:
    """The context of a list's table: `heads`, `body` with all rows as markup, and the menu of columns.

    Usual columns may give way on a narrow screen; chosen ones stay. key: what a row is known by when it is opened or picked;
    before: a cell in front of the columns, as markup.
    """
    asked = chosen(query, known, first=first)
    names = asked or tuple(name for name in usual if name in known)
    shown = [(known[name], _css(known[name].css, stays=bool(asked))) for name in names]
    cells = [(column, _begun(column, css)) for column, css in shown]
    return {
        "heads": [Head(column.label, css, column.sort) for column, css in shown],
        "body": markup("".join(_line(cells, row, key(row), before) for row in rows)),
        "offers": _offers(known, names, first),
        "column_carried": carried(query, but=["column"]),
        "column_reset": changed(query, column=None) if asked else "",
    }


def for_file(
    query: QueryDict,
    known: Mapping[str, Column[Row]],
    usual: Sequence[str],
    *,
    money: Sequence[str] = (),
    first: str = FIRST,
) -> list[Column[Row]]:
    """The columns of the list as a file: those that were chosen, else `usual`.

    Where a column of `money` is chosen but no currency, the currency stands before it: a bare number is no amount.
    """
    names = list(chosen(query, known, first=first)) or list(usual)
    places = [place for place, name in enumerate(names) if name in money]
    if places and "currency" not in names:
        names.insert(places[0], "currency")
    return [known[name] for name in names if name in known]


def _offers(known: Mapping[str, Column[Row]], names: Sequence[str], first: str) -> list[Offer]:
    """Shown ones in their order, then the others."""
    forward, backward = _("%(name)s: further to the front"), _("%(name)s: further to the back")

    def offer(name: str) -> Offer:
        label = {"name": known[name].label}
        return Offer(name, label["name"], name in names, name == first, forward % label, backward % label)

    rest = [name for name in known if name not in names]
    return [offer(name) for name in [*names, *rest]]


def _begun(column: Column[Row], css: str) -> str:
    """The tag that begins the column's cells: the columns' own words, the same in every row."""
    named = f' class="{css}"' if css else ""
    return f"<td{named}{f' {column.marks}' if column.marks else ''}>"


def _line(
    cells: Sequence[tuple[Column[Row], str]], row: Row, key: int, before: Callable[[Row], str] | None
) -> str:
    """A row at once: a list has five hundred cells, and what a template does for each is most of its time."""
    written = "".join(f"{begun}{_escaped(column.cell(row))}</td>" for column, begun in cells)
    return f'<tr data-row data-id="{key}">{before(row) if before else ""}{written}</tr>\n'


def _escaped(said: object) -> str:
    """What a cell says, as `django.utils.html.conditional_escape` writes it: markup stays, anything else is text."""
    return str(said) if hasattr(said, "__html__") else escape(str(said))


def _css(css: str, *, stays: bool) -> str:
    return " ".join(word for word in css.split() if not stays or word not in _LEFT_OUT_WHERE_NARROW)


def labelled(label: object = "") -> str:
    """The mark of a cell that has `label` before it on a phone's card."""
    return format_html('data-label="{}"', label)
