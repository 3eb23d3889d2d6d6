"""Lists of customers, and what the customer sheet shows of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from debitora.engine.aging import Bands
from debitora.receivables.queries.aging import aging
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import Page, SortKey, page
from debitora.receivables.queries.reading import one, rows, statement
from debitora.receivables.rules.customers import PARTY_FIELDS, PartyFacts
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.numbers import number_key


@dataclass(frozen=True, slots=True)
class CustomerFilters:
    """What a list of customers is narrowed to; what is None or empty narrows nothing. `text`: number or name."""

    text: str = ""
    kind: str = ""
    salesperson: int | None = None
    parked: bool | None = None
    overdue: bool | None = None
    reachable: bool | None = None
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer as lists show her. Sums are minor units of the currency asked for; other currencies are only counted.

    `holds` counts holds in force on her and her items; `oldest_due_on` is the due day of her oldest overdue item.
    """

    customer: int
    number: str
    name: str
    kind: str
    salesperson: int | None
    email: str
    parked: bool
    open_items: int
    balance_minor: int
    overdue_minor: int
    oldest_due_on: date | None
    level: int
    other_currencies: int
    holds: int


@dataclass(frozen=True, slots=True)
class CustomerSheet:
    """A customer with her present party, her parent, and her aging per currency (total = balance)."""

    customer: int
    number: str
    version: int
    kind: str
    language: str
    salesperson: int | None
    parent: int | None
    parent_number: str
    parent_name: str
    parked_at: datetime | None
    parked_reason: str
    since: datetime
    party: PartyFacts
    aging: dict[str, Bands]


CUSTOMER_SORTS: Final = {
    "number": SortKey("c.number_key", "text", "c.id"),
    "name": SortKey("p.name", "text", "c.id"),
    "balance": SortKey("coalesce(k.key, 0)", "bigint", "c.id"),
    "overdue": SortKey("coalesce(k.key, 0)", "bigint", "c.id"),
    "oldest": SortKey("coalesce(k.key, '9999-12-31'::date)", "date", "c.id"),
    "level": SortKey("coalesce(k.key, 0)", "smallint", "c.id"),
}
"""Words to sort customers by; "-" in front turns the order round."""

_OVERDUE: Final = "s.open_minor > 0 and (s.due_on < %(on)s::date) is true"
"""`is true` keeps the index by due day out: half a million rows are read faster in one pass than one by one along it."""
_RANKED: Final = {
    "balance": ("sum(s.open_minor)", "s.open_minor <> 0 and s.currency = %(currency)s"),
    "overdue": ("sum(s.open_minor)", f"{_OVERDUE} and s.currency = %(currency)s"),
    "oldest": ("min(s.due_on)", _OVERDUE),
    "level": ("max(s.level)", "s.level > 0 and s.open_minor > 0 and s.open_minor <> 0"),
}
"""Sorts by what is added up over a customer's items -> the sum `key`, and the items it is of."""


@dataclass(frozen=True, slots=True)
class _Place:
    customer: int


