"""Agreements with customers: kept, in force for a time, ended and taken up again, and who sees them; usual terms; payments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions.agreements import (
    AgreementEmpty,
    AgreementEndsBefore,
    AgreementMoved,
    end_agreement,
    enter_agreement,
    resume_agreement,
)
from debitora.receivables.models import Agreement, AgreementChange, Customer
from debitora.receivables.queries.agreements import UsualTerms, agreements_of_customer, usual_terms
from debitora.receivables.queries.payments import payments_of_customer
from debitora.receivables.rules.agreements import AgreementKind
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record
from debitora.trail.rules import system

ClientOf = Callable[[User], Client]
ON = date(2026, 11, 18)
DAY = timedelta(days=1)
BY = system("tests")


@pytest.fixture
def customer(company: Company, sales: User) -> Customer:
    return Customer.objects.get(id=a_customer(company.id, name="Lindwurm Bau", salesperson_id=sales.id))


def entered(company: Company, customer: Customer, at: datetime, **changes: Any) -> Agreement:
    known: dict[str, Any] = {
        "kind": AgreementKind.TERMS,
        "text": "Zahlt erst nach 60 Tagen.",
        "from_on": ON,
        **changes,
    }
    return enter_agreement(company=company.id, customer=customer.id, by=BY, at=at, **known)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, None, True), (1, None, False), (-9, -1, False), (-9, 0, True), (-9, 9, True)],
)
def test_it_counts_from_its_first_to_its_last_day(
    company: Company, customer: Customer, moment: datetime, first: int, last: int | None, expected: bool
) -> None:
    until = None if last is None else ON + last * DAY
    entered(company, customer, moment, from_on=ON + first * DAY, until_on=until)
    [row] = agreements_of_customer(customer=customer.id, most=9)
    assert row.counts(on=ON) is expected


def test_ended_and_taken_up_again_once_each(company: Company, customer: Customer, moment: datetime) -> None:
    known: dict[str, Any] = {
        "company": company.id,
        "agreement": entered(company, customer, moment).id,
        "by": BY,
        "at": moment,
    }
    with pytest.raises(AgreementMoved):
        resume_agreement(**known)
    end_agreement(**known)
    with pytest.raises(AgreementMoved):
        end_agreement(**known)
    assert not agreements_of_customer(customer=customer.id, most=9)[0].counts(on=ON)
    resume_agreement(**known)
    assert agreements_of_customer(customer=customer.id, most=9)[0].counts(on=ON)
    verbs = Record.objects.filter(verb__startswith="agreement.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["agreement.entered", "agreement.ended", "agreement.resumed"]


def test_nonsense_is_refused(company: Company, customer: Customer, moment: datetime) -> None:
    with pytest.raises(AgreementEmpty):
        entered(company, customer, moment, text="  ")
    with pytest.raises(AgreementEndsBefore):
        entered(company, customer, moment, until_on=ON - DAY)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("table", ["receivables_agreement", "receivables_agreementchange"])
def test_what_was_agreed_stays(company: Company, customer: Customer, moment: datetime, table: str) -> None:
    agreement = entered(company, customer, moment)
    end_agreement(company=company.id, agreement=agreement.id, by=BY, at=moment)
    for statement in (f"delete from {table}", f"update {table} set kind = 'other'"):  # names of ours
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_terms_that_most_invoices_have(company: Company, customer: Customer) -> None:
    assert usual_terms(customer=customer.id, on=ON) is None
    for place, (age, days) in enumerate([(400, 14), (300, 30), (200, 30), (100, 60)]):
        issued = ON - age * DAY
        an_open_item(
            company.id, customer.id, number=f"R-{place}", issued_on=issued, due_on=issued + days * DAY
        )
    assert usual_terms(customer=customer.id, on=ON) == UsualTerms(30, 2, 3)


def test_payments_stand_newest_in_front(company: Company, customer: Customer) -> None:
    for place in (1, 2):
        an_open_item(company.id, customer.id, number=f"G-{place}", minor=-1_000 * place)
    an_open_item(company.id, customer.id, number="R-1")
    found = payments_of_customer(customer=customer.id, most=9)
    assert [(one.number, one.sum.minor, one.left.minor) for one in found] == [
        ("G-2", 2_000, 2_000),
        ("G-1", 1_000, 1_000),
    ]


def typed(**changes: str) -> dict[str, str]:
    return {
        "kind": "price",
        "text": "5 % on steel",
        "with_whom": "Frau Lind",
        "from_on": "1.11.2026",
        "until_on": "",
        **changes,
    }


def test_from_the_sheet_to_the_case_and_back(
    company: Company, customer: Customer, sales: User, clerk: User, client_of: ClientOf, moment: datetime
) -> None:
    here = f"/c/acme/customers/{customer.id}/agreements/"
    with clock_at(moment):
        seller, office = client_of(sales), client_of(clerk)
        assert "Nothing special" in seller.get(f"{here}panel/").content.decode()
        assert seller.get(f"{here}beside/").content.decode().strip() == ""
        assert seller.post(f"{here}entered/", typed()).status_code == 303
        for address in ("panel/", "beside/", ""):
            seen = office.get(f"{here}{address}").content.decode()
            assert "5 % on steel" in seen
            assert "Frau Lind" in seen
        timeline = office.get(f"/c/acme/customers/{customer.id}/timeline/?about=notes").content.decode()
        assert "5 % on steel" in timeline
        [one] = Agreement.objects.all()
        ended = f"/c/acme/agreements/{one.id}/ended/"
        office.post(ended)
        assert "ended already" in office.post(ended, follow=True).content.decode()
        assert "that does not count today" in office.get(f"{here}panel/").content.decode()
        again = office.post("/c/acme/agreements/again/", {"agreement": one.id}, follow=True)
        assert "goes on" in again.content.decode()
        again = office.post("/c/acme/agreements/again/", {"agreement": one.id}, follow=True)
        assert "Nothing was changed" in again.content.decode()
    assert AgreementChange.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"until_on": "31.10.2026"}, "lies before the first"),
        ({"from_on": "once"}, "This is not a day"),
        ({"text": " "}, "This field is required"),
        ({"kind": "wish"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_it(
    company: Company, customer: Customer, clerk: User, client_of: ClientOf, moment: datetime,
    changes: dict[str, str], expected: str,
) -> None:  # fmt: skip
    with clock_at(moment):
        answer = client_of(clerk).post(
            f"/c/acme/customers/{customer.id}/agreements/entered/", typed(**changes)
        )
    assert answer.status_code == 422
    assert expected in answer.content.decode()
    assert "Frau Lind" in answer.content.decode()


def test_another_salesperson_finds_nothing(
    company: Company, manager: User, sales: User, auditor: User, client_of: ClientOf, moment: datetime
) -> None:
    foreign = Customer.objects.get(id=a_customer(company.id, number="77", salesperson_id=manager.id))
    agreement = entered(company, foreign, moment)
    client = client_of(sales)
    for address in ("panel/", "beside/", ""):
        assert client.get(f"/c/acme/customers/{foreign.id}/agreements/{address}").status_code == 404
    assert client.post(f"/c/acme/customers/{foreign.id}/agreements/entered/", typed()).status_code == 404
    assert client.post(f"/c/acme/agreements/{agreement.id}/ended/").status_code == 404
    assert client_of(auditor).post(f"/c/acme/agreements/{agreement.id}/ended/").status_code == 403
    assert not AgreementChange.objects.exists()
