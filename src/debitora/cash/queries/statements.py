"""Statements as pages show them, a page at a time, and how one of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from debitora.cash.models import Statement
from debitora.cash.queries.fitting import span_of, stretch_of
from debitora.cash.rules.places import between, place_of, placed
from debitora.kit.pg.bulk import number
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


def waiting_statements() -> int:
    """How many statements wait for a person, or for the one that is missing before them."""
    return number("select count(*) from cash_statement where state = 'held'")


def statement_by_id(*, statement: int) -> Statement | None:
    """The statement with its account and file; None if it is not there."""
    found = Statement.objects.select_related("account", "file__upload__blob")
    return found.filter(id=statement).first()


def statements_page(*, filters: StatementFilters, after: str | None = None, size: int) -> StatementPage:
    """Statements, newest closing first. `after` is the `next` of the page before; one that says nothing shows the first page."""
    day = Coalesce("closed_on", "last_on", "opened_on", Value(date.min))
    found = _narrowed(filters).annotate(day=day).order_by("-day", "-id")
    if place := placed(after):
        found = found.filter(Q(day__lt=place[0]) | Q(day=place[0], id__lt=place[1]))
    some = list(found[: size + 1])
    shown = some[:size]
    more = place_of(vars(shown[-1])["day"], shown[-1].id) if len(some) > size else None
    return StatementPage([statement_row(one) for one in shown], more)


def _narrowed(filters: StatementFilters) -> QuerySet[Statement]:
    found = Statement.objects.select_related("account")
    if filters.account is not None:
        found = found.filter(account=filters.account)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.held_for:
        found = found.filter(held_for=filters.held_for)
    if filters.text:
        found = found.filter(number__icontains=filters.text)
    return found


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
