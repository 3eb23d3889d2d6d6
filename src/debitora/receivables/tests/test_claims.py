"""Claims beside the items: they accrue once per notice, come back with it, are waived with a reason, and always add up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from debitora.people.models import Company
from debitora.receivables.actions import (
    ClaimAsked,
    accrue_claims,
    book_claims,
    restore_claim,
    return_claims,
    waive_claim,
)
from debitora.receivables.actions.claims import (
    ClaimUnknown,
    MoreThanIsOpen,
    ReversedBefore,
    WaiverNeedsReason,
    open_of,
)
from debitora.receivables.models import Claim, ClaimEntry
from debitora.receivables.testing import MOMENT, ON, TESTS, a_customer, an_open_item
from debitora.trail.models import Record
from debitora.values.money import Money

LATER = MOMENT + timedelta(days=20)
THEN = ON + timedelta(days=20)


@pytest.fixture
def owed(company: Company) -> tuple[int, int]:
    """A customer and an item of hers."""
    customer = a_customer(company.id)
    return customer, an_open_item(company.id, customer, minor=100_000).id


def asked(
    company: Company,
    owed: tuple[int, int],
    notice: int,
    *,
    interest: int = 0,
    lump_sum: int = 0,
    fee: int = 0,
    as_of: datetime = MOMENT,
    on: date = ON,
    at: datetime = MOMENT,
) -> int:
    customer, item = owed
    wanted = [
        ClaimAsked(notice, customer, item, "interest", "EUR", interest, on),
        ClaimAsked(notice, customer, item, "lump_sum", "EUR", lump_sum),
        ClaimAsked(notice, customer, None, "fee", "EUR", fee),
    ]
    return accrue_claims(
        company=company.id, asked=[one for one in wanted if one.minor], as_of=as_of, on=on, by=TESTS, at=at
    )


def the(kind: str) -> Claim:
    return Claim.objects.get(kind=kind)


def test_a_notice_lets_each_kind_accrue_once(company: Company, owed: tuple[int, int]) -> None:
    assert asked(company, owed, 7, interest=1_234, lump_sum=4_000, fee=250) == 3
    assert asked(company, owed, 7, interest=1_234, lump_sum=4_000, fee=250) == 0
    assert {one.kind: open_of(one) for one in Claim.objects.all()} == {
        "interest": 1_234,
        "lump_sum": 4_000,
        "fee": 250,
    }
    assert the("interest").until_on == ON
    assert (the("fee").item_id, the("fee").notice_id) == (None, 7)
    assert Record.objects.filter(verb="claims.accrued").count() == 1


def test_the_next_notice_adds_what_grew_and_claims_no_lump_sum_again(
    company: Company, owed: tuple[int, int]
) -> None:
    asked(company, owed, 7, interest=1_000, lump_sum=4_000)
    assert asked(company, owed, 8, interest=1_500, lump_sum=4_000, as_of=LATER, on=THEN, at=LATER) == 1
    assert open_of(the("interest")) == 1_500
    assert the("interest").until_on == THEN
    assert open_of(the("lump_sum")) == 4_000


def test_what_was_waived_since_the_run_was_read_stays_waived(company: Company, owed: tuple[int, int]) -> None:
    asked(company, owed, 7, interest=1_000)
    waive_claim(
        company=company.id,
        claim=the("interest").id,
        amount=Money(400, "EUR"),
        reason="goodwill",
        on=THEN,
        by=TESTS,
        at=LATER,
    )
    asked(company, owed, 8, interest=1_500, as_of=LATER - timedelta(hours=1), on=THEN, at=LATER)
    assert (the("interest").accrued_minor, open_of(the("interest"))) == (1_500, 1_100)


def test_less_is_claimed_where_a_payment_became_known_later(company: Company, owed: tuple[int, int]) -> None:
    asked(company, owed, 7, interest=1_000)
    asked(company, owed, 8, interest=600, as_of=LATER, on=THEN, at=LATER)
    assert (the("interest").accrued_minor, the("interest").until_on) == (600, THEN)


def test_a_notice_that_came_back_takes_back_what_it_claimed(company: Company, owed: tuple[int, int]) -> None:
    asked(company, owed, 7, interest=1_000, lump_sum=4_000)
    asked(company, owed, 8, interest=1_500, lump_sum=4_000, as_of=LATER, on=THEN, at=LATER)
    assert return_claims(company=company.id, notices=[8], on=THEN, by=TESTS, at=LATER) == 1
    assert return_claims(company=company.id, notices=[8], on=THEN, by=TESTS, at=LATER) == 0
    assert (open_of(the("interest")), the("interest").until_on) == (1_000, ON)
    assert return_claims(company=company.id, notices=[7], on=THEN, by=TESTS, at=LATER) == 2
    assert (open_of(the("interest")), open_of(the("lump_sum")), the("interest").until_on) == (0, 0, None)


def test_what_was_waived_of_a_returned_notice_stays(company: Company, owed: tuple[int, int]) -> None:
    asked(company, owed, 7, lump_sum=4_000)
    waive_claim(
        company=company.id,
        claim=the("lump_sum").id,
        amount=Money(1_000, "EUR"),
        reason="goodwill",
        on=ON,
        by=TESTS,
        at=MOMENT,
    )
    return_claims(company=company.id, notices=[7], on=THEN, by=TESTS, at=LATER)
    assert (the("lump_sum").accrued_minor, the("lump_sum").waived_minor) == (1_000, 1_000)


def test_a_waiver_needs_a_reason_and_is_taken_back_once(company: Company, owed: tuple[int, int]) -> None:
    asked(company, owed, 7, fee=250)
    fee = the("fee").id

    def waived(minor: int, reason: str = "goodwill", currency: str = "EUR") -> ClaimEntry:
        return waive_claim(
            company=company.id,
            claim=fee,
            amount=Money(minor, currency),
            reason=reason,
            on=ON,
            by=TESTS,
            at=MOMENT,
        )

    with pytest.raises(WaiverNeedsReason):
        waived(100, " ")
    for minor, currency in ((251, "EUR"), (0, "EUR"), (100, "CHF")):
        with pytest.raises(MoreThanIsOpen):
            waived(minor, currency=currency)
    entry = waived(250)
    assert (open_of(the("fee")), entry.wording and entry.wording.text) == (0, "goodwill")
    restore_claim(company=company.id, entry=entry.id, on=ON, by=TESTS, at=MOMENT)
    assert open_of(the("fee")) == 250
    with pytest.raises(ReversedBefore):
        restore_claim(company=company.id, entry=entry.id, on=ON, by=TESTS, at=MOMENT)
    with pytest.raises(ClaimUnknown):
        restore_claim(company=company.id, entry=entry.id + 100, on=ON, by=TESTS, at=MOMENT)
    with pytest.raises(ClaimUnknown):
        waive_claim(
            company=company.id,
            claim=fee + 100,
            amount=Money(1, "EUR"),
            reason="x",
            on=ON,
            by=TESTS,
            at=MOMENT,
        )
    assert Record.objects.filter(verb__in=("claim.waived", "claim.restored")).count() == 2


def test_what_is_booked_is_no_longer_open_beside_the_account(company: Company, owed: tuple[int, int]) -> None:
    asked(company, owed, 7, interest=1_000, lump_sum=4_000)
    booked = book_claims(company=company.id, notices=[7], on=ON, by=TESTS, at=MOMENT)
    assert booked == {(7, "interest"): 1_000, (7, "lump_sum"): 4_000}
    assert book_claims(company=company.id, notices=[7], on=THEN, by=TESTS, at=LATER) == {}
    assert open_of(the("interest")) == open_of(the("lump_sum")) == 0
    return_claims(company=company.id, notices=[7], on=THEN, by=TESTS, at=LATER)
    assert the("interest").accrued_minor == the("interest").booked_minor == 0


def test_nothing_asked_is_nothing_done(company: Company, owed: tuple[int, int]) -> None:
    assert asked(company, owed, 7) == 0
    assert not Record.objects.filter(verb="claims.accrued").exists()


def test_the_database_refuses_what_does_not_add_up(company: Company, owed: tuple[int, int]) -> None:
    asked(company, owed, 7, fee=250)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(kind="fee").update(waived_minor=251)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimEntry.objects.create(
            company_id=company.id,
            claim=the("fee"),
            kind="accrued",
            minor=250,
            notice_id=7,
            effective_on=ON,
            recorded_at=MOMENT,
            actor_label="tests",
        )
