"""What happens to a notice besides its rendering: held back by a person, and followed to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from debitora.dunning.models import Notice, NoticeEvent, NoticeLine
from debitora.dunning.queries.notices import is_withheld, raised_items, rendered, unresolved
from debitora.kit.queue import defer
from debitora.messaging.actions import cancel_intents
from debitora.messaging.models import Intent
from debitora.messaging.queries import intents_of_subjects
from debitora.people.models import Company
from debitora.receivables.actions import raise_levels
from debitora.receivables.models import Customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

_ENDS = {
    "accepted": "accepted",
    "printed": "printed",
    "stopped": "stopped",
    "refused_perm": "refused",
    "cancelled": "cancelled",
}


class NoticeOnItsWay(Exception):
    """The notice is rendered already; its message can be cancelled while it is queued."""


def withhold(*, company: int, notice: int, note: str, by: Actor, at: datetime) -> None:
    """Hold one notice of a run back, before or after approval, as long as it is not rendered. Raises NoticeOnItsWay."""
    _mark(company, notice, "withheld", note, by, at)


def reinstate(*, company: int, notice: int, by: Actor, at: datetime) -> None:
    """Let a withheld notice go with its run after all; in an approved run it is rendered at once. Raises NoticeOnItsWay."""
    _mark(company, notice, "reinstated", "", by, at)


def _mark(company: int, notice: int, kind: str, note: str, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        found = Notice.objects.select_related("run").get(company_id=company, id=notice)
        Customer.objects.select_for_update().get(company_id=company, id=found.customer_id)
        if rendered(notice=notice):
            raise NoticeOnItsWay(found.number)
        if is_withheld(notice=notice) == (kind == "withheld"):
            return
        _add(found, kind, by, at)
        record(
            company=company,
            by=by,
            at=at,
            verb=f"notice.{kind}",
            subjects=[Subject("notice", notice, found.customer_id)],
            facts={"number": found.number},
            wording=note,
        )
        if kind == "reinstated" and found.run.state in ("approved", "released"):
            ask_for_release(company=company, run=found.run_id)


def ask_for_release(*, company: int, run: int) -> None:
    """Have the remaining notices of an approved run rendered."""
    defer("dunning.release", company=company, once=f"dunning.release:{company}:{run}", run=run)


def cancel_notice(*, company: int, notice: int, reason: str, by: Actor, at: datetime) -> bool:
    """Withdraw a notice's message if it has not left yet; whether there was one to be had."""
    with transaction.atomic():
        cancelled = cancel_intents(
            company=company, kind="notice", subjects=[notice], reason=reason, by=by, at=at
        )
        if cancelled:
            record(
                company=company,
                by=by,
                at=at,
                verb="notice.cancelled",
                subjects=[
                    Subject("notice", notice, Notice.objects.get(company_id=company, id=notice).customer_id)
                ],
                facts={"reason": reason},
            )
            defer("dunning.follow", company=company, once=f"dunning.follow:{company}")
    return bool(cancelled)


def follow(*, company: Company, by: Actor, at: datetime) -> dict[str, int]:
    """Note how rendered notices ended, and let the items of the accepted and printed ones rise by one level.

    Reads deliveries; safe to run twice: a notice gets its end once, an item rises once per notice.
    """
    ended: dict[str, int] = {}
    with transaction.atomic():
        open_notices = unresolved()
        for intent in intents_of_subjects(kind="notice", subjects=open_notices):
            kind = _ENDS.get(intent.state)
            if kind and _end(company, intent, kind, by, at):
                ended[kind] = ended.get(kind, 0) + 1
    return ended


def _end(company: Company, intent: Intent, kind: str, by: Actor, at: datetime) -> bool:
    notice = Notice.objects.get(company_id=company.id, id=intent.subject_id)
    Customer.objects.select_for_update().get(company_id=company.id, id=notice.customer_id)
    if NoticeEvent.objects.filter(company_id=company.id, notice=notice, kind__in=_ENDS.values()).exists():
        return False
    _add(notice, kind, by, at, reason=intent.stop_reason)
    if kind in ("accepted", "printed"):
        day = intent.state_at.astimezone(ZoneInfo(company.time_zone)).date()
        raise_levels(
            company=company.id, notice=notice.id, items=raised_items(notice=notice.id), by=by, on=day, at=at
        )
    return True


def withdraw_grounds(*, company: int, items: Iterable[int], by: Actor, at: datetime) -> dict[str, int]:
    """After an import was undone: cancel what has not left about its items, mark what was sent "ground withdrawn"."""
    affected = list(
        Notice.objects.filter(company_id=company, id__in=_notices_of(company, items)).order_by("id")
    )
    counts = {"cancelled": 0, "ground_withdrawn": 0}
    with transaction.atomic():
        for notice in affected:
            if cancel_notice(company=company, notice=notice.id, reason="import_undone", by=by, at=at):
                counts["cancelled"] += 1
            else:
                _add(notice, "ground_withdrawn", by, at, reason="import_undone")
                counts["ground_withdrawn"] += 1
    return counts


def _notices_of(company: int, items: Iterable[int]) -> list[int]:
    lines = NoticeLine.objects.filter(
        company_id=company, item_id__in=list(items), kind__in=("due", "upcoming")
    )
    return list(lines.values_list("notice_id", flat=True).distinct())


def _add(notice: Notice, kind: str, by: Actor, at: datetime, reason: str = "") -> None:
    NoticeEvent.objects.create(
        company_id=notice.company_id,
        notice=notice,
        kind=kind,
        reason=reason,
        actor_id=by.id,
        actor_label=by.label,
        recorded_at=at,
    )
