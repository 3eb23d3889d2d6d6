"""Payments in another currency than the account's: they count as what the bank says, or a person; never one for the other (M02)."""

from __future__ import annotations

import pytest

from debitora.cash.actions import (
    NoteMissing,
    Share,
    SharesDoNotFit,
    book,
    book_return,
    match,
    take_back,
    take_proposal,
)
from debitora.cash.actions.booking import MoreThanIsOpen, WriteOffTooLarge
from debitora.cash.models import BookedPart, Booking, Proposal, Statement
from debitora.cash.queries.bookings import bookings_of, explained_by, lines_of_item
from debitora.cash.rules.spreading import Exchanged, Part
from debitora.cash.testing import MOMENT, TESTS
from debitora.cash.tests.test_booking import PAYER, lines, opened, put, still_open
from debitora.cash.tests.test_by_hand_pages import BANK, ClientOf, confirmed, text_of
from debitora.cash.tests.test_matching import policy
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Entry, Item
from debitora.receivables.testing import a_customer, an_open_item
from debitora.values.money import Money
from tests.cash_oracle import cash_findings
from tests.ledger_oracle import findings


@pytest.fixture
def dollars(company: Company) -> Item:
    """An invoice of 1,000 US dollars."""
    customer = a_customer(company.id, "10001", name="Atlantic Tools Inc")
    return an_open_item(company.id, customer, number="R-4711", minor=100_000, currency="USD")


def a_line(company: Company, minor: int = 95_000, abroad: int | None = 100_000) -> int:
    """Euros that came in; the bank says of how many dollars."""
    told = None if abroad is None else (abroad, "USD")
    return lines(
        company, minor, text="Invoice R-4711", name="Atlantic Tools Inc", account=PAYER, abroad=told
    )[0]


def test_what_the_bank_exchanged_finds_its_item_and_is_booked_by_itself(
    company: Company, dollars: Item
) -> None:
    entry = a_line(company)
    policy(company)
    done = match(company=company.id, by=TESTS, at=MOMENT)
    assert (done.booked, opened(dollars.id), still_open(entry)) == (1, 0, 0)
    made = Booking.objects.get()
    assert (made.minor, made.exchanged_minor, made.rate_source) == (95_000, 100_000, "bank")
    payment = Item.objects.get(id=made.item_id)
    assert (payment.currency, payment.amount_minor) == ("USD", -100_000)
    (row,) = bookings_of(bank_entry=entry, currency="EUR")
    assert row.conversion is not None
    assert (str(row.conversion.rate), row.amount, row.on_account) == (
        "1.052632",
        Money(95_000, "EUR"),
        Money(0, "USD"),
    )
    assert [one.amount for one in lines_of_item(item=dollars.id)] == [Money(100_000, "USD")]
    assert [one.amount for one in lines_of_item(item=payment.id)] == [Money(95_000, "EUR")]
    told = explained_by(statement=Statement.objects.get())
    assert (told.matched_minor, told.on_account_minor, told.open_minor) == (95_000, 0, 0)
    assert findings() + cash_findings() == []


def test_a_proposal_tells_what_the_line_counts_as_and_is_taken_so(company: Company, dollars: Item) -> None:
    entry = a_line(company, abroad=120_000)
    policy(company, by_itself=False)
    match(company=company.id, by=TESTS, at=MOMENT)
    best = Proposal.objects.get(rank=1)
    assert (best.exchanged_minor, best.exchanged_currency) == (120_000, "USD")
    take_proposal(company=company.id, entry=entry, rank=1, by=TESTS, at=MOMENT)
    made = Booking.objects.get()
    assert made.proposal["exchanged"] == [120_000, "USD"]
    assert (opened(dollars.id), opened(made.item_id), still_open(entry)) == (0, -20_000, 0)
    told = explained_by(statement=Statement.objects.get())
    assert (told.matched_minor, told.on_account_minor) == (79_167, 15_833)
    assert findings() + cash_findings() == []


def test_one_currency_is_never_netted_against_another(company: Company, dollars: Item) -> None:
    """M02: euros without a rate find no dollars, not even of the same number; by hand neither."""
    entry = a_line(company, minor=100_000, abroad=None)
    policy(company)
    match(company=company.id, by=TESTS, at=MOMENT)
    assert not Booking.objects.exists()
    assert not any(one.parts for one in Proposal.objects.all())
    with pytest.raises(MoreThanIsOpen):
        put(company, entry, Share(dollars.customer_id, 100_000, (Part(dollars.id, 100_000),)))
    assert (opened(dollars.id), still_open(entry)) == (100_000, 100_000)


def test_by_hand_the_difference_is_an_entry_of_its_own(company: Company, dollars: Item) -> None:
    policy(company, write_off_minor=500)
    entry = a_line(company, abroad=None)
    counts_as = Exchanged("USD", 99_000, "by_hand")
    share = Share(dollars.customer_id, 95_000, (Part(dollars.id, 99_000, exchange=1_000),), counts_as)
    asked = {"company": company.id, "entry": entry, "shares": [share], "by": TESTS, "at": MOMENT}
    with pytest.raises(WriteOffTooLarge):
        book(**asked, note="ECB, 2 November")
    with pytest.raises(NoteMissing):
        book(**asked, approved=True)
    (made,) = book(**asked, approved=True, note="ECB, 2 November")
    lost = Entry.objects.get(item=dollars, kind="exchange")
    assert (lost.amount_minor, opened(dollars.id)) == (-1_000, 0)
    assert BookedPart.objects.get(kind="exchange").ledger_entry_id == lost.id
    assert findings() + cash_findings() == []
    take_back(company=company.id, booking=made.id, reason="wrong", by=TESTS, at=MOMENT)
    assert (opened(dollars.id), still_open(entry)) == (100_000, 95_000)
    assert findings() + cash_findings() == []


