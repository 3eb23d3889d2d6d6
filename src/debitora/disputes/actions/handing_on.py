"""Put many cases to somebody at once: one after the other, each in a transaction of its own, as the locks of customers want it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from debitora.disputes.actions.steps import AssigneeMayNotAnswer, Doing, append, locked, refuse_assignee
from debitora.disputes.rules.steps import CaseStatus, Step, StepKind
from debitora.people.models import Company
from debitora.trail.rules import Actor


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What became of each case: with whom it was before; those that wait for no answer any more; those she may not answer."""

    before: Mapping[int, int | None]
    waits_no_more: tuple[int, ...]
    not_hers: tuple[int, ...]


def hand_on(
    *, company: Company, wanted: Mapping[int, int], on: date, by: Actor, at: datetime, note: str = ""
) -> HandedOn:
    """This will put each case (id) that waits for an answer to a person (id); the last days stay.

    A case that she has already stays as it is. Raises CaseUnknown.
    """
    doing = Doing(company, by, on, at)
    before: dict[int, int | None] = {}
    waits_no_more, not_hers = [], []
    for case, assignee in sorted(wanted.items()):
        try:
            known = _handed_on(doing, case, assignee, note)
        except AssigneeMayNotAnswer:
            not_hers.append(case)
            continue
        if known is None:
            waits_no_more.append(case)
        elif known != (assignee,):
            before[case] = known[0]
    return HandedOn(before, tuple(waits_no_more), tuple(not_hers))


def _handed_on(doing: Doing, case: int, assignee: int, note: str) -> tuple[int | None] | None:
    """With whom it was; None where it waits for no answer."""
    with transaction.atomic():
        found = locked(doing, case)
        if found.standing.status is not CaseStatus.OPEN:
            return None
        refuse_assignee(doing, assignee, found.salesperson)
        if found.standing.assignee != assignee:
            append(doing, found, Step(StepKind.ASSIGNED, assignee), note=note)
    return (found.standing.assignee,)
