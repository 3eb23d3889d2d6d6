"""What becomes of bank lines: booked, split, set aside, returned, paid back, and every one of these taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from debitora.cash.actions import (
    AlreadyTakenBack,
    BookingUnknown,
    EntryMovedOn,
    MoreThanIsOpen,
    NoPaymentOfOurs,
    NoteMissing,
    Part,
    ReasonUnknown,
    Share,
    SharesDoNotFit,
    WriteOffTooLarge,
    book,
    book_all,
    book_refund,
    book_return,
    decide_policy,
    ignore,
    take_back,
)
from debitora.cash.actions.booking import Decision
from debitora.cash.models import BankEntry, BookedPart, Booking, EntryState, Habit, Payer
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, a_policy, camt, taken
from debitora.people.models import Company
from debitora.receivables.actions import undo_list
from debitora.receivables.models import Entry, Item, ItemState
from debitora.receivables.testing import a_customer, a_listed, an_open_item, apply_listed
from debitora.trail.models import Record, Subject
from tests.ledger_oracle import findings

PAYER = "DE89370400440532013000"


def lines(company: Company, *minors: int, **said: Any) -> list[int]:
    """Entries of a new statement of these amounts, in their order."""
    opening = sum(BankEntry.objects.values_list("minor", flat=True))
    day = said.pop("day", BankEntry.objects.count())
    sheet = Sheet([Paid(minor, day=day, **said) for minor in minors], opening=opening, first=day, last=day)
    taken(company, camt(sheet), name=f"{day}.xml")
    return list(BankEntry.objects.filter(minor__in=minors).order_by("-id").values_list("id", flat=True))[
        : len(minors)
    ][::-1]


def put(company: Company, entry: int, *shares: Share) -> list[Booking]:
    return book(
        company=company.id,
        entry=entry,
        shares=shares,
        by=TESTS,
        at=MOMENT,
        note="said on the phone",
        approved=True,
    )


def still_open(entry: int) -> int:
    return EntryState.objects.get(entry=entry).open_minor


def opened(item: int | None) -> int:
    return ItemState.objects.get(item=item).open_minor


def test_a_line_pays_items_less_discount_and_the_rest_stays_on_account(company: Company) -> None:
    customer = a_customer(company.id)
    invoice, other = (an_open_item(company.id, customer, number=f"R-{n}").id for n in (1, 2))
    note = an_open_item(company.id, customer, number="G-1", minor=-500).id
    (entry,) = lines(company, 20_000)
    parts = (Part(invoice, 9_800, discount=200), Part(other, 9_990, written_off=10), Part(note, -500))
    (made,) = put(company, entry, Share(customer, 20_000, parts))
    assert (opened(invoice), opened(other), opened(note), opened(made.item_id)) == (0, 0, 0, -710)
    assert still_open(entry) == 0
    told = set(BookedPart.objects.filter(booking=made).values_list("item", "kind", "minor"))
    assert (invoice, "discount", 200) in told
    assert (other, "written_off", 10) in told
    assert (note, "allocated", 500) in told
    assert findings() == []
    back = take_back(company=company.id, booking=made.id, reason="wrong", by=TESTS, at=MOMENT)
    assert (opened(invoice), opened(other), opened(note), opened(made.item_id)) == (10_000, 10_000, -500, 0)
    assert (still_open(entry), back.minor, back.reverses_id) == (20_000, -20_000, made.id)
    assert findings() == []
    (again,) = put(company, entry, Share(customer, 20_000, parts))
    assert again.item_id != made.item_id


def test_a_line_of_several_customers_is_booked_with_all_of_them_or_none(company: Company) -> None:
    one, two = a_customer(company.id), a_customer(company.id, "20002")
    hers, his = (
        an_open_item(company.id, one).id,
        an_open_item(company.id, two, number="R-2").id,
    )
    (entry,) = lines(company, 20_000)
    with pytest.raises(MoreThanIsOpen):
        put(
            company,
            entry,
            Share(one, 5_000, (Part(hers, 5_000),)),
            Share(two, 10_001, (Part(his, 10_001),)),
        )
    assert (opened(hers), still_open(entry), Booking.objects.count()) == (10_000, 20_000, 0)
    made = put(
        company, entry, Share(one, 10_000, (Part(hers, 10_000),)), Share(two, 4_000, (Part(his, 4_000),))
    )
    assert (opened(hers), opened(his), still_open(entry), len(made)) == (0, 6_000, 6_000, 2)
    take_back(company=company.id, booking=made[0].id, reason="", by=TESTS, at=MOMENT)
    assert (opened(hers), opened(his), still_open(entry)) == (10_000, 6_000, 16_000)
    assert findings() == []


def test_many_lines_are_booked_but_for_those_whose_items_have_gone(company: Company) -> None:
    one, two = a_customer(company.id), a_customer(company.id, "20002")
    item, his = an_open_item(company.id, one).id, an_open_item(company.id, two, number="R-2").id
    first, second, third = lines(company, 10_000, 10_001, 10_002)
    split = (Share(one, 1, (Part(item, 1),)), Share(two, 2))
    for decisions, left_out in (
        ([Decision(first, (Share(one, 10_000, (Part(item, 10_000),)),)), Decision(second, split)], (second,)),
        ([Decision(second, (Share(one, 1, (Part(item, 1),)),)), Decision(third, (Share(two, 10_000, (Part(his, 10_000),)),))], (second,)),
    ):  # fmt: skip
        done = book_all(company=company.id, decisions=decisions, by=TESTS, at=MOMENT)
        assert (len(done.bookings), done.moved, done.refused) == (1, (), left_out)
    assert [still_open(entry) for entry in (first, second, third)] == [0, 10_001, 2]
    assert findings() == []


def test_the_record_of_a_batch_names_every_line(company: Company) -> None:
    customer = a_customer(company.id)
    many = lines(company, *range(1, 151))
    decisions = [Decision(entry, (Share(customer, 1),)) for entry in many]
    book_all(company=company.id, decisions=decisions, by=TESTS, at=MOMENT)
    made = Record.objects.get(verb="bank_entries.booked")
    named = Subject.objects.filter(record=made, kind="bank_entry").values_list("object_id", flat=True)
    assert sorted(named) == sorted(many)


@pytest.mark.parametrize(
    "share",
    [
        lambda item, note: Share(0, 0),
        lambda item, note: Share(0, 5, (Part(item, 6),)),
        lambda item, note: Share(0, 5, (Part(item, 1), Part(item, 1))),
        lambda item, note: Share(0, 5, (Part(item, 0),)),
        lambda item, note: Share(0, 5, (Part(item, 1, discount=-1),)),
        lambda item, note: Share(0, 5, (Part(item, 1, written_off=-1),)),
        lambda item, note: Share(0, 5, (Part(item, 5), Part(note, -1, discount=1))),
        lambda item, note: Share(0, 5, (Part(item, 5), Part(note, -6))),
    ],
)
def test_shares_that_do_not_fit_are_refused(company: Company, share: Callable[[int, int], Share]) -> None:
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer).id
    note = an_open_item(company.id, customer, number="G", minor=-50).id
    (entry,) = lines(company, 100)
    wrong = share(item, note)
    with pytest.raises(SharesDoNotFit):
        put(company, entry, Share(customer, wrong.minor, wrong.parts))


def test_no_more_is_booked_than_is_open_and_nothing_of_what_is_only_announced(company: Company) -> None:
    customer = a_customer(company.id)
    inflow, outflow = lines(company, 100, -50)
    for entry, minor in ((inflow, 101), (outflow, 1), (0, 1)):
        with pytest.raises(EntryMovedOn):
            put(company, entry, Share(customer, minor))
    with pytest.raises(EntryMovedOn):
        put(company, inflow)
    taken(company, camt(Sheet([Paid(77, day=9)], opening=None, first=9, last=9), kind="052"), name="052.xml")
    with pytest.raises(EntryMovedOn):
        put(company, BankEntry.objects.get(minor=77).id, Share(customer, 77))
    state = EntryState.objects.filter(entry=inflow)
    for wrong in (-1, 101):
        with pytest.raises(IntegrityError), transaction.atomic():
            state.update(open_minor=wrong)


def test_a_line_is_set_aside_with_a_reason_and_comes_back(company: Company) -> None:
    (entry,) = lines(company, -990)
    for wrong in ("", "because"):
        with pytest.raises(ReasonUnknown):
            ignore(company=company.id, entry=entry, ignored_for=wrong, by=TESTS, at=MOMENT)
    made = ignore(company=company.id, entry=entry, ignored_for="bank_fee", by=TESTS, at=MOMENT, note="March")
    assert still_open(entry) == 0
    with pytest.raises(EntryMovedOn):
        ignore(company=company.id, entry=entry, ignored_for="bank_fee", by=TESTS, at=MOMENT)
    take_back(company=company.id, booking=made.id, reason="no fee", by=TESTS, at=MOMENT)
    assert still_open(entry) == -990
    with pytest.raises(AlreadyTakenBack):
        take_back(company=company.id, booking=made.id, reason="", by=TESTS, at=MOMENT)
    for wrong in (0, Booking.objects.get(reverses=made).id):
        with pytest.raises(BookingUnknown):
            take_back(company=company.id, booking=wrong, reason="", by=TESTS, at=MOMENT)


def test_a_returned_debit_opens_its_items_again_with_the_banks_fee(company: Company) -> None:
    """B08: by new rows; the fee is the bank's, and history stays."""
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer).id
    (entry,) = lines(company, 9_800)
    (paid,) = put(company, entry, Share(customer, 9_800, (Part(item, 9_800, discount=200),)))
    (back,) = lines(company, -10_150)
    made = book_return(company=company.id, entry=back, payment_item=paid.item_id or 0, by=TESTS, at=MOMENT)
    assert [one.kind for one in made] == ["returned"]
    assert (opened(item), opened(paid.item_id), still_open(back)) == (10_000, 0, -350)
    ignore(company=company.id, entry=back, ignored_for="bank_fee", by=TESTS, at=MOMENT)
    with pytest.raises(EntryMovedOn):
        book_return(company=company.id, entry=back, payment_item=paid.item_id or 0, by=TESTS, at=MOMENT)
    assert Entry.objects.filter(item=item, kind="discount").count() == 2
    assert findings() == []
    take_back(company=company.id, booking=made[0].id, reason="not hers", by=TESTS, at=MOMENT)
    assert (opened(paid.item_id), still_open(back)) == (-9_800, -9_800)
    assert findings() == []


