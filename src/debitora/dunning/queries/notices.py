"""Notices: what one says, what happened to it, and which still wait for something."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from debitora.dunning.models import Notice, NoticeEvent, NoticeLine, RunStep
from debitora.dunning.rules.course import ENDS, Course, course_of
from debitora.kit.pg.bulk import rows
from debitora.messaging.models import Intent
from debitora.messaging.rules.states import CAME_TO_NOTHING, REVERSIBLE
from debitora.receivables.rules.items import Scope

_WHILE_TAKING_BACK = timedelta(minutes=5)
"""So much longer than REVERSIBLE does a posted pile wait to be counted: taking it back may have begun in time."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice of an approved run that has no recipient yet."""

    notice: int
    number: str
    run: int
    customer: int
    customer_number: str
    customer_name: str
    currency: str
    total_minor: int
    channel: str
    email: str


def notice_within(*, notice: int, scope: Scope) -> Notice | None:
    """One notice with its run, customer and party; None if it is not there, or its customer is not within the scope."""
    found = Notice.objects.select_related("run", "customer", "customer__party").filter(id=notice)
    if scope.salespeople is not None:
        found = found.filter(customer__salesperson_id__in=scope.salespeople)
    return found.first()


def events_of(*, notice: int) -> list[NoticeEvent]:
    """What happened to a notice, oldest first."""
    return list(NoticeEvent.objects.filter(notice_id=notice).select_related("document").order_by("id"))


def rendered(*, notice: int) -> NoticeEvent | None:
    """The event that carries the notice's document; None if it was not rendered."""
    found = NoticeEvent.objects.filter(notice_id=notice, kind="rendered").select_related("document")
    return found.order_by("-id").first()


def courses(*, notices: Collection[int]) -> dict[int, Course]:
    """How far notices have come, by notice, in one statement."""
    kinds: dict[int, list[str]] = {notice: [] for notice in notices}
    events = NoticeEvent.objects.filter(notice_id__in=notices).order_by("id")
    for notice, kind in events.values_list("notice_id", "kind"):
        kinds[notice].append(kind)
    return {notice: course_of(happened) for notice, happened in kinds.items()}


def needs_another_word(*, notice: Notice, kind: str, reason: str) -> bool:
    """Whether an outcome is news: the last event says something else, or how the customer is reached has changed since."""
    last = NoticeEvent.objects.filter(notice_id=notice.id).order_by("-id").first()
    if last is None or (last.kind, last.reason) != (kind, reason):
        return True
    found = rows(f"{_REACHED_SINCE} where c.id = %(customer)s", customer=notice.customer_id)
    return bool(found and found[0]["at"] > last.recorded_at)


_REACH = """greatest(p.recorded_at,
        (select max(k.recorded_at) from receivables_contact k
         where k.company_id = c.company_id and k.customer_id = c.id and k.ended_at is null),
        (select max(named.recorded_at) from receivables_itemcontact named
         join receivables_contact k on k.company_id = named.company_id and k.id = named.contact_id
         where k.company_id = c.company_id and k.customer_id = c.id and k.ended_at is null and named.ended_at is null))"""
"""The moment since which a customer (c) with her party (p) is reached as she is: address, contacts, and whom her items name."""
_REACHED_SINCE = f"""select {_REACH} as at from receivables_customer c
    join receivables_party p on p.company_id = c.company_id and p.id = c.party_id"""  # noqa: S608  # words above
_MADE = ("rendered", "call_due")
_STANDS = (Path(__file__).parent.parent / "sql" / "message_that_stands.sql").read_text("utf-8")
_TO_RENDER = """from dunning_notice n
    where n.run_id = %(run)s
      and not exists (select from dunning_noticeevent e where e.company_id = n.company_id
                      and e.notice_id = n.id and e.kind = any(%(over)s))
      and coalesce((select e.kind from dunning_noticeevent e where e.company_id = n.company_id
                    and e.notice_id = n.id and e.kind in ('withheld', 'reinstated')
                    order by e.id desc limit 1), '') <> 'withheld'"""
"""Notices of a run that are neither rendered, withheld nor ended."""


def to_render(*, run: int, after: int, most: int) -> list[int]:
    """The next notices of a run that are neither rendered, withheld nor ended, by id."""
    found = rows(
        f"select n.id {_TO_RENDER} and n.id > %(after)s order by n.id limit %(most)s",
        run=run,
        after=after,
        over=[*_MADE, *ENDS],
        most=most,
    )
    return [row["id"] for row in found]


def left_to_render(*, run: int) -> int:
    """How many notices of a run are neither rendered, withheld nor ended."""
    found = rows(f"select count(*) as n {_TO_RENDER}", run=run, over=[*_MADE, *ENDS])
    return int(found[0]["n"])


