"""A list of items in the address: which filters it may carry, and how they read as tabs, chips and menus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from debitora.documents.queries import source_names
from debitora.kit.narrowing import (
    Chip,
    Choice,
    Menu,
    chip,
    choices,
    one_of,
    text_of,
    whole,
    yes_no,
)
from debitora.people.gates import CompanyRequest
from debitora.people.queries import salespeople
from debitora.people.rules import sees_only_own_customers
from debitora.receivables import gates, queries
from debitora.receivables.forms import words
from debitora.receivables.pages.layers import scope_of
from debitora.receivables.rules.items import ItemFilters, State
from debitora.values.money import is_currency

LEVELS = range(10)


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids among the filters are called: salespeople and sources of the company, the chosen customer."""

    salespeople: dict[int, str]
    sources: dict[int, str]
    customer: str
    groups: tuple[str, ...] = ()


def filters_of(query: QueryDict) -> ItemFilters:
    """What the address narrows the list to. Without a word about the state: what is open."""
    state = one_of(query, "state", words.STATES) or State.OPEN.value
    currency = query.get("currency", "")
    return ItemFilters(
        text=text_of(query, "text"),
        state=None if state == "all" else State(state),
        band=one_of(query, "band", words.BANDS),
        currency=currency if is_currency(currency) else "",
        customer=whole(query, "customer"),
        salesperson=whole(query, "salesperson"),
        level=_level(query),
        held=yes_no(query, "held"),
        list_behind=yes_no(query, "behind"),
        source=whole(query, "source"),
        product_group=text_of(query, "group")[:60],
    )


def names_of(request: CompanyRequest, filters: ItemFilters) -> Names:
    """What chips and menus call people, sources and the customer. A customer who is not visible has no name."""
    people = {} if sees_only_own_customers(request.role) else salespeople(company=request.company)
    return Names(
        salespeople=people,
        sources=source_names(kind="items"),
        customer=_customer_name(request, filters.customer),
        groups=queries.product_groups(scope_of(request)),
    )


def tabs(query: QueryDict, filters: ItemFilters) -> tuple[Choice, ...]:
    """The states as tabs."""
    return choices(query, "state", words.STATES, now=filters.state.value if filters.state else "all")


def chips(query: QueryDict, filters: ItemFilters, names: Names) -> list[Chip]:
    """The filters in force, the state apart, which is a tab."""
    return [chip(query, name, label, value) for name, label, value in _in_force(filters, names)]


def menus(query: QueryDict, filters: ItemFilters, names: Names, currencies: list[str]) -> list[Menu]:
    """What the list can be narrowed to further; what it is narrowed to already has a chip instead."""
    told: dict[str, tuple[str, Mapping[str, object], object]] = {
        "band": (_("Age"), words.BANDS, filters.band),
        "level": (_("Level"), {str(level): str(level) for level in LEVELS[:6]}, filters.level is not None),
        "held": (_("Hold"), {"yes": _("held"), "no": _("not held")}, filters.held is not None),
        "currency": (_("Currency"), {one: one for one in currencies}, filters.currency),
        "salesperson": (_("Salesperson"), _by_id(names.salespeople), filters.salesperson),
        "source": (_("Source"), _by_id(names.sources), filters.source),
        "group": (_("Product group"), {one: one for one in names.groups}, filters.product_group),
        "behind": (_("List"), {"yes": _("list behind ledger")}, filters.list_behind is not None),
    }
    return [
        Menu(label, choices(query, name, entries))
        for name, (label, entries, set_already) in told.items()
        if len(entries) > _fewest(name) and not set_already
    ]


def _fewest(name: str) -> int:
    """One currency or one source is no choice."""
    return 1 if name in ("currency", "source") else 0


def _in_force(filters: ItemFilters, names: Names) -> Iterator[tuple[str, str, object]]:
    if filters.text:
        yield "text", _("Search"), filters.text
    if filters.band:
        yield "band", _("Age"), words.BANDS[filters.band]
    if filters.currency:
        yield "currency", _("Currency"), filters.currency
    if filters.customer is not None:
        yield "customer", _("Customer"), names.customer or _("unknown")
    if filters.level is not None:
        yield "level", _("Level"), filters.level
    yield from _people_and_marks(filters, names)


def _people_and_marks(filters: ItemFilters, names: Names) -> Iterator[tuple[str, str, object]]:
    if filters.salesperson is not None:
        yield "salesperson", _("Salesperson"), names.salespeople.get(filters.salesperson, _("unknown"))
    if filters.source is not None:
        yield "source", _("Source"), names.sources.get(filters.source, _("unknown"))
    if filters.product_group:
        yield "group", _("Product group"), filters.product_group
    if filters.held is not None:
        yield "held", _("Hold"), _("held") if filters.held else _("not held")
    if filters.list_behind is not None:
        yield "behind", _("List"), _("list behind ledger") if filters.list_behind else _("in step")


def _level(query: QueryDict) -> int | None:
    level = whole(query, "level")
    return level if level is not None and level in LEVELS else None


def _customer_name(request: CompanyRequest, customer: int | None) -> str:
    if customer is None:
        return ""
    try:
        return str(gates.customer(scope=scope_of(request), customer=customer).party.name)
    except Http404:
        return ""


def _by_id(names: dict[int, str]) -> dict[str, str]:
    return {str(key): name for key, name in names.items()}
