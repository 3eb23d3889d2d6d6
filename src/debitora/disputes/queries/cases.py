"""The board of cases: filters, sorts, pages, and what of them waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from debitora.kit.pg.bulk import number, rows
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import Money, currencies, exponent
from debitora.values.numbers import number_key

MOST_COUNTED: Final = 5_000
"""So many cases the board counts one by one; of more it says that they are more."""
_READING: Final = Path(__file__).parent.parent / "sql" / "reading"


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What narrows the board. `state`: pending (not closed), open, answered, closed, or all; `owner` a user's id.

    owner 0: nobody who is still there; also: further owners, for whom that one stands in;
    salesperson: the customer's, a user's id, 0: nobody; department: the role of who answers, "none": nobody answers;
    opener: who opened it, a user's id;
    days: cases with an item that became due in the so many days before today; least: so many whole units of the case's currency
    were disputed; product_group: cases with an item of it (one that became due then, with `days`), ungrouped: of none.
    """

    state: str = "pending"
    reason: str = ""
    outcome: str = ""
    owner: int | None = None
    also: tuple[int, ...] = ()
    customer: int | None = None
    item: int | None = None
    overdue: bool = False
    text: str = ""
    salesperson: int | None = None
    department: str = ""
    days: int | None = None
    least: int | None = None
    opener: int | None = None
    product_group: str = ""
    ungrouped: bool = False


