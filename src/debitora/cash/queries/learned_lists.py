"""What was learned, as lists of their own: narrowed by a text, sorted, paged by keyset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page


@dataclass(frozen=True, slots=True)
class LearnedPayer:
    """An account that paid for a customer, so often, for the last time on a day."""

    id: int
    account: str
    customer: int
    customer_number: str
    customer_name: str
    times: int
    last_on: date


@dataclass(frozen=True, slots=True)
class LearnedHabit:
    """How a customer pays: kinds of explanation, the most frequent first, and how often each; id: the customer's."""

    id: int
    customer_number: str
    customer_name: str
    kinds: list[str]
    each: list[int]
    times: int
    last_on: date


@dataclass(frozen=True, slots=True)
class LearnedAside:
    """A counterpart whose lines were set aside for a reason, so often. way: `in` or `out`."""

    id: int
    counterpart: str
    way: str
    ignored_for: str
    times: int
    last_on: date


_OWN: Final = "{}.company_id = current_setting('app.company')::bigint"
_PAYERS: Final = """select p.id, p.account, c.id, c.number, y.name, p.times, p.last_on
from cash_payer p
join receivables_customer c on c.company_id = p.company_id and c.id = p.customer_id
join receivables_party y on y.company_id = c.company_id and y.id = c.party_id"""
_HABITS: Final = """select h.customer_id, c.number, y.name, h.kinds, h.each, h.times, h.last_on
from (
    select company_id, customer_id, max(last_on) as last_on, sum(times) as times,
           array_agg(kind order by times desc, kind) as kinds, array_agg(times order by times desc, kind) as each
    from cash_habit group by company_id, customer_id
) h
join receivables_customer c on c.company_id = h.company_id and c.id = h.customer_id
join receivables_party y on y.company_id = c.company_id and y.id = c.party_id"""
_ASIDES: Final = """select a.id, a.counterpart, a.way, a.ignored_for, a.times, a.last_on
from cash_aside a"""
_OF_CUSTOMER: Final = "c.number ilike %(text)s or y.name ilike %(text)s"


def _keys(row: str, tie: str, **others: SortKey) -> dict[str, SortKey]:
    return {
        "last": SortKey(f"{row}.last_on", "date", tie),
        "times": SortKey(f"{row}.times", "bigint", tie),
        **others,
    }


PAYER_SORTS: Final = _keys(
    "p",
    "p.id",
    account=SortKey("p.account", "text", "p.id"),
    customer=SortKey("y.name", "text", "p.id"),
)
HABIT_SORTS: Final = _keys("h", "h.customer_id", customer=SortKey("y.name", "text", "h.customer_id"))
ASIDE_SORTS: Final = _keys("a", "a.id", counterpart=SortKey("a.counterpart", "text", "a.id"))
"""Words to sort by; "-" in front turns the order round."""


def learned_payers(*, text: str, sort: str, after: str | None, size: int) -> Page[LearnedPayer]:
    """A page of payers; `text` finds accounts, and customers by number and name. Raises SortUnknown and CursorUnreadable."""
    where = [_OWN.format("p"), f"(p.account ilike %(blankless)s or {_OF_CUSTOMER})"]
    return page(
        _PAYERS, where, _like(text), LearnedPayer, keys=PAYER_SORTS, sort=sort, after=after, size=size
    )


def learned_habits(*, text: str, sort: str, after: str | None, size: int) -> Page[LearnedHabit]:
    """A page of how customers pay; `text` finds customers. Raises SortUnknown and CursorUnreadable."""
    where = [_OWN.format("h"), f"({_OF_CUSTOMER})"]
    return page(
        _HABITS, where, _like(text), LearnedHabit, keys=HABIT_SORTS, sort=sort, after=after, size=size
    )


def learned_asides(*, text: str, sort: str, after: str | None, size: int) -> Page[LearnedAside]:
    """A page of counterparts whose lines were set aside. Raises SortUnknown and CursorUnreadable."""
    where = [
        _OWN.format("a"),
        "a.times > 0",
        "(a.counterpart ilike %(text)s or a.counterpart ilike %(blankless)s)",
    ]
    return page(
        _ASIDES, where, _like(text), LearnedAside, keys=ASIDE_SORTS, sort=sort, after=after, size=size
    )


def _like(text: str) -> dict[str, str]:
    return {"text": f"%{as_pattern(text)}%", "blankless": f"%{as_pattern(text.replace(' ', ''))}%"}
