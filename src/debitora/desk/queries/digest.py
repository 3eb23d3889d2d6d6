"""What digests tell, read for many people at once: sums, what became overdue, the largest customers, cases that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from debitora.kit.pg.bulk import rows
from debitora.receivables.queries import items_sums
from debitora.receivables.rules.items import ItemFilters, State

MOST: Final = 5
"""So many customers of a currency, and so many cases, stand in a digest."""
FRESH: Final = timedelta(days=8)
"""So far back a digest tells what became overdue."""
_READING: Final = Path(__file__).parent.parent / "sql" / "reading"


@dataclass(frozen=True, slots=True)
class Total:
    """What is open and what of it is overdue in one currency, in minor units, and how many items are overdue."""

    currency: str
    open_minor: int
    overdue_minor: int
    overdue_items: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """Items of one due day and currency that have become overdue."""

    currency: str
    due_on: date
    minor: int
    items: int


@dataclass(frozen=True, slots=True)
class Owing:
    """A customer with what is overdue of hers in one currency, the oldest since `due_on`."""

    currency: str
    customer: int
    name: str
    minor: int
    items: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for the person; `cases` are all that do, `late` those whose day has passed."""

    case: int
    name: str
    currency: str
    minor: int
    due_on: date
    cases: int
    late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums, what became overdue, and who owes most: of the whole company, or with one person's customers."""

    totals: tuple[Total, ...] = ()
    fresh: tuple[Fresh, ...] = ()
    owing: tuple[Owing, ...] = ()


def company_figures(*, on: date) -> Figures:
    """Those of the whole company that is served, from its kept sums where there are any."""
    overdue = {one.currency: one for one in items_sums(filters=ItemFilters(state=State.OVERDUE), on=on)}
    totals = [
        Total(
            one.currency,
            one.open_minor,
            overdue[one.currency].open_minor if one.currency in overdue else 0,
            overdue[one.currency].items if one.currency in overdue else 0,
        )
        for one in items_sums(filters=ItemFilters(state=State.OPEN), on=on)
    ]
    fresh = _read("digest_fresh", on, None, since=on - FRESH)
    owing = _read("digest_customers", on, None, most=MOST)
    return Figures(
        tuple(totals), tuple(_fresh(one) for one in fresh[0]), tuple(_owing(one) for one in owing[0])
    )


def figures_of(*, people: Sequence[int], on: date) -> Mapping[int, Figures]:
    """Those with the customers of each of these people; who has no customer with anything open is absent."""
    totals = _read("digest_sums", on, people)
    fresh = _read("digest_fresh", on, people, since=on - FRESH)
    owing = _read("digest_customers", on, people, most=MOST)
    return {
        person: Figures(
            tuple(_total(one) for one in totals[person]),
            tuple(_fresh(one) for one in fresh[person]),
            tuple(_owing(one) for one in owing[person]),
        )
        for person in sorted(totals)
    }


def waiting_for(
    *, people: Sequence[int], narrowed: Iterable[int], on: date
) -> Mapping[int, tuple[Waiting, ...]]:
    """The most urgent cases of each; `narrowed` are those of them who see only their own customers."""
    found = _read("digest_cases", on, people, narrowed=list(narrowed), most=MOST)
    return {
        person: tuple(
            Waiting(
                one["case"],
                one["name"],
                one["currency"],
                one["minor"],
                one["due_on"],
                one["cases"],
                one["late"],
            )
            for one in cases
        )
        for person, cases in found.items()
    }


def _read(
    name: str, on: date, people: Sequence[int] | None, **params: Any
) -> defaultdict[int, list[dict[str, Any]]]:
    asked = None if people is None else list(people)
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(_statement(name), on=on, people=asked, **params):
        found[row["person"]].append(row)
    return found


def _total(row: Mapping[str, Any]) -> Total:
    return Total(row["currency"], int(row["open_minor"]), int(row["overdue_minor"]), row["overdue_items"])


def _fresh(row: Mapping[str, Any]) -> Fresh:
    return Fresh(row["currency"], row["due_on"], int(row["minor"]), row["items"])


def _owing(row: Mapping[str, Any]) -> Owing:
    return Owing(
        row["currency"], row["customer"], row["name"], int(row["minor"]), row["items"], row["due_on"]
    )


@cache
def _statement(name: str) -> str:
    return (_READING / f"{name}.sql").read_text("utf-8")
