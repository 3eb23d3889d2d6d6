"""Where the list, the ledger and the bank differ: narrowed, sorted, paged by keyset, and summed by kind and currency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Min
from django.db.models.functions import Coalesce

from debitora.cash.models import Statement
from debitora.cash.queries.fitting import statement_sql
from debitora.kit.pg.bulk import rows
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.values.money import Money

KINDS: Final = ("late", "behind", "unbacked", "waiting")
LATE_DAYS: Final = 7
"""So many days after the bank paid, a list that still shows the item open is no mere delay."""
UNBACKED_DAYS: Final = 90
"""So long the bank may take to tell of what a list has settled; what is older is no question for a page any more."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """An item on which list, ledger and bank differ by `minor` (above zero), and since when.

    kind: one of KINDS. list_minor: what the list shows open, None where no list speaks of it; open_minor: what the ledger does;
    bank_minor: what bank lines have paid of it, or brought.
    """

    item: int
    kind: str
    number: str
    position: str
    item_kind: str
    customer: int
    customer_number: str
    customer_name: str
    currency: str
    list_minor: int | None
    open_minor: int
    bank_minor: int
    minor: int
    since: date

    @property
    def listed(self) -> Money | None:
        """What the list shows open."""
        return None if self.list_minor is None else Money(self.list_minor, self.currency)

    @property
    def open(self) -> Money:
        """What the ledger shows open."""
        return Money(self.open_minor, self.currency)

    @property
    def bank(self) -> Money:
        """What bank lines brought."""
        return Money(self.bank_minor, self.currency)

    @property
    def difference(self) -> Money:
        """What is unexplained."""
        return Money(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class DifferenceFilters:
    """What the list is narrowed to; what is empty narrows nothing. waits: for so many days at least."""

    kind: str = ""
    currency: str = ""
    waits: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceSum:
    """How many differences of a kind there are in a currency, and what they come to (which may exceed what Money holds)."""

    kind: str
    currency: str
    items: int
    minor: int


DIFFERENCE_SORTS: Final = {
    "since": SortKey("d.since", "date", "d.place"),
    "number": SortKey("i.number", "text", "d.place"),
    "customer": SortKey("p.name", "text", "d.place"),
    "amount": SortKey("d.minor", "bigint", "d.place"),
}
"""Words to sort differences by; "-" in front turns the order round."""


def differences_page(
    *, filters: DifferenceFilters, on: date, sort: str = "since", after: str | None = None, size: int
) -> Page[DifferenceRow]:
    """A page of differences as of a day. Raises SortUnknown and CursorUnreadable."""
    where, params = _narrowed(filters, on)
    return page(
        _select(), where, params, DifferenceRow, keys=DIFFERENCE_SORTS, sort=sort, after=after, size=size
    )


def difference_sums(*, filters: DifferenceFilters, on: date) -> list[DifferenceSum]:
    """Number and sum by kind, in the order of KINDS, and currency."""
    where, params = _narrowed(filters, on)
    _head, _from, tail = _select().partition("\nfrom ")
    found = rows(
        f"select d.kind, i.currency, count(*) as items, sum(d.minor)::bigint as minor from {tail}"  # noqa: S608 - words of this file
        f" where {' and '.join(where)} group by d.kind, i.currency order by d.kind, i.currency",
        **params,
    )
    return sorted((DifferenceSum(**row) for row in found), key=lambda one: KINDS.index(one.kind))


def told_since() -> date | None:
    """The first day of which a bank statement tells; None before the first statement."""
    first = Statement.objects.filter(state="applied").aggregate(day=Min(Coalesce("opened_on", "first_on")))
    found: date | None = first["day"]
    return found


def _select() -> str:
    return "select " + statement_sql("differences").partition("\nselect ")[2].rstrip()


def _narrowed(filters: DifferenceFilters, on: date) -> tuple[list[str], dict[str, Any]]:
    params = {
        "late_before": on - timedelta(days=LATE_DAYS),
        "unbacked_from": max(told_since() or on + timedelta(days=1), on - timedelta(days=UNBACKED_DAYS)),
        "kind": filters.kind,
        "currency": filters.currency,
        "waits_since": on - timedelta(days=filters.waits or 0),
        "pattern": f"%{as_pattern(filters.text)}%",
    }
    return ["true", *_conditions(filters)], params


def _conditions(filters: DifferenceFilters) -> Iterator[str]:
    if filters.kind:
        yield "d.kind = %(kind)s"
    if filters.currency:
        yield "i.currency = %(currency)s"
    if filters.waits is not None:
        yield "d.since <= %(waits_since)s"
    if filters.text:
        yield "(i.number ilike %(pattern)s or c.number ilike %(pattern)s or p.name ilike %(pattern)s)"