def test_what_is_no_payment_is_not_returned_and_nothing_twice(company: Company) -> None:
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer)
    (entry,) = lines(company, 500)
    (paid,) = put(company, entry, Share(customer, 500))
    one, two = lines(company, -500, -501)
    with pytest.raises(NoPaymentOfOurs):
        book_return(company=company.id, entry=one, payment_item=item.id, by=TESTS, at=MOMENT)
    with pytest.raises(EntryMovedOn):
        book_return(company=company.id, entry=entry, payment_item=paid.item_id or 0, by=TESTS, at=MOMENT)
    book_return(company=company.id, entry=one, payment_item=paid.item_id or 0, by=TESTS, at=MOMENT)
    with pytest.raises(NoPaymentOfOurs):
        book_return(company=company.id, entry=two, payment_item=paid.item_id or 0, by=TESTS, at=MOMENT)
    assert findings() == []


def test_a_credit_is_paid_back_by_an_outgoing_line(company: Company) -> None:
    customer = a_customer(company.id)
    note, debit = (
        an_open_item(company.id, customer, number="G-1", minor=-300).id,
        an_open_item(company.id, customer).id,
    )
    entry, more = lines(company, -250, -100)
    facts: dict[str, Any] = {"company": company.id, "by": TESTS, "at": MOMENT}
    made = book_refund(entry=entry, credit_item=note, **facts)
    assert (opened(note), still_open(entry), made.minor) == (-50, 0, -250)
    book_refund(entry=more, credit_item=note, **facts)
    assert (opened(note), still_open(more)) == (0, -50)
    with pytest.raises(NoPaymentOfOurs):
        book_refund(entry=more, credit_item=note, **facts)
    with pytest.raises(NoPaymentOfOurs):
        book_refund(entry=more, credit_item=debit, **facts)
    take_back(booking=made.id, reason="", **facts)
    assert (opened(note), still_open(entry)) == (-250, -250)
    assert findings() == []


