"""A case that ends with a write-off: a proposal for each item, decided at once up to the limit, taken back with the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from debitora.disputes.actions import OutcomeRefused, close_case, reopen_case
from debitora.disputes.models import CaseState
from debitora.disputes.rules.outcomes import Outcome, OutcomeRefusal, Proposal
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions.write_offs import choose_limit, decline_write_off, propose_write_off
from debitora.receivables.models import HoldRelease, Item, ItemState, WriteOff
from debitora.receivables.queries.holds import holds_in_force
from debitora.receivables.queries.write_offs import WriteOffFilters, write_offs_page
from debitora.receivables.rules.write_offs import Ground
from debitora.values.money import Money

ClientOf = Callable[[User], Client]
GIVE_UP = Outcome.WRITE_OFF_PROPOSED


def states() -> list[tuple[str, str, int]]:
    rows = write_offs_page(filters=WriteOffFilters(), sort="newest").rows
    return [(row.number, row.state, row.amount_minor) for row in rows]


def held(items: list[Item]) -> list[tuple[int | None, int | None]]:
    found = holds_in_force(on=ON, customer=items[0].customer_id)
    return sorted((one.item, one.amount_minor) for one in found)


def test_each_item_has_its_proposal_and_stays_held(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    case = a_case(company, items)
    close_case(**facts, case=case.id, proposal=Proposal(GIVE_UP, amount_minor=13_000), note="Insolvent.")
    assert states() == [("R-1", "proposed", 10_000), ("R-2", "proposed", 3_000)]
    assert WriteOff.objects.earliest("id").wording.text == "Insolvent."
    assert len(held(items)) == 2
    for one in WriteOff.objects.all():
        decline_write_off(**facts, write_off=one.id, reason="Wir fragen weiter.")
    assert held(items) == []


def test_without_a_note_the_question_is_the_reason(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    close_case(**facts, case=a_case(company, items[:1], minor=4_000).id, proposal=Proposal(GIVE_UP))
    assert states() == [("R-1", "proposed", 4_000)]
    assert "40 were agreed" in WriteOff.objects.get().wording.text


def test_within_the_limit_it_is_booked_and_nothing_is_held(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    choose_limit(company=company.id, minor=4_000, by=TESTS, at=MOMENT)
    close_case(**facts, case=a_case(company, items[:1], minor=4_000).id, proposal=Proposal(GIVE_UP))
    assert (states(), held(items)) == ([("R-1", "booked", 4_000)], [])
    assert ItemState.objects.get(item=items[0]).open_minor == 6_000


def test_a_case_that_is_opened_again_takes_its_proposals_back(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    case = a_case(company, items[:1]).id
    close_case(**facts, case=case, proposal=Proposal(GIVE_UP))
    reopen_case(**facts, case=case)
    assert states() == [("R-1", "withdrawn", 10_000)]
    assert (held(items), HoldRelease.objects.count()) == ([(items[0].id, None)], 2)


def test_what_somebody_else_proposed_is_not_proposed_twice(
    company: Company, items: list[Item], facts: dict[str, Any]
) -> None:
    case = a_case(company, items[:1]).id
    propose_write_off(**facts, item=items[0].id, amount=Money(1, "EUR"), ground=Ground.SMALL, text="x")
    with pytest.raises(OutcomeRefused) as refused:
        close_case(**facts, case=case, proposal=Proposal(GIVE_UP))
    assert refused.value.why is OutcomeRefusal.AMOUNT_NOT_OPEN
    assert CaseState.objects.get(case=case).state == "open"
    close_case(**facts, case=case, proposal=Proposal(GIVE_UP, amount_minor=9_999))
    assert states() == [("R-1", "proposed", 1), ("R-1", "proposed", 9_999)]


def test_the_case_leads_to_where_it_is_decided(
    company: Company, items: list[Item], facts: dict[str, Any], clerk: User, client_of: ClientOf
) -> None:
    case = a_case(company, items[:1]).id
    there = f"/c/acme/clarification/{case}/"
    with clock_at(MOMENT):
        assert "/write-offs/?customer=" not in client_of(clerk).get(there).content.decode()
        close_case(**facts, case=case, proposal=Proposal(GIVE_UP))
        assert "/write-offs/?customer=" in client_of(clerk).get(there).content.decode()