def settled_intents(*, states: Sequence[str], at: datetime, most: int = 1000) -> list[int]:
    """Messages of notices that have come to one of these states, while the notice has not noted it yet, by id.

    One that came back is noted even after it was noted as sent. Of two messages of a notice only that is told which stands for
    it (sql/message_that_stands). A letter that was posted with a pile counts when that word can no longer be taken back (REVERSIBLE).
    """
    found = rows(
        f"""with ended as materialized (
               select i.company_id, i.id, i.subject_id, i.channel, i.state from messaging_intent i
               where i.kind = 'notice' and i.state = any(%(states)s)
                 and not exists (select from dunning_noticeevent e where e.company_id = i.company_id
                                 and e.notice_id = i.subject_id
                                 and (e.kind = 'returned' or (i.state <> 'returned' and e.kind = any(%(over)s))))
                 and not (i.state = 'printed' and i.state_at > %(since)s and exists (
                     select from messaging_pileletter l
                     join messaging_pileevent p on p.company_id = l.company_id and p.pile_id = l.pile_id
                     where l.company_id = i.company_id and l.intent_id = i.id and p.kind = 'posted'
                       and p.recorded_at = i.state_at))
           )
           select i.id from ended i where {_STANDS} order by i.id limit %(most)s""",  # noqa: S608  # made of words above, never of input
        states=list(states),
        nothing=sorted(CAME_TO_NOTHING),
        since=at - REVERSIBLE - _WHILE_TAKING_BACK,
        over=list(ENDS),
        most=most,
    )
    return [row["id"] for row in found]


def waiting_for_recipient(*, most: int = 1000) -> list[Waiting]:
    """Notices of approved runs that have found no recipient, and whose customer is reached as she was then, largest sum first."""
    found = rows(
        f"""select n.id as notice, n.number, n.run_id as run, c.id as customer, c.number as customer_number,
                  p.name as customer_name, n.currency, n.total_minor,
                  coalesce(s.step ->> 'channel', 'mail') as channel, p.email
           from dunning_noticeevent last
           join dunning_notice n on n.company_id = last.company_id and n.id = last.notice_id
           join dunning_run r on r.company_id = n.company_id and r.id = n.run_id and r.state in ('approved', 'released')
           join dunning_runstep s on s.company_id = n.company_id and s.run_id = n.run_id
                and s.strategy_version_id = n.strategy_version_id and s.level = n.level
           join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
           join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
           where last.kind = 'no_recipient' and last.recorded_at >= {_REACH} and not exists (
               select from dunning_noticeevent e
               where e.company_id = last.company_id and e.notice_id = last.notice_id and e.id > last.id
           )
           order by n.total_minor desc, n.id limit %(most)s""",  # noqa: S608  # words above
        most=most,
    )
    return [Waiting(**row) for row in found]


def runs_to_release() -> list[int]:
    """Runs that may have something to render, by id: approved ones, and those whose customers can be reached otherwise meanwhile."""
    with transaction.atomic():
        found = rows(
            f"""select r.id from dunning_run r
               where r.state = 'approved' or (r.state = 'released' and exists (
                   select from dunning_notice n
                   join receivables_customer c on c.company_id = n.company_id and c.id = n.customer_id
                   join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
                   join lateral (
                       select e.kind, e.recorded_at from dunning_noticeevent e
                       where e.company_id = n.company_id and e.notice_id = n.id order by e.id desc limit 1
                   ) last on last.kind = 'no_recipient' and last.recorded_at < {_REACH}
                   where n.company_id = r.company_id and n.run_id = r.id
               ))
               order by r.id"""  # noqa: S608  # words above
        )
    return [row["id"] for row in found]


def has_left(*, notice: int) -> bool:
    """Whether a message of the notice has reached somebody, or may still do so."""
    sent = Intent.objects.filter(kind="notice", subject_id=notice)
    return sent.exclude(state__in=CAME_TO_NOTHING).exists()


def lines_of(*, notice: int) -> list[dict[str, Any]]:
    """A notice's lines with number and due day, for pages."""
    return rows(
        """select l.item_id, l.kind, l.open_minor, l.level_from, l.level_to, i.number, i.position, s.due_on, i.amount_minor,
                  coalesce(n.line_held_minor[p.place], 0) as held_minor, coalesce(n.line_interest_minor[p.place], 0) as interest_minor,
                  coalesce(n.line_lump_sum_minor[p.place], 0) as lump_sum_minor
           from dunning_noticeline l
           join dunning_notice n on n.company_id = l.company_id and n.id = l.notice_id
           cross join lateral (select array_position(n.line_items, l.item_id) as place) p
           join receivables_item i on i.company_id = l.company_id and i.id = l.item_id
           join receivables_itemstate s on s.company_id = l.company_id and s.item_id = l.item_id
           where l.notice_id = %(notice)s order by s.due_on, i.number_key, l.item_id""",
        notice=notice,
    )


def spoken_items(*, notice: Notice) -> list[tuple[int, int]]:
    """(item, level) that a call about the notice reminds of; the level stays where the step only reminds."""
    level = "level_from" if _step(notice).get("call_only_reminds") else "level_to"
    asked = NoticeLine.objects.filter(notice_id=notice.id, kind__in=("due", "upcoming"))
    return list(asked.order_by("item_id").values_list("item_id", level))


def is_call(*, notice: Notice) -> bool:
    """Whether somebody telephones instead of writing."""
    return bool(_step(notice).get("channel") == "call")


def _step(notice: Notice) -> Mapping[str, Any]:
    """The values of the step that made the notice."""
    applied = RunStep.objects.get(
        run_id=notice.run_id, strategy_version_id=notice.strategy_version_id, level=notice.level
    )
    step: Mapping[str, Any] = applied.step
    return step


def course_of_notice(*, notice: int) -> Course:
    """How far one notice has come."""
    return courses(notices=[notice])[notice]


def raised_items(*, notice: int) -> list[tuple[int, int]]:
    """(item, level) that a notice reminds of: its due lines, and upcoming ones at the level they have."""
    return list(
        NoticeLine.objects.filter(notice_id=notice, kind__in=("due", "upcoming"))
        .order_by("item_id")
        .values_list("item_id", "level_to")
    )
