"""How many items a list's filters find, and what is open of them: exactly where that is kept or few, else that it is many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from debitora.receivables.queries.items import narrowed
from debitora.receivables.queries.reading import rows, statement
from debitora.receivables.rules.items import EVERYTHING, ItemFilters, Scope, State, due_days_of

MOST_COUNTED: Final = 10_000
"""So many items a page counts one by one; of more it says that they are more."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Number of items and what is open of them in one currency; the open sum may exceed what Money holds."""

    currency: str
    items: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a list holds: sums per currency, or none and `more` where that is more than MOST_COUNTED items.

    `currencies` may occur in it; where it is not counted, these are all that anything is open in.
    """

    sums: tuple[Sum, ...]
    currencies: tuple[str, ...]
    more: bool = False


def items_tally(*, filters: ItemFilters, on: date, scope: Scope = EVERYTHING) -> Tally:
    """What the filters find, within the time of a page: exact, or that it is more than MOST_COUNTED items."""
    if _is_kept(filters, scope):
        sums = _kept(filters, on)
    else:
        sums = _counted(filters, on, scope, most=MOST_COUNTED + 1)
        if sum(one.items for one in sums) > MOST_COUNTED:
            return Tally(
                (), tuple(one.currency for one in _kept(ItemFilters(state=State.OPEN), on)), more=True
            )
    return Tally(tuple(sums), tuple(one.currency for one in sums))


def items_sums(*, filters: ItemFilters, on: date, scope: Scope = EVERYTHING) -> list[Sum]:
    """How many items the filters find and what is open of them, per currency, however long that takes."""
    return _kept(filters, on) if _is_kept(filters, scope) else _counted(filters, on, scope, most=None)


def _is_kept(filters: ItemFilters, scope: Scope) -> bool:
    """Whether the kept sums say it: what is open of all customers, by state, age and currency."""
    told = ItemFilters(state=filters.state, band=filters.band, currency=filters.currency)
    opened = filters.state not in (None, State.SETTLED) or bool(filters.band and filters.state is None)
    return opened and not scope.is_narrow and replace(filters, text=filters.text.strip()) == told


def _kept(filters: ItemFilters, on: date) -> list[Sum]:
    oldest, newest = due_days_of(filters.band, on=on) if filters.band else (date.min, date.max)
    if filters.state is State.OVERDUE:
        newest = min(newest, date.fromordinal(on.toordinal() - 1))
    if filters.state is State.NOT_DUE:
        oldest = max(oldest, on)
    credit = {State.OVERDUE: False, State.NOT_DUE: False, State.CREDITS: True}.get(
        filters.state or State.OPEN
    )
    params = {"oldest": oldest, "newest": newest, "credit": credit, "currency": filters.currency}
    return [_whole(one) for one in rows(statement("reading/open_sums"), params, Sum)]


def _counted(filters: ItemFilters, on: date, scope: Scope, *, most: int | None) -> list[Sum]:
    """Counted one by one; of more than `most` items only so many."""
    where, params = narrowed(filters, on, scope)
    head, tail = "select s.currency, s.open_minor", f"where {' and '.join(where)} limit %(most)s"
    sql = f"""select currency, count(*), sum(open_minor)::numeric(38)
        from ({head}\nfrom {_tables(filters, scope)}\n{tail}) found
        group by currency order by currency"""  # noqa: S608 - words of this file, never input
    return [_whole(one) for one in rows(sql, {**params, "most": most}, Sum)]


def _tables(filters: ItemFilters, scope: Scope) -> str:
    """Only the tables that the conditions speak of."""
    if filters.salesperson is None and not scope.is_narrow:
        return "receivables_itemstate s"
    return """receivables_itemstate s
        join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id"""


def _whole(found: Any) -> Sum:
    return Sum(found.currency, found.items, int(found.open_minor))
