"""Segment messages: whom a query finds, who would get one, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.http import QueryDict

from debitora.kit.pg.bulk import rows
from debitora.messaging.models import Segment, SegmentReceiver, SegmentText
from debitora.messaging.queries.deliveries import touches
from debitora.messaging.queries.edge import suppressed_among
from debitora.messaging.queries.optouts import declined_among
from debitora.messaging.rules.segments import Receiver, Wording, outcome_for
from debitora.people.models import Company
from debitora.receivables.queries import customers_page
from debitora.receivables.queries.customer_query import customer_filters

_PAGE = 1_000
_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would become of a segment message now: outcome -> how many, and languages -> how many of those who get it."""

    outcomes: Mapping[str, int]
    languages: Mapping[str, int]
    first: tuple[Receiver, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How it stands: outcome -> how many receivers, and state -> how many of the mails that were queued."""

    outcomes: Mapping[str, int]
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """All who were chosen."""
        return sum(self.outcomes.values())

    @property
    def waiting(self) -> int:
        """Those whose message is not made yet."""
        return self.outcomes.get("waiting", 0)


def segments_to_make() -> list[int]:
    """Those that have started and are not made to their end."""
    return list(Segment.objects.filter(state="sending").order_by("id").values_list("id", flat=True))


def texts_of(*, segment: int) -> dict[str, Wording]:
    """What it says, by language."""
    found = SegmentText.objects.filter(segment_id=segment).order_by("language")
    return {one.language: Wording(one.subject, one.body) for one in found}


def customers_found(*, company: Company, query: str, on: date) -> Iterator[int]:
    """The customers that a query of their list finds now, by number."""
    after: str | None = None
    filters = customer_filters(QueryDict(query))
    while True:
        found = customers_page(
            filters=filters, on=on, currency=company.currency, sort="number", after=after, size=_PAGE
        )
        yield from (row.customer for row in found.rows)
        after = found.next
        if not after:
            return


def receivers(*, customers: Iterable[int]) -> list[Receiver]:
    """The customers as a message needs them, by id."""
    found = rows(
        """select c.id as customer, p.id as party, c.number, p.name, p.email, c.language, c.parked_at is not null as parked
           from receivables_customer c join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
           where c.id = any(%(customers)s) order by c.id""",
        customers=list(customers),
    )
    return [Receiver(**row) for row in found]


def contacted_since(*, company: Company, on: date, days: int) -> frozenset[int]:
    """Who was contacted within so many days before a day, by mail, letter or telephone; nobody for no days."""
    if not days:
        return frozenset()
    found = touches(since=on - timedelta(days=days - 1), time_zone=company.time_zone)
    return frozenset(customer for customer, _day in found)


def forecast(*, company: Company, segment: Segment, on: date) -> Forecast:
    """What would become of it for each customer whom its query finds now."""
    texts = texts_of(segment=segment.id)
    chosen = receivers(customers=customers_found(company=company, query=segment.query, on=on))
    dead = suppressed_among({one.email for one in chosen if one.email})
    declined = (
        declined_among({one.email for one in chosen if one.email})
        if segment.purpose == "optional"
        else frozenset()
    )
    contacted = contacted_since(company=company, on=on, days=segment.quiet_days)
    outcomes: dict[str, int] = {}
    languages: dict[str, int] = {}
    first: list[Receiver] = []
    for one in chosen:
        outcome = outcome_for(one, dead=dead, declined=declined, contacted=contacted, languages=texts)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        first += [one] if one.email and len(first) < _EXAMPLES else []
        if outcome in ("queued", "no_text"):
            language = one.language or company.language
            languages[language] = languages.get(language, 0) + 1
    return Forecast(outcomes, languages, tuple(first))


def result_of(*, segment: int) -> Result:
    """How a segment message that was started stands."""
    found = SegmentReceiver.objects.filter(segment_id=segment)
    outcomes = found.values_list("outcome").annotate(many=Count("id")).order_by("outcome")
    states = (
        found.exclude(intent=None)
        .values_list("intent__state")
        .annotate(many=Count("id"))
        .order_by("intent__state")
    )
    return Result(dict(outcomes), dict(states))
