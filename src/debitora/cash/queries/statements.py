"""Statements as pages show them, a page at a time, and how one of them stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from debitora.cash.models import Statement
from debitora.cash.queries.fitting import span_of, stretch_of
from debitora.cash.rules.places import between
from debitora.kit.pg.bulk import number
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class StatementFilters:
    """What narrows the list of statements; "" and None narrow nothing. text: a part of the number."""

    account: int | None = None
    state: str = ""
    held_for: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as its list shows it. begins, ends: the days of its balances, or of its lines where it has none."""

    id: int
    account: int
    account_number: str
    account_name: str
    currency: str
    number: str
    begins: date | None
    ends: date | None
    opening: Money | None
    closing: Money | None
    lines: int
    new: int
    state: str
    held_for: str
    missing: Money


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Some statements, and where the next page begins."""

    rows: list[StatementRow]
    next: str | None


STATEMENT_SORTS: Final = {
    "day": SortKey("coalesce(st.closed_on, st.last_on, st.opened_on, '0001-01-01'::date)", "date", "st.id"),
    "account": SortKey("coalesce(nullif(a.name, ''), a.account)", "text", "st.id"),
    "number": SortKey("st.number", "text", "st.id"),
    "lines": SortKey("st.line_count", "bigint", "st.id"),
    "closing": SortKey("coalesce(st.closing_minor, 0)", "bigint", "st.id"),
}
"""Words to sort statements by; "-" in front turns the order round."""
_FOUND: Final = """select st.id
from cash_statement st
join cash_bankaccount a on a.company_id = st.company_id and a.id = st.account_id"""


@dataclass(frozen=True, slots=True)
class _Key:
    id: int


def waiting_statements() -> int:
    """How many statements wait for a person, or for the one that is missing before them."""
    return number("select count(*) from cash_statement where state = 'held'")


def statement_by_id(*, statement: int) -> Statement | None:
    """The statement with its account and file; None if it is not there."""
    found = Statement.objects.select_related("account", "file__upload__blob")
    return found.filter(id=statement).first()


def statements_page(
    *, filters: StatementFilters, sort: str = "-day", after: str | None = None, size: int
) -> StatementPage:
    """A page of statements, newest closing first. `after` is the `next` of the page before. Raises SortUnknown and CursorUnreadable."""
    where = ["st.company_id = current_setting('app.company')::bigint", *_conditions(filters)]
    params = {
        "account": filters.account,
        "state": filters.state,
        "held_for": filters.held_for,
        "pattern": f"%{as_pattern(filters.text)}%",
    }
    found = page(_FOUND, where, params, _Key, keys=STATEMENT_SORTS, sort=sort, after=after, size=size)
    shown = Statement.objects.select_related("account").in_bulk([one.id for one in found.rows])
    return StatementPage([statement_row(shown[one.id]) for one in found.rows], found.next)


def _conditions(filters: StatementFilters) -> Iterator[str]:
    if filters.account is not None:
        yield "st.account_id = %(account)s"
    if filters.state:
        yield "st.state = %(state)s"
    if filters.held_for:
        yield "st.held_for = %(held_for)s"
    if filters.text:
        yield "st.number ilike %(pattern)s"


def statement_row(statement: Statement) -> StatementRow:
    """The statement as lists show it; its account is read with it."""
    account = statement.account
    return StatementRow(
        id=statement.id,
        account=account.id,
        account_number=account.account,
        account_name=account.name,
        currency=account.currency,
        number=statement.number,
        begins=statement.opened_on or statement.first_on,
        ends=statement.closed_on or statement.last_on,
        opening=_money(statement.opening_minor, account.currency),
        closing=_money(statement.closing_minor, account.currency),
        lines=statement.line_count,
        new=statement.new_count,
        state=statement.state,
        held_for=statement.held_for,
        missing=Money(statement.missing_minor, account.currency),
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


@dataclass(frozen=True, slots=True)
class Apart:
    """A balance of a waiting statement that is not what it should be. at: `opening` or `closing`."""

    at: str
    expected: Money
    found: Money


def apart(*, statement: Statement) -> Apart | None:
    """The balance for which a statement waits, beside the one that would fit; None where no single balance is wrong.

    The closing does not fit the statement's own lines, or the opening the account's closing before; of a statement that
    lies before what is known, the closing does not fit the account's opening.
    """
    opening, closing, currency = statement.opening_minor, statement.closing_minor, statement.account.currency
    if opening is None or closing is None:
        return None
    if statement.held_for == "difference":
        return Apart("closing", Money(opening + statement.moved_minor, currency), Money(closing, currency))
    known, told = span_of(statement.account), stretch_of(statement)
    if statement.held_for != "gap" or known is None or told is None or between(known, told) is None:
        return None
    if (told.opened_on, told.closed_on) < (known.opened_on, known.closed_on):
        return Apart("closing", Money(closing + statement.missing_minor, currency), Money(closing, currency))
    return Apart("opening", Money(opening - statement.missing_minor, currency), Money(opening, currency))


def days_missing(*, statement: Statement) -> tuple[date, date] | None:
    """Between which days the money is missing that holds the statement; None where it is within its own days."""
    known = span_of(statement.account)
    told = stretch_of(statement)
    return between(known, told) if known and told else None
