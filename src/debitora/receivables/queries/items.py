"""Lists of items: filtered, sorted, searched, paged; and the sums of what a filter finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from debitora.receivables.models import Item
from debitora.receivables.queries.paging import Page, SortKey, page
from debitora.receivables.queries.reading import rows, statement
from debitora.receivables.rules.items import EVERYTHING, ItemFilters, Scope, State, due_days_of
from debitora.values.money import MAX_MINOR, Money, currencies, exponent
from debitora.values.numbers import number_key
from debitora.values.typed import typed_amount


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item as lists show it. `held` says that a hold on it or on its customer is in force on the day asked for."""

    item: int
    kind: str
    number: str
    position: str
    customer: int
    customer_number: str
    customer_name: str
    currency: str
    raised_minor: int
    open_minor: int
    issued_on: date | None
    due_on: date
    days_overdue: int
    level: int
    last_reminded_on: date | None
    list_behind: bool
    held: bool
    order_reference: str
    product_group: str
    listed_due_on: date | None

    @property
    def raised(self) -> Money:
        """What it was opened, corrected and charged with, signed."""
        return Money(self.raised_minor, self.currency)

    @property
    def open(self) -> Money:
        """What is open, signed."""
        return Money(self.open_minor, self.currency)

    @property
    def overdue(self) -> bool:
        """Whether it is overdue on the day asked for."""
        return self.open_minor > 0 and self.days_overdue > 0


@dataclass(frozen=True, slots=True)
class ItemName:
    """What an item is called, and in which currency it is."""

    number: str
    currency: str


@dataclass(frozen=True, slots=True)
class _Found:
    """How many customers a text finds, up to a bound, and whether it finds items by their number."""

    customers: int
    numbers: bool


@dataclass(frozen=True, slots=True)
class FoundItems:
    """Items that a text may mean: those whose number begins with it, those of which that amount is open."""

    numbers: tuple[ItemRow, ...]
    amounts: tuple[ItemRow, ...]


ITEM_SORTS: Final = {
    "due": SortKey("s.due_on", "date", "s.item_id"),
    "overdue": SortKey("s.due_on", "date", "s.item_id", falls=True),
    "amount": SortKey("s.open_minor", "bigint", "s.item_id"),
    "number": SortKey("i.number_key", "text", "s.item_id"),
    "customer": SortKey("p.name", "text", "s.item_id"),
    "level": SortKey("s.level", "smallint", "s.item_id"),
    "issued": SortKey("coalesce(i.issued_on, '0001-01-01'::date)", "date", "s.item_id"),
    "raised": SortKey("s.raised_minor", "bigint", "s.item_id"),
    "reminded": SortKey("coalesce(s.last_reminded_on, '0001-01-01'::date)", "date", "s.item_id"),
}
"""Words to sort items by; "-" in front turns the order round."""