def test_a_rate_alone_needs_its_source(company: Company, dollars: Item) -> None:
    entry = a_line(company, abroad=None)
    share = Share(
        dollars.customer_id, 95_000, (Part(dollars.id, 100_000),), Exchanged("USD", 100_000, "by_hand")
    )
    with pytest.raises(NoteMissing):
        book(company=company.id, entry=entry, shares=[share], by=TESTS, at=MOMENT)
    assert still_open(entry) == 95_000


@pytest.mark.parametrize(
    "share",
    [
        Share(1, 100, (Part(1, 200),), Exchanged("USD", 0, "bank")),
        Share(1, 100, (Part(1, 201),), Exchanged("USD", 200, "bank")),
        Share(1, 100, (Part(1, 100, exchange=1),)),
        Share(1, 100, (Part(1, 100, exchange=-1),), Exchanged("USD", 200, "bank")),
        Share(1, 100, (Part(1, 300), Part(2, -200, exchange=1)), Exchanged("USD", 200, "bank")),
    ],
)
def test_what_does_not_fit_is_refused(company: Company, dollars: Item, share: Share) -> None:
    entry = a_line(company)
    with pytest.raises(SharesDoNotFit):
        put(company, entry, share)
    assert still_open(entry) == 95_000


def test_a_bank_takes_exchanged_money_back_in_parts(company: Company, dollars: Item) -> None:
    """What it returns counts in proportion; the last of it is all that is left."""
    entry = a_line(company)
    (made,) = put(
        company,
        entry,
        Share(dollars.customer_id, 95_000, (Part(dollars.id, 100_000),), Exchanged("USD", 100_000, "bank")),
    )
    first, second = (lines(company, -minor, day=day)[0] for minor, day in ((31_667, 5), (63_333, 6)))
    back = [
        book_return(company=company.id, entry=one, payment_item=made.item_id or 0, by=TESTS, at=MOMENT)[0]
        for one in (first, second)
    ]
    assert [(one.minor, one.exchanged_minor) for one in back] == [(-31_667, -33_333), (-63_333, -66_667)]
    assert (opened(dollars.id), opened(made.item_id), still_open(second)) == (100_000, 0, 0)
    assert findings() + cash_findings() == []
    take_back(company=company.id, booking=back[0].id, reason="no", by=TESTS, at=MOMENT)
    assert (opened(made.item_id), still_open(first)) == (-33_333, -31_667)
    assert findings() + cash_findings() == []


def test_the_form_offers_other_currencies_and_asks_what_the_line_counts_as(
    company: Company, dollars: Item, clerk: User, client_of: ClientOf
) -> None:
    policy(company, write_off_minor=500)
    entry = a_line(company)
    client, here = client_of(clerk), f"{BANK}entries/{entry}/items/"
    with clock_at(MOMENT):
        euros = text_of(client.get(f"{here}?customer={dollars.customer_id}"))
        assert "Nothing in EUR is open" in euros
        assert f"amount-{dollars.id}" not in euros
        page = text_of(client.get(f"{here}?customer={dollars.customer_id}&in=USD"))
        assert 'value="1000.00"' in page
        assert f"amount-{dollars.id}" in page
        assert "decide later" not in page
        told = {
            "in": "USD", "customer": dollars.customer_id, "item": dollars.id, "rest": dollars.customer_id, "short": "part",
            "worth": "1,000.00",
        }  # fmt: skip
        for wrong, why in (
            ({"worth": ""}, "This field is required"),
            ({"worth": "0"}, "Say what the payment counts as"),
            ({"worth": "10,000,000,000,000,000"}, "Say what the payment counts as"),
            ({"worth": "999.00"}, "Say where the rate is from"),
            ({"rest": "open"}, "Select a valid choice"),
            ({"short": "exchange", "worth": "900.00", "note": "ECB"}, "A credit manager has to write off"),
        ):
            answer = client.post(here, {**told, **wrong})
            assert (answer.status_code, why in text_of(answer)) == (422, True), (wrong, text_of(answer))
        looked = text_of(
            client.post(here, {**told, "short": "exchange", "worth": "996.00", "note": "ECB, 2 November"})
        )
        assert "USD\u00a04.00 are missing: exchange difference." in looked
        assert "EUR\u00a0950.00 count as USD\u00a0996.00, as was noted by hand (rate 1.048421)" in looked
        assert confirmed(client, here, told).status_code == 303
        assert "as the bank says (rate 1.052632)" in text_of(client.get(f"{BANK}entries/{entry}/"))
    assert (opened(dollars.id), still_open(entry)) == (0, 0)
    assert findings() + cash_findings() == []
