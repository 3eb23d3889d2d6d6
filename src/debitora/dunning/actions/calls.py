"""Calls that a step asks for: their outcome, what follows from it, and the taking back of that word."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debitora.dunning.actions.events import add_event
from debitora.dunning.actions.notices import locked_notices
from debitora.dunning.models import Notice
from debitora.dunning.queries.calls import due_calls, holds_of_call
from debitora.dunning.queries.contents import contents
from debitora.dunning.queries.notices import courses, spoken_items
from debitora.dunning.queries.standing import stop_reasons, with_ways
from debitora.messaging.actions import log_call, undo_call
from debitora.messaging.models import Call
from debitora.messaging.queries.calls import REACHED, newest_call
from debitora.people.models import Company
from debitora.receivables.actions import place_hold, raise_levels, release_hold, withdraw_levels
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class CallNotDue(Exception):
    """Nobody has to call about this notice any more; the text is its number."""


class PromiseNeedsADay(Exception):
    """A promise says by which day, today or later; no other outcome does."""


class NewerCall(Exception):
    """Somebody has called about the notice since: only the last word can be taken back."""


def answer_call(
    *,
    company: Company,
    notice: int,
    outcome: str,
    promised_on: date | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Call:
    """Note what came of a call about a notice: reached, promised (by a day), not_reached or wrong_number.

    Whoever was reached has been reminded: the items rise by one level unless the step only reminds by telephone, and what is
    promised is held until that day. Otherwise the call stays due. Where the notice has lost its ground meanwhile, the call is
    kept and the notice stops. Raises CallNotDue, PromiseNeedsADay.
    """
    day = company.day_at(at)
    if (outcome == "promised") != (promised_on is not None and promised_on >= day):
        raise PromiseNeedsADay
    with transaction.atomic():
        found = _due(company, notice)
        call = log_call(
            company=company.id,
            customer=found.customer_id,
            kind="notice",
            subject=notice,
            outcome=outcome,
            promised_on=promised_on,
            note=note,
            by=by,
            at=at,
        )
        asked = with_ways(contents(notices=[notice]), on=day)
        lost = stop_reasons(contents=asked.values(), on=day)[notice]
        if lost:
            _stop(found, lost, by, at)
        elif outcome in REACHED:
            _reached(found, call, day, by, at)
        else:
            add_event(found, "call_missed", by=by, at=at, reason=outcome)
    return call


def _reached(notice: Notice, call: Call, day: date, by: Actor, at: datetime) -> None:
    """The items rise, and what is promised is held."""
    add_event(notice, "called", by=by, at=at, reason=call.outcome)
    reminded = spoken_items(notice=notice)
    raise_levels(company=notice.company_id, notice=notice.id, items=reminded, by=by, on=day, at=at)
    if call.promised_on is None:
        return
    for item, _level in reminded:
        place_hold(
            company=notice.company_id,
            customer=notice.customer_id,
            item=item,
            reason="promise",
            from_on=day,
            until_on=call.promised_on,
            by=by,
            at=at,
        )


def take_call_back(*, company: Company, call: int, by: Actor, at: datetime) -> Call:
    """Take the last word about a notice back. What it raised falls again, what it held is free.

    After a call that reached nobody the call is still due; after one that did, the next run looks at the items anew. Raises
    Call.DoesNotExist, NewerCall, CallUndone.
    """
    with transaction.atomic():
        found = Call.objects.get(company_id=company.id, id=call)
        notice = locked_notices(company=company.id, notices=[found.subject_id])[0]
        newest = newest_call(kind="notice", subject=notice.id)
        if newest is not None and newest.id > call:
            raise NewerCall
        undo_call(company=company.id, call=call, by=by, at=at)
        if found.outcome in REACHED:
            day = company.day_at(at)
            add_event(notice, "call_undone", by=by, at=at)
            withdraw_levels(company=company.id, notice=notice.id, on=day, at=at, by=by)
            for hold in holds_of_call(notice=notice.id, at=found.called_at):
                release_hold(company=company.id, hold=hold, on=day, by=by, at=at)
    return found


def stop_calls(*, company: Company, by: Actor, at: datetime) -> int:
    """End calls that are due and have lost their ground: paid, held, paused, reminded of meanwhile. Returns how many.

    What is still open is looked at anew by the next run.
    """
    with transaction.atomic():
        waiting = due_calls()
        day = company.day_at(at)
        reasons = stop_reasons(contents=with_ways(contents(notices=waiting), on=day).values(), on=day)
        lost = [notice for notice in waiting if reasons[notice]]
        for notice in locked_notices(company=company.id, notices=lost):
            _stop(notice, reasons[notice.id], by, at)
    return len(lost)


def _stop(notice: Notice, reason: str, by: Actor, at: datetime) -> None:
    add_event(notice, "stopped", by=by, at=at, reason=reason)
    record(
        company=notice.company_id,
        by=by,
        at=at,
        verb="notice.stopped",
        subjects=[Subject("notice", notice.id, notice.customer_id)],
        facts={"number": notice.number, "reason": reason},
    )


def _due(company: Company, notice: int) -> Notice:
    """The notice, its customer locked, while somebody has to call about it. Raises CallNotDue."""
    found = locked_notices(company=company.id, notices=[notice])[0]
    if not courses(notices=[notice])[notice].is_call_due:
        raise CallNotDue(found.number)
    return found
