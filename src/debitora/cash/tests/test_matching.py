"""Open lines held against the ledger: booked, proposed, taken, learned from; both roads; and nothing twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from debitora.cash.actions import (
    EntryMovedOn,
    Matched,
    MoreThanIsOpen,
    ProposalGone,
    Share,
    book,
    decide_policy,
    forget_habits,
    forget_payer,
    forget_tallies,
    match,
    take_back,
    take_proposal,
)
from debitora.cash.actions.learning import PayerUnknown
from debitora.cash.models import Booking, EntryState, Habit, MatchPolicy, Payer, Proposal, Tally
from debitora.cash.queries.policies import policy_of
from debitora.cash.rules.sureness import sure_from
from debitora.cash.testing import MOMENT, TESTS
from debitora.cash.tests.test_booking import PAYER, lines, opened, still_open
from debitora.people.models import Company
from debitora.receivables.models import Allocation, Item
from debitora.receivables.testing import a_customer, a_listed, an_open_item, apply_listed
from debitora.trail.models import Record
from tests.ledger_oracle import findings

NAME = "Nordwind Werkzeuge GmbH"


def matched(company: Company, **options: Any) -> Matched:
    return match(company=company.id, by=TESTS, at=MOMENT, **options)


def policy(company: Company, **fields: Any) -> MatchPolicy:
    usual: dict[str, Any] = {
        "by_itself": True, "care": 20, "most_minor": None, "discount_bp": 200, "discount_days": 14, "grace_days": 3,
        "write_off_minor": 0,
    }  # fmt: skip
    return decide_policy(company=company.id, by=TESTS, at=MOMENT, **(usual | fields))


def a_named_line(company: Company, minor: int = 10_000, **said: Any) -> tuple[int, int]:
    """An invoice R-4711 of 100.00 and a line of this amount that names it: (item, entry)."""
    customer = a_customer(company.id, "10001", name=NAME)
    item = an_open_item(company.id, customer, number="R-4711")
    said = {"text": "Rechnung R-4711", "name": NAME, "account": PAYER} | said
    return item.id, lines(company, minor, **said)[0]


def test_a_named_item_is_paid_by_itself_and_its_why_is_kept(company: Company) -> None:
    item, entry = a_named_line(company)
    policy(company)
    done = matched(company)
    assert (done.lines, done.booked, done.proposed, done.open) == (1, 1, 0, 0)
    made = Booking.objects.get()
    assert (opened(item), still_open(entry), made.origin, made.kind) == (0, 0, "sure", "payment")
    assert made.confidence is not None
    assert made.confidence >= sure_from(20)
    assert made.proposal["kind"] == "named"
    assert "item_named" in made.proposal["evidence"]
    assert Allocation.objects.get().reason == "directed"
    assert not Proposal.objects.exists()
    assert Tally.objects.get().right == 1
    assert Payer.objects.get().account == PAYER
    assert matched(company).lines == 0
    assert findings() == []


def test_the_policy_says_how_bold(company: Company) -> None:
    _item, entry = a_named_line(company)
    assert sure_from(1_000) == 9_990
    for bound in ({"by_itself": False}, {"most_minor": 9_999}, {"care": 100_000}):
        policy(company, **bound)
        assert matched(company).booked == 0
        assert policy_of(company.id).care == bound.get("care", 20)
    assert Proposal.objects.filter(entry=entry, rank=1).get().kind == "named"
    assert EntryState.objects.get(entry=entry).confidence == Proposal.objects.get(rank=1).confidence
    policy(company, most_minor=10_000)
    assert matched(company, dry_run=True).booked == 1
    assert still_open(entry) == 10_000
    assert matched(company).booked == 1


def test_a_proposal_is_taken_as_it_was_proposed(company: Company) -> None:
    customer = a_customer(company.id, "10001", name=NAME)
    first, second = (an_open_item(company.id, customer, number=f"R-{n}", minor=4_000).id for n in (1, 2))
    (entry,) = lines(company, 4_000, name=NAME, text="thank you")
    assert matched(company).proposed == 1
    chosen = Proposal.objects.get(entry=entry, parts=[[second, 4_000, 0, 0]])
    with pytest.raises(ProposalGone):
        take_proposal(company=company.id, entry=entry, rank=9, by=TESTS, at=MOMENT)
    with pytest.raises(EntryMovedOn):
        take_proposal(company=company.id, entry=0, rank=1, by=TESTS, at=MOMENT)
    (made,) = take_proposal(company=company.id, entry=entry, rank=chosen.rank, by=TESTS, at=MOMENT)
    assert (opened(first), opened(second), made.origin) == (4_000, 0, "proposal")
    assert next(one["parts"] for one in made.proposal["others"]) == [[first, 4_000, 0, 0]]
    assert Habit.objects.get().kind == "one"
    with pytest.raises(ProposalGone):
        take_proposal(company=company.id, entry=entry, rank=1, by=TESTS, at=MOMENT)
    take_back(company=company.id, booking=made.id, reason="no", by=TESTS, at=MOMENT)
    assert Tally.objects.get(pattern=made.proposal["pattern"]).wrong >= 1
    assert Habit.objects.get().times == 0


def test_a_proposal_whose_items_have_gone_is_refused_and_made_anew(company: Company) -> None:
    item, entry = a_named_line(company)
    policy(company, by_itself=False)
    matched(company)
    (other,) = lines(company, 9_000)
    book_on(company, other, item, 9_000)
    with pytest.raises(MoreThanIsOpen):
        take_proposal(company=company.id, entry=entry, rank=1, by=TESTS, at=MOMENT)
    matched(company)
    assert Proposal.objects.filter(entry=entry, rank=1).get().kind == "named_over"
    (made,) = take_proposal(company=company.id, entry=entry, rank=1, by=TESTS, at=MOMENT)
    assert (opened(item), opened(made.item_id)) == (0, -9_000)
    assert findings() == []


def book_on(company: Company, entry: int, item: int, minor: int) -> None:
    from debitora.cash.actions import Part

    customer = Item.objects.get(id=item).customer_id
    share = Share(customer, minor, (Part(item, minor),))
    book(company=company.id, entry=entry, shares=[share], by=TESTS, at=MOMENT)


def test_a_discount_that_nobody_promised_waits_for_a_person_and_is_taken_off(company: Company) -> None:
    item, entry = a_named_line(company, 9_800)
    policy(company)
    matched(company)
    found = Proposal.objects.get(entry=entry, rank=1)
    assert (found.kind, found.parts) == ("named_discount", [[item, 9_800, 200, 0]])
    take_proposal(company=company.id, entry=entry, rank=1, by=TESTS, at=MOMENT)
    assert opened(item) == 0


def test_a_payment_for_several_customers_is_split(company: Company) -> None:
    one, two = a_customer(company.id, "10001", name=NAME), a_customer(company.id, "10002", name="Sister")
    hers = an_open_item(company.id, one, number="R-4711").id
    his = an_open_item(company.id, two, number="R-4712", minor=500).id
    (entry,) = lines(company, 10_500, text="R-4711 R-4712", name=NAME)
    policy(company, by_itself=False)
    matched(company)
    made = take_proposal(company=company.id, entry=entry, rank=1, by=TESTS, at=MOMENT)
    assert {(row.customer_id, row.minor) for row in made} == {(one, 10_000), (two, 500)}
    assert (opened(hers), opened(his)) == (0, 0)
    assert "group" in made[0].proposal["evidence"]


def test_a_payment_that_names_nothing_of_a_known_payer_goes_on_account(company: Company) -> None:
    item, entry = a_named_line(company)
    policy(company)
    matched(company)
    (later,) = lines(company, 123, name="Somebody", account=PAYER, text="Anzahlung")
    matched(company)
    assert Proposal.objects.get(entry=later, rank=1).kind == "advance"
    (made,) = take_proposal(company=company.id, entry=later, rank=1, by=TESTS, at=MOMENT)
    assert (opened(made.item_id), still_open(later), opened(item), still_open(entry)) == (-123, 0, 0, 0)


def test_of_two_lines_for_one_item_one_is_booked(company: Company) -> None:
    """A double payment: the first settles the item, the second waits."""
    item, _entry = a_named_line(company)
    lines(company, 10_000, text="Rechnung R-4711", name=NAME, account=PAYER)
    policy(company)
    done = matched(company)
    assert (done.booked, opened(item)) == (1, 0)
    assert sorted(EntryState.objects.values_list("open_minor", flat=True)) == [0, 10_000]
    assert findings() == []


def test_a_line_explains_what_a_list_has_settled(company: Company) -> None:
    """Both roads: the list was quicker than the bank; its word gives way to the payment."""
    apply_listed(company.id, a_listed([("R-4711", 10_000)]))
    apply_listed(company.id, a_listed([]), list_import=2)
    item = Item.objects.get()
    (entry,) = lines(company, 10_000, text="R-4711", name="Customer 10001")
    policy(company)
    matched(company)
    assert (still_open(entry), opened(item.id)) == (0, 0)
    assert "settled_per_list" in Booking.objects.get().proposal["evidence"]
    assert Allocation.objects.get().debit_item_id == item.id
    assert findings() == []


def test_what_was_learned_is_forgotten_on_request(company: Company) -> None:
    item, _entry = a_named_line(company)
    policy(company)
    matched(company)
    customer = Item.objects.get(id=item).customer_id
    facts: dict[str, Any] = {"company": company.id, "by": TESTS, "at": MOMENT}
    payer = Payer.objects.get()
    forget_payer(payer=payer.id, **facts)
    with pytest.raises(PayerUnknown):
        forget_payer(payer=payer.id, **facts)
    forget_habits(customer=customer, **facts)
    forget_habits(customer=customer, **facts)
    forget_tallies(**facts)
    forget_tallies(**facts)
    assert not (Payer.objects.exists())
    assert not (Habit.objects.exists())
    assert not (Tally.objects.exists())
    verbs = Record.objects.filter(verb__endswith="forgotten").values_list("verb", flat=True)
    assert sorted(verbs) == ["habits.forgotten", "payer.forgotten", "tallies.forgotten"]


def test_a_habit_speaks_for_what_a_customer_always_does(company: Company) -> None:
    customer = a_customer(company.id, "10001", name=NAME)
    policy(company, by_itself=False)
    for round_ in range(4):
        for number in (1, 2):
            an_open_item(
                company.id,
                customer,
                number=f"R-{round_}-{number}",
                minor=1_000 + round_ * 10 + number,
                due_on=date(2026, 10, 1) + timedelta(days=round_),
            )
        (entry,) = lines(company, 2_003 + round_ * 20, name=NAME, account=PAYER, day=round_)
        matched(company)
        found = Proposal.objects.get(entry=entry, rank=1)
        assert found.kind == "all_due"
        assert ("habit" in found.evidence) == (round_ == 3)
        take_proposal(company=company.id, entry=entry, rank=1, by=TESTS, at=MOMENT)


def test_charges_are_paid_before_the_invoices_where_the_money_does_not_suffice(company: Company) -> None:
    """§ 367 BGB; the allocations say so."""
    customer = a_customer(company.id, "10001", name=NAME)
    invoice, charge = (
        an_open_item(company.id, customer, number=number, minor=minor, kind=kind).id
        for number, minor, kind in (("R-1", 10_000, "invoice"), ("Z-1", 777, "charge"))
    )
    (entry,) = lines(company, 5_000, name=NAME, text="thank you")
    matched(company)
    proposed = Proposal.objects.get(entry=entry, kind="by_law_charges")
    assert proposed.parts == [[charge, 777, 0, 0], [invoice, 4_223, 0, 0]]
    take_proposal(company=company.id, entry=entry, rank=proposed.rank, by=TESTS, at=MOMENT)
    assert (opened(charge), opened(invoice)) == (0, 5_777)
    assert set(Allocation.objects.values_list("reason", flat=True)) == {"law_367"}
    assert findings() == []
