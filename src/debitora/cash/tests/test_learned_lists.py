"""What was learned, each kind as a list: searched, sorted, leafed through, handed out, and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from debitora.cash.models import Aside, Habit, Payer
from debitora.cash.testing import MOMENT
from debitora.kit.pg.company import serving
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer

ClientOf = Callable[[User], Client]
HERE = "/c/acme/bank/learned/"


@pytest.fixture
def learned(company: Company) -> None:
    """Three customers, each with an account and habits; three counterparts whose lines were set aside, one forgotten by undoing."""
    for place, name in enumerate(("Beta", "Alpha", "Gamma")):
        customer = a_customer(company.id, f"{10_001 + place}", name=name)
        facts = {"company": company, "times": 3 - place, "last_on": MOMENT.date() - timedelta(days=place)}
        Payer.objects.create(customer_id=customer, account=f"DE0{place}00000000", **facts)
        Habit.objects.create(customer_id=customer, kind="one", **facts)
        Habit.objects.create(customer_id=customer, kind="named", **facts | {"times": 10})
        Aside.objects.create(counterpart=f"Bank {name}", way="out", ignored_for="bank_fee", **facts)
    Aside.objects.filter(counterpart="Bank Gamma").update(times=0)


def said(client: Client, address: str, column: str) -> list[Any]:
    return [getattr(row, column) for row in client.get(HERE + address).context["rows"]]


def file_of(client: Client, address: str) -> list[str]:
    answer = client.get(HERE + address)
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


@pytest.mark.parametrize(
    ("address", "column", "rows"),
    [
        ("payers/", "customer_name", ["Beta", "Alpha", "Gamma"]),
        ("payers/?sort=customer", "customer_name", ["Alpha", "Beta", "Gamma"]),
        ("payers/?sort=-account", "customer_name", ["Gamma", "Alpha", "Beta"]),
        ("payers/?sort=times&text=DE+01+000", "customer_name", ["Alpha"]),
        ("payers/?text=10003", "customer_name", ["Gamma"]),
        ("payers/?sort=odd&after=odd&text=%25", "customer_name", []),
        ("habits/", "customer_name", ["Beta", "Alpha", "Gamma"]),
        ("habits/?sort=times", "times", [11, 12, 13]),
        ("habits/?text=alph", "customer_number", ["10002"]),
        ("asides/?sort=counterpart", "counterpart", ["Bank Alpha", "Bank Beta"]),
        ("asides/?sort=-last&text=bank+b", "counterpart", ["Bank Beta"]),
    ],
)
@pytest.mark.usefixtures("learned")
def test_lists_are_searched_and_sorted(
    clerk: User, client_of: ClientOf, address: str, column: str, rows: list[object]
) -> None:
    assert said(client_of(clerk), address, column) == rows


@pytest.mark.usefixtures("learned")
def test_lists_are_handed_out(clerk: User, sales: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    head, line = file_of(client, "payers/export/csv/?sort=customer&text=alpha")
    assert head == "Account of the payer,Customer,Number,Times,Last"
    assert line.startswith("DE0100000000,Alpha,10002,2,")
    assert file_of(client, "habits/export/csv/?column=pays&text=alpha") == [
        "Customer,Pays",
        'Alpha,"items named 10 times, one item 2 times"',
    ]
    assert file_of(client, "asides/export/csv/")[0] == "Counterpart,Direction,Reason,Times,Last"
    for wrong in ("payers/export/pdf/", "odd/", "odd/export/csv/"):
        assert client.get(HERE + wrong).status_code == 404
    for path in ("payers/", "payers/export/csv/"):
        assert client_of(sales).get(HERE + path).status_code == 403


def test_a_list_is_leafed_through_to_its_end(company: Company, clerk: User, client_of: ClientOf) -> None:
    for place in range(53):
        customer = a_customer(company.id, f"{20_000 + place}", name=f"Payer {place:02}")
        Habit.objects.create(
            company=company, customer_id=customer, kind="one", times=1, last_on=MOMENT.date()
        )
    client, here = client_of(clerk), "habits/?sort=customer"
    more = client.get(HERE + here).context["more"]
    assert said(client, here, "customer_name") + said(client, f"habits/{more}", "customer_name") == [
        f"Payer {place:02}" for place in range(53)
    ]
    first = client.get(HERE)
    assert len(first.context["habits"]) == 20
    assert f'href="{HERE}habits/"' in first.content.decode()


@pytest.mark.usefixtures("learned")
def test_a_row_is_forgotten_by_whoever_may(
    company: Company, other_company: Company, clerk: User, manager: User, client_of: ClientOf
) -> None:
    payer = Payer.objects.get(customer__number="10002").id
    address = f'formaction="/c/acme/bank/payers/{payer}/oblivion/"'
    assert address not in client_of(clerk).get(f"{HERE}payers/").content.decode()
    page = client_of(manager).get(f"{HERE}payers/").content.decode()
    assert address in page
    assert 'form="forget"' in page
    assert 'aria-label="Forget DE01\u00a00000' in page
    assert 'id="forget" method="post"' in page
    with serving(other_company.id):
        customer = a_customer(other_company.id, "1", name="Theirs")
        Payer.objects.create(
            company=other_company, customer_id=customer, account="X", times=1, last_on=MOMENT.date()
        )
    assert "Theirs" not in client_of(manager).get(f"{HERE}payers/").content.decode()


def test_an_empty_list_says_why(clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    for kind in ("payers", "habits", "asides"):
        assert "Nothing was learned yet" in client.get(f"{HERE}{kind}/").content.decode()
        assert "Nothing was learned about this" in client.get(f"{HERE}{kind}/?text=x").content.decode()
