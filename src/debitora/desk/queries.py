"""What "Today" shows: figures of several rooms, each with the list behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from debitora.documents.queries import sources
from debitora.dunning.models import Run
from debitora.dunning.queries.notices import waiting_for_recipient
from debitora.dunning.queries.runs import newest_run
from debitora.engine.aging import Bands
from debitora.exchange.queries import ImportRow, imports
from debitora.messaging.queries import Missing, delivery_counts, missing_before_sending
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.receivables.queries import HoldRow, aging, holds_about_to_end
from debitora.receivables.rules.items import Scope


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open and overdue in one currency, in minor units, and its bands."""

    currency: str
    open_minor: int
    overdue_minor: int
    bands: Bands


@dataclass(frozen=True, slots=True)
class Today:
    """Everything on the first page. What the role may not see is empty."""

    standings: tuple[Standing, ...]
    run: Run | None
    imports: tuple[ImportRow, ...]
    holds: tuple[HoldRow, ...]
    deliveries: dict[str, int]
    missing: tuple[Missing, ...]
    without_recipient: int
    has_list: bool
    has_run: bool


def today(*, company: Company, on: date, scope: Scope, office: bool) -> Today:
    """The first page's figures as of now. `office`: imports, runs and deliveries are shown as well."""
    standings = tuple(_standing(currency, bands) for currency, bands in aging(on=on, scope=scope).items())
    run = newest_run() if office else None
    counts = delivery_counts() if office else {}
    return Today(
        standings=standings,
        run=run,
        imports=tuple(imports(group="waiting", most=5)[:5]) if office else (),
        holds=tuple(holds_about_to_end(on=on, days=7, scope=scope, most=8)),
        deliveries={
            state: counts[state]
            for state in ("uncertain", "refused_perm", "stopped", "queued")
            if counts.get(state)
        },
        missing=tuple(missing_before_sending(company=company.id)) if office else (),
        without_recipient=len(waiting_for_recipient()) if office else 0,
        has_list=bool(standings) or bool(sources(kind="items")),
        has_run=run is not None,
    )


def _standing(currency: str, bands: Bands) -> Standing:
    overdue = bands.d1_30 + bands.d31_60 + bands.d61_90 + bands.d90_plus
    return Standing(currency, bands.total, overdue, bands)


def customer_names(*, customers: Iterable[int]) -> dict[int, str]:
    """What customers are called: id -> name."""
    found = Customer.objects.filter(id__in=set(customers))
    return dict(found.values_list("id", "party__name"))
