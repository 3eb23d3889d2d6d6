"""Claims that were kept beside the account are put on it, paid there, and taken off again; what adds up goes on adding up."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from django.test import Client

from debitora.dunning.actions import put_claims_on_account
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer
from debitora.dunning.tests.test_claims import a_claiming_strategy, approved, open_claims, printed, released
from debitora.people.models import Company, User
from debitora.receivables.actions import (
    ChargePaid,
    NothingOpen,
    allocate,
    restore_claim,
    take_off_account,
    waive_claim,
)
from debitora.receivables.actions.claims import ClaimUnknown, MoreThanIsOpen, ReversedBefore, open_of
from debitora.receivables.models import Claim, ClaimEntry, Item, ItemState
from debitora.receivables.queries.claims import on_account
from debitora.receivables.testing import a_customer, an_open_item
from debitora.values.money import Money

ClientOf = Callable[[User], Client]


@pytest.fixture
def late(acme: Company) -> int:
    """A customer whose notice left with interest and lump sum, kept beside the account."""
    a_claiming_strategy(acme)
    customer = a_late_payer(
        acme, "1", street="Weg 1", postcode="10115", city="Berlin", email="", minors=(100_000,)
    )
    released(acme, approved(acme))
    printed(acme)
    assert set(open_claims()) == {"interest", "lump_sum"}
    return customer


def put(company: Company, customer: int, *kinds: str) -> list[ClaimEntry]:
    claims = [
        claim.id for claim in Claim.objects.filter(company_id=company.id) if not kinds or claim.kind in kinds
    ]
    return put_claims_on_account(
        company=company.id, customer=customer, claims=claims, on=ON, by=TESTS, at=MOMENT
    )


def off(company: Company, entry: int) -> None:
    take_off_account(company=company.id, entry=entry, on=ON, by=TESTS, at=MOMENT)


def test_claims_become_charges_that_payments_settle(acme: Company, late: int) -> None:
    before = open_claims()
    entries = put(acme, late)
    charges = Item.objects.filter(company_id=acme.id, kind="charge").order_by("id")
    assert {one.position: one.amount_minor for one in charges} == before
    assert {one.number for one in charges} == {"R-1-1"}
    assert not any(open_claims().values())
    paid = an_open_item(acme.id, late, number="Z-1", minor=-4_000, kind="payment")
    lump_sum = charges.get(position="lump_sum")
    allocate(
        company=acme.id, credit_item=paid.id, debit_item=lump_sum.id, amount=Money(4_000, "EUR"), on=ON, by=TESTS,
        at=MOMENT,
    )  # fmt: skip
    told = {one.kind: one.open_minor for one in on_account(customer=late)}
    assert told == {"interest": before["interest"], "lump_sum": 0}
    by_kind = {entry.charge_id: entry.id for entry in entries}
    with pytest.raises(ChargePaid):
        off(acme, by_kind[lump_sum.id])


def test_what_is_taken_off_stands_beside_again_and_can_be_put_on_once_more(acme: Company, late: int) -> None:
    before = open_claims()
    (entry,) = put(acme, late, "interest")
    off(acme, entry.id)
    assert open_claims() == before
    assert ItemState.objects.get(item_id=entry.charge_id).open_minor == 0
    with pytest.raises(ReversedBefore):
        off(acme, entry.id)
    (again,) = put(acme, late, "interest")
    assert Item.objects.get(id=again.charge_id).position == "interest-2"
    assert [one.entry for one in on_account(customer=late)] == [again.id]


def test_nonsense_is_refused(acme: Company, late: int) -> None:
    with pytest.raises(ClaimUnknown):
        off(acme, 10**12)
    accrued = ClaimEntry.objects.filter(kind="accrued").order_by("id")[0]
    with pytest.raises(ClaimUnknown):
        off(acme, accrued.id)
    with pytest.raises(NothingOpen):
        put(acme, a_customer(acme.id, "2"))
    put(acme, late)
    with pytest.raises(NothingOpen):
        put(acme, late)


def test_the_panel_puts_on_and_takes_off(acme: Company, late: int, clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    panel = client.get(f"/c/acme/customers/{late}/claims/").content.decode()
    assert "Put on the account" in panel
    item = Item.objects.get(number="R-1-1", kind="invoice").id
    assert "Lump sum" in client.get(f"/c/acme/items/{item}/claims/").content.decode()
    claims = [str(claim.id) for claim in Claim.objects.all()]
    there = f"/c/acme/customers/{late}/claims/booked/"
    client.post(there, {"claim": claims})
    assert not any(open_claims().values())
    assert "Nothing is open" in client.post(there, {"claim": claims}, follow=True).content.decode()
    assert "stand on the account" in client.get(f"/c/acme/customers/{late}/claims/").content.decode()
    entries = [str(one.entry) for one in on_account(customer=late)]
    back = f"/c/acme/customers/{late}/claims/unbooked/"
    for word in ("beside the account again", "do not stand on the account"):
        assert word in client.post(back, {"entry": entries}, follow=True).content.decode()
    put(acme, late)
    paid = an_open_item(acme.id, late, number="Z-1", minor=-4_000, kind="payment")
    charge = Item.objects.filter(kind="charge", position="lump_sum-2").get()
    allocate(
        company=acme.id,
        credit_item=paid.id,
        debit_item=charge.id,
        amount=Money(1, "EUR"),
        on=ON,
        by=TESTS,
        at=MOMENT,
    )
    entries = [str(one.entry) for one in on_account(customer=late)]
    assert (
        "take that payment back first" in client.post(back, {"entry": entries}, follow=True).content.decode()
    )


@pytest.mark.parametrize("seed", range(6))
def test_waived_and_claimed_and_booked_are_what_accrued_whatever_happens(
    acme: Company, late: int, seed: int
) -> None:
    print(f"seed {seed}")
    random = Random(seed)
    accrued = {claim.id: claim.accrued_minor for claim in Claim.objects.all()}
    for _step in range(30):
        _at_random(acme, late, random)
        for claim in Claim.objects.all():
            assert claim.accrued_minor == accrued[claim.id], f"seed {seed}"
            assert (
                claim.waived_minor + claim.booked_minor + claim.paid_minor + open_of(claim)
                == accrued[claim.id]
            )
            assert min(claim.waived_minor, claim.booked_minor, open_of(claim)) >= 0
        standing = sum(one.minor for one in on_account(customer=late))
        assert standing == sum(claim.booked_minor for claim in Claim.objects.all())
        charges = ItemState.objects.filter(item__kind="charge")
        assert sum(state.open_minor for state in charges) == standing


def _at_random(company: Company, customer: int, random: Random) -> None:
    claim = random.choice(list(Claim.objects.order_by("id")))
    told = {"company": company.id, "on": ON, "by": TESTS, "at": MOMENT}
    act = random.choice(["put", "off", "waive", "restore"])
    try:
        if act == "put":
            put_claims_on_account(customer=customer, claims=[claim.id], **told)
        elif act == "off":
            take_off_account(entry=random.choice(on_account(customer=customer) or [NOBODY]).entry, **told)
        elif act == "waive":
            waive_claim(claim=claim.id, amount=Money(random.randint(1, 500), "EUR"), reason="test", **told)
        else:
            waived = list(ClaimEntry.objects.filter(kind="waived").order_by("id"))
            restore_claim(entry=random.choice(waived).id if waived else 0, **told)
    except (NothingOpen, ClaimUnknown, ReversedBefore, MoreThanIsOpen):
        pass


class NOBODY:
    entry = 0
