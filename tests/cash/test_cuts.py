"""C11: the connection is cut between COMMIT and its reply. Who asks again finds what was done; nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, transaction

from debitora.cash.actions import (
    AlreadyTakenBack,
    EntryMovedOn,
    ProposalGone,
    Share,
    book,
    ignore,
    match,
    take_back,
    take_file,
    take_proposal,
)
from debitora.cash.models import BankEntry, BankFile, Booking, Proposal
from debitora.cash.testing import MOMENT, TESTS, a_policy
from debitora.people.models import Company
from debitora.receivables.models import Allocation, Item
from tests.cash.cutting import cut_after_commit
from tests.cash.scenes import amount_of, holds, invoiced, paid_in, reading, statement

COUNT = 5

Do = Callable[[], Any]


def facts(company: Company) -> dict[str, Any]:
    return {"company": company.id, "by": TESTS, "at": MOMENT}


def cut(do: Do, *, nth: int = 1) -> None:
    """Do it, and lose the connection when its n-th transaction has been committed."""
    with cut_after_commit(nth=nth), pytest.raises(OperationalError):
        do()


@pytest.fixture
def paid(committed: str, company: Company) -> Company:
    """Five invoices, and a bank's file that pays them, taken."""
    invoiced(company, COUNT)
    paid_in(company, COUNT)
    return company


def first() -> int:
    with reading():
        return BankEntry.objects.order_by("id")[0].id


def live() -> int:
    with reading():
        return Booking.objects.filter(reverses=None).count() - Booking.objects.exclude(reverses=None).count()


def test_c11_a_file_that_was_taken_is_known(committed: str, company: Company) -> None:
    def take() -> Any:
        return take_file(data=statement(COUNT), name="bank.xml", new_accounts=True, **facts(company))

    cut(take)
    assert take().known
    with reading():
        assert (BankFile.objects.count(), BankEntry.objects.count()) == (1, COUNT)
    holds()


def test_c11_a_proposal_that_was_taken_is_gone(paid: Company) -> None:
    with transaction.atomic():
        a_policy(paid, by_itself=False)
    match(**facts(paid))
    entry = first()

    def take() -> Any:
        return take_proposal(entry=entry, rank=1, **facts(paid))

    cut(take)
    for _again in range(2):
        with pytest.raises((ProposalGone, EntryMovedOn)):
            take()
    with reading():
        assert (Booking.objects.count(), Allocation.objects.count()) == (1, 1)
        assert Allocation.objects.get().amount_minor == amount_of(0)
        assert not Proposal.objects.filter(entry=entry).exists()
    holds()


def test_c11_a_matching_goes_on_with_what_is_left(paid: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its transactions: read, propose, and a batch each for the lines; it is cut after the second batch."""
    monkeypatch.setattr("debitora.cash.actions.matching.BATCH", 2)
    cut(lambda: match(**facts(paid)), nth=4)
    assert live() == 4
    assert match(**facts(paid)).booked == 1
    assert match(**facts(paid)).lines == 0
    assert live() == COUNT
    with reading():
        assert Allocation.objects.count() == COUNT
    holds()


def test_c11_what_was_booked_set_aside_or_taken_back_is_so_once(paid: Company) -> None:
    entry = first()
    with reading():
        customer = Item.objects.order_by("id")[0].customer_id

    def on_account() -> Any:
        return book(entry=entry, shares=[Share(customer, amount_of(0))], **facts(paid))

    def set_aside() -> Any:
        return ignore(entry=entry, ignored_for="other", note="a gift", **facts(paid))

    for do in (on_account, set_aside):
        cut(do)
        with pytest.raises(EntryMovedOn):
            do()
        assert live() == 1
        with reading():
            made = Booking.objects.filter(reverses=None).order_by("-id")[0].id

        def back(made: int = made) -> Any:
            return take_back(booking=made, reason="wrong", **facts(paid))

        cut(back)
        with pytest.raises(AlreadyTakenBack):
            back()
        assert live() == 0
    holds()