@dataclass(frozen=True, slots=True)
class CaseSum:
    """So many cases in one currency, and what was disputed in them at first."""

    currency: str
    cases: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CaseTally:
    """What the board finds: sums per currency; none of them and `more` where that is more than MOST_COUNTED cases."""

    sums: tuple[CaseSum, ...]
    more: bool = False

    @property
    def cases(self) -> int:
        """How many they are, or are more than."""
        return MOST_COUNTED if self.more else sum(one.cases for one in self.sums)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the board shows it; `numbers` and `product_groups` are those of its items, `amount_minor` what was disputed at first."""

    id: int
    customer: int
    customer_number: str
    customer_name: str
    currency: str
    reason: str
    state: str
    assignee_id: int | None
    assignee: str
    due_on: date
    amount_minor: int
    outcome: str
    until_on: date | None
    numbers: str
    opened_on: date
    opened_by: str
    last_step_at: datetime
    product_groups: str

    @property
    def amount(self) -> Money:
        """What was disputed when the case was opened."""
        return Money(self.amount_minor, self.currency)

    def overdue(self, *, on: date) -> bool:
        """Whether an answer is wanted whose day has passed."""
        return self.state == "open" and self.due_on < on


CASE_SORTS: Final = {
    "due": SortKey("s.due_on", "date", "s.case_id"),
    "amount": SortKey("s.amount_minor", "bigint", "s.case_id"),
    "customer": SortKey("p.name", "text", "s.case_id"),
    "owner": SortKey("coalesce(nullif(u.name, ''), u.login, '')", "text", "s.case_id"),
    "number": SortKey("s.case_id", "bigint", "s.case_id"),
    "moved": SortKey("s.last_step_at", "timestamptz", "s.case_id"),
}
"""Words to sort the board by; "-" in front turns the order round."""


def cases_page(
    *,
    filters: CaseFilters,
    on: date,
    sort: str = "due",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[CaseRow]:
    """A page of the board. Raises SortUnknown and CursorUnreadable."""
    return page(
        _statement(),
        list(_conditions(filters, scope)),
        _params(filters, on, scope),
        CaseRow,
        keys=CASE_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def cases_tally(*, filters: CaseFilters, on: date, scope: Scope = EVERYTHING) -> CaseTally:
    """How many cases the board finds and what was disputed in them, within the time of a page."""
    where = list(_conditions(filters, scope))
    found = rows(
        f"""select found.currency, count(*) as cases, sum(found.amount_minor)::bigint as amount_minor
            from (select c.currency, s.amount_minor from {_tables(where)} where {" and ".join(where)} limit %(most)s) found
            group by found.currency order by found.currency""",  # noqa: S608  # fragments of ours
        **_params(filters, on, scope),
        most=MOST_COUNTED + 1,
    )
    sums = tuple(CaseSum(**row) for row in found)
    return CaseTally((), more=True) if sum(one.cases for one in sums) > MOST_COUNTED else CaseTally(sums)


def _tables(where: list[str]) -> str:
    """Only the tables that the conditions speak of."""
    cases = (
        """disputes_casestate s join disputes_case c on c.company_id = s.company_id and c.id = s.case_id"""
    )
    if not any("k." in condition for condition in where):
        return cases
    return f"{cases} join receivables_customer k on k.company_id = s.company_id and k.id = s.customer_id"


def case_row(*, case: int, scope: Scope = EVERYTHING) -> CaseRow | None:
    """One case as the board shows it, if its customer is within the scope."""
    found = rows(
        f"{_statement()} where s.case_id = %(case)s and (%(scope)s::bigint[] is null or k.salesperson_id = any(%(scope)s))",
        case=case,
        scope=scope.array,
    )
    return CaseRow(*found[0].values()) if found else None


def overdue_cases(*, users: Sequence[int], on: date, scope: Scope = EVERYTHING) -> int:
    """How many cases wait longer than they should for the answer of one of these people."""
    return number(
        """select count(*) from disputes_casestate s
           join receivables_customer k on k.company_id = s.company_id and k.id = s.customer_id
           where s.assignee_id = any(%(users)s::bigint[]) and s.state = 'open' and s.due_on < %(on)s
             and (%(scope)s::bigint[] is null or k.salesperson_id = any(%(scope)s))""",
        users=list(users),
        on=on,
        scope=scope.array,
    )


def ownerless_cases() -> int:
    """How many cases wait for an answer of nobody who is still there."""
    return number(
        f"select count(*) from disputes_casestate s where s.state = 'open' and {_OWNERLESS}"  # noqa: S608  # fragments of ours
    )


def answered_cases() -> int:
    """How many cases were answered and wait to be closed."""
    return number("select count(*) from disputes_casestate s where s.state = 'answered'")


def _params(filters: CaseFilters, on: date, scope: Scope) -> dict[str, Any]:
    codes = sorted(currencies()) if filters.least else []
    return {
        "state": filters.state,
        "reason": filters.reason,
        "outcome": filters.outcome,
        "owner": filters.owner,
        "owners": [filters.owner, *filters.also],
        "opener": filters.opener,
        "customer": filters.customer,
        "item": filters.item,
        "on": on,
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "scope": scope.array,
        "salesperson": filters.salesperson,
        "department": "" if filters.department == "none" else filters.department,
        "days": filters.days,
        "codes": codes,
        "leasts": [(filters.least or 0) * 10 ** exponent(code) for code in codes],
        "product_group": filters.product_group,
        "periods": 1,
        "until": on - timedelta(days=1),
    }


def _conditions(filters: CaseFilters, scope: Scope) -> Iterator[str]:
    yield "s.company_id = current_setting('app.company')::bigint"
    conditions = {
        "s.state <> 'closed'": filters.state == "pending",
        "s.state = %(state)s": filters.state not in ("pending", "all"),
        "c.reason = %(reason)s": filters.reason,
        "s.outcome = %(outcome)s": filters.outcome,
        "s.assignee_id = %(owner)s": filters.owner and not filters.also,
        "s.assignee_id = any(%(owners)s::bigint[])": filters.owner and filters.also,
        _OWNERLESS: filters.owner == 0,
        "s.customer_id = %(customer)s": filters.customer is not None,
        _OF_ITEM: filters.item is not None,
        "s.state = 'open' and s.due_on < %(on)s": filters.overdue,
        _FOUND: filters.text.strip(),
        "k.salesperson_id = any(%(scope)s)": scope.is_narrow,
        "coalesce(k.salesperson_id, 0) = %(salesperson)s": filters.salesperson is not None,
        _DEPARTMENT: filters.department,
        _with_item(filters): filters.days is not None or filters.product_group or filters.ungrouped,
        _LARGE: filters.least,
        "c.opened_by_id = %(opener)s": filters.opener is not None,
    }
    yield from (condition for condition, wanted in conditions.items() if wanted)


_OWNERLESS: Final = """not exists (
    select from people_grant g join people_user w on w.id = g.user_id
    where g.company_id = s.company_id and g.user_id = s.assignee_id and w.is_active and g.role <> 'auditor'
)"""
_DEPARTMENT: Final = """coalesce((
    select g.role from people_grant g where g.company_id = s.company_id and g.user_id = s.assignee_id
), '') = %(department)s"""
_LARGE: Final = """s.amount_minor >= (
    select bound.minor from unnest(%(codes)s::text[], %(leasts)s::bigint[]) as bound (code, minor) where bound.code = c.currency
)"""
_OF_ITEM: Final = """exists (
    select from disputes_caseitem o where o.company_id = s.company_id and o.case_id = s.case_id and o.item_id = %(item)s
)"""
_FOUND: Final = """(s.customer_id in (select receivables_find_customers(%(key)s, %(name)s)) or (%(key)s <> '' and exists (
    select from disputes_caseitem f
    join receivables_item n on n.company_id = f.company_id and n.id = f.item_id
    where f.company_id = s.company_id and f.case_id = s.case_id
      and n.number_key >= %(key)s and n.number_key < %(key)s || chr(1114111)
)))"""


@cache
def _statement() -> str:
    return (_READING / "cases.sql").read_text("utf-8").rstrip()


@cache
def became_due() -> str:
    """A SELECT of the items that became due in the last `periods` of `days` until a day, within the scope."""
    return (_READING / "became_due.sql").read_text("utf-8").rstrip()


def _with_item(filters: CaseFilters) -> str:
    """A case has an item that became due in time and is of the product group, as far as either is asked for."""
    found = [
        f"o.item_id in (select b.item_id from ({became_due()}) b)" if filters.days is not None else "",  # noqa: S608  # fragments of ours
        "g.product_group = %(product_group)s" if filters.product_group else "",
        "g.product_group = ''" if filters.ungrouped else "",
    ]
    return f"""exists (
        select from disputes_caseitem o
        join receivables_itemstate g on g.company_id = o.company_id and g.item_id = o.item_id
        where o.company_id = s.company_id and o.case_id = s.case_id and {" and ".join(one for one in found if one)}
    )"""  # fragments of ours
