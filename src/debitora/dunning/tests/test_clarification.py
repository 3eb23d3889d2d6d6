"""What is in clarification is not reminded of; once the claim is found valid, dunning goes on the same day."""

from __future__ import annotations

from typing import Any

from debitora.disputes.actions import close_case, reopen_case
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.testing import a_case
from debitora.dunning.actions import propose_run
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer
from debitora.people.models import Company
from debitora.receivables.models import Item


def noticed(company: Company) -> dict[str, int]:
    """What a trial run decides, by reason."""
    return dict(propose_run(company=company, on=ON, by=TESTS, at=MOMENT, dry=True).decisions)


def test_dunning_stops_with_the_case_and_goes_on_with_its_outcome(acme: Company) -> None:
    a_late_payer(acme, "10001")
    a_late_payer(acme, "10002")
    assert noticed(acme) == {"notice": 2}
    case = a_case(acme, [Item.objects.get(customer__number="10001")])
    assert noticed(acme) == {"notice": 1, "held_item": 1}
    facts: dict[str, Any] = {"company": acme, "case": case.id, "on": ON, "by": TESTS, "at": MOMENT}
    close_case(proposal=Proposal(Outcome.VALID), **facts)
    assert noticed(acme) == {"notice": 2}
    reopen_case(**facts)
    close_case(proposal=Proposal(Outcome.PROMISED, ON), **facts)
    assert noticed(acme) == {"notice": 1, "held_item": 1}
