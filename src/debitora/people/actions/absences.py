"""Enter when somebody is away and who answers meanwhile; take that back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from debitora.kit.pg.company import serving
from debitora.people.models import Absence, Company, Grant, User
from debitora.people.rules import Away, circle_on, may_stand_in
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class AbsenceInThePast(Exception):
    """Its last day has passed, or lies before its first."""


class AbsencesMeet(Exception):
    """The person is away then already: the absence, in `met`."""

    def __init__(self, met: Absence) -> None:
        super().__init__(met.id)
        self.met = met


class MayNotStandIn(Exception):
    """The other one has no role here in which she could answer for the person, or is the person herself."""


class StandsInACircle(Exception):
    """On that day nobody would be left who answers."""

    def __init__(self, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on


class AbsenceIsOver(Exception):
    """The person is back already."""


def enter_absence(
    *,
    company: Company,
    user: User,
    stand_in: User,
    from_on: date,
    until_on: date | None,
    on: date,
    by: Actor,
    at: datetime,
) -> Absence:
    """Let somebody answer for a person from a day on, until a day or (None) until further notice; `on` is today.

    Raises AbsenceInThePast, AbsencesMeet, MayNotStandIn and StandsInACircle.
    """
    if until_on is not None and until_on < max(from_on, on):
        raise AbsenceInThePast(until_on.isoformat())
    with transaction.atomic(), serving(company.id):
        _refuse(company, Away(user.id, stand_in.id, from_on, until_on))
        absence = Absence.objects.create(
            company=company, user=user, stand_in=stand_in, from_on=from_on, until_on=until_on, entered_at=at
        )
        _record(absence, "absence.entered", by, at)
    return absence


def end_absence(*, company: Company, absence: int, on: date, by: Actor, at: datetime) -> Absence:
    """Let a person be back from the day on; one who had not left yet never goes. Raises Absence.DoesNotExist, AbsenceIsOver."""
    with transaction.atomic(), serving(company.id):
        found = Absence.objects.select_for_update().get(id=absence)
        if found.back_on is not None or (found.until_on is not None and found.until_on < on):
            raise AbsenceIsOver(absence)
        found.back_on = max(on, found.from_on)
        found.save(update_fields=["back_on"])
        _record(found, "absence.ended", by, at)
    return found


def resume_absence(*, company: Company, absence: int, by: Actor, at: datetime) -> Absence:
    """Take the end of an absence back. Raises what entering raises, and Absence.DoesNotExist; of one that goes on: nothing."""
    with transaction.atomic(), serving(company.id):
        found = Absence.objects.select_for_update().get(id=absence)
        if found.back_on is None:
            return found
        _refuse(company, Away(found.user_id, found.stand_in_id, found.from_on, found.until_on))
        found.back_on = None
        found.save(update_fields=["back_on"])
        _record(found, "absence.resumed", by, at)
    return found


def _refuse(company: Company, new: Away) -> None:
    """Raises what entering raises."""
    roles = _locked_roles(company)
    mine, theirs = roles.get(new.user), roles.get(new.stand_in)
    if new.user == new.stand_in or mine is None or theirs is None or not may_stand_in(theirs, for_role=mine):
        raise MayNotStandIn(new.stand_in)
    known = [
        (one, _away(one)) for one in Absence.objects.filter(back_on__isnull=True).order_by("from_on", "id")
    ]
    for absence, one in known:
        if one.user == new.user and one.meets(new):
            raise AbsencesMeet(absence)
    circle = circle_on(new, [one for _absence, one in known])
    if circle is not None:
        raise StandsInACircle(circle)


def _locked_roles(company: Company) -> dict[int, str]:
    """Who is there, by user id. Locked: of two who enter at once the second sees what the first has entered."""
    there = Grant.objects.select_for_update(of=("self",)).filter(company=company, user__is_active=True)
    return dict(there.order_by("id").values_list("user_id", "role"))


def _away(absence: Absence) -> Away:
    return Away(absence.user_id, absence.stand_in_id, absence.from_on, absence.until_on)


def _record(absence: Absence, verb: str, by: Actor, at: datetime) -> None:
    """Both people are told."""
    people = (absence.user_id, absence.stand_in_id)
    record(
        company=absence.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("absence", absence.id), *(Subject("user", one) for one in people)],
        facts={
            "user": absence.user_id,
            "stand_in": absence.stand_in_id,
            "from": absence.from_on.isoformat(),
            "until": absence.until_on.isoformat() if absence.until_on else None,
            "back": absence.back_on.isoformat() if absence.back_on else None,
        },
    )
