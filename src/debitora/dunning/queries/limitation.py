"""The limitation radar: open debits by the year in which they lapse, and the steps that their strategies have left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from debitora.dunning.queries.assignments import assignments, strategies_of
from debitora.dunning.queries.strategies import in_use
from debitora.dunning.rules.limitation import (
    LimitationLaw,
    StepLeft,
    arisen_in,
    arose_on,
    lapses_on,
    limitation_law,
    safe_until,
    steps_left,
)
from debitora.kit.pg.bulk import rows
from debitora.people.models import Company
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import currencies, exponent
from debitora.values.numbers import number_key

_SQL: Final = Path(__file__).parent.parent / "sql" / "reading" / "lapsing.sql"
_AROSE: Final = "s.arose_on"
"""As rules.limitation.arose_on, kept with the item's state."""


@dataclass(frozen=True, slots=True)
class LapsingFilters:
    """What narrows the radar. `year`: claims that lapse with it, or that arose in it where the law is not known.

    `least`: whole units of the item's currency that are open at least; `country` is the customer's (ISO 3166).
    """

    year: int | None = None
    country: str = ""
    least: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """An open debit as the ledger and its customer have it. `open_minor` is in minor units of `currency`."""

    item: int
    number: str
    position: str
    customer: int
    customer_number: str
    customer_name: str
    country: str
    kind: str
    currency: str
    open_minor: int
    issued_on: date | None
    due_on: date
    level: int
    last_reminded_on: date | None

    @property
    def arose_on(self) -> date:
        """The day on which it counts as arisen."""
        return arose_on(issued_on=self.issued_on, due_on=self.due_on)


@dataclass(frozen=True, slots=True)
class LapsingRow:
    """A claim with its days: both None where the law is not known here. `steps`: what its strategy has left from today on.

    `afterwards`: what the strategy proposes then, a value of AfterLastStep.
    """

    claim: Claim
    lapses_on: date | None
    safe_until: date | None
    steps: tuple[StepLeft, ...]
    has_strategy: bool
    afterwards: str


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What lapses with a year (or arose in it, where the law is not known) in one currency. Minor units."""

    year: int
    currency: str
    items: int
    open_minor: int


LAPSING_SORTS: Final = {
    "lapses": SortKey(_AROSE, "date", "s.item_id"),
    "arose": SortKey(_AROSE, "date", "s.item_id"),
    "amount": SortKey("s.open_minor", "bigint", "s.item_id"),
    "due": SortKey("s.due_on", "date", "s.item_id"),
    "number": SortKey("i.number_key", "text", "s.item_id"),
    "customer": SortKey("p.name", "text", "s.item_id"),
}
"""Words to sort the radar by; "-" in front turns the order round."""


def law_of(company: Company) -> LimitationLaw | None:
    """The limitation that applies to the company's claims, where nothing else was agreed; None = not known here."""
    return limitation_law(company.country)


