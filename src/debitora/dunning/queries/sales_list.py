"""What sales is asked now: the list of questions, one of them with its items, and how many wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from debitora.dunning.models import SalesAnswer
from debitora.kit.pg.bulk import rows
from debitora.people.queries import away
from debitora.people.rules import answering
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import Money
from debitora.values.numbers import number_key

_SQL: Final = Path(__file__).parent.parent / "sql" / "reading"
WAITING: Final = ("open", "late")
"""States in which somebody's word is wanted: before the last day, and after it where silence releases nothing."""


@dataclass(frozen=True, slots=True)
class QuestionFilters:
    """What narrows the list. `state`: waiting, answered, silent (released by silence), held or all; `today`: the last day
    has come; `salesperson` a user's id."""

    state: str = "waiting"
    level: int | None = None
    salesperson: int | None = None
    today: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question as the list shows it. What is open is open now, in minor units of its largest currency.

    `state`: open, late, released, stopped, silent or held. `answer` is the id of the answer that stands, 0 if there is none.
    """

    question: int
    run: int
    level: int
    text: str
    asked_on: date
    until_on: date
    silence: str
    customer: int
    customer_number: str
    customer_name: str
    phone: str
    salesperson_id: int | None
    salesperson: str
    items: int
    due_on: date
    currency: str
    open_minor: int
    currencies: int
    state: str
    answer: int
    answered: str
    reason: str
    stopped_until_on: date | None
    answered_on: date | None
    answered_by: str

    @property
    def open(self) -> Money:
        """What is open in the largest currency."""
        return Money(self.open_minor, self.currency)

    @property
    def waits(self) -> bool:
        """Whether somebody's word is wanted."""
        return self.state in WAITING


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item that a question is about and that is still open."""

    item: int
    number: str
    due_on: date
    open_minor: int
    currency: str
    level: int

    @property
    def open(self) -> Money:
        """What is open of it."""
        return Money(self.open_minor, self.currency)


QUESTION_SORTS: Final = {
    "until": SortKey("q.until_on", "date", "q.id"),
    "sum": SortKey("owed.open_minor", "bigint", "q.id"),
    "customer": SortKey("p.name", "text", "q.id"),
    "due": SortKey("owed.due_on", "date", "q.id"),
    "level": SortKey("q.level", "smallint", "q.id"),
    "salesperson": SortKey("coalesce(nullif(u.name, ''), u.login, '')", "text", "q.id"),
    "asked": SortKey("q.id", "bigint", "q.id"),
}
"""Words to sort the list by; "-" in front turns the order round."""


def questions_page(
    *,
    filters: QuestionFilters,
    on: date,
    sort: str = "until",
    after: str | None = None,
    size: int = 50,
    scope: Scope = EVERYTHING,
) -> Page[QuestionRow]:
    """A page of what sales is asked. Raises SortUnknown and CursorUnreadable."""
    return page(
        _statement(),
        list(_conditions(filters, scope)),
        _params(filters, on, scope),
        QuestionRow,
        keys=QUESTION_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


def question_row(*, question: int, on: date) -> QuestionRow | None:
    """One question as the list shows it; None if it is over."""
    everything = QuestionFilters(state="all")
    found = page(
        _statement(),
        [*_conditions(everything, EVERYTHING), "q.id = %(question)s"],
        {**_params(everything, on, EVERYTHING), "question": question},
        QuestionRow,
        keys=QUESTION_SORTS,
        sort="asked",
        after=None,
        size=1,
    )
    return next(iter(found.rows), None)


def asked_items(*, question: int) -> list[AskedItem]:
    """The items of a question that are open and were not reminded of since, those due longest in front."""
    found = rows(
        """select s.item_id as item, i.number, s.due_on, s.open_minor, s.currency, s.level
           from dunning_salesquestion q
           join receivables_itemstate s on s.company_id = q.company_id and s.item_id = any(q.items)
           join receivables_item i on i.company_id = s.company_id and i.id = s.item_id
           where q.company_id = current_setting('app.company')::bigint and q.id = %(question)s and s.open_minor > 0
             and (s.last_reminded_on is null or s.last_reminded_on < q.asked_on)
           order by s.due_on, s.item_id""",
        question=question,
    )
    return [AskedItem(**row) for row in found]


def answers_of(*, question: int) -> list[SalesAnswer]:
    """Every word about a question, the newest in front."""
    return list(SalesAnswer.objects.filter(question_id=question).select_related("wording").order_by("-place"))


def questions_waiting(*, on: date, scope: Scope = EVERYTHING) -> int:
    """How many questions wait for a word: as many as the list of those waiting holds."""
    return sum(row["waiting"] for row in rows(_waiting(), on=on, scope=scope.array))


def salespeople_asked(*, on: date) -> list[int]:
    """The people whose word is waited for, by user id: salespeople, or who stands in for them on the day."""
    asked = [row["salesperson_id"] for row in rows(_waiting(), on=on, scope=None)]
    gone = away(on=on)
    return sorted({answering(user, gone) for user in asked if user is not None})


def _params(filters: QuestionFilters, on: date, scope: Scope) -> dict[str, Any]:
    return {
        "on": on,
        "states": list(_STATES.get(filters.state, ())),
        "level": filters.level,
        "salesperson": filters.salesperson,
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
        "scope": scope.array,
    }


_STATES: Final = {
    "waiting": WAITING,
    "answered": ("released", "stopped"),
    "silent": ("silent",),
    "held": ("held",),
}


def _conditions(filters: QuestionFilters, scope: Scope) -> Iterator[str]:
    yield "q.company_id = current_setting('app.company')::bigint"
    yield _NEWEST
    yield "owed.items > 0"
    conditions = {
        "st.state = any(%(states)s)": filters.state in _STATES,
        "q.level = %(level)s": filters.level is not None,
        "c.salesperson_id = %(salesperson)s": filters.salesperson is not None,
        "q.until_on <= %(on)s": filters.today,
        _FOUND: filters.text.strip(),
        "c.salesperson_id = any(%(scope)s)": scope.is_narrow,
    }
    yield from (condition for condition, wanted in conditions.items() if wanted)


_NEWEST: Final = """not exists (
    select from dunning_salesquestion later
    where later.company_id = q.company_id and later.customer_id = q.customer_id and later.level = q.level
      and later.place > q.place
)"""
_FOUND: Final = "q.customer_id in (select receivables_find_customers(%(key)s, %(name)s))"


@cache
def _statement() -> str:
    return (_SQL / "sales_questions.sql").read_text("utf-8").rstrip()


@cache
def _waiting() -> str:
    return (_SQL / "sales_waiting.sql").read_text("utf-8").rstrip()
