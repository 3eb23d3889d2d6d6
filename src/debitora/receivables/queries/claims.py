"""Claims for lists: what is owed beside the items, of whom, since which notice, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from debitora.kit.pg.bulk import rows
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import Page, SortKey, page
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.numbers import number_key


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """What narrows a list of claims. settled: those of which nothing is open instead of the open ones."""

    kind: str = ""
    settled: bool = False
    customer: int | None = None
    text: str = ""
    item: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as lists show it, in minor units of its currency. Interest and lump sum are of an item, a fee of a notice."""

    claim: int
    kind: str
    customer: int
    customer_number: str
    customer_name: str
    item: int | None
    item_number: str
    notice: int | None
    currency: str
    accrued_minor: int
    waived_minor: int
    paid_minor: int
    booked_minor: int
    until_on: date | None

    @property
    def open_minor(self) -> int:
        """What is still claimed."""
        return self.accrued_minor - self.waived_minor - self.paid_minor - self.booked_minor


_OPEN: Final = "(c.accrued_minor - c.waived_minor - c.paid_minor - c.booked_minor)"
CLAIM_SORTS: Final = {
    "customer": SortKey("p.name", "text", "c.id"),
    "kind": SortKey("c.kind", "text", "c.id"),
    "accrued": SortKey("c.accrued_minor", "bigint", "c.id"),
    "open": SortKey(_OPEN, "bigint", "c.id"),
    "until": SortKey("coalesce(c.until_on, '0001-01-01')", "date", "c.id"),
}
"""Words to sort claims by; "-" in front turns the order round."""
_TABLES: Final = """
from receivables_claim c
join receivables_customer u on u.company_id = c.company_id and u.id = c.customer_id
join receivables_party p on p.company_id = u.company_id and p.id = u.party_id
left join receivables_item i on i.company_id = c.company_id and i.id = c.item_id"""
_SELECT: Final = f"""select c.id, c.kind, c.customer_id, u.number, p.name, c.item_id, coalesce(i.number, ''), c.notice_id, c.currency,
       c.accrued_minor, c.waived_minor, c.paid_minor, c.booked_minor, c.until_on{_TABLES}"""


def claims_page(
    *,
    filters: ClaimFilters,
    sort: str = "customer",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[ClaimRow]:
    """A page of claims. Raises SortUnknown and CursorUnreadable."""
    return page(
        _SELECT,
        list(_conditions(filters, scope)),
        _params(filters, scope),
        ClaimRow,
        keys=CLAIM_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def claims_open(*, filters: ClaimFilters, scope: Scope = EVERYTHING) -> list[tuple[str, int, int]]:
    """How many claims the list has, and what is open of them, by currency."""
    found = rows(
        f"""select c.currency, count(*) as claims, sum({_OPEN})::numeric(38) as open_minor{_TABLES}
        where {" and ".join(_conditions(filters, scope))} group by c.currency order by c.currency""",  # conditions of ours
        **_params(filters, scope),
    )
    return [(row["currency"], row["claims"], int(row["open_minor"])) for row in found]


def _params(filters: ClaimFilters, scope: Scope) -> dict[str, Any]:
    return {
        "kind": filters.kind,
        "customer": filters.customer,
        "item": filters.item,
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "scope": scope.array,
    }


def _conditions(filters: ClaimFilters, scope: Scope) -> Iterator[str]:
    yield "c.company_id = current_setting('app.company')::bigint"
    yield f"{_OPEN} = 0" if filters.settled else f"{_OPEN} > 0"
    conditions = {
        "c.kind = %(kind)s": filters.kind,
        "c.customer_id = %(customer)s": filters.customer,
        "c.item_id = %(item)s": filters.item,
        _FOUND: filters.text.strip(),
        "u.salesperson_id = any(%(scope)s)": scope.is_narrow,
    }
    yield from (condition for condition, wanted in conditions.items() if wanted)


_FOUND: Final = """(c.customer_id in (select receivables_find_customers(%(key)s, %(name)s))
    or (%(key)s <> '' and i.number_key >= %(key)s and i.number_key < %(key)s || chr(1114111)))"""


@dataclass(frozen=True, slots=True)
class OnAccount:
    """A claim that a person put on the account: the entry that did, its charge, and what of it is open, in minor units."""

    entry: int
    kind: str
    currency: str
    charge: int
    number: str
    minor: int
    open_minor: int


def on_account(*, customer: int, item: int | None = None) -> list[OnAccount]:
    """The claims of a customer, or of one item, that a person put on the account and nobody took off again."""
    found = rows(
        """select e.id as entry, c.kind, c.currency, e.charge_id as charge, i.number, e.minor, s.open_minor
           from receivables_claim c
           join receivables_claimentry e on e.company_id = c.company_id and e.claim_id = c.id and e.charge_id is not null
           join receivables_item i on i.company_id = e.company_id and i.id = e.charge_id
           join receivables_itemstate s on s.company_id = e.company_id and s.item_id = e.charge_id
           where c.company_id = current_setting('app.company')::bigint and c.customer_id = %(customer)s
             and (%(item)s::bigint is null or c.item_id = %(item)s)
             and not exists (
                 select from receivables_claimentry r where r.company_id = e.company_id and r.reverses_id = e.id
             )
           order by e.id""",
        customer=customer,
        item=item,
    )
    return [OnAccount(**row) for row in found]