def test_bookings_teach_who_pays_for_whom_and_undoing_them_unteaches(company: Company) -> None:
    one, sister = a_customer(company.id), a_customer(company.id, "20002")
    first, second = lines(company, 100, 200, account=PAYER)
    put(company, first, Share(one, 100))
    (made,) = put(company, second, Share(sister, 200))
    assert made.third_party_id == one
    assert set(Payer.objects.values_list("account", "customer", "times")) == {
        (PAYER, one, 1),
        (PAYER, sister, 1),
    }
    take_back(company=company.id, booking=made.id, reason="", by=TESTS, at=MOMENT)
    assert Payer.objects.get(customer=sister).times == 0
    assert not Habit.objects.exists()
    assert Record.objects.filter(verb="booking.taken_back").count() == 1


def test_an_item_of_the_bank_is_no_lists_item(company: Company) -> None:
    customer = a_customer(company.id)
    (entry,) = lines(company, 100)
    (made,) = put(company, entry, Share(customer, 100))
    item = Item.objects.get(id=made.item_id)
    assert (item.kind, item.number, item.position) == ("payment", f"B{entry}", str(made.id))


def test_what_is_written_off_is_explained_and_bounded(company: Company) -> None:
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer).id
    (entry,) = lines(company, 9_500)
    facts: dict[str, Any] = {"company": company.id, "entry": entry, "by": TESTS, "at": MOMENT}
    shares = [Share(customer, 9_500, (Part(item, 9_500, written_off=500),))]
    with pytest.raises(WriteOffTooLarge):
        book(shares=shares, note="fee", **facts)
    with pytest.raises(NoteMissing):
        book(shares=shares, note=" ", approved=True, **facts)
    decide_policy(
        company=company.id, by_itself=False, care=20, most_minor=None, discount_bp=0, discount_days=0, grace_days=0,
        write_off_minor=500, by=TESTS, at=MOMENT,
    )  # fmt: skip
    book(shares=shares, note="fee", **facts)
    assert opened(item) == 0


