"""What the barometer measures: what became due in the last periods, and what of it stands in a case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from debitora.disputes.queries.cases import became_due
from debitora.disputes.rules.barometer import (
    FEWEST,
    Became,
    Cause,
    Doubt,
    Line,
    by_department,
    by_product_group,
    by_reason,
    by_salesperson,
    causes,
    total,
    trend,
)
from debitora.kit.pg.bulk import array_text, rows
from debitora.receivables.rules.items import EVERYTHING, Scope

LENGTHS: Final = (30, 90, 365)
"""Days of a period."""
PERIODS: Final = 6
"""So many periods the trend shows."""
MOST_CAUSES: Final = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """A cause with the name of its salesperson, customer or product group."""

    cause: Cause
    name: str


@dataclass(frozen=True, slots=True)
class Barometer:
    """The figures of the period that ends the day before; `trend` in basis points, the oldest period first."""

    until: date
    days: int
    total: Line
    reasons: list[Line]
    departments: list[Line]
    salespeople: list[Line]
    product_groups: list[Line]
    names: dict[str, str]
    trend: list[int | None]
    causes: list[Ranked]

    def ends(self) -> list[date]:
        """The last day of each period of the trend."""
        return [self.until - timedelta(days=self.days * back) for back in reversed(range(PERIODS))]


def barometer(*, on: date, days: int, scope: Scope = EVERYTHING) -> Barometer:
    """The barometer on a day over periods of so many days: of what became due until the day before, and so is overdue."""
    asked = {"until": on - timedelta(days=1), "days": days, "scope": scope.array}
    became = [Became(**one) for one in rows(_counted(), **asked, periods=PERIODS)]
    doubts = [Doubt(**one) for one in rows(_doubts(), **asked, periods=PERIODS)]
    people = by_salesperson(became, doubts)
    return Barometer(
        until=on - timedelta(days=1),
        days=days,
        total=total(became, doubts),
        reasons=by_reason(became, doubts),
        departments=by_department(became, doubts),
        salespeople=people,
        product_groups=by_product_group(became, doubts),
        names=_names([int(line.value) for line in people if line.value]),
        trend=trend(became, doubts, periods=PERIODS),
        causes=_ranked(became, doubts, asked),
    )


def _ranked(became: list[Became], doubts: list[Doubt], asked: dict[str, Any]) -> list[Ranked]:
    newest = [one for one in became if one.period == 0]
    sold: Counter[int] = Counter()
    named: Counter[str] = Counter()
    for one in newest:
        named[one.product_group] += one.items
        if one.salesperson is not None:
            sold[one.salesperson] += one.items
    found = causes(
        salespeople=sold,
        groups=named,
        customers=_of_customers(doubts, asked),
        whole=sum(one.items for one in newest),
        doubts=doubts,
    )[:MOST_CAUSES]
    people = _names([int(one.value) for one in found if one.dimension == "salesperson"])
    customers = _customers([int(one.value) for one in found if one.dimension == "customer"])
    return [Ranked(one, _name(one, people, customers)) for one in found]


def _name(one: Cause, people: dict[str, str], customers: dict[int, str]) -> str:
    if one.dimension == "product_group":
        return str(one.value)
    return people[str(one.value)] if one.dimension == "salesperson" else customers[int(one.value)]


def _of_customers(doubts: list[Doubt], asked: dict[str, Any]) -> dict[int, int]:
    """What became due in the newest period, of each customer with enough items in cases."""
    items: dict[int, set[int]] = {}
    for one in doubts:
        if one.period == 0:
            items.setdefault(one.customer, set()).add(one.item)
    wanted = [customer for customer, some in items.items() if len(some) >= FEWEST]
    found = rows(
        f"select customer_id, count(*) as items from ({became_due()} and s.customer_id = any(%(wanted)s::bigint[])) b group by 1",  # noqa: S608  # fragments of ours
        **asked,
        periods=1,
        wanted=array_text(wanted),
    )
    return {one["customer_id"]: one["items"] for one in found}


def _names(users: list[int]) -> dict[str, str]:
    found = rows(
        "select id, coalesce(nullif(name, ''), login) as name from people_user where id = any(%(users)s::bigint[])",
        users=array_text(users),
    )
    return {str(one["id"]): one["name"] for one in found}


def _customers(customers: list[int]) -> dict[int, str]:
    found = rows(
        """select k.id, p.name from receivables_customer k
           join receivables_party p on p.company_id = k.company_id and p.id = k.party_id
           where k.id = any(%(customers)s::bigint[])""",
        customers=array_text(customers),
    )
    return {one["id"]: one["name"] for one in found}


def _counted() -> str:
    return f"""select period, salesperson_id as salesperson, product_group, count(*) as items from ({became_due()}) b
        group by 1, 2, 3"""  # noqa: S608  # fragments of ours


def _doubts() -> str:
    return f"""
        select b.period, c.id as case, b.item_id as item, b.customer_id as customer, c.reason,
               coalesce(g.role, '') as department, b.salesperson_id as salesperson, b.product_group, c.currency,
               o.claimed_minor as minor, x.done_on - c.opened_on as days
        from ({became_due()}) b
        join disputes_caseitem o on o.company_id = current_setting('app.company')::bigint and o.item_id = b.item_id
        join disputes_case c on c.company_id = o.company_id and c.id = o.case_id
        join disputes_casestate t on t.company_id = c.company_id and t.case_id = c.id
        left join people_grant g on g.company_id = c.company_id and g.user_id = t.assignee_id
        left join lateral (
            select d.done_on from disputes_casestep d
            where d.company_id = c.company_id and d.case_id = c.id and d.kind = 'closed'
            order by d.id desc limit 1
        ) x on t.state = 'closed'
        order by c.id, b.item_id"""  # noqa: S608  # fragments of ours
