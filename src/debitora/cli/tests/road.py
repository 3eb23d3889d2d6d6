"""A small company that walked the whole road, for planting faults in: lists, payments, holds, runs, mails and letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from debitora.cash.actions import accept_gap
from debitora.cash.queries import statements_of
from debitora.cash.testing import Paid, Sheet, camt, mt940
from debitora.cash.testing import taken as bank_file
from debitora.cli.tests.money import booked_lines
from debitora.demo.catcher import MailCatcher
from debitora.dunning.actions import approve_run, discard_run, follow, propose_run, release_run, withhold
from debitora.dunning.models import Notice
from debitora.dunning.testing import a_ready_company, a_strategy
from debitora.exchange.actions import undo_import
from debitora.exchange.testing import a_list_file, a_row, applied
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.messaging.actions import mark_printed, send_due
from debitora.messaging.models import Intent
from debitora.messaging.testing import a_sender
from debitora.people.actions import add_company
from debitora.people.models import Company
from debitora.receivables.actions import (
    allocate,
    complete_recipients,
    park_customer,
    place_hold,
    release_allocation,
    release_hold,
    save_customers,
)
from debitora.receivables.models import Customer, Item
from debitora.receivables.rules.customers import CustomerRow
from debitora.receivables.testing import an_open_item
from debitora.trail.actions import seal
from debitora.trail.rules import system
from debitora.values.money import Money

MOMENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
FIRST = MOMENT + timedelta(days=1)
SECOND = MOMENT + timedelta(days=21)
AFTER = SECOND + timedelta(hours=1)
BY = system("tests")


@dataclass(frozen=True, slots=True)
class Walked:
    """Ids of what the road left behind, for naming what a fault is planted in."""

    company: int
    other: int


def walk(folder: Path) -> Walked:
    """Build the company Acme, and Umbra beside it, through actions only; the last mails wait to be sent."""
    acme, umbra = _company("acme"), _company("umbra")
    with MailCatcher(folder) as catcher, serving(acme.id):
        with transaction.atomic():
            a_ready_company(acme)
            a_sender(acme.id, port=catcher.port)
            a_strategy(acme, kind="consumer", base="de-consumer", name="By letter", grace_days=0)
            _lists(acme)
            _ledger(acme)
            _bank(acme)
        with clock_at(FIRST):
            _remind(acme, FIRST)
        with clock_at(SECOND):
            _remind(acme, SECOND, send=False)
        _seal(acme)
    with serving(umbra.id):
        with transaction.atomic():
            _lists(umbra)
        _seal(umbra)
    return Walked(acme.id, umbra.id)


def _company(code: str) -> Company:
    return add_company(code=code, name=code.title(), country="DE", currency="EUR", by=BY, at=MOMENT)


def _lists(company: Company) -> None:
    """Two lists of one source: some items opened, one paid in part, one settled; a third one applied and undone."""
    first = [
        a_row(f"R-{n}", f"{n}00,00", customer=str(10_000 + n % 6), due="30.10.2026") for n in range(1, 13)
    ]
    credit = [a_row("G-1", "-50,00", customer="10001")]
    young = [a_row("R-20", "70,00", customer="10002", due="31.12.2026")]
    applied(company, a_list_file([*first, *credit, *young]), as_of=date(2026, 11, 16))
    second = [a_row("R-1", "60,00", customer="10001", due="30.10.2026"), *first[2:]]
    applied(company, a_list_file([*second, *credit, *young]), as_of=date(2026, 11, 17))
    third = applied(company, a_list_file([*second[1:], *credit]), as_of=date(2026, 11, 18))
    undo_import(company=company, list_import=third.id, reason="wrong file", by=BY, at=MOMENT)


def _ledger(company: Company) -> None:
    """People's work: addresses, letters, a payment, an allocation taken back, holds placed and released, one parked."""
    numbers = {one.number: one.id for one in Customer.objects.all()}
    rows = [CustomerRow(number=number, name=f"Kunde {number}", kind="business") for number in numbers]
    save_customers(company=company.id, rows=rows, by=BY, at=MOMENT)
    mails = {one: f"payer{number}@debtor.example" for number, one in numbers.items() if number != "10003"}
    complete_recipients(company=company.id, emails=mails, by=BY, at=MOMENT)
    _by_letter(company, "10003")
    items = {one.number: one.id for one in Item.objects.all()}
    made = _allocate(company, items["G-1"], items["R-7"], 5_000)
    release_allocation(company=company.id, allocation=made, on=MOMENT.date(), by=BY, at=MOMENT)
    payment = an_open_item(company.id, numbers["10002"], number="Z-1", minor=-3_000, kind="payment")
    _allocate(company, payment.id, items["R-8"], 3_000)
    _hold(company, numbers["10004"])
    released = _hold(company, numbers["10005"])
    release_hold(company=company.id, hold=released, on=MOMENT.date(), by=BY, at=MOMENT)
    park_customer(company=company.id, customer=numbers["10000"], reason="returned", by=BY, at=MOMENT)


