"""Bank statements and what their lines were taken for, in the two companies of `population`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from debitora.cash.actions import Part, Share, accept_gap, book, book_return, ignore, take_back
from debitora.cash.models import BankEntry, Statement
from debitora.cash.testing import (
    Paid,
    Sheet,
    a_payer,
    a_policy,
    a_proposal,
    a_tally,
    camt,
    iban_of,
    mt940,
    table,
)
from debitora.cash.testing import taken as bank_file
from debitora.receivables.models import Item

if TYPE_CHECKING:
    from tests.security.population import House

MOMENT = datetime.fromisoformat("2026-11-18T09:00:00+00:00")


def statements_of(house: House) -> None:
    """Statements of two accounts: applied, known, accepted with a gap, and held for each reason there is."""
    company, by = house.company, house.clerk
    paid = Paid(11_900, name=house.said("Zahler"), text=house.said("Zweck"))
    main, strange = (iban_of(company.id * 10 + place) for place in range(2))
    facts: dict[str, Any] = {"name": house.said("auszug") + ".xml", "by": by}
    first = Sheet([paid, Paid(-500, text=house.said("Gebühr"))], account=main)
    bank_file(company, camt(first), **facts)
    bank_file(company, mt940(first), **facts)
    later = Sheet([replace(paid, day=3)], opening=20_000, first=3, last=3, account=main)
    bank_file(company, camt(later), **facts)
    gap = Statement.objects.get(held_for="gap").id
    accept_gap(company=company.id, statement=gap, reason=house.said("Lücke"), by=by, at=MOMENT)
    for day, closing in ((4, 1), (9, None)):  # misses its closing; leaves a gap
        lines = [replace(paid, day=day)]
        bank_file(company, camt(Sheet(lines, first=day, last=day, closing=closing, account=main)), **facts)
    doubtful = Paid(11_900, name="Someone else", text="Order 0815")
    bank_file(company, table([doubtful], account=main), **facts)
    bank_file(company, camt(Sheet([paid], account=strange)), new=False, **facts)


def lines_of(house: House) -> None:
    """Lines booked, ignored, returned, taken back and open with proposals; and what was learned."""
    company, by = house.company, house.clerk
    account = iban_of(company.id * 10 + 5)
    paid = [Paid(1_000 + n, name=house.said("Zahler"), text=house.said("Zweck")) for n in range(4)]
    told = Sheet([*paid, Paid(-1_000, text=house.said("Rückgabe"))], account=account)
    bank_file(company, camt(told), name=house.said("zahlungen") + ".xml", by=by)
    lines = list(BankEntry.objects.filter(account__account=account).order_by("-minor"))
    item = Item.objects.filter(kind="invoice", state__open_minor__gt=5_000).order_by("id")[0]
    facts: dict[str, Any] = {"company": company.id, "by": by, "at": MOMENT}
    shares = [Share(item.customer_id, 1_003, (Part(item.id, 900),))]
    book(entry=lines[0].id, shares=shares, note=house.said("Notiz"), **facts)
    ignore(entry=lines[1].id, ignored_for="other", note=house.said("Grund"), **facts)
    back = book(entry=lines[3].id, shares=[Share(item.customer_id, 1_000)], **facts)
    book_return(entry=lines[4].id, payment_item=back[0].item_id or 0, **facts)
    wrong = book(entry=lines[2].id, shares=[Share(item.customer_id, 1_001)], **facts)
    take_back(booking=wrong[0].id, reason=house.said("falsch"), **facts)
    a_proposal(lines[2], item)
    a_payer(company, account=iban_of(company.id * 10 + 6), customer=item.customer_id)
    a_tally(company)
    a_policy(company)
