"""`debitora check` finds nothing wrong with follow-ups, which decide only those whom they looked at."""

from __future__ import annotations

from django.db import transaction

from debitora.cli.checks.examination import Depth, examine
from debitora.dunning.actions import choose_rhythm, follow_up
from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company, a_run
from debitora.kit.runtime import now
from debitora.people.models import Company
from debitora.receivables.actions import place_hold, release_hold
from debitora.trail.actions import seal


def test_a_follow_up_decides_those_whom_it_looked_at(committed: str, company: Company) -> None:
    told = {"company": company.id, "by": TESTS, "at": MOMENT}
    with transaction.atomic():
        a_ready_company(company)
        choose_rhythm(company=company, wanted=Rhythm(Mode.CONTINUOUS), by=TESTS, at=MOMENT)
        a_late_payer(company, "1")
        held = a_late_payer(company, "2")
        hold = place_hold(
            customer=held, item=None, reason="clarification", from_on=ON, until_on=None, note="", **told
        )
        a_run(company)
        release_hold(hold=hold.id, on=ON, **told)
        assert follow_up(company=company, by=TESTS, at=MOMENT) is not None
    seal(company=company.id, at=now())
    report = examine(database=committed, now=now(), depth=Depth.FULL)
    assert not [one for one in report.findings if one.invariant[0] in "ID"]
