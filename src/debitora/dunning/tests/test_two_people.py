"""H03: where a strategy asks for two people, nobody approves a run that she proposed, by whichever of her accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from debitora.dunning.actions import ProposerApproves, approve_run, may_approve_itself, propose_run
from debitora.dunning.models import Run, RunApproval
from debitora.dunning.rules.policy import Approval
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_strategy
from debitora.kit.runtime import clock_at
from debitora.people.actions import add_user, grant
from debitora.people.models import Company, User
from debitora.trail.rules import Actor


def person(user: User) -> Actor:
    return Actor(id=user.id, kind="user", label=user.login)


def another(company: Company, *, email: str) -> User:
    """A further manager of the company."""
    found = add_user(
        login="second",
        name="Second",
        password="a long one that counts",
        email=email,
        language="en",
        at=MOMENT,
    )
    grant(company=company, user=found, role="manager", by=TESTS, at=MOMENT)
    return found


@pytest.fixture
def proposed(acme: Company, manager: User) -> int:
    """A run that the manager proposed, with a notice whose strategy asks for two people."""
    a_strategy(acme, kind="business", approval=Approval.TWO_PEOPLE)
    a_late_payer(acme)
    return propose_run(company=acme, on=ON, by=person(manager), at=MOMENT).run or 0


def test_h03_who_proposed_a_run_does_not_approve_it(acme: Company, manager: User, proposed: int) -> None:
    with pytest.raises(ProposerApproves):
        approve_run(company=acme.id, run=proposed, by=person(manager), at=MOMENT, confirmed=True)
    assert Run.objects.get().state == "proposed"
    assert not RunApproval.objects.exists()
    assert not may_approve_itself(company=acme, run=proposed)


def test_h03_a_second_account_of_hers_does_not_either(acme: Company, manager: User, proposed: int) -> None:
    User.objects.filter(id=manager.id).update(email="Rolf@acme.example")
    second = another(acme, email="rolf@ACME.example")
    with pytest.raises(ProposerApproves):
        approve_run(company=acme.id, run=proposed, by=person(second), at=MOMENT)


@pytest.mark.parametrize("email", ["anna@acme.example", ""])
def test_h03_another_manager_does(acme: Company, manager: User, proposed: int, email: str) -> None:
    User.objects.filter(id=manager.id).update(email="rolf@acme.example" if email else "")
    approve_run(company=acme.id, run=proposed, by=person(another(acme, email=email)), at=MOMENT)
    assert Run.objects.get().state == "approved"


def test_h03_what_the_program_proposed_any_manager_approves(acme: Company, manager: User) -> None:
    a_strategy(acme, kind="business", approval=Approval.TWO_PEOPLE)
    a_late_payer(acme)
    run = propose_run(company=acme, on=ON, by=TESTS, at=MOMENT).run or 0
    approve_run(company=acme.id, run=run, by=person(manager), at=MOMENT)
    assert Run.objects.get().state == "approved"


def test_h03_where_one_is_enough_the_control_approves(acme: Company, manager: User) -> None:
    a_strategy(acme, kind="business", approval=Approval.PERSON)
    a_late_payer(acme)
    run = propose_run(company=acme, on=ON, by=person(manager), at=MOMENT).run or 0
    approve_run(company=acme.id, run=run, by=person(manager), at=MOMENT)
    assert Run.objects.get().state == "approved"


def test_h03_the_page_says_so_and_offers_no_button(
    manager: User, proposed: int, client_of: Callable[[User], Client]
) -> None:
    there = f"/c/acme/runs/{proposed}/approval/"
    with clock_at(MOMENT):
        client = client_of(manager)
        shown = client.get(there).content.decode()
        told = client.post(there, follow=True).content.decode()
    assert "Somebody else has to approve it" in shown
    assert 'class="btn btn-primary"' not in shown.split("<main")[1]
    assert "You proposed this run yourself: somebody else has to approve it." in told
    assert Run.objects.get().state == "proposed"
