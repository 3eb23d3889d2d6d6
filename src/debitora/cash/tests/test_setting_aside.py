"""What people set aside again and again is proposed to be set aside; it is shown, and forgotten on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from debitora.cash.actions import AsideUnknown, Share, forget_aside, ignore, match, take_back
from debitora.cash.models import Aside, BankAccount, Booking, Proposal
from debitora.cash.queries.review import would_be_booked
from debitora.cash.rules.ignoring import Asides, Movement, beside, counterpart_of, propose_ignoring
from debitora.cash.testing import MOMENT, TESTS
from debitora.cash.tests.test_booking import PAYER, lines, put, still_open
from debitora.cash.tests.test_matching import policy
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer
from debitora.trail.models import Record

ClientOf = Callable[[User], Client]
LEARNED = "/c/acme/bank/learned/"


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def set_aside(company: Company, *minors: int, reason: str = "no_receivable", **said: str) -> list[Booking]:
    return [
        ignore(company=company.id, entry=entry, ignored_for=reason, by=TESTS, at=MOMENT)
        for entry in lines(company, *minors, **said)
    ]


def matched(company: Company) -> int:
    return match(company=company.id, by=TESTS, at=MOMENT).booked


def test_a_counterpart_is_known_by_account_else_name_else_kind() -> None:
    assert counterpart_of(account="DE1", name="Miller") == "DE1"
    assert counterpart_of(account="", name=" Miller  ltd ") == "MILLER LTD"
    assert counterpart_of(account="", name="", code="ACMT/MDOP/CHRG") == "ACMT/MDOP/CHRG"
    assert counterpart_of(account="", name="") == ""


@pytest.mark.parametrize(
    ("counted", "paid", "confidence"),
    [({"other": 2}, 0, None), ({"other": 3}, 0, 8_000), ({"other": 998}, 0, 9_990), ({"other": 3}, 5, 4_000)],
)
def test_how_sure_it_is_follows_from_how_often_it_was(
    counted: dict[str, int], paid: int, confidence: int | None
) -> None:
    known = Asides(times={("DE1", "in"): counted}, paid={"DE1": paid})
    found = propose_ignoring(Movement(1, 100, "DE1", ""), known)
    assert (found and found.confidence) == confidence
    if found and paid:
        assert found.evidence == ("often_ignored", "otherwise_before")
    assert propose_ignoring(Movement(1, -100, "DE1", ""), known) is None


def test_a_transfer_between_own_accounts_is_seen_at_once_but_never_sure() -> None:
    known = Asides(own_accounts=frozenset({"DE1"}))
    found = propose_ignoring(Movement(1, -100, "DE1", ""), known)
    assert found is not None
    assert (found.ignored_for, found.confidence, found.evidence) == ("own_transfer", 5_000, ("own_account",))
    assert [one.rank for one in beside([found], found)] == [1, 2]


def test_the_fourth_line_of_a_counterpart_is_proposed_to_be_set_aside(company: Company) -> None:
    set_aside(company, -1_000, -1_001, name="Payroll", account="")
    policy(company, care=1)
    (early,) = lines(company, -1_002, name="Payroll", account="")
    assert matched(company) == 0
    assert not Proposal.objects.filter(entry=early).exists()
    ignore(company=company.id, entry=early, ignored_for="no_receivable", by=TESTS, at=MOMENT)
    (entry, other) = lines(company, -1_003, 1_004, name="payroll", account="")
    policy(company, care=20)
    assert matched(company) == 0
    assert not Proposal.objects.filter(entry=other).exists()
    one = Proposal.objects.get(entry=entry)
    assert (one.kind, one.ignored_for, one.customer_id, one.confidence) == (
        "ignored",
        "no_receivable",
        None,
        8_000,
    )
    assert would_be_booked(enough=8_000, most=None) == 1
    policy(company, care=5)
    assert matched(company) == 1
    made = Booking.objects.get(entry=entry)
    assert (made.origin, made.ignored_for, still_open(entry)) == ("sure", "no_receivable", 0)
    assert Aside.objects.get().times == 3
    take_back(company=company.id, booking=made.id, reason="", by=TESTS, at=MOMENT)
    assert Aside.objects.get().times == 3


def test_what_is_taken_back_or_only_a_part_teaches_nothing(company: Company) -> None:
    (made, _second, _third) = set_aside(company, -1_000, -1_001, -1_002, account=PAYER)
    assert Aside.objects.get().times == 3
    take_back(company=company.id, booking=made.id, reason="", by=TESTS, at=MOMENT)
    assert Aside.objects.get().times == 2
    (line,) = lines(company, 5_000, account=PAYER)
    put(company, line, Share(a_customer(company.id), 4_000))
    ignore(company=company.id, entry=line, ignored_for="other", by=TESTS, at=MOMENT)
    set_aside(company, 7_000, name="", account="")
    assert Aside.objects.count() == 1


def test_money_in_is_set_aside_by_key_and_shown_as_learned_and_forgotten(
    company: Company, clerk: User, manager: User, client_of: ClientOf
) -> None:
    set_aside(company, 1_000, 1_001, 1_002, reason="interest", name="Bank Ltd", account=PAYER)
    (entry, own) = lines(company, 1_003, 1_004, name="Bank Ltd", account=PAYER)
    matched(company)
    client, here = client_of(clerk), f"/c/acme/bank/entries/{entry}/"
    listed = client.get("/c/acme/bank/review/").content.decode()
    assert "None of a customer&#x27;s: Interest, lines of the same counterpart were set aside" in listed
    assert client.get("/c/acme/bank/review/export/csv/").status_code == 200
    page = client.get(here).content.decode()
    assert "set aside" in page
    client.post(f"{here}proposal/", {"proposal": Proposal.objects.get(entry=entry).id})
    assert still_open(entry) == 0
    assert Booking.objects.get(entry=entry).origin == "proposal"
    page = client.get(here).content.decode()
    assert "Set aside: lines of the same counterpart" in page
    assert Aside.objects.get().times == 4
    learned = client.get(LEARNED).content.decode()
    assert "Lines set aside" in learned
    assert "oblivion" not in learned
    address = f"/c/acme/bank/asides/{Aside.objects.get().id}/oblivion/"
    assert client.post(address).status_code == 403
    boss = client_of(manager)
    assert address in boss.get(f"{LEARNED}?text=DE89").content.decode()
    assert boss.post(address).status_code == 303
    assert boss.post(address).status_code == 404
    assert not Aside.objects.exists()
    assert Record.objects.filter(verb="aside.forgotten").count() == 1
    with pytest.raises(AsideUnknown):
        forget_aside(company=company.id, aside=1, by=TESTS, at=MOMENT)
    matched(company)
    assert not Proposal.objects.filter(entry=own).exists()


def test_a_transfer_to_an_own_account_is_proposed(company: Company) -> None:
    BankAccount.objects.create(
        company=company, account=PAYER, currency="EUR", confirmed_at=MOMENT, added_at=MOMENT
    )
    (entry,) = lines(company, -1_000, account=PAYER)
    matched(company)
    assert Proposal.objects.get(entry=entry).ignored_for == "own_transfer"


def test_a_proposal_names_a_customer_or_a_reason(company: Company) -> None:
    (entry,) = lines(company, -1_000)
    facts = {
        "company": company, "entry_id": entry, "rank": 1, "kind": "ignored", "confidence": 1, "evidence": [], "made_at": MOMENT,
    }  # fmt: skip
    for wrong in ({"parts": []}, {"parts": [[1, 1, 0, 0]], "ignored_for": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.create(**facts, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Aside.objects.create(
            company=company, counterpart="", way="in", ignored_for="x", times=1, last_on=MOMENT
        )
