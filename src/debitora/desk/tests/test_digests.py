"""Digests: everybody is told what she may see and no more, once a day, and what changed since the last."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from debitora.desk import jobs
from debitora.desk.actions import make_digests
from debitora.disputes.testing import a_case
from debitora.kit.runtime import clock_at, now
from debitora.messaging.actions.own_mails import choose_mails
from debitora.messaging.actions.person_mails import send_person_mails
from debitora.messaging.models import PersonMail
from debitora.messaging.rules.own_mails import PARTS, Choice, Rhythm
from debitora.messaging.testing import MOMENT, a_sender
from debitora.people.models import Company, User
from debitora.receivables.models import Customer
from debitora.receivables.testing import a_customer, an_open_item
from tests.smtp_server import SmtpServer

ON = date(2026, 11, 18)
BASE = "https://debitora.example/c/acme"


def wants(
    company: Company, user: User, role: str, *, parts: tuple[str, ...] = PARTS, language: str = "en"
) -> None:
    User.objects.filter(id=user.id).update(email=f"{user.login}@acme.example", language=language)
    choice = Choice(
        Rhythm.DAILY, 0, 7, tuple(part for part in parts if role != "sales" or part != "top"), (), ON
    )
    choose_mails(company=company, user=user.id, role=role, choice=choice, on=ON, at=MOMENT)


def made(company: Company, *, on: date = ON, hour: int = 9, at: datetime = MOMENT) -> int:
    return make_digests(company=company, base=BASE, on=on, hour=hour, at=at)


def text_for(user: User) -> str:
    return PersonMail.objects.filter(user_id=user.id).latest("id").text


@pytest.fixture
def ledger(company: Company, sales: User, manager: User) -> dict[str, int]:
    """Three customers, each with something overdue: hers, one that was hers until a case was put to her, and nobody's."""
    found = {}
    for place, name in enumerate(("Hers", "Theirs", "Nobodys"), 1):
        person = None if name == "Nobodys" else sales.id
        customer = a_customer(company.id, f"1000{place}", name=name, salesperson_id=person)
        an_open_item(company.id, customer, number=f"R-{place}", minor=place * 100_000)
        later = ON + timedelta(days=9)
        item = an_open_item(company.id, customer, number=f"F-{place}", minor=50_000, due_on=later)
        if person:
            a_case(company, [item], assignee=sales.id)
        found[name] = customer
    Customer.objects.filter(id=found["Theirs"]).update(salesperson_id=manager.id)
    return found


def test_a_manager_reads_of_all_and_a_salesperson_of_her_own_customers(
    company: Company, ledger: dict[str, int], sales: User, manager: User
) -> None:
    wants(company, sales, "sales")
    wants(company, manager, "manager")
    assert made(company) == 2
    whole, own = text_for(manager), text_for(sales)
    assert "6,000.00" in whole
    assert [name in whole for name in ledger] == [True, True, True]
    assert [name in own for name in ledger] == [True, False, False]
    assert "1,000.00" in own
    assert "6,000.00" not in own
    assert "MY CASES" in own
    assert own.count("/clarification/") == 1
    assert "No case waits for your answer." in whole


def test_only_what_was_chosen_stands_there_in_the_readers_language(
    company: Company, ledger: dict[str, int], manager: User
) -> None:
    wants(company, manager, "manager", parts=("cases",), language="de")
    made(company)
    mail = PersonMail.objects.get()
    assert mail.subject.replace("\u00a0", " ") == "Acme Werkzeuge GmbH: 6.000,00 EUR überfällig am 18.11.2026"
    assert "Nobodys" not in mail.text
    assert '<html lang="de">' in mail.html


def test_once_a_day_and_never_where_nobody_works(
    company: Company, ledger: dict[str, int], manager: User
) -> None:
    wants(company, manager, "manager")
    saturday = date(2026, 11, 21)
    assert [made(company, hour=6), made(company), made(company), made(company, hour=20)] == [0, 1, 0, 0]
    assert made(company, on=saturday, at=MOMENT + timedelta(days=3)) == 0
    assert made(company, on=ON + timedelta(days=1), at=MOMENT + timedelta(days=1)) == 1


def test_it_tells_what_changed_since_the_last(
    company: Company, ledger: dict[str, int], manager: User
) -> None:
    wants(company, manager, "manager", parts=("totals",))
    an_open_item(company.id, ledger["Hers"], number="L", minor=7_000, due_on=ON)
    made(company)
    assert "since" not in text_for(manager).replace("Newly overdue since", "")
    made(company, on=ON + timedelta(days=1), at=MOMENT + timedelta(days=1))
    text = text_for(manager)
    assert "unchanged since" in text
    assert "4 items, EUR 70.00 more since" in text
    assert "Newly overdue since" in text


def test_a_ledger_without_anything_open_is_said_to_be_so(
    company: Company, manager: User, sales: User
) -> None:
    wants(company, manager, "manager")
    wants(company, sales, "sales")
    made(company)
    assert "Nothing overdue" in PersonMail.objects.get(user_id=manager.id).subject
    assert "Nothing is open." in text_for(sales)


def test_the_job_makes_them_and_they_leave(
    company: Company, ledger: dict[str, int], manager: User, sales: User
) -> None:
    wants(company, manager, "manager")
    wants(company, sales, "sales")
    with SmtpServer() as server, clock_at(MOMENT):
        a_sender(company.id, port=server.port)
        for _twice in range(2):
            jobs.digest_clock(0)
            jobs.digests(company=company.id)
            send_person_mails(company=company, base=BASE, clock=now)
    assert sorted(mail.recipients[0] for mail in server.mails) == [
        f"{manager.login}@acme.example",
        f"{sales.login}@acme.example",
    ]