def customers_page(
    *,
    filters: CustomerFilters,
    on: date,
    currency: str,
    sort: str = "number",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[CustomerRow]:
    """A page of customers with their sums in `currency`. Raises SortUnknown and CursorUnreadable.

    First who stands on the page, then what is told of her: the sums of a hundred thousand customers are only added up where
    the page is sorted by one, and then only that one.
    """
    params: dict[str, Any] = {**_params(filters, scope), "on": on, "currency": currency}
    found = page(
        _places(
            sort,
            few=bool(filters.text.strip() or filters.salesperson or scope.is_narrow),
            by_party=filters.reachable is not None,
        ),
        list(_conditions(filters, scope)),
        params,
        _Place,
        keys=CUSTOMER_SORTS,
        sort=sort,
        after=after,
        size=size,
    )
    return Page(_told(found.rows, params), found.next, found.previous)


def customers_found(
    *, filters: CustomerFilters, on: date, currency: str, scope: Scope = EVERYTHING
) -> list[int]:
    """All customers that a list of them finds, by id and without what the list tells of each: for whoever works on them all."""
    params: dict[str, Any] = {**_params(filters, scope), "on": on, "currency": currency}
    where = " and ".join(_conditions(filters, scope)) or "true"
    select = _places("number", few=False, by_party=filters.reachable is not None)
    with connection.cursor() as cursor:
        cursor.execute(f"{select}\nwhere {where}\norder by c.number_key, c.id", params)
        return [found for (found,) in cursor.fetchall()]


def _params(filters: CustomerFilters, scope: Scope) -> dict[str, Any]:
    return {
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "kind": filters.kind,
        "salesperson": filters.salesperson,
        "scope": scope.array,
    }


def _places(sort: str, *, few: bool, by_party: bool) -> str:
    """The customers by id, with the sum `k.key` that they are sorted by, if it is one.

    Where `few` are found it is added up for each of them, else for all at once. Their parties stand beside them where they are
    sorted or chosen `by_party`.
    """
    select = "select c.id\nfrom receivables_customer c"
    if by_party or sort.removeprefix("-") == "name":
        select += "\njoin receivables_party p on p.company_id = c.company_id and p.id = c.party_id"
    if (ranked := _RANKED.get(sort.removeprefix("-"))) is None:
        return select
    key, items = ranked
    summed = f"({key})::{CUSTOMER_SORTS[sort.removeprefix('-')].kind} as key from receivables_itemstate s where {items}"
    each = f"lateral (select {summed} and s.company_id = c.company_id and s.customer_id = c.id) k on true"
    every = f"select s.customer_id, {summed} group by s.customer_id"
    # Not materialized, each parallel worker would add up everything.
    all_ = f"(with once as materialized ({every}) table once) k on k.customer_id = c.id"
    return f"{select}\nleft join {each if few else all_}"


def _told(places: tuple[_Place, ...], params: dict[str, Any]) -> tuple[CustomerRow, ...]:
    """The customers as lists show them, in the order of the places."""
    wanted = [place.customer for place in places]
    sql = f"{statement('reading/customers')}\nwhere c.id = any(%(customers)s)"
    by_id = {row.customer: row for row in rows(sql, {**params, "customers": wanted}, CustomerRow)}
    return tuple(by_id[customer] for customer in wanted)


def customer_sheet(*, customer: int, on: date) -> CustomerSheet | None:
    """Facts, party and aging of a customer on the day; None if she is not there."""

    def sheet(*facts: Any) -> CustomerSheet:
        split = len(facts) - len(PARTY_FIELDS)
        own = dict(zip(CustomerSheet.__slots__, facts[:split], strict=False))
        return CustomerSheet(**own, party=PartyFacts(*facts[split:]), aging=aging(on=on, customer=customer))

    return one(statement("reading/customer"), {"customer": customer}, sheet)


_HELD: Final = """exists (
    select from receivables_hold h
    left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
    where h.company_id = c.company_id and h.customer_id = c.id
      and h.from_on <= %(on)s::date and (h.until_on is null or h.until_on >= %(on)s::date)
      and (r.effective_on is null or r.effective_on > %(on)s::date)
)"""
"""A hold is in force on her or on one of her items."""


_LATE: Final = f"""exists (
    select from receivables_itemstate s
    where s.company_id = c.company_id and s.customer_id = c.id and s.currency = %(currency)s and {_OVERDUE}
)"""
"""Something in the currency is overdue of her."""


def _conditions(filters: CustomerFilters, scope: Scope) -> Iterator[str]:
    simple = {
        "c.id in (select receivables_find_customers(%(key)s, %(name)s))": filters.text.strip(),
        "c.kind = %(kind)s": filters.kind,
        "c.salesperson_id = %(salesperson)s": filters.salesperson is not None,
        "c.salesperson_id = any(%(scope)s)": scope.is_narrow,
    }
    yield from (condition for condition, wanted in simple.items() if wanted)
    answers = {
        "c.parked_at is not null": filters.parked,
        _LATE: filters.overdue,
        "p.email <> ''": filters.reachable,
        _HELD: filters.held,
    }
    yield from (
        f"({test}) = {'true' if said else 'false'}" for test, said in answers.items() if said is not None
    )
