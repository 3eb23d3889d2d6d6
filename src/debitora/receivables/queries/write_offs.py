"""Write-offs for lists and pages: what is proposed, booked or declined, by whom and why; and the limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from debitora.kit.pg.bulk import number, rows
from debitora.receivables.models import WriteOffLimit, WriteOffStep
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import Page, SortKey, page
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.receivables.rules.write_offs import PROPOSED
from debitora.values.money import Money
from debitora.values.numbers import number_key


@dataclass(frozen=True, slots=True)
class WriteOffFilters:
    """What narrows the list. `state`: proposed, booked, declined, withdrawn, reversed, or "" for all."""

    state: str = ""
    ground: str = ""
    customer: int | None = None
    item: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """A write-off as lists and its page show it. `step_*` is the newest step, empty while it is proposed."""

    write_off: int
    state: str
    ground: str
    text: str
    customer: int
    customer_number: str
    customer_name: str
    item: int
    number: str
    currency: str
    amount_minor: int
    open_minor: int
    proposed_at: datetime
    proposed_by_id: int | None
    proposed_by: str
    step_at: datetime | None
    step_by: str
    step_text: str

    @property
    def amount(self) -> Money:
        """What is given up."""
        return Money(self.amount_minor, self.currency)

    @property
    def open(self) -> Money:
        """What of the item is open now."""
        return Money(self.open_minor, self.currency)


_STATE: Final = f"""case when last.kind = 'booked' and exists (
        select from receivables_entry r where r.company_id = w.company_id and r.item_id = w.item_id and r.reverses_id = last.entry
    ) then 'reversed' else coalesce(last.kind, '{PROPOSED}') end"""
_SELECT: Final = f"""select w.id as write_off, {_STATE} as state, w.ground, t.text, w.customer_id as customer, u.number as customer_number,
       p.name as customer_name, w.item_id as item, i.number, i.currency, w.amount_minor, s.open_minor, w.proposed_at,
       w.proposed_by_id, w.proposed_by_label as proposed_by, last.done_at as step_at,
       coalesce(last.done_by_label, '') as step_by, coalesce(last.text, '') as step_text
from receivables_writeoff w
join receivables_item i on i.company_id = w.company_id and i.id = w.item_id
join receivables_itemstate s on s.company_id = w.company_id and s.item_id = w.item_id
join receivables_customer u on u.company_id = w.company_id and u.id = w.customer_id
join receivables_party p on p.company_id = u.company_id and p.id = u.party_id
join trail_wording t on t.company_id = w.company_id and t.id = w.wording_id
left join lateral (
    select d.kind, d.entry, d.done_at, d.done_by_label, n.text from receivables_writeoffstep d
    left join trail_wording n on n.company_id = d.company_id and n.id = d.wording_id
    where d.company_id = w.company_id and d.write_off_id = w.id order by d.place desc limit 1
) last on true"""  # noqa: S608  # fragments of ours
WRITE_OFF_SORTS: Final = {
    "newest": SortKey("w.id", "bigint", "w.id"),
    "amount": SortKey("w.amount_minor", "bigint", "w.id"),
    "customer": SortKey("p.name", "text", "w.id"),
    "state": SortKey(_STATE, "text", "w.id"),
}
"""Words to sort write-offs by; "-" in front turns the order round."""
_FOUND: Final = """(w.customer_id in (select receivables_find_customers(%(key)s, %(name)s))
    or (%(key)s <> '' and i.number_key >= %(key)s and i.number_key < %(key)s || chr(1114111)))"""


def write_offs_page(
    *,
    filters: WriteOffFilters,
    sort: str = "-newest",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[WriteOffRow]:
    """A page of write-offs. Raises SortUnknown and CursorUnreadable."""
    return page(
        _SELECT,
        list(_conditions(filters, scope)),
        _params(filters, scope),
        WriteOffRow,
        keys=WRITE_OFF_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def write_off_row(*, write_off: int, scope: Scope = EVERYTHING) -> WriteOffRow | None:
    """One write-off, if its customer is within the scope."""
    filters = WriteOffFilters()
    where = " and ".join([*_conditions(filters, scope), "w.id = %(write_off)s"])
    found = rows(f"{_SELECT} where {where}", **_params(filters, scope), write_off=write_off)
    return WriteOffRow(**found[0]) if found else None


def write_offs_waiting(*, user: int) -> int:
    """How many proposals of others wait for a decision."""
    return number(
        f"""select count(*) from ({_SELECT}
            where w.company_id = current_setting('app.company')::bigint and last.kind is null
              and w.proposed_by_id is distinct from %(user)s) waiting""",  # noqa: S608  # fragments of ours
        user=user,
    )


def state_of(*, company: int, write_off: int) -> tuple[int, str, int | None]:
    """How many steps a write-off has, its state, and the entry of its newest step."""
    newest = (
        WriteOffStep.objects.filter(company_id=company, write_off_id=write_off).order_by("-place").first()
    )
    return (newest.place, newest.kind, newest.entry) if newest else (0, PROPOSED, None)


def proposed_of(*, company: int, item: int) -> int:
    """What of an item is proposed to be given up and not decided, in minor units."""
    return number(
        """select coalesce(sum(w.amount_minor), 0)::bigint from receivables_writeoff w
           where w.company_id = %(company)s and w.item_id = %(item)s and not exists (
               select from receivables_writeoffstep d where d.company_id = w.company_id and d.write_off_id = w.id
           )""",
        company=company,
        item=item,
    )


def proposals_held_by(*, company: int, holds: Iterable[int]) -> list[int]:
    """The proposals, not decided, that these holds keep from being reminded of."""
    found = rows(
        """select w.id from receivables_writeoff w
           where w.company_id = %(company)s and w.hold_id = any(%(holds)s::bigint[]) and not exists (
               select from receivables_writeoffstep d where d.company_id = w.company_id and d.write_off_id = w.id
           ) order by w.id""",
        company=company,
        holds=list(holds),
    )
    return [row["id"] for row in found]


def limit_of(*, company: int) -> int:
    """Up to which sum one person decides alone, in minor units of the company's currency; 0 before anybody chose."""
    newest = WriteOffLimit.objects.filter(company_id=company).order_by("-id").first()
    return newest.minor if newest else 0


@dataclass(frozen=True, slots=True)
class ChosenLimit:
    """A limit that was chosen, by whom and when."""

    minor: int
    chosen_at: datetime
    chosen_by: str


def limits(*, company: int, most: int = 10) -> list[ChosenLimit]:
    """The newest limits, the newest in front."""
    found = WriteOffLimit.objects.filter(company_id=company).order_by("-id")[:most]
    return [ChosenLimit(one.minor, one.chosen_at, one.chosen_by_label) for one in found]


def _params(filters: WriteOffFilters, scope: Scope) -> dict[str, Any]:
    return {
        "state": filters.state,
        "ground": filters.ground,
        "customer": filters.customer,
        "item": filters.item,
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "scope": scope.array,
    }


def _conditions(filters: WriteOffFilters, scope: Scope) -> Iterator[str]:
    yield "w.company_id = current_setting('app.company')::bigint"
    conditions = {
        f"{_STATE} = %(state)s": filters.state,
        "w.ground = %(ground)s": filters.ground,
        "w.customer_id = %(customer)s": filters.customer is not None,
        "w.item_id = %(item)s": filters.item is not None,
        _FOUND: filters.text.strip(),
        "u.salesperson_id = any(%(scope)s)": scope.is_narrow,
    }
    yield from (condition for condition, wanted in conditions.items() if wanted)
