"""Make the digests of a day: for everybody who wants one by now, scoped to what she may see, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import override

from debitora.desk.actions.digest_words import Told, digest_letter
from debitora.desk.queries.digest import Figures, Waiting, company_figures, figures_of, waiting_for
from debitora.messaging.actions.own_mails import Draft, queue_mails
from debitora.messaging.queries.own_mails import Chooser, choosers
from debitora.messaging.rules.own_mails import digest_is_due
from debitora.people.models import Company
from debitora.people.rules import sees_only_own_customers
from debitora.values.days import is_working_day

_BATCH: Final = 500
_NONE: Final = Figures()


@dataclass(frozen=True, slots=True)
class _Day:
    """The day with what counts for everybody on it."""

    company: Company
    base: str
    on: date
    whole: Figures


def make_digests(*, company: Company, base: str, on: date, hour: int, at: datetime) -> int:
    """Queue the digest of the day to everybody who wants it from this hour of it on; how many are new.

    `base`: the address of the company's pages. A batch is one transaction; what was broken off is made by the next call,
    and of two at once each person gets one, for a day's digest has one key.
    """
    working = is_working_day(on, company.country, company.subdivision)
    with transaction.atomic():
        due = [
            one
            for one in choosers(company=company.id, on=on)
            if digest_is_due(one.choice, on=on, hour=hour, working=working, last_on=one.last_on)
        ]
        if not due:
            return 0
        day = _Day(company, base, on, company_figures(on=on))
    return sum(_make(day, due[first : first + _BATCH], at) for first in range(0, len(due), _BATCH))


def _make(day: _Day, batch: Sequence[Chooser], at: datetime) -> int:
    people = [one.user for one in batch]
    narrowed = [one.user for one in batch if sees_only_own_customers(one.role)]
    with transaction.atomic():
        own = figures_of(people=people, on=day.on)
        cases = waiting_for(people=people, narrowed=narrowed, on=day.on)
        drafts = [_draft(day, one, own.get(one.user), cases.get(one.user, ())) for one in batch]
        return queue_mails(company=day.company.id, drafts=drafts, at=at)


def _draft(day: _Day, person: Chooser, own: Figures | None, cases: Sequence[Waiting]) -> Draft:
    narrowed = sees_only_own_customers(person.role)
    told = Told(
        company=day.company,
        base=day.base,
        on=day.on,
        person=person,
        seen=(own or _NONE) if narrowed else day.whole,
        own=own,
        cases=tuple(cases),
        narrowed=narrowed,
    )
    with override(person.language):
        letter = digest_letter(told)
    return Draft(person.user, "digest", day.on.isoformat(), letter, figures=_kept(told.seen))


def _kept(seen: Figures) -> Mapping[str, Any]:
    """What the next digest compares with: by currency what is open and overdue."""
    return {one.currency: [one.open_minor, one.overdue_minor] for one in seen.totals}
