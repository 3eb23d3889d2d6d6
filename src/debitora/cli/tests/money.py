"""The road's money in: bank lines that became payments of every kind, were returned, paid back, set aside, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from debitora.cash.actions import (
    Part,
    Share,
    book,
    book_refund,
    book_return,
    ignore,
    take_back,
)
from debitora.cash.models import BankEntry, Booking
from debitora.cash.rules.spreading import Exchanged
from debitora.cash.testing import Paid, Sheet, camt, iban_of
from debitora.cash.testing import taken as bank_file
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.receivables.testing import an_open_item
from debitora.trail.rules import system

BY = system("tests")
HERS = iban_of(1)
LINES = (
    Paid(9_800, 4, text="Z-10 less 2 %", account=HERS),
    Paid(5_000, 4, text="Z-11", account=HERS),
    Paid(3_000, 4, text="in advance"),
    Paid(-3_000, 4, text="paid back"),
    Paid(7_000, 4, text="Z-12"),
    Paid(-7_000, 4, text="Z-12 returned"),
    Paid(1_111, 4, text="whose?"),
    Paid(2_000, 4, text="half of it"),
    Paid(-900, 4, text="to our savings"),
    Paid(9_500, 4, text="Z-13 in dollars", abroad=(9_900, "USD")),
)
"""They come to 26,511 after a balance of 20,100."""


def booked_lines(company: Company, *, at: datetime) -> None:
    """Take a statement of LINES and one that only announces, and book: discount, third party, exchange, advance, return, refund, split, undo."""
    bank_file(company, camt(Sheet(LINES, opening=20_100, first=4, last=4)), by=BY)
    bank_file(company, camt(Sheet([Paid(4_444, 5, text="soon")], opening=None), kind="052"), by=BY)
    lines = {words: entry for entry, words in BankEntry.objects.values_list("id", "words__text")}
    numbers = {one.number: one.id for one in Customer.objects.all()}
    hers, his = numbers["10001"], numbers["10002"]
    items = {
        name: an_open_item(
            company.id, customer, number=name, minor=minor, currency=currency, due_on=date(2027, 1, 31), on=at.date(), at=at
        ).id
        for name, customer, minor, currency in (
            ("Z-10", hers, 10_000, "EUR"), ("Z-11", his, 5_000, "EUR"), ("Z-12", his, 7_000, "EUR"), ("Z-13", hers, 10_000, "USD"),
        )
    }  # fmt: skip
    later = at + timedelta(hours=1)
    book(
        company=company.id, entry=lines["Z-10 less 2 %"], shares=[Share(hers, 9_800, (Part(items["Z-10"], 9_800, 200),))],
        by=BY, at=at, note="as agreed", approved=True,
    )  # fmt: skip
    _pay(company, lines["Z-11"], Share(his, 5_000, (Part(items["Z-11"], 5_000),)), at=later)
    (advance,) = _pay(company, lines["in advance"], Share(hers, 3_000), at=at)
    book_refund(company=company.id, entry=lines["paid back"], credit_item=_item(advance), by=BY, at=later)
    (paid,) = _pay(company, lines["Z-12"], Share(his, 7_000, (Part(items["Z-12"], 7_000),)), at=at)
    book_return(company=company.id, entry=lines["Z-12 returned"], payment_item=_item(paid), by=BY, at=later)
    (wrong,) = _pay(company, lines["whose?"], Share(his, 1_111, (Part(items["Z-12"], 1_000),)), at=later)
    take_back(company=company.id, booking=wrong.id, reason="another customer's", by=BY, at=later)
    _pay(company, lines["half of it"], Share(his, 1_500, (Part(items["Z-12"], 1_000),)), at=later)
    dollars = Share(hers, 9_500, (Part(items["Z-13"], 9_900, exchange=100),), Exchanged("USD", 9_900, "bank"))
    book(
        company=company.id, entry=lines["Z-13 in dollars"], shares=[dollars], by=BY, at=at, note="as agreed", approved=True
    )  # fmt: skip
    ignore(company=company.id, entry=lines["to our savings"], ignored_for="own_transfer", by=BY, at=later)


def _pay(company: Company, entry: int, share: Share, *, at: datetime) -> Sequence[Booking]:
    return book(company=company.id, entry=entry, shares=[share], by=BY, at=at)


def _item(booking: Booking) -> int:
    return booking.item_id or 0
