"""Statements of account: their figures against sums made from the bare rows, their mail against the state machine."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.db import transaction
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.messaging.actions.statements import (
    DayToCome,
    LetterheadIncomplete,
    StatementStopped,
    mail_statement,
)
from debitora.messaging.models import Intent, IntentItem
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.messaging.queries.statements import statement_of
from debitora.messaging.rules.mail import AddressRefused
from debitora.messaging.rules.pdf import read_identity, render_statement
from debitora.messaging.rules.recheck import Reason, recheck
from debitora.messaging.rules.statement import statement_mail, statement_sheet
from debitora.messaging.testing import a_sender
from debitora.receivables.actions import allocate, place_hold
from debitora.receivables.models import Allocation, Customer, Entry
from debitora.receivables.queries import balance_as_of
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import Actor
from debitora.values.money import Money

Sign = Callable[[Any], Client]
ON = date(2026, 11, 18)


@pytest.fixture
def berg(company: Any, moment: datetime, clerk: Any) -> Customer:
    """A customer with items in two currencies, a credit, and an allocation that counts from the 15th."""
    number = a_customer(
        company.id, "10001", name="Berg & Söhne", email="ar@berg.example", street="Weg 1", postcode="20457",
        city="Hamburg", language="de",
    )  # fmt: skip
    old = an_open_item(
        company.id, number, number="R-1", minor=100_00, due_on=date(2026, 10, 1), on=date(2026, 9, 1)
    )
    an_open_item(
        company.id, number, number="R-2", minor=50_00, due_on=date(2026, 12, 1), on=date(2026, 11, 2)
    )
    an_open_item(
        company.id, number, number="R-3", minor=70_00, currency="CHF", due_on=date(2026, 11, 10), on=date(2026, 11, 1)
    )  # fmt: skip
    credit = an_open_item(
        company.id, number, number="G-1", minor=-30_00, due_on=date(2026, 11, 5), on=date(2026, 11, 5)
    )  # fmt: skip
    allocate(
        company=company.id, credit_item=credit.id, debit_item=old.id, amount=Money(20_00, "EUR"), on=date(2026, 11, 15),
        by=Actor(clerk.id, "user", clerk.login), at=moment,
    )  # fmt: skip
    return Customer.objects.select_related("party").get(id=number)


def open_by_hand(customer: int, on: date) -> dict[str, dict[str, int]]:
    """Currency -> number -> open, summed from the bare rows one by one."""
    sums: dict[str, dict[str, int]] = {}

    def add(item: Any, minor: int) -> None:
        of = sums.setdefault(item.currency, {})
        of[item.number] = of.get(item.number, 0) + minor

    for entry in Entry.objects.filter(item__customer_id=customer, effective_on__lte=on).select_related(
        "item"
    ):
        add(entry.item, entry.amount_minor)
    for row in Allocation.objects.filter(effective_on__lte=on).select_related("debit_item", "credit_item"):
        if row.debit_item.customer_id == customer:
            add(row.debit_item, -row.amount_minor)
        if row.credit_item.customer_id == customer:
            add(row.credit_item, row.amount_minor)
    found = {one: {number: minor for number, minor in of.items() if minor} for one, of in sums.items()}
    return {currency: of for currency, of in found.items() if of}


@pytest.mark.parametrize("days", range(0, 100, 9))
def test_a_statement_of_any_day_equals_the_sum_of_the_rows(
    company: Any, berg: Customer, moment: datetime, days: int
) -> None:
    on = date(2026, 8, 30) + timedelta(days=days)
    made = statement_of(company=company, customer=berg, on=on, at=moment)
    listed = {
        currency: {line.number: line.open.minor for line in lines} for currency, lines in made.lines.items()
    }
    assert listed == open_by_hand(berg.id, on)
    balances = {currency: made.balance(currency).minor for currency in made.lines}
    assert balances == balance_as_of(on=on, customer=berg.id)
    assert {currency: bands.total for currency, bands in made.aging.items()} == balances


def text_of(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return text.replace("\u200b", "").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "subject", "balance"),
    [
        ("de", "Kontoauszug zum 18. November 2026", "120,00 EUR"),
        ("en", "Statement of account as of", "120.00"),
        ("nl", "Rekeningoverzicht per 18 november 2026", "120,00"),
        ("fr", "Relevé de compte au 18 novembre 2026", "120,00 EUR"),
    ],
)
def test_the_paper_speaks_four_languages(
    company: Any, berg: Customer, moment: datetime, language: str, subject: str, balance: str
) -> None:
    a_sender(company.id)
    Customer.objects.filter(id=berg.id).update(language=language)
    berg.refresh_from_db()
    made = statement_of(company=company, customer=berg, on=ON, at=moment)
    pdf = render_statement(statement_sheet(made), created_at=moment)
    said = " ".join(text_of(pdf).split())
    assert subject in said
    assert balance in said
    assert "Berg & Söhne" in said
    assert read_identity(pdf) == made.identity


def test_the_code_asks_for_what_is_overdue_in_euro_only(
    company: Any, berg: Customer, moment: datetime
) -> None:
    a_sender(company.id)
    made = statement_of(company=company, customer=berg, on=ON, at=moment)
    assert (made.due("EUR"), made.due("CHF")) == (Money(70_00, "EUR"), Money(70_00, "CHF"))
    euros, francs = statement_sheet(made)["payments"]
    assert not francs["code"]
    assert not francs["rows"]
    assert euros["code"].startswith("<svg")
    early = statement_of(company=company, customer=berg, on=date(2026, 9, 20), at=moment)
    assert statement_sheet(early)["payments"] == []
    assert "ask" in statement_mail(made)
    before = statement_of(company=company, customer=berg, on=date(2026, 8, 1), at=moment)
    assert statement_sheet(before)["tables"] == []
    assert render_statement(statement_sheet(before), created_at=moment)


def mailed(company: Any, berg: Customer, moment: datetime, clerk: Any, **changes: Any) -> Intent | None:
    wanted = {"on": ON, "confirmation": 7, **changes}
    return mail_statement(
        company=company, customer=berg.id, by=Actor(clerk.id, "user", clerk.login), at=moment, **wanted
    )


def test_one_confirmation_queues_one_mail(company: Any, berg: Customer, moment: datetime, clerk: Any) -> None:
    a_sender(company.id)
    intent = mailed(company, berg, moment, clerk)
    assert intent is not None
    assert mailed(company, berg, moment, clerk) is None
    assert mailed(company, berg, moment, clerk, confirmation=8) is not None
    assert (intent.kind, intent.state, intent.recipient) == ("statement", "queued", "ar@berg.example")
    assert IntentItem.objects.filter(intent=intent).count() == 4
    assert intent.body is not None
    message = email.message_from_bytes(read_bytes(intent.body), policy=email.policy.default)
    assert message["Subject"] == "Kontoauszug zum 18. November 2026"
    assert [part.get_filename() for part in message.iter_attachments()] == ["Kontoauszug-10001-20261118.pdf"]


def test_what_changes_before_sending_stops_todays_statement_but_not_one_of_a_past_day(
    company: Any, berg: Customer, moment: datetime, clerk: Any
) -> None:
    a_sender(company.id)
    todays = mailed(company, berg, moment, clerk)
    past = mailed(company, berg, moment, clerk, on=date(2026, 11, 1), confirmation=8)
    assert todays is not None
    assert past is not None
    credit = an_open_item(company.id, berg.id, number="P-1", minor=-50_00, on=ON)
    debit = Entry.objects.get(item__number="R-2").item
    allocate(
        company=company.id, credit_item=credit.id, debit_item=debit.id, amount=Money(50_00, "EUR"), on=ON,
        by=Actor(clerk.id, "user", clerk.login), at=moment,
    )  # fmt: skip
    stops = recheck(conditions_of(todays), facts_now(todays, at=moment))
    assert [stop.reason for stop in stops] == [Reason.PAID]
    assert not recheck(conditions_of(past), facts_now(past, at=moment))


def test_a_hold_stops_it_before_it_is_queued(
    company: Any, berg: Customer, moment: datetime, clerk: Any
) -> None:
    a_sender(company.id)
    place_hold(
        company=company.id, customer=berg.id, item=None, amount=None, reason="other", note="asked for", from_on=ON,
        until_on=None, by=Actor(clerk.id, "user", clerk.login), at=moment,
    )  # fmt: skip
    with pytest.raises(StatementStopped) as stopped, transaction.atomic():
        mailed(company, berg, moment, clerk)
    assert stopped.value.reason is Reason.HELD
    assert not Intent.objects.filter(kind="statement").exists()


def test_what_cannot_be_mailed_says_why(company: Any, berg: Customer, moment: datetime, clerk: Any) -> None:
    with pytest.raises(LetterheadIncomplete):
        mailed(company, berg, moment, clerk)
    a_sender(company.id)
    with pytest.raises(DayToCome):
        mailed(company, berg, moment, clerk, on=ON + timedelta(days=2))
    mute = a_customer(company.id, "20002", name="Stumm")
    with pytest.raises(AddressRefused), transaction.atomic():
        mailed(company, Customer.objects.get(id=mute), moment, clerk)


def test_the_page_shows_the_day_hands_out_the_paper_and_mails_once(
    client_of: Sign, company: Any, berg: Customer, moment: datetime, clerk: Any, auditor: Any
) -> None:
    a_sender(company.id)
    client, there = client_of(clerk), f"/c/acme/customers/{berg.id}/statement/"
    page = client.get(there)
    assert page.context["accounts"][1]["due"] == Money(70_00, "EUR")
    paper = client.get(page.context["pdf_url"])
    assert paper["Content-Type"] == "application/pdf"
    assert "sandbox" in paper["Content-Security-Policy"]
    given = {"on": page.context["on"].isoformat(), "confirmation": page.context["confirmation"]}
    answer = client.post(f"{there}mail/", given)
    intent = Intent.objects.get(kind="statement")
    assert (answer.status_code, answer["Location"]) == (303, f"/c/acme/deliveries/{intent.id}/")
    assert client.post(f"{there}mail/", given).status_code == 303
    assert Intent.objects.filter(kind="statement").count() == 1
    assert client.get(answer["Location"]).status_code == 200
    for wrong in ({}, {"on": "31.12.2099"}, {"confirmation": "x" * 15}):
        client.post(f"{there}mail/", {**given, "confirmation": "0" * 15, **wrong} if wrong else {})
    assert Intent.objects.filter(kind="statement").count() == 1
    assert client_of(auditor).get(there).status_code == 200
    assert client_of(auditor).post(f"{there}mail/", given).status_code == 403
    for text in ("nonsense", "31.12.2099", "-14", "1.11."):
        assert client.get(f"{there}?on={text}").status_code == 200
