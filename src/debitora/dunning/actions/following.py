"""Follow-ups: what has changed since the runs of the day may make an item due for a step (docs/decisions/0051).

The record of what was done is the source: no second one can forget a change. Its seals say what is new, without gaps; the
verbs of `rules.rhythm.CAUSES` say what may matter, and their subjects whom to look at. Nothing but this is read where nothing has changed.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from debitora.dunning.actions.proposals import Asked, Proposed, discard, tally_of, write_proposal
from debitora.dunning.actions.watching import move_on
from debitora.dunning.models import Rhythm, Watch
from debitora.dunning.queries.candidates import candidates
from debitora.dunning.queries.rhythm import (
    customers_of,
    day_has_run,
    noticed_on,
    rhythm_of_company,
    waiting_follow_up,
)
from debitora.dunning.rules.rhythm import CAUSES
from debitora.dunning.rules.rhythm import Rhythm as Wanted
from debitora.people.models import Company
from debitora.trail.actions import record, seal
from debitora.trail.queries import Changes, changes_since
from debitora.trail.rules import Actor, Subject


def follow_up(*, company: Company, by: Actor, at: datetime) -> Proposed | None:
    """Propose notices to whom changes since the last look have made due, at the hours of a company that wants it so.

    None: nothing is due. Who has a notice of today already is left for tomorrow's run. What a follow-up before this one proposed, and
    nobody approved yet, comes along: one waits at most. Until the day's own run was made there is nothing to follow up.
    """
    local = at.astimezone(ZoneInfo(company.time_zone))
    with transaction.atomic():
        wanted = rhythm_of_company().follows(local) and day_has_run(on=local.date())
    if not wanted:
        return None
    seal(company=company.id, at=at)
    with transaction.atomic():
        _hold(company)
        seen = Watch.objects.values_list("sequence", flat=True).first() or 0
        news = changes_since(company=company.id, after=seen, verbs=CAUSES)
        move_on(company=company, at=at, upto=news.upto)
        return _looked(company, local.date(), news, by, at) if news.customers or news.everyone else None


def _hold(company: Company) -> None:
    """One look of a company at a time, beside no run of hers; no other company waits for it."""
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)


def _looked(company: Company, on: date, news: Changes, by: Actor, at: datetime) -> Proposed | None:
    """Decide for whom something has changed; what is due for them joins what waits, in one proposal."""
    spared = noticed_on(on=on)
    found = candidates(on=on, time_zone=company.time_zone, proposed=True)
    found = found.among(news.customers, everyone=news.everyone, without=spared)
    decided = found.decided(on=on)
    if not decided.notices.height:
        return None
    waiting, causes = waiting_follow_up(), _causes(news)
    if waiting is not None:
        carried = customers_of(run=waiting.id)
        discard(run=waiting, by=by, at=at)
        touched = {*found.customers["customer_id"], *carried}
        everyone = candidates(on=on, time_zone=company.time_zone, proposed=True)
        found = everyone.among(touched)
        decided = found.decided(on=on)
        causes += Counter(waiting.counts.get("causes", {}))
    tally = tally_of(decided=decided, found=found)
    asked = Asked(
        follow_up=True,
        counts={"causes": dict(sorted(causes.items())), "customers": found.customers.height},
    )
    run = write_proposal(
        company=company,
        on=on,
        asked=asked,
        decided=decided,
        found=found,
        tally=tally,
        by=by,
        at=at,
    )
    return Proposed(
        run=run.id,
        overdue_items=tally.overdue_items,
        upcoming_items=tally.upcoming_items,
        decisions=tally.decisions,
        notices=tally.notices,
        stopped_by_bound=tally.stopped_by_bound,
    )


def _causes(news: Changes) -> Counter[str]:
    """How many changes of each cause."""
    counted: Counter[str] = Counter()
    for verb, times in news.verbs.items():
        counted[CAUSES[verb].value] += times
    return counted


def choose_rhythm(*, company: Company, wanted: Wanted, by: Actor, at: datetime) -> bool:
    """From now on runs come so; whether that is something else than before. From then on changes are followed up, none from before."""
    with transaction.atomic():
        _hold(company)
        if rhythm_of_company() == wanted:
            return False
        chosen = Rhythm.objects.create(
            company_id=company.id,
            mode=wanted.mode.value,
            begins=wanted.begins,
            ends=wanted.ends,
            chosen_at=at,
            chosen_by_id=by.id,
            chosen_by_label=by.label,
        )
        record(
            company=company.id,
            by=by,
            at=at,
            verb="rhythm.chosen",
            subjects=[Subject("rhythm", chosen.id)],
            facts={"mode": wanted.mode.value, "begins": wanted.begins, "ends": wanted.ends},
        )
        move_on(company=company, at=at)
    return True