@pytest.mark.parametrize(("discount_bp", "passes"), [(0, 0), (200, 201)])
def test_a_discount_beyond_the_promise_is_explained_and_bounded_like_a_write_off(
    company: Company, discount_bp: int, passes: int
) -> None:
    customer = a_customer(company.id)
    item = an_open_item(company.id, customer).id
    (entry,) = lines(company, 10_000)
    a_policy(company, discount_bp=discount_bp, write_off_minor=50)
    facts: dict[str, Any] = {"company": company.id, "entry": entry, "by": TESTS, "at": MOMENT}

    def shares(discount: int) -> list[Share]:
        return [Share(customer, 10_000 - discount, (Part(item, 10_000 - discount, discount=discount),))]

    for note in ("", "agreed with sales"):
        with pytest.raises(WriteOffTooLarge):
            book(shares=shares(9_900), note=note, **facts)
    with pytest.raises(NoteMissing):
        book(shares=shares(passes + 1), **facts)
    with pytest.raises(NoteMissing):
        book(shares=shares(9_900), approved=True, **facts)
    book(shares=shares(passes + 50), note="agreed with sales", **facts)
    assert opened(item) == 0


def test_a_booking_is_taken_back_though_its_list_was_undone_meanwhile(company: Company) -> None:
    """The undone list has reversed the discount already; the rest of the booking goes as usual."""
    apply_listed(company.id, a_listed([("R-1", 10_000)]))
    item = Item.objects.get()
    (entry,) = lines(company, 9_800)
    (made,) = put(company, entry, Share(item.customer_id, 9_800, (Part(item.id, 9_800, discount=200),)))
    undo_list(company=company.id, list_import=1, by=TESTS, at=MOMENT)
    take_back(company=company.id, booking=made.id, reason="", by=TESTS, at=MOMENT)
    assert (opened(item.id), opened(made.item_id), still_open(entry)) == (0, 0, 9_800)
    assert findings() == []
