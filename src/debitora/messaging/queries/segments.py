"""Segment messages: whom a query finds, who would get one, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.http import QueryDict

from debitora.kit.pg.bulk import rows
from debitora.messaging.models import Segment, SegmentReceiver, SegmentText
from debitora.messaging.queries.calls import REACHED
from debitora.messaging.queries.deliveries import TOUCHING
from debitora.messaging.rules.segments import Receiver, Standing, Wording, outcome_of
from debitora.people.models import Company
from debitora.receivables.queries import customers_found
from debitora.receivables.queries.customer_query import customer_filters

_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would become of a segment message now: how many are found, outcome -> how many, and languages -> how many of those who get it."""

    found: int
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


def customers_of(*, company: Company, query: str, on: date) -> list[int]:
    """The customers that a query of their list finds now, by number."""
    return customers_found(filters=customer_filters(QueryDict(query)), on=on, currency=company.currency)


def receivers(*, customers: Iterable[int]) -> list[Receiver]:
    """The customers as a message needs them, by id."""
    found = rows(
        """select c.id as customer, p.id as party, c.number, p.name, p.email, c.language, c.parked_at is not null as parked
           from receivables_customer c join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
           where c.id = any(%(customers)s) order by c.id""",
        customers=list(customers),
    )
    return [Receiver(**row) for row in found]


def contacted_among(*, company: Company, customers: Sequence[int], on: date, days: int) -> frozenset[int]:
    """Who of them was contacted within so many days before a day, by mail, letter or telephone; nobody for no days."""
    if not days:
        return frozenset()
    found = rows(
        f"select t.customer from ({_TOUCHED}) t where t.customer = any(%(customers)s)",  # noqa: S608  # a fragment of ours
        customers=list(customers),
        **_since(company, on, days),
    )
    return frozenset(row["customer"] for row in found)


def forecast(*, company: Company, segment: Segment, on: date) -> Forecast:
    """What would become of it for each customer whom its query finds now.

    Counted where the facts are, by what they say: a hundred thousand customers are some dozen kinds.
    """
    texts = texts_of(segment=segment.id)
    chosen = customers_of(company=company, query=segment.query, on=on)
    outcomes: dict[str, int] = {}
    languages: dict[str, int] = {}
    for many, language, standing in _standings(company, segment, chosen, on):
        outcome = outcome_of(standing, languages=texts)
        outcomes[outcome] = outcomes.get(outcome, 0) + many
        if outcome in ("queued", "no_text"):
            spoken = language or company.language
            languages[spoken] = languages.get(spoken, 0) + many
    return Forecast(len(chosen), outcomes, languages, tuple(_examples(chosen)))


_TOUCHED: Final = """
    select i.customer_id as customer from messaging_intent i
    where i.company_id = %(company)s and i.state = any(%(touching)s) and i.state_at >= %(since)s
    union
    select c.customer_id from messaging_call c
    where c.company_id = %(company)s and c.outcome = any(%(reached)s) and c.called_at >= %(since)s
      and not exists (select from messaging_callundo u where u.company_id = c.company_id and u.call_id = c.id)"""
_STANDINGS: Final = f"""
    select c.language, p.email = '' as no_address, d.recipient is not null as dead_address,
           %(optional)s and n.kind is not null and n.kind = 'given' as opted_out, c.parked_at is not null as parked,
           t.customer is not null as contacted, count(*) as many
    from unnest(%(customers)s::bigint[]) as chosen (id)
    join receivables_customer c on c.company_id = %(company)s and c.id = chosen.id
    join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
    left join (
        select distinct i.recipient from messaging_attempt a
        join messaging_intent i on i.company_id = a.company_id and i.id = a.intent_id
        where a.company_id = %(company)s and a.reason = 'address_is_dead'
    ) d on d.recipient = p.email
    left join (
        select distinct on (o.email) o.email, o.kind from messaging_optout o
        where o.company_id = %(company)s order by o.email, o.place desc
    ) n on n.email = lower(p.email)
    left join ({_TOUCHED}) t on %(days)s > 0 and t.customer = c.id
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6"""  # noqa: S608  # fragments of ours


def _standings(
    company: Company, segment: Segment, chosen: list[int], on: date
) -> Iterator[tuple[int, str, Standing]]:
    """How many customers of a language stand how."""
    found = rows(
        _STANDINGS,
        customers=chosen,
        optional=segment.purpose == "optional",
        days=segment.quiet_days,
        **_since(company, on, segment.quiet_days),
    )
    for row in found:
        many, language = row.pop("many"), row.pop("language")
        yield many, language, Standing(**row)


def _since(company: Company, on: date, days: int) -> dict[str, Any]:
    begun = datetime.combine(on - timedelta(days=max(days, 1) - 1), time.min, ZoneInfo(company.time_zone))
    return {"company": company.id, "since": begun, "touching": list(TOUCHING), "reached": list(REACHED)}


def _examples(chosen: list[int]) -> list[Receiver]:
    """Some of the chosen customers who can be written to, by id."""
    found = rows(
        """select c.id from unnest(%(customers)s::bigint[]) as chosen (id)
           join receivables_customer c on c.company_id = current_setting('app.company')::bigint and c.id = chosen.id
           join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
           where p.email <> '' order by c.id limit %(most)s""",
        customers=chosen,
        most=_EXAMPLES,
    )
    return receivers(customers=[row["id"] for row in found])


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
