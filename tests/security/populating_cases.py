"""Cases of the populated companies: one that waits, one that was answered, one that was closed; and a reason with marked words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from debitora.disputes.actions import answer_case, close_case, save_routing
from debitora.disputes.models import CaseMail, CaseStep
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.routing import PRESET, Reason
from debitora.disputes.rules.telling import LINK
from debitora.disputes.testing import a_case
from debitora.people.models import Company
from debitora.receivables.testing import an_open_item
from debitora.trail.rules import Actor


def clarify(
    company: Company, customer: int, *, mark: str, words: str, on: date, at: datetime, by: Actor
) -> None:
    """Three cases of a customer about items of their own, so that nothing else of the population changes."""
    cases = [
        a_case(
            company,
            [an_open_item(company.id, customer, number=f"K{place}-{mark}", due_on=date(2027, 3, 1))],
            minor=4_000 if place else None,
            by=by,
            question=words,
            on=on,
            at=at,
        )
        for place in range(3)
    ]
    facts: dict[str, Any] = {"company": company, "on": on, "at": at, "by": by, "note": words}
    answer_case(case=cases[1].id, proposal=Proposal(Outcome.PROMISED, on), **facts)
    step = CaseStep.objects.filter(case=cases[0]).latest("id")
    CaseMail.objects.create(
        company=company, case=cases[0], step=step, user_id=by.id or 0, state="sent", claimed_at=at, state_at=at, until=at + LINK
    )  # fmt: skip
    close_case(case=cases[2].id, proposal=Proposal(Outcome.CREDIT_EXPECTED, on, 1_000), **facts)


def route(company: Company, *, words: str, at: datetime, by: Actor) -> None:
    """A reason of the company's own, with marked words, which no case has."""
    own = Reason("own-1", {"de": words})
    wanted = replace(PRESET, reasons=(*PRESET.reasons, own))
    save_routing(company=company, number=0, wanted=wanted, by=by, at=at)
