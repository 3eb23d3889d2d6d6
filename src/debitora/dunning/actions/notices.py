"""What happens to a notice besides its rendering: held back by a person, cancelled, and followed to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from django.db import transaction

from debitora.dunning.actions.charging import charge, uncharge
from debitora.dunning.actions.events import add_event
from debitora.dunning.actions.runs import ask_for_release
from debitora.dunning.models import Notice
from debitora.dunning.queries.notices import courses, has_left, raised_items, settled_intents
from debitora.dunning.rules.course import Course
from debitora.kit.pg.bulk import rows
from debitora.messaging.actions import cancel_intents
from debitora.messaging.actions.intents import follow_up
from debitora.messaging.models import Intent
from debitora.messaging.queries.deliveries import last_reason
from debitora.messaging.rules.states import RAISES_LEVEL
from debitora.people.models import Company
from debitora.receivables.actions import raise_levels, withdraw_levels
from debitora.receivables.models import Customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

_ENDS: Final = MappingProxyType(
    {
        "accepted": "accepted",
        "printed": "printed",
        "stopped": "stopped",
        "refused_perm": "refused",
        "returned": "returned",
        "cancelled": "cancelled",
    }
)
"""State of a message -> event that ends its notice."""
_LIVE: Final = ("approved", "released")


class NoticeOnItsWay(Exception):
    """The notice is rendered already; its message can be cancelled while it is queued."""


class NoticeEnded(Exception):
    """The notice was stopped or cancelled, or its run was thrown away: nothing is left to be held back."""


def withhold(*, company: int, notices: Iterable[int], note: str, by: Actor, at: datetime) -> list[int]:
    """Hold notices back, before or after approval, as long as they are not rendered; returns those that were not yet.

    Raises NoticeOnItsWay and NoticeEnded (with the notice's number), and then holds none back.
    """
    return _mark(company, notices, "withheld", note, by, at)


def reinstate(*, company: int, notices: Iterable[int], by: Actor, at: datetime) -> list[int]:
    """Let withheld notices go with their run after all; returns those that were withheld.

    In an approved run they are rendered at once, unless something has changed. Raises NoticeOnItsWay and NoticeEnded.
    """
    return _mark(company, notices, "reinstated", "", by, at)


def _mark(company: int, notices: Iterable[int], kind: str, note: str, by: Actor, at: datetime) -> list[int]:
    with transaction.atomic():
        found = locked_notices(company=company, notices=notices)
        stand = courses(notices=[one.id for one in found])
        for notice in found:
            _refuse_gone(notice, stand[notice.id])
        marked = [one for one in found if stand[one.id].is_withheld != (kind == "withheld")]
        for notice in marked:
            add_event(notice, kind, by=by, at=at)
        if marked:
            _record(company, marked, f"notice.{kind}", note, by, at)
        if kind == "reinstated":
            for run in sorted({one.run_id for one in marked if one.run.state in _LIVE}):
                ask_for_release(company=company, run=run)
    return [one.id for one in marked]


def locked_notices(*, company: int, notices: Iterable[int]) -> list[Notice]:
    """The notices with their runs, their customers locked in the order of their ids."""
    found = list(
        Notice.objects.select_related("run").filter(company_id=company, id__in=list(notices)).order_by("id")
    )
    customers = sorted({one.customer_id for one in found})
    locked = Customer.objects.select_for_update(no_key=True).filter(company_id=company, id__in=customers)
    list(locked.order_by("id").values_list("id", flat=True))
    return found


def _refuse_gone(notice: Notice, course: Course) -> None:
    if course.is_rendered:
        raise NoticeOnItsWay(notice.number)
    if notice.run.state == "discarded" or course.has_ended:
        raise NoticeEnded(notice.number)


def _record(company: int, notices: list[Notice], verb: str, note: str, by: Actor, at: datetime) -> None:
    record(
        company=company,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("notice", one.id, one.customer_id) for one in notices],
        facts={"number": notices[0].number} if len(notices) == 1 else {"count": len(notices)},
        wording=note,
    )


def cancel_notice(*, company: int, notice: int, reason: str, by: Actor, at: datetime) -> bool:
    """Withdraw a notice of an approved run whose message has not left yet; whether there was anything to be had."""
    with transaction.atomic():
        found = locked_notices(company=company, notices=[notice])
        gone = found and _withdraw(company, found[0], _course(found[0]), reason, by, at)
        if gone:
            record(
                company=company,
                by=by,
                at=at,
                verb="notice.cancelled",
                subjects=[Subject("notice", notice, found[0].customer_id)],
                facts={"reason": reason, "number": found[0].number},
            )
    return bool(gone)


def _course(notice: Notice) -> Course:
    return courses(notices=[notice.id])[notice.id]


def _withdraw(company: int, notice: Notice, course: Course, reason: str, by: Actor, at: datetime) -> str:
    """Take back the messages, or what was about to become one: "all" of it, "part" where another has left, or nothing."""
    if course.has_ended or notice.run.state not in _LIVE:
        return ""
    is_written = course.is_rendered and not course.is_call
    if is_written and not cancel_intents(
        company=company, kind="notice", subjects=[notice.id], reason=reason, by=by, at=at
    ):
        return ""
    if has_left(notice=notice.id):
        follow_up(company)
        return "part"
    add_event(notice, "cancelled", by=by, at=at, reason=reason)
    return "all"


def follow(*, company: Company, by: Actor, at: datetime) -> dict[str, int]:
    """Note how rendered notices ended, and let the items of the accepted and printed ones rise by one level.

    One whose message came back never reached anybody: what its items rose by is taken back, and the next run may write again.

    Reads deliveries, each in a transaction of its own; safe to run twice: a notice gets its end once, an item rises once
    per notice.
    """
    ended: dict[str, int] = {}
    with transaction.atomic():
        waiting = settled_intents(states=list(_ENDS), at=at)
    for intent in waiting:
        kind = _end(company, intent, by, at)
        if kind:
            ended[kind] = ended.get(kind, 0) + 1
    return ended


def _end(company: Company, intent: int, by: Actor, at: datetime) -> str:
    """Note the end of the intent's notice; empty if that was done meanwhile."""
    with transaction.atomic():
        message = Intent.objects.get(company_id=company.id, id=intent)
        found = locked_notices(company=company.id, notices=[message.subject_id])
        if not found or (course := _course(found[0])).came_back:
            return ""
        kind = _ENDS[message.state]
        if course.has_ended and kind != "returned":
            return ""
        reason = last_reason(intent=intent) if kind == "returned" else message.stop_reason
        add_event(found[0], kind, by=by, at=at, reason=reason)
        if message.state in RAISES_LEVEL:
            _raise(company, found[0], message, by, at)
            charge(company=company.id, notice=found[0], on=_day(company, message), by=by, at=at)
        else:
            _record(company.id, found, f"notice.{kind}", "", by, at)
        if kind == "returned" and course.has_ended:
            withdraw_levels(company=company.id, notice=found[0].id, on=_day(company, message), at=at, by=by)
            uncharge(company=company.id, notice=found[0], on=_day(company, message), by=by, at=at)
    return kind


def _raise(company: Company, notice: Notice, message: Intent, by: Actor, at: datetime) -> None:
    raise_levels(
        company=company.id,
        notice=notice.id,
        items=raised_items(notice=notice.id),
        by=by,
        on=_day(company, message),
        at=at,
    )


def _day(company: Company, message: Intent) -> date:
    """The company's day on which the message came to its state."""
    return company.day_at(message.state_at)


def withdraw_grounds(*, company: int, items: Iterable[int], by: Actor, at: datetime) -> dict[str, int]:
    """After an import was undone: cancel what has not left about its items, mark what was sent "ground withdrawn"."""
    counts = {"cancelled": 0, "ground_withdrawn": 0}
    with transaction.atomic():
        found = locked_notices(company=company, notices=_notices_of(company, items))
        stand = courses(notices=[one.id for one in found])
        for notice in found:
            if _withdraw(company, notice, stand[notice.id], "import_undone", by, at) == "all":
                counts["cancelled"] += 1
            elif stand[notice.id].is_rendered:
                add_event(notice, "ground_withdrawn", by=by, at=at, reason="import_undone")
                counts["ground_withdrawn"] += 1
        if any(counts.values()):
            record(company=company, by=by, at=at, verb="notices.ground_withdrawn", facts=counts)
    return counts


def _notices_of(company: int, items: Iterable[int]) -> list[int]:
    """Notices that list one of the items as due or upcoming, found through the notices of the items' customers."""
    found = rows(
        """select l.notice_id
           from receivables_item i
           join dunning_notice n on n.company_id = i.company_id and n.customer_id = i.customer_id
           join dunning_noticeline l on l.company_id = n.company_id and l.notice_id = n.id and l.item_id = i.id
           where i.company_id = %(company)s and i.id = any(%(items)s) and l.kind in ('due', 'upcoming')
           group by l.notice_id order by l.notice_id""",
        company=company,
        items=list(items),
    )
    return [row["notice_id"] for row in found]