def items_page(
    *,
    filters: ItemFilters,
    on: date,
    sort: str = "due",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[ItemRow]:
    """A page of items as they stand now, judged on the day. Raises SortUnknown and CursorUnreadable."""
    where, params = narrowed(filters, on, scope)
    if filters.salesperson is not None or scope.is_narrow:
        where.append(_HERS)
    if filters.text.strip() and _is_a_common_name(params):
        where[where.index(_FOUND)] = _NAMED
    return page(
        statement("reading/items"), where, params, ItemRow, keys=ITEM_SORTS, sort=sort, after=after, size=size
    )


def _is_a_common_name(params: dict[str, Any]) -> bool:
    """Whether a text is found in so many customers' names that the page is reached sooner by walking along its order, and in
    nothing else."""
    if params["amounts"]:
        return False
    (found,) = rows(_IS_COMMON, {**params, "many": _MANY}, _Found)
    return found.customers >= _MANY and not found.numbers


def item_row(*, item: int, on: date, scope: Scope = EVERYTHING) -> ItemRow | None:
    """One item by id, judged on the day; None if it is not there or not within the scope."""
    where, params = narrowed(ItemFilters(), on, scope)
    sql = f"{statement('reading/items')}\nwhere {' and '.join([*where, 's.item_id = %(item)s'])}"
    return next(iter(rows(sql, {**params, "item": item}, ItemRow)), None)


def items_found(*, text: str, on: date, scope: Scope = EVERYTHING, size: int = 10) -> FoundItems:
    """What a search box finds: by number (exact ones in front), and by open amount of either sign, newest due in front."""
    where, params = narrowed(ItemFilters(), on, scope)
    searched = _searched(text)
    minors = [sign * minor for minor in set(searched["amounts"]) for sign in (1, -1)]
    values = {**params, **searched, "minors": minors, "size": size}

    def matching(condition: str, order: str) -> tuple[ItemRow, ...]:
        sql = f"{statement('reading/items')}\nwhere {' and '.join([*where, condition])}\norder by {order} limit %(size)s"
        return tuple(rows(sql, values, ItemRow))

    return FoundItems(
        numbers=matching(_NUMBERED, "i.number_key, s.item_id desc") if values["key"] else (),
        amounts=matching(_AMOUNTING, "s.due_on desc, s.item_id desc") if minors else (),
    )


def item_names(*, items: Sequence[int]) -> dict[int, ItemName]:
    """Numbers and currencies by item id; unknown ids are absent."""
    found = Item.objects.filter(id__in=set(items)).values_list("id", "number", "currency")
    return {item: ItemName(number, currency) for item, number, currency in found}


def items_of_customer(
    *, customer: int, on: date, settled: bool = False, size: int = 200
) -> tuple[ItemRow, ...]:
    """The customer's open items, oldest due first; or those that are settled, newest due first."""
    state = State.SETTLED if settled else State.OPEN
    filters = ItemFilters(customer=customer, state=state)
    return items_page(filters=filters, on=on, sort="-due" if settled else "due", size=size).rows


def narrowed(filters: ItemFilters, on: date, scope: Scope) -> tuple[list[str], dict[str, Any]]:
    """Conditions over the fragment reading/items.sql and their values."""
    oldest, newest = due_days_of(filters.band, on=on) if filters.band else (date.min, date.max)
    params: dict[str, Any] = {
        "on": on,
        "oldest": oldest,
        "newest": newest,
        "currency": filters.currency,
        "customer": filters.customer,
        "salesperson": filters.salesperson,
        "scope": scope.array,
        "level": filters.level,
        "source": filters.source,
        "product_group": filters.product_group,
        **_searched(filters.text),
    }
    return ["s.company_id = current_setting('app.company')::bigint", *_conditions(filters, scope)], params


def _conditions(filters: ItemFilters, scope: Scope) -> Iterator[str]:
    if filters.state is not None:
        yield _STATES[filters.state]
    simple = {
        "s.due_on between %(oldest)s and %(newest)s and s.open_minor <> 0": filters.band,
        "s.currency = %(currency)s": filters.currency,
        "s.customer_id = %(customer)s": filters.customer is not None,
        "c.salesperson_id = %(salesperson)s": filters.salesperson is not None,
        "c.salesperson_id = any(%(scope)s)": scope.is_narrow,
        "s.level = %(level)s": filters.level is not None,
        "s.source_id = %(source)s": filters.source is not None,
        "s.product_group = %(product_group)s and s.product_group <> ''": filters.product_group,
        _FOUND: filters.text.strip(),
    }
    yield from (condition for condition, wanted in simple.items() if wanted)
    if filters.held is not None:
        yield _HELD if filters.held else _NOT_HELD
    if filters.list_behind is not None:
        yield "s.list_behind" if filters.list_behind else "not s.list_behind"


_STATES: Final = {
    State.OPEN: "s.open_minor <> 0",
    State.OVERDUE: "s.open_minor > 0 and s.open_minor <> 0 and s.due_on < %(on)s",
    State.NOT_DUE: "s.open_minor > 0 and s.open_minor <> 0 and s.due_on >= %(on)s",
    State.SETTLED: "s.open_minor = 0",
    State.CREDITS: "s.open_minor < 0 and s.open_minor <> 0",
}
"""Each repeats `<> 0` in the words of the partial indexes."""

_HERS: Final = """(s.customer_id in (
    select own.id from receivables_customer own
    where own.salesperson_id = %(salesperson)s::bigint or own.salesperson_id = any(%(scope)s::bigint[])
)) is true"""
"""Adds nothing to the condition on the customer; a walk along the sort's index then asks a hashed set, not each customer."""
_FOUND: Final = "s.item_id in (select receivables_find_items(%(key)s, %(name)s, %(currencies)s::text[], %(amounts)s::bigint[]))"
_NAMED: Final = "(s.customer_id in (select receivables_find_customers(%(key)s, %(name)s))) is true"
_MANY: Final = 500
"""Customers with a common name: from here on every second page of a hundred thousand customers' items has one of them."""
_IS_COMMON: Final = """select
    (select count(*) from (select receivables_find_customers(%(key)s, %(name)s) limit %(many)s) found),
    exists (
        select from receivables_item i
        where i.company_id = current_setting('app.company')::bigint and %(key)s <> ''
          and i.number_key >= %(key)s and i.number_key < %(key)s || chr(1114111)
    )"""
_NUMBERED: Final = "i.number_key >= %(key)s and i.number_key < %(key)s || chr(1114111)"
_AMOUNTING: Final = """s.open_minor = any(%(minors)s) and s.open_minor <> 0
    and (s.currency, abs(s.open_minor)) in (select * from unnest(%(currencies)s::text[], %(amounts)s::bigint[]))"""
_IN_FORCE: Final = """h.from_on <= %(on)s and (h.until_on is null or h.until_on >= %(on)s)
    and (r.effective_on is null or r.effective_on > %(on)s)"""
_HELD: Final = f"""s.item_id in (
    with held as materialized (
        select h.company_id, h.customer_id, h.item_id from receivables_hold h
        left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
        where {_IN_FORCE}
    )
    select item_id from held where item_id is not null
    union all
    select own.item_id from held
    join receivables_itemstate own on own.company_id = held.company_id and own.customer_id = held.customer_id
    where held.item_id is null
)"""  # noqa: S608 - words of this file, never input
"""Begins at the holds, which are few."""
_NOT_HELD: Final = f"""not exists (
    select from receivables_hold h
    left join receivables_holdrelease r on r.company_id = h.company_id and r.hold_id = h.id
    where h.company_id = s.company_id and h.customer_id = s.customer_id
      and (h.item_id is null or h.item_id = s.item_id) and {_IN_FORCE}
)"""
"""Begins at the items: most are not held."""


def _searched(text: str) -> dict[str, Any]:
    amount = typed_amount(text)
    amounts = _minor_by_currency(amount) if amount is not None else {}
    return {
        "key": number_key(text),
        "name": as_pattern(text),
        "currencies": list(amounts),
        "amounts": list(amounts.values()),
    }


def as_pattern(text: str) -> str:
    """The text as LIKE takes it literally."""
    return text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _minor_by_currency(amount: Decimal) -> dict[str, int]:
    """The amount in minor units of every currency that can express it."""
    scaled = {currency: amount.scaleb(exponent(currency)) for currency in currencies()}
    return {
        currency: int(minor)
        for currency, minor in scaled.items()
        if minor == minor.to_integral_value() and 0 < minor < MAX_MINOR
    }
