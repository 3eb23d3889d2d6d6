"""Payers who write only the last digits of numbers are understood after two corrections; it is shown, and forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from debitora.cash.actions import Part, Share, forget_habits, take_back
from debitora.cash.models import Booking, Habit, Proposal
from debitora.cash.rules.abbreviating import abbreviation, digits_of, kept_by
from debitora.cash.testing import MOMENT, TESTS
from debitora.cash.tests.test_booking import PAYER, lines, put
from debitora.cash.tests.test_matching import matched, policy
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def test_an_abbreviation_is_a_habit_by_its_digits() -> None:
    assert abbreviation("Rg 471", "RE26-00471") == "last_5"
    assert abbreviation("thanks", "RE26-00471") == ""
    assert (digits_of("last_5"), digits_of("one")) == (5, None)
    found = kept_by({7: {"last_5": 2, "last_3": 1, "one": 9}})
    assert found.rows() == [(7, 5)]


def paid_by_hand(company: Company, customer: int, serial: str) -> Booking:
    """An invoice RE26-… of 100.00, named by its serial number alone and booked by a person."""
    item = an_open_item(company.id, customer, number=f"RE26-{serial}").id
    (entry,) = lines(company, 10_000, account=PAYER, name="", text=f"Rechnung {serial.lstrip('0')}")
    (made,) = put(company, entry, Share(customer, 10_000, (Part(item, 10_000),)))
    return made


def test_two_corrections_teach_how_a_payer_abbreviates(
    company: Company, manager: User, client_of: ClientOf
) -> None:
    policy(company, by_itself=False)
    customer = a_customer(company.id, "10001", name="Nordwind GmbH")
    paid_by_hand(company, customer, "00471")
    wanted, other = (
        an_open_item(company.id, customer, number=f"RE26-{serial}", minor=minor).id
        for serial, minor in (("00473", 5_000), ("00474", 5_000))
    )
    (entry,) = lines(company, 5_000, account=PAYER, name="", text="Rechnung 474")
    matched(company)
    assert all("item_hinted" not in one.evidence for one in Proposal.objects.filter(entry=entry))
    made = paid_by_hand(company, customer, "00472")
    assert Habit.objects.get(kind="last_5").times == 2
    matched(company)
    first = Proposal.objects.get(entry=entry, rank=1)
    assert (first.parts, first.kind) == ([[other, 5_000, 0, 0]], "named")
    assert "item_hinted" in first.evidence
    page = client_of(manager).get("/c/acme/bank/learned/").content.decode()
    assert "only the last 5 digits of numbers" in page
    assert "RE##-#####" in page
    take_back(company=company.id, booking=made.id, reason="", by=TESTS, at=MOMENT)
    assert Habit.objects.get(kind="last_5").times == 1
    forget_habits(company=company.id, customer=customer, by=TESTS, at=MOMENT)
    assert not Habit.objects.exists()
    assert wanted != other
