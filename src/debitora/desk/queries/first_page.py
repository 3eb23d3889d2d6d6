"""What "Today" shows: figures of several rooms, each with the list behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from debitora.cash.queries.review import lines_waiting
from debitora.disputes.queries.cases import answered_cases, overdue_cases, ownerless_cases
from debitora.disputes.queries.inbox import mails_waiting
from debitora.documents.queries import sources
from debitora.dunning.models import Run
from debitora.dunning.queries.calls import calls_due
from debitora.dunning.queries.limitation import lapsing_with
from debitora.dunning.queries.notices import waiting_for_recipient
from debitora.dunning.queries.rates import ending
from debitora.dunning.queries.rhythm import waiting_follow_up
from debitora.dunning.queries.runs import newest_run
from debitora.dunning.queries.sales_list import questions_waiting
from debitora.dunning.rules.limitation import ALARM_FROM_MONTH
from debitora.engine.aging import Bands
from debitora.exchange.queries import ImportRow, imports_at_hand
from debitora.messaging.queries import Missing, delivery_counts, missing_before_sending
from debitora.people.models import Company
from debitora.people.queries import away
from debitora.people.rules import stood_for
from debitora.receivables.models import Customer
from debitora.receivables.queries import HoldRow, Sum, aging, holds_about_to_end, items_sums
from debitora.receivables.queries.write_offs import write_offs_waiting
from debitora.receivables.rules.items import ItemFilters, Scope, State

NEWS: Final = timedelta(days=1)
"""For so long a list that was applied stays on the first page: whoever left its progress sees how it ended."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open in one currency, credits set off, what of its debits is overdue, and its bands. Minor units."""

    currency: str
    open_minor: int
    overdue_minor: int
    overdue_items: int
    bands: Bands


@dataclass(frozen=True, slots=True)
class Today:
    """Everything on the first page. What the role may not see is empty."""

    standings: tuple[Standing, ...]
    run: Run | None
    imports: tuple[ImportRow, ...]
    holds: tuple[HoldRow, ...]
    deliveries: dict[str, int]
    bank_lines: int
    missing: tuple[Missing, ...]
    without_recipient: int
    calls: int
    asked_of_sales: int
    """Customers whose next notice waits for a word of sales."""
    lapsing: int
    """Open claims that lapse with the year, from the month on in which that is told."""
    ending_rates: tuple[str, ...]
    """Tables of reference rates that a strategy claims interest by and that end soon, or have ended."""
    overdue_cases: int
    """Cases that wait for the person's answer longer than they should."""
    ownerless_cases: int
    """Cases that wait for an answer of nobody who is still there."""
    answered_cases: int
    """Cases that were answered and wait to be closed."""
    mails: int
    """Mails that wait in the inbox."""
    write_offs: int
    """Proposals of others to write something off that wait for the person's decision."""
    stood_for: tuple[int, ...]
    """For whom the person answers today, beside herself."""
    has_list: bool
    has_run: bool
    follow_up: Run | None
    """The follow-up that waits for approval."""


def today(
    *,
    company: Company,
    person: int,
    on: date,
    at: datetime,
    scope: Scope,
    office: bool,
    approves: bool = False,
    clarifies: bool = False,
) -> Today:
    """The first page's figures as of now, `at`, for a user by id. `office`: imports, runs and deliveries are shown as well;
    `approves`: and write-offs that wait for her; `clarifies`: and cases and mails that do."""
    overdue = {
        one.currency: one for one in items_sums(filters=ItemFilters(state=State.OVERDUE), on=on, scope=scope)
    }
    found = [
        _standing(currency, bands, overdue.get(currency))
        for currency, bands in aging(on=on, scope=scope).items()
    ]
    standings = tuple(sorted(found, key=lambda one: (one.currency != company.currency, one.currency)))
    for_whom = stood_for(person, away(on=on))
    run = newest_run() if office else None
    counts = delivery_counts() if office else {}
    return Today(
        standings=standings,
        run=run,
        imports=tuple(imports_at_hand(since=at - NEWS)) if office else (),
        holds=tuple(holds_about_to_end(on=on, days=7, scope=scope, most=8)),
        deliveries={
            state: counts[state]
            for state in ("uncertain", "returned", "refused_perm", "stopped", "queued")
            if counts.get(state)
        },
        bank_lines=lines_waiting() if office else 0,
        missing=tuple(missing_before_sending(company=company.id)) if office else (),
        without_recipient=len(waiting_for_recipient()) if office else 0,
        calls=calls_due(scope=scope),
        asked_of_sales=questions_waiting(on=on, scope=scope),
        lapsing=_lapsing(company, on, scope),
        ending_rates=tuple(ending(on=on)) if office else (),
        overdue_cases=overdue_cases(users=[person, *for_whom], on=on, scope=scope),
        ownerless_cases=ownerless_cases() if office else 0,
        answered_cases=answered_cases() if clarifies else 0,
        mails=mails_waiting() if clarifies else 0,
        write_offs=write_offs_waiting(user=person) if approves else 0,
        stood_for=for_whom,
        has_list=bool(standings) or bool(sources(kind="items")),
        has_run=run is not None,
        follow_up=waiting_follow_up() if office else None,
    )


def _lapsing(company: Company, on: date, scope: Scope) -> int:
    if on.month < ALARM_FROM_MONTH:
        return 0
    return lapsing_with(company=company, year=on.year, scope=scope)


def _standing(currency: str, bands: Bands, overdue: Sum | None) -> Standing:
    return Standing(
        currency, bands.total, overdue.open_minor if overdue else 0, overdue.items if overdue else 0, bands
    )


def customer_names(*, customers: Iterable[int]) -> dict[int, str]:
    """What customers are called: id -> name."""
    found = Customer.objects.filter(id__in=set(customers))
    return dict(found.values_list("id", "party__name"))