def lapsing_page(
    *,
    company: Company,
    filters: LapsingFilters,
    on: date,
    sort: str = "lapses",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[LapsingRow]:
    """A page of the radar. Raises SortUnknown and CursorUnreadable."""
    found = page(
        _statement(),
        list(_conditions(filters, scope)),
        _params(company, filters, scope),
        Claim,
        keys=LAPSING_SORTS,
        sort=sort,
        after=after,
        size=size,
    )
    return Page(tuple(_told(company, found.rows, on)), found.next, found.previous)


def years_lapsing(*, company: Company, filters: LapsingFilters, scope: Scope = EVERYTHING) -> list[YearTotal]:
    """What the filters find by year and currency, the earliest year first.

    From the kept sums where at most a year is asked for; claim by claim else.
    """
    params = _params(company, filters, scope)
    kept = filters == LapsingFilters(year=filters.year) and scope == EVERYTHING
    found = rows(_KEPT_YEARS if kept else _counted_years(filters, scope), **params)
    return [YearTotal(**{**row, "open_minor": int(row["open_minor"])}) for row in found]


_KEPT_YEARS: Final = """
select o.arose_in + %(years)s as year, o.currency, sum(o.items)::bigint as items, sum(o.minor)::numeric(38) as open_minor
from receivables_opensum o
where o.company_id = current_setting('app.company')::bigint and not o.credit
  and (%(arose)s::int is null or o.arose_in = %(arose)s)
group by 1, 2 having sum(o.items) <> 0 order by 1, 2"""


_UNNAMED: Final = """receivables_itemstate s
join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id"""


def _counted_years(filters: LapsingFilters, scope: Scope) -> str:
    named = filters.country or filters.text.strip()
    tail = (
        _statement().split("\nfrom ", 1)[1] if named else _UNNAMED
    )  # the statement is made of the words above, never of input
    return f"""select extract(year from {_AROSE})::int + %(years)s as year, s.currency, count(*) as items,
                      sum(s.open_minor)::numeric(38) as open_minor
               from {tail} where {" and ".join(_conditions(filters, scope))} group by 1, 2 order by 1, 2"""  # noqa: S608


def lapsing_with(*, company: Company, year: int, scope: Scope = EVERYTHING) -> int:
    """How many open claims lapse at the end of the year; 0 where the law is not known here. For the first page, so along an index."""
    law = law_of(company)
    if law is None:
        return 0
    arose = arisen_in(law, year)
    found = rows(
        """select count(*) as items
           from receivables_itemstate s
           join receivables_customer c on c.company_id = s.company_id and c.id = s.customer_id
           where s.open_minor > 0 and s.arose_on between %(first)s and %(until)s
             and (%(scope)s::bigint[] is null or c.salesperson_id = any(%(scope)s))""",
        first=date(arose, 1, 1),
        until=date(arose, 12, 31),
        scope=scope.array,
    )
    return int(found[0]["items"])


def countries_open() -> list[str]:
    """The countries of customers, the company's own where one is not known: each found by a step along their index."""
    found = rows(
        """with recursive known as (
               (select country from receivables_party
                where company_id = current_setting('app.company')::bigint order by country limit 1)
               union all
               select (select p.country from receivables_party p
                       where p.company_id = current_setting('app.company')::bigint and p.country > k.country
                       order by p.country limit 1)
               from known k where k.country is not null
           )
           select distinct coalesce(nullif(k.country, ''), o.country) as country
           from known k
           join people_company o on o.id = current_setting('app.company')::bigint
           where k.country is not null order by 1"""
    )
    return [row["country"] for row in found]


def _told(company: Company, claims: Sequence[Claim], on: date) -> Iterator[LapsingRow]:
    """The claims with the days that follow from the law, and the steps from their customers' strategies of now."""
    law, given = law_of(company), _strategies(claims)
    policies = {strategy: policy for strategy, (_version, policy) in in_use(given.values()).items()}
    for claim in claims:
        lapses = lapses_on(law, claim.arose_on) if law else None
        policy = policies.get(given.get(claim.customer, 0))
        left = policy and steps_left(
            policy,
            level=claim.level,
            due_on=claim.due_on,
            last_reminded_on=claim.last_reminded_on,
            on=on,
        )
        yield LapsingRow(
            claim=claim,
            lapses_on=lapses,
            safe_until=safe_until(lapses, company.country, company.subdivision) if lapses else None,
            steps=tuple(left or ()),
            has_strategy=policy is not None,
            afterwards=policy.after_last_step.value if policy else "",
        )


def _strategies(claims: Sequence[Claim]) -> dict[int, int]:
    """Customer -> strategy; who has none is absent."""
    kinds = {claim.customer: claim.kind for claim in claims}
    if not kinds:
        return {}
    customers = pl.DataFrame(
        {"customer_id": list(kinds), "kind": list(kinds.values())},
        schema={"customer_id": pl.Int64, "kind": pl.String},
    )
    given = strategies_of(customers, assignments())
    found = zip(given["customer_id"].to_list(), given["strategy_id"].to_list(), strict=True)
    return {customer: strategy for customer, strategy in found if strategy is not None}


def _params(company: Company, filters: LapsingFilters, scope: Scope) -> dict[str, Any]:
    law, codes = law_of(company), sorted(currencies())
    years = law.years if law else 0
    arose = filters.year - years if filters.year is not None else None
    return {
        "years": years,
        "arose": arose,
        "first": date(arose, 1, 1) if arose else None,
        "until": date(arose, 12, 31) if arose else None,
        "country": filters.country,
        "codes": codes,
        "leasts": [(filters.least or 0) * 10 ** exponent(code) for code in codes],
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "scope": scope.array,
    }


def _conditions(filters: LapsingFilters, scope: Scope) -> Iterator[str]:
    yield "s.company_id = current_setting('app.company')::bigint"
    yield "s.open_minor <> 0 and s.open_minor > 0"
    conditions = {
        f"{_AROSE} between %(first)s and %(until)s": filters.year is not None,
        "coalesce(nullif(p.country, ''), o.country) = %(country)s": filters.country,
        _LARGE: filters.least,
        _FOUND: filters.text.strip(),
        "c.salesperson_id = any(%(scope)s)": scope.is_narrow,
    }
    yield from (condition for condition, wanted in conditions.items() if wanted)


_LARGE: Final = """s.open_minor >= (
    select bound.minor from unnest(%(codes)s::text[], %(leasts)s::bigint[]) as bound (code, minor)
    where bound.code = s.currency
)"""
_FOUND: Final = """(s.customer_id in (select receivables_find_customers(%(key)s, %(name)s))
    or (%(key)s <> '' and i.number_key >= %(key)s and i.number_key < %(key)s || chr(1114111)))"""


@cache
def _statement() -> str:
    return _SQL.read_text("utf-8").rstrip()
