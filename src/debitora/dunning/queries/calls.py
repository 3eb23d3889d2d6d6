"""Calls that are due: the list of whom to telephone, and one of them with what to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from debitora.dunning.queries.notices import raised_items
from debitora.dunning.rules.course import ENDS
from debitora.kit.pg.bulk import rows
from debitora.receivables.models import Hold, HoldRelease
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import currencies, exponent
from debitora.values.numbers import number_key

_SQL: Final = Path(__file__).parent.parent / "sql" / "reading" / "calls.sql"


@dataclass(frozen=True, slots=True)
class CallFilters:
    """What narrows the list. `tried`: whether somebody called in vain; `phone`: whether a number is known; `least`: whole
    units of the notice's currency."""

    level: int | None = None
    tried: bool | None = None
    phone: bool | None = None
    least: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A notice that somebody has to telephone about. Minor units of `currency`; what is open is open now.

    `outcome` of the last call, empty if nobody called; `times` counts them.
    """

    notice: int
    number: str
    run: int
    on: date
    level: int
    currency: str
    total_minor: int
    items: int
    open_minor: int
    due_on: date
    customer: int
    customer_number: str
    customer_name: str
    contact_name: str
    phone: str
    times: int
    outcome: str
    called_at: datetime | None


CALL_SORTS: Final = {
    "sum": SortKey("owed.open_minor", "bigint", "n.id"),
    "customer": SortKey("p.name", "text", "n.id"),
    "due": SortKey("owed.due_on", "date", "n.id"),
    "level": SortKey("n.level", "smallint", "n.id"),
    "tried": SortKey("tried.times", "int", "n.id"),
    "since": SortKey("n.id", "bigint", "n.id"),
}
"""Words to sort the list by; "-" in front turns the order round."""


def calls_page(
    *,
    filters: CallFilters,
    sort: str = "-sum",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[CallRow]:
    """A page of the calls that are due. Raises SortUnknown and CursorUnreadable."""
    return page(
        _statement(),
        list(_conditions(filters, scope)),
        _params(filters, scope),
        CallRow,
        keys=CALL_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def call_row(*, notice: int) -> CallRow | None:
    """One call that is due; None if it is not, or nothing of it is open any more."""
    found = page(
        _statement(),
        [*_conditions(CallFilters(), EVERYTHING), "n.id = %(notice)s"],
        {**_params(CallFilters(), EVERYTHING), "notice": notice},
        CallRow,
        keys=CALL_SORTS,
        sort="since",
        after=None,
        size=1,
    )
    return next(iter(found.rows), None)


def calls_due(*, scope: Scope = EVERYTHING) -> int:
    """How many calls are due; for the first page, so without a look at what is open of them."""
    found = rows(
        f"""select count(*) as n from dunning_noticeevent due
            join dunning_notice n on n.company_id = due.company_id and n.id = due.notice_id
            join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
            where {_IS_DUE} and (%(scope)s::bigint[] is null or c.salesperson_id = any(%(scope)s))""",  # noqa: S608  # words above
        ends=list(ENDS),
        scope=scope.array,
    )
    return int(found[0]["n"])


def due_calls() -> list[int]:
    """The notices that somebody still has to telephone about, whatever is open of them, by id."""
    found = rows(
        f"select due.notice_id from dunning_noticeevent due where {_IS_DUE} order by 1",  # noqa: S608  # words above
        ends=list(ENDS),
    )
    return [row["notice_id"] for row in found]


def holds_of_call(*, notice: int, at: datetime) -> list[int]:
    """The holds that were placed with the promise of a call made at the moment, and not released since, by id."""
    items = [item for item, _level in raised_items(notice=notice)]
    found = Hold.objects.filter(item__in=items, reason="promise", recorded_at=at)
    found = found.exclude(id__in=HoldRelease.objects.values("hold_id"))
    return list(found.order_by("id").values_list("id", flat=True))


_IS_DUE: Final = """due.kind = 'call_due' and not exists (
    select from dunning_noticeevent e
    where e.company_id = due.company_id and e.notice_id = due.notice_id
      and (e.kind = any(%(ends)s) or e.kind = 'ground_withdrawn')
)"""


def _params(filters: CallFilters, scope: Scope) -> dict[str, Any]:
    codes = sorted(currencies())
    return {
        "ends": list(ENDS),
        "level": filters.level,
        "codes": codes,
        "leasts": [(filters.least or 0) * 10 ** exponent(code) for code in codes],
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "begins": f"{as_pattern(filters.text)}%",
        "scope": scope.array,
    }


def _conditions(filters: CallFilters, scope: Scope) -> Iterator[str]:
    yield "n.company_id = current_setting('app.company')::bigint"
    yield _IS_DUE
    yield "owed.open_minor > 0"
    conditions = {
        "n.level = %(level)s": filters.level is not None,
        "tried.times > 0": filters.tried is True,
        "tried.times = 0": filters.tried is False,
        "p.phone <> ''": filters.phone is True,
        "p.phone = ''": filters.phone is False,
        _LARGE: filters.least,
        _FOUND: filters.text.strip(),
        "c.salesperson_id = any(%(scope)s)": scope.is_narrow,
    }
    yield from (condition for condition, wanted in conditions.items() if wanted)


_LARGE: Final = """owed.open_minor >= (
    select bound.minor from unnest(%(codes)s::text[], %(leasts)s::bigint[]) as bound (code, minor)
    where bound.code = n.currency
)"""
_FOUND: Final = (
    "(n.customer_id in (select receivables_find_customers(%(key)s, %(name)s)) or n.number ilike %(begins)s)"
)


@cache
def _statement() -> str:
    return _SQL.read_text("utf-8").rstrip()
