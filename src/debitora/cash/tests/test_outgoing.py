"""Money that went out is proposed, taken by a keystroke, booked alone only as the very payment that came back, and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from debitora.cash.actions import (
    EntryMovedOn,
    MoreThanIsOpen,
    Share,
    book_return,
    match,
    take_back,
    take_proposal,
)
from debitora.cash.models import BankEntry, Booking, Proposal, Tally
from debitora.cash.queries.review import would_be_booked
from debitora.cash.testing import MOMENT, TESTS
from debitora.cash.tests.test_booking import PAYER, lines, opened, put, still_open
from debitora.cash.tests.test_matching import policy
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item
from tests.ledger_oracle import findings

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def matched(company: Company, **options: Any) -> Any:
    return match(company=company.id, by=TESTS, at=MOMENT, **options)


def taken_by(company: Company, entry: int, rank: int = 1) -> list[Booking]:
    return take_proposal(company=company.id, entry=entry, rank=rank, by=TESTS, at=MOMENT)


@pytest.fixture
def paid(company: Company) -> Booking:
    """An invoice of 100.00, collected and booked."""
    customer = a_customer(company.id, "10001", name="Nordwind GmbH")
    item = an_open_item(company.id, customer, number="R-4711").id
    (entry,) = lines(company, 10_000, name="Nordwind GmbH", account=PAYER, end_to_end="R-4711")
    (made,) = put(company, entry, Share(customer, 10_000, ()))
    take_back(company=company.id, booking=made.id, reason="", by=TESTS, at=MOMENT)
    policy(company, care=1)
    assert matched(company).booked == 1
    assert opened(item) == 0
    return Booking.objects.get(kind="payment", reverses=None, origin="sure")


def item_of(paid: Booking) -> int:
    return next(iter(paid.proposal["parts"]))[0]


def test_the_very_payment_that_came_back_is_booked_by_itself(company: Company, paid: Booking) -> None:
    (back,) = lines(company, -10_000, account=PAYER, end_to_end="R-4711", text="RUECKLASTSCHRIFT AM04")
    assert matched(company, dry_run=True).booked == 1
    policy(company, by_itself=False, care=1)
    assert matched(company).booked == 0
    assert would_be_booked(enough=0, most=None) == 1
    assert would_be_booked(enough=0, most=9_999) == 0
    policy(company, care=1, most_minor=9_999)
    assert matched(company).booked == 0
    policy(company, care=1)
    done = matched(company)
    assert (done.lines, done.booked, done.open) == (1, 1, 0)
    made = Booking.objects.get(kind="returned")
    assert (made.origin, made.item_id, made.proposal["kind"]) == ("sure", paid.item_id, "return")
    assert (opened(item_of(paid)), still_open(back)) == (10_000, 0)
    assert Tally.objects.get(pattern=made.proposal["pattern"]).right == 1
    assert findings() == []
    take_back(company=company.id, booking=made.id, reason="no", by=TESTS, at=MOMENT)
    tally = Tally.objects.get(pattern=made.proposal["pattern"])
    assert (tally.right, tally.wrong, still_open(back)) == (0, 1, -10_000)
    assert findings() == []


def test_a_return_with_an_unnamed_fee_waits_and_is_taken_with_it(company: Company, paid: Booking) -> None:
    (back,) = lines(company, -10_350, account=PAYER, end_to_end="R-4711", text="Retoure")
    assert matched(company).booked == 0
    first = Proposal.objects.get(entry=back, rank=1)
    assert (first.kind, first.parts) == ("return", [[paid.item_id, -10_000, 0, 0]])
    assert "bank_fee" in first.evidence
    made = taken_by(company, back)
    assert [(one.kind, one.minor, one.origin) for one in made] == [
        ("returned", -10_000, "proposal"),
        ("ignored", -350, "proposal"),
    ]
    assert made[1].ignored_for == "bank_fee"
    assert (opened(item_of(paid)), still_open(back)) == (10_000, 0)
    assert findings() == []


def test_without_a_reference_nothing_that_went_out_is_booked_by_itself(
    company: Company, paid: Booking
) -> None:
    back, other = lines(company, -10_000, -777, account=PAYER, text="Rueckgabe")
    done = matched(company)
    assert (done.lines, done.booked, done.proposed, done.open) == (2, 0, 1, 1)
    assert not Proposal.objects.filter(entry=other).exists()
    (one,) = Proposal.objects.filter(entry=back)
    assert one.evidence[:2] == ["payer_known", "amount_same"]


def test_a_payment_that_is_gone_meanwhile_is_not_returned_twice(company: Company, paid: Booking) -> None:
    policy(company, by_itself=False)
    first, second = lines(company, -10_000, -10_000, account=PAYER, end_to_end="R-4711", text="Retoure")
    matched(company)
    book_return(company=company.id, entry=first, payment_item=paid.item_id or 0, by=TESTS, at=MOMENT)
    with pytest.raises(MoreThanIsOpen):
        taken_by(company, second)
    with pytest.raises(EntryMovedOn):
        taken_by(company, 0)
    policy(company, care=1)
    assert matched(company).booked == 0
    assert not Proposal.objects.filter(entry=second).exists()


def test_a_credit_that_was_paid_back_is_proposed_with_its_why(
    company: Company, paid: Booking, clerk: User, client_of: ClientOf
) -> None:
    note = an_open_item(company.id, paid.customer_id or 0, number="G-4712", minor=-2_500).id
    (out,) = lines(company, -2_500, name="NORDWIND GMBH", account=PAYER, text="Erstattung G-4712")
    assert matched(company).booked == 0
    client, here = client_of(clerk), f"/c/acme/bank/entries/{out}/"
    page = client.get("/c/acme/bank/review/").content.decode()
    assert (
        "Amount equals what is open of G-4712, its number is named in the text, payer account known" in page
    )
    page = client.get(here).content.decode()
    assert "credit paid back" in page
    assert 'data-key="1"' in page
    chosen = Proposal.objects.get(entry=out, rank=1)
    client.post(f"{here}proposal/", {"proposal": chosen.id})
    made = Booking.objects.get(kind="refunded")
    assert (opened(note), still_open(out), made.origin) == (0, 0, "proposal")
    page = client.get(here).content.decode()
    assert "Proposal taken" in page
    assert "Credit paid back: its number is named in the text" in page
    client.post("/c/acme/bank/bookings/reversals/", {"booking": made.id, "undoing": "yes"})
    assert (opened(note), still_open(out)) == (-2_500, -2_500)
    assert findings() == []


def test_the_fee_of_a_return_stands_beside_its_proposal(
    company: Company, paid: Booking, clerk: User, client_of: ClientOf
) -> None:
    (back,) = lines(company, -10_350, account=PAYER, end_to_end="R-4711", text="Retoure")
    matched(company)
    page = client_of(clerk).get(f"/c/acme/bank/entries/{back}/").content.decode()
    number = f"B{BankEntry.objects.get(minor=10_000).id}"
    assert f"Takes the payment {number} back, payment and line have the same reference" in page
    assert "EUR\u00a03.50 are a fee of the bank" in page
