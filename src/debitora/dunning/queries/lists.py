"""Lists of notices and decisions: narrowed, sorted, paged by keyset; and what the notices of a run add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from debitora.dunning.rules.reasons import Reason
from debitora.kit.pg.bulk import rows
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.numbers import number_key

_SQL: Final = Path(__file__).parent.parent / "sql" / "reading"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice as lists show it. Amounts are minor units of `currency`; `total_minor` is what is asked for.

    `way` is mail, letter or empty (nobody can be reached); `sent_to` the address of its message, once there is one;
    `state` one of STATES; `reason` why it stands so, where that needs one.
    """

    id: int
    number: str
    run: int
    on: date
    level: int
    currency: str
    total_minor: int
    due_minor: int
    credit_minor: int
    fee_minor: int
    interest_minor: int
    lump_sum_minor: int
    items: int
    customer: int
    customer_number: str
    customer_name: str
    way: str
    email: str
    sent_to: str
    state: str
    reason: str
    intent: int | None
    at: datetime


STATES: Final = (
    "proposed",
    "withheld",
    "no_recipient",
    "waiting",
    "render_failed",
    "call_due",
    "called",
    "call_undone",
    "queued",
    "sending",
    "refused_temp",
    "uncertain",
    "accepted",
    "printed",
    "refused",
    "returned",
    "stopped",
    "cancelled",
    "ground_withdrawn",
    "discarded",
)
"""Where a notice stands, in the order of its life."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as lists show it: the item as it stood when the run read it, its due day as it is now."""

    item: int
    number: str
    position: str
    reason: int
    level_before: int
    level_to: int
    days_overdue: int
    open_minor: int
    held_minor: int
    currency: str
    due_on: date
    customer: int
    customer_number: str
    customer_name: str
    proposal: str
    """Of rules.policy.AfterLastStep where all steps are taken; else, and where nothing is proposed, empty."""


@dataclass(frozen=True, slots=True)
class NoticeFilters:
    """What a list of notices is narrowed to; what is None or empty narrows nothing."""

    run: int | None = None
    customer: int | None = None
    item: int | None = None
    state: str = ""
    level: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DecisionFilters:
    """What the overdue items of a run that were not dunned are narrowed to; `text` finds item numbers and customers."""

    run: int
    reason: Reason | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """Notices of one state, way and currency: how many, and what they ask for in minor units."""

    state: str
    way: str
    currency: str
    notices: int
    total_minor: int


NOTICE_SORTS: Final = {
    "customer": SortKey("p.name", "text", "n.id"),
    "sum": SortKey("n.total_minor", "bigint", "n.id"),
    "level": SortKey("n.level", "smallint", "n.id"),
    "items": SortKey("n.item_count", "int", "n.id"),
    "newest": SortKey("n.id", "bigint", "n.id"),
}
DECISION_SORTS: Final = {
    "customer": SortKey("p.name", "text", "d.item_id"),
    "number": SortKey("i.number_key", "text", "d.item_id"),
    "overdue": SortKey("d.days_overdue", "int", "d.item_id"),
    "open": SortKey("d.open_minor", "bigint", "d.item_id"),
    "reason": SortKey("d.reason", "smallint", "d.item_id"),
}


_LISTS_ITEM: Final = """exists (
    select from dunning_noticeline l
    where l.company_id = n.company_id and l.notice_id = n.id and l.item_id = %(item)s
)"""


def notices_page(
    *,
    filters: NoticeFilters,
    sort: str = "customer",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[NoticeRow]:
    """A page of notices. Raises SortUnknown and CursorUnreadable of the ledger's paging."""
    return page(
        _statement("notices"),
        list(_notice_conditions(filters, scope)),
        _notice_params(filters, scope),
        NoticeRow,
        keys=NOTICE_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def notice_row(*, notice: int) -> NoticeRow | None:
    """One notice as lists show it; None if it is not there."""
    found = page(
        _statement("notices"),
        ["n.id = %(notice)s"],
        {"notice": notice, "dead": dead_addresses()},
        NoticeRow,
        keys=NOTICE_SORTS,
        sort="newest",
        after=None,
        size=1,
    )
    return next(iter(found.rows), None)


def portions(*, filters: NoticeFilters, scope: Scope = EVERYTHING) -> list[Portion]:
    """What the notices that the filters find add up to, by state, way and currency."""
    tail = _statement("notices").split("\nfrom ", 1)[1]
    found = rows(  # the statement is made of the words above, never of input
        f"""select stood.state, stood.way, n.currency, count(*) as notices, sum(n.total_minor)::numeric(38) as total_minor
            from {tail} where {" and ".join(_notice_conditions(filters, scope))}
            group by 1, 2, 3 order by 3, 1, 2""",  # noqa: S608
        **_notice_params(filters, scope),
    )
    return [Portion(**{**row, "total_minor": int(row["total_minor"])}) for row in found]


def decisions_page(
    *, filters: DecisionFilters, sort: str = "customer", after: str | None = None, size: int = 50
) -> Page[DecisionRow]:
    """A page of a run's overdue items that were not dunned. Raises SortUnknown and CursorUnreadable."""
    return page(
        _statement("decisions"),
        list(_decision_conditions(filters)),
        {
            "run": filters.run,
            "reason": filters.reason,
            "key": number_key(filters.text),
            "name": as_pattern(filters.text),
        },
        DecisionRow,
        keys=DECISION_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def dead_addresses() -> list[str]:
    """Mail addresses of which a server has said that they do not exist."""
    found = rows(
        """select distinct i.recipient from messaging_attempt a
           join messaging_intent i on i.company_id = a.company_id and i.id = a.intent_id
           where a.reason = 'address_is_dead' order by 1"""
    )
    return [row["recipient"] for row in found]


def _notice_params(filters: NoticeFilters, scope: Scope) -> dict[str, Any]:
    return {
        "run": filters.run,
        "customer": filters.customer,
        "item": filters.item,
        "state": filters.state,
        "level": filters.level,
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "begins": f"{as_pattern(filters.text)}%",
        "scope": scope.array,
        "dead": dead_addresses(),
    }


def _notice_conditions(filters: NoticeFilters, scope: Scope) -> Iterator[str]:
    conditions = {
        "n.run_id = %(run)s": filters.run is not None,
        "n.customer_id = %(customer)s": filters.customer is not None,
        _LISTS_ITEM: filters.item is not None,
        "c.salesperson_id = any(%(scope)s)": scope.is_narrow,
        "stood.state = %(state)s": filters.state,
        "n.level = %(level)s": filters.level is not None,
        "(n.customer_id in (select receivables_find_customers(%(key)s, %(name)s)) or n.number ilike %(begins)s)": (
            filters.text.strip()
        ),
    }
    yield "n.company_id = current_setting('app.company')::bigint"
    yield from (condition for condition, wanted in conditions.items() if wanted)


def _decision_conditions(filters: DecisionFilters) -> Iterator[str]:
    yield "d.run_id = %(run)s"
    yield f"d.reason >= {Reason.LIST_BEHIND.value}"
    if filters.reason is not None:
        yield "d.reason = %(reason)s"
    if filters.text.strip():
        yield (
            "(d.customer_id in (select receivables_find_customers(%(key)s, %(name)s))"
            " or (i.number_key >= %(key)s and i.number_key < %(key)s || chr(1114111)))"
        )


@cache
def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8").rstrip()
