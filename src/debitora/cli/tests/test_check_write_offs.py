"""The question about write-offs: silent over what the actions wrote, loud over a ledger that says something else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from debitora.cli.tests.test_check_cases import broken
from debitora.people.models import Company, User
from debitora.receivables.actions.write_offs import choose_limit, propose_write_off, reverse_write_off
from debitora.receivables.models import Entry, Item, WriteOff, WriteOffStep
from debitora.receivables.rules.write_offs import Ground
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import Actor
from debitora.values.money import Money

ON = date(2026, 11, 18)


@pytest.fixture
def doing(company: Company, clerk: User, moment: datetime) -> dict[str, Any]:
    by = Actor(clerk.id, "user", clerk.login)
    choose_limit(company=company.id, minor=5_000, by=by, at=moment)
    return {"company": company, "on": ON, "by": by, "at": moment}


@pytest.fixture
def booked(company: Company, doing: dict[str, Any]) -> WriteOff:
    item = an_open_item(company.id, a_customer(company.id))
    return propose_write_off(**doing, item=item.id, amount=Money(4_000, "EUR"), ground=Ground.SMALL, text="x")


def found(company: Company) -> list[tuple[str, str]]:
    return broken(company, "I3_write_offs")


def test_it_is_silent_over_what_was_decided(
    company: Company, booked: WriteOff, doing: dict[str, Any]
) -> None:
    assert found(company) == []
    reverse_write_off(**doing, write_off=booked.id, reason="x")
    assert found(company) == []
    about = [thing for thing, _said in broken(company, "I44_recorded") + broken(company, "I44_records")]
    assert not [thing for thing in about if "write" in thing]


def test_a_booking_without_its_entry(company: Company, booked: WriteOff) -> None:
    other = Item.objects.get(id=booked.item_id)
    made = WriteOff.objects.create(
        company_id=company.id, customer_id=booked.customer_id, item=other, amount_minor=1, ground="small",
        wording=booked.wording, proposed_at=booked.proposed_at, proposed_by_label="x",
    )  # fmt: skip
    known: dict[str, Any] = {
        "company_id": company.id, "place": 1, "kind": "booked", "done_on": ON, "done_at": booked.proposed_at,
        "done_by_label": "x",
    }  # fmt: skip
    WriteOffStep.objects.create(**known, write_off=made, entry=4711)
    assert found(company) == [(f"write-off {made.id}", "has no entry in the ledger")]


def test_another_amount_than_its_entry_and_one_person_above_the_limit(
    company: Company, booked: WriteOff
) -> None:
    entry = Entry.objects.get(kind="written_off")
    made = WriteOff.objects.create(
        company_id=company.id, customer_id=booked.customer_id, item_id=booked.item_id, amount_minor=5_001,
        ground="small", wording=booked.wording, proposed_at=booked.proposed_at, proposed_by_label="x",
    )  # fmt: skip
    WriteOffStep.objects.create(
        company_id=company.id, write_off=made, place=1, kind="booked", entry=entry.id, within_limit=True, done_on=ON,
        done_at=booked.proposed_at, done_by_label="x",
    )  # fmt: skip
    assert found(company) == [
        (f"write-off {made.id}", "gives up 5001, its entry 4000"),
        (f"write-off {made.id}", "was decided by one person above the limit"),
    ]


def test_a_reversal_that_the_ledger_does_not_know(company: Company, booked: WriteOff) -> None:
    entry = Entry.objects.get(kind="written_off")
    WriteOffStep.objects.create(
        company_id=company.id, write_off=booked, place=2, kind="reversed", entry=entry.id, done_on=ON,
        done_at=booked.proposed_at, done_by_label="x",
    )  # fmt: skip
    assert found(company) == [(f"write-off {booked.id}", "is reversed, and its entry is not")]