def _bank(company: Company) -> None:
    """A statement, the same in another format, one with a gap that is accepted, one that waits, and one that is booked."""
    first = Sheet([Paid(11_900, text="R-7"), Paid(-500, text="fee")], opening=1_000)
    bank_file(company, camt(first), by=BY)
    bank_file(company, mt940(first), by=BY)
    for day, opening in ((3, 20_000), (9, 30_000)):
        later = Sheet([Paid(100, day)], opening=opening, first=day, last=day)
        taken = bank_file(company, camt(later), by=BY)
        if day == 3:
            gap = statements_of(file=taken.file.id)[0].id
            accept_gap(company=company.id, statement=gap, reason="lost by the bank", by=BY, at=MOMENT)
    booked_lines(company, at=MOMENT)


def _by_letter(company: Company, number: str) -> None:
    name, street, city = f"Kunde {number}", "Weg 1", "Berlin"
    row = CustomerRow(
        number=number, name=name, kind="consumer", street=street, postcode="10115", city=city, country="DE"
    )
    save_customers(company=company.id, rows=[row], by=BY, at=MOMENT)


def _allocate(company: Company, credit: int, debit: int, minor: int) -> int:
    made = allocate(
        company=company.id,
        credit_item=credit,
        debit_item=debit,
        amount=Money(minor, "EUR"),
        on=MOMENT.date(),
        by=BY,
        at=MOMENT,
    )
    return made.id


def _hold(company: Company, customer: int) -> int:
    return place_hold(
        company=company.id, customer=customer, reason="complaint", from_on=MOMENT.date(), by=BY, at=MOMENT
    ).id


def _remind(company: Company, at: datetime, *, send: bool = True) -> None:
    """Throw one proposal away, approve the next one, withhold a notice, and send."""
    discarded = propose_run(company=company, on=at.date(), by=BY, at=at).run or 0
    discard_run(company=company.id, run=discarded, note="once more", by=BY, at=at)
    run = propose_run(company=company, on=at.date(), by=BY, at=at).run or 0
    if send:
        with transaction.atomic():
            last = Notice.objects.filter(run_id=run).order_by("-id")[0]
            withhold(company=company.id, notices=[last.id], note="a word first", by=BY, at=at)
    approve_run(company=company.id, run=run, by=BY, at=at, confirmed=True)
    release_run(company=company, run=run, by=BY, clock=lambda: at)
    if send:
        send_due(company=company.id, clock=lambda: at)
        with transaction.atomic():
            letters = list(Intent.objects.filter(channel="letter").values_list("id", flat=True))
        mark_printed(company=company.id, intents=letters, by=BY, at=at)
        follow(company=company, by=BY, at=at)


def _seal(company: Company) -> None:
    while seal(company=company.id, at=SECOND):
        pass
