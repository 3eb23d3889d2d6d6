"""How runs come, how far they have read the record, and whom a follow-up leaves alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from debitora.dunning.models import Rhythm as Chosen
from debitora.dunning.models import Run, Watch
from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.kit.pg.bulk import rows


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """A rhythm as it was chosen, when and by whom."""

    rhythm: Rhythm
    chosen_at: datetime
    chosen_by: str


def rhythm_of_company() -> Rhythm:
    """How the runs of the served company come."""
    newest = next(iter(rhythms_chosen(most=1)), None)
    return newest.rhythm if newest else Rhythm()


def rhythms_chosen(*, most: int = 20) -> list[RhythmRow]:
    """What was chosen, newest first."""
    return [
        RhythmRow(Rhythm(Mode(one.mode), one.begins, one.ends), one.chosen_at, one.chosen_by_label)
        for one in Chosen.objects.order_by("-id")[:most]
    ]


def looked_at() -> datetime | None:
    """When a run or a follow-up looked at what has changed last."""
    return Watch.objects.values_list("looked_at", flat=True).first()


def day_has_run(*, on: date) -> bool:
    """Whether the whole company was looked at on the day already, and by a run that still stands."""
    return Run.objects.filter(on=on, follow_up=False).exclude(state="discarded").exists()


def follow_ups_of(*, on: date) -> list[Run]:
    """The follow-ups of a day that still stand, newest first."""
    return list(Run.objects.filter(on=on, follow_up=True).exclude(state="discarded").order_by("-id"))


def noticed_on(*, on: date) -> frozenset[int]:
    """Customers for whom a run of the day has a notice that has not ended without effect: one is enough for a day.

    A notice that was withheld counts: a person took it out, and is not asked again on the same day.
    """
    found = rows(
        """select distinct n.customer_id from dunning_notice n
           join dunning_run r on r.company_id = n.company_id and r.id = n.run_id
           left join lateral (
               select e.kind from dunning_noticeevent e
               where e.company_id = n.company_id and e.notice_id = n.id
                 and e.kind in ('withheld', 'reinstated', 'stopped', 'refused', 'ground_withdrawn')
               order by e.id desc limit 1
           ) last on true
           where r."on" = %(on)s and (r.follow_up or r.state <> 'discarded')
             and case when last.kind is null or last.kind = 'reinstated' then r.state <> 'discarded' else last.kind = 'withheld' end""",
        on=on,
    )
    return frozenset(row["customer_id"] for row in found)


def waiting_follow_up() -> Run | None:
    """The follow-up that nobody has approved yet: there is one at most."""
    return Run.objects.filter(follow_up=True, state="proposed").order_by("-id").first()


def customers_of(*, run: int) -> frozenset[int]:
    """Whom a run has notices for that nobody holds back."""
    found = rows(
        """select distinct n.customer_id from dunning_notice n
           where n.run_id = %(run)s and coalesce((
               select e.kind from dunning_noticeevent e
               where e.company_id = n.company_id and e.notice_id = n.id and e.kind in ('withheld', 'reinstated')
               order by e.id desc limit 1
           ), '') <> 'withheld'""",
        run=run,
    )
    return frozenset(row["customer_id"] for row in found)
