"""Lists of messages to many customers, and of those whom one of them was meant for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from debitora.kit.pg.bulk import rows
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.values.numbers import number_key

_OURS: Final = "company_id = current_setting('app.company')::bigint"


@dataclass(frozen=True, slots=True)
class SegmentFilters:
    """What narrows the list of messages: a state, the login of who began it, a part of its name."""

    state: str = ""
    by: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A message as its list shows it; `chosen` customers of whom `made` got a mail, 0 for a draft."""

    id: int
    name: str
    state: str
    begun_by: str
    begun_at: datetime
    started_by: str
    started_at: datetime | None
    chosen: int
    made: int


@dataclass(frozen=True, slots=True)
class ReceiverFilters:
    """What narrows the customers of a message: an outcome, the state of the mail, a customer's name or number."""

    outcome: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReceiverRow:
    """A chosen customer and what became of the message to her; `intent` and what follows only where a mail was made."""

    id: int
    customer: int
    customer_number: str
    customer_name: str
    outcome: str
    intent: int | None
    address: str
    language: str
    state: str
    state_at: datetime | None


SEGMENT_SORTS: Final = {
    "begun": SortKey("s.id", "bigint", "s.id"),
    "name": SortKey("lower(s.name)", "text", "s.id"),
    "started": SortKey("coalesce(s.started_at, 'infinity')", "timestamptz", "s.id"),
}
"""Words to sort the messages by; drafts stand where the newest start would."""
RECEIVER_SORTS: Final = {
    "customer": SortKey("p.name", "text", "r.id"),
    "number": SortKey("k.number_key", "text", "r.id"),
    "moved": SortKey("coalesce(i.state_at, '-infinity')", "timestamptz", "r.id"),
}
"""Words to sort the customers of a message by."""
_SEGMENTS: Final = """select s.id, s.name, s.state, s.created_by_label, s.created_at, s.started_by_label, s.started_at,
       n.chosen, n.made
from messaging_segment s
left join lateral (
    select count(*) as chosen, count(*) filter (where r.outcome = 'queued') as made
    from messaging_segmentreceiver r where r.company_id = s.company_id and r.segment_id = s.id
) n on true"""
_RECEIVERS: Final = """select r.id, r.customer_id, k.number, p.name, r.outcome, i.id, coalesce(i.recipient, ''), coalesce(i.language, ''),
       coalesce(i.state, ''), i.state_at
from messaging_segmentreceiver r
join receivables_customer k on k.company_id = r.company_id and k.id = r.customer_id
join receivables_party p on p.company_id = k.company_id and p.id = k.party_id
left join messaging_intent i on i.company_id = r.company_id and i.id = r.intent_id"""


def segments_page(
    *, filters: SegmentFilters, sort: str = "-begun", after: str | None = None, size: int = 50
) -> Page[SegmentRow]:
    """A page of the messages. Raises SortUnknown and CursorUnreadable."""
    params = {"state": filters.state, "by": filters.by, "like": f"%{as_pattern(filters.text)}%"}
    where = list(_of_segments(filters))
    return page(_SEGMENTS, where, params, SegmentRow, keys=SEGMENT_SORTS, sort=sort, after=after, size=size)


def receivers_page(
    *, segment: int, filters: ReceiverFilters, sort: str = "number", after: str | None = None, size: int = 50
) -> Page[ReceiverRow]:
    """A page of the customers for whom a message was meant. Raises SortUnknown and CursorUnreadable."""
    params = {
        "segment": segment,
        "outcome": filters.outcome,
        "state": filters.state,
        "key": number_key(filters.text),
        "name": as_pattern(filters.text),
    }
    where = list(_of_receivers(filters))
    return page(
        _RECEIVERS, where, params, ReceiverRow, keys=RECEIVER_SORTS, sort=sort, after=after, size=size
    )


def writers() -> list[str]:
    """The logins of those who began messages, in their order."""
    found = rows(f"select distinct created_by_label as login from messaging_segment where {_OURS} order by 1")  # noqa: S608  # a fragment of ours
    return [row["login"] for row in found]


def _of_segments(filters: SegmentFilters) -> Iterator[str]:
    yield f"s.{_OURS}"
    if filters.state:
        yield "s.state = %(state)s"
    if filters.by:
        yield "s.created_by_label = %(by)s"
    if filters.text:
        yield "s.name ilike %(like)s"


def _of_receivers(filters: ReceiverFilters) -> Iterator[str]:
    yield f"r.{_OURS} and r.segment_id = %(segment)s"
    if filters.outcome:
        yield "r.outcome = %(outcome)s"
    if filters.state:
        yield "i.state = %(state)s"
    if filters.text:
        yield "r.customer_id in (select receivables_find_customers(%(key)s, %(name)s))"
