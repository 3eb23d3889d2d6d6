"""Pages of the ledger: who sees what, what a filter finds, and that every POST does its work once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions import allocate, park_customer, place_hold
from debitora.receivables.models import Allocation, Customer, Hold, HoldRelease, Item, ItemState
from debitora.receivables.testing import ON, TESTS, a_customer, an_open_item
from debitora.values.money import Money

SignIn = Callable[[User], Client]
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture(autouse=True)
def _at_the_moment(moment: datetime) -> Iterator[None]:
    with clock_at(moment):
        yield


@pytest.fixture
def customer(company: Company) -> int:
    """Berg & Co, number 10001, with an e-mail address and nobody in sales."""
    return a_customer(company.id, "10001", name="Berg & Co", email="info@berg.example", kind="business")


@pytest.fixture
def invoice(company: Company, customer: int) -> Item:
    """R-1: 100.00 EUR, 17 days overdue."""
    return an_open_item(company.id, customer, number="R-1", minor=10_000)


@pytest.fixture
def credit(company: Company, customer: int) -> Item:
    """G-1: a credit note of 30.00 EUR."""
    return an_open_item(company.id, customer, number="G-1", minor=-3_000)


@pytest.fixture
def theirs(other_company: Company) -> Item:
    """An item of the other company."""
    with serving(other_company.id):
        there = a_customer(other_company.id, "666", name="Umbra's secret")
        return an_open_item(other_company.id, there, number="SECRET-1")


def _page(client: Client, path: str, **headers: str) -> str:
    answer = client.get(f"/c/acme/{path}", headers=headers or None)
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    return answer.content.decode()


# ------------------------------------------------------------------------------------------------- who sees what

READ = (
    "items/",
    "items/{item}/",
    "items/export/csv/",
    "customers/",
    "customers/{customer}/",
    "customers/{customer}/items/",
    "customers/{customer}/holds/",
    "customers/{customer}/timeline/",
    "customers/export/xlsx/",
    "aging/",
    "aging/export/csv/",
)
WRITE = (
    "items/{item}/hold/",
    "items/{item}/allocation/",
    "customers/{customer}/hold/",
    "customers/{customer}/edit/",
)
OF_ONE = [path for path in (*READ, *WRITE) if "{" in path]
READ_OF_ONE = [path for path in READ if "{" in path]


@pytest.mark.parametrize("role", ["clerk", "manager", "auditor"])
def test_everyone_in_the_office_may_look(
    role: str, request: pytest.FixtureRequest, client_of: SignIn, invoice: Item
) -> None:
    client = client_of(request.getfixturevalue(role))
    for path in READ:
        answer = client.get(f"/c/acme/{path.format(item=invoice.id, customer=invoice.customer_id)}")
        assert answer.status_code == 200, path


@pytest.mark.parametrize("path", WRITE)
def test_an_auditor_changes_nothing(client_of: SignIn, auditor: User, invoice: Item, path: str) -> None:
    address = f"/c/acme/{path.format(item=invoice.id, customer=invoice.customer_id)}"
    client = client_of(auditor)
    assert client.get(address).status_code == client.post(address).status_code == 403


@pytest.mark.parametrize("path", OF_ONE)
def test_what_is_foreign_is_not_there(client_of: SignIn, manager: User, theirs: Item, path: str) -> None:
    client = client_of(manager)
    foreign = client.get(f"/c/acme/{path.format(item=theirs.id, customer=theirs.customer_id)}")
    unknown = client.get(f"/c/acme/{path.format(item=10**12, customer=10**12)}")
    assert foreign.status_code == unknown.status_code == 404
    assert b"SECRET" not in foreign.content
    assert b"Umbra" not in foreign.content


@pytest.mark.parametrize("path", READ_OF_ONE)
def test_a_salesperson_sees_her_customers_only(
    client_of: SignIn, sales: User, company: Company, invoice: Item, path: str
) -> None:
    hers = a_customer(company.id, "20002", name="Hers GmbH", salesperson_id=sales.id)
    item = an_open_item(company.id, hers, number="R-2")
    client = client_of(sales)
    assert client.get(f"/c/acme/{path.format(item=item.id, customer=hers)}").status_code == 200
    other = client.get(f"/c/acme/{path.format(item=invoice.id, customer=invoice.customer_id)}")
    assert other.status_code == 404


def test_lists_and_files_of_a_salesperson_hold_her_customers_only(
    client_of: SignIn, sales: User, company: Company, invoice: Item
) -> None:
    an_open_item(company.id, a_customer(company.id, "2", name="Hers", salesperson_id=sales.id), number="R-2")
    client = client_of(sales)
    for path in ("items/", "customers/", "aging/", "items/?customer=" + str(invoice.customer_id)):
        assert "Berg" not in _page(client, path)
    for path in ("items/export/csv/", "customers/export/csv/"):
        answer = client.get(f"/c/acme/{path}")
        text = b"".join(answer).decode()
        assert "Hers" in text
        assert "Berg" not in text


# ------------------------------------------------------------------------------------------------------ the list


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "R-1 R-2 G-1"),
        ("state=overdue", "R-1"),
        ("state=not_due", "R-2"),
        ("state=credits", "G-1"),
        ("state=settled", ""),
        ("state=all", "R-1 R-2 G-1"),
        ("band=d1_30", "R-1 G-1"),
        ("currency=USD", ""),
        ("text=100,00", "R-1"),
        ("text=r-1", "R-1"),
        ("text=berg", "R-1 R-2 G-1"),
        ("held=no", "R-1 R-2 G-1"),
        ("held=yes", ""),
        ("level=0", "R-1 R-2 G-1"),
        ("level=3", ""),
        ("salesperson=999", ""),
        ("state=nonsense&band=x&level=-1&customer=abc&currency=EURO&after=xyz&sort=colour", "R-1 R-2 G-1"),
        ("text=%00", "R-1 R-2 G-1"),
        ("customer=99999999999999999999", "R-1 R-2 G-1"),
    ],
)
def test_filters_find(
    client_of: SignIn, clerk: User, invoice: Item, credit: Item, query: str, found: str
) -> None:
    an_open_item(invoice.company_id, invoice.customer_id, number="R-2", minor=5, due_on=date(2026, 12, 1))
    text = _page(client_of(clerk), f"items/?{query}")
    for number in ("R-1", "R-2", "G-1"):
        assert (f">{number}</a>" in text) == (number in found.split()), number


@pytest.mark.parametrize(
    "sort", ["number", "customer", "issued", "due", "overdue", "raised", "amount", "level"]
)
def test_every_column_sorts(client_of: SignIn, clerk: User, invoice: Item, sort: str) -> None:
    for sign in ("", "-"):
        assert "aria-sort" in _page(client_of(clerk), f"items/?sort={sign}{sort}")


def test_pages_follow_each_other(client_of: SignIn, clerk: User, company: Company, customer: int) -> None:
    for number in range(55):
        an_open_item(company.id, customer, number=f"R-{number:03}")
    client = client_of(clerk)
    first = client.get("/c/acme/items/?sort=number")
    assert len(first.context["rows"]) == 50
    second = client.get(f"/c/acme/items/{first.context['more']}")
    assert [row.number for row in second.context["rows"]] == [f"R-{number:03}" for number in range(50, 55)]
    assert not second.context["more"]
    assert len(first.content) < 60_000


def test_an_empty_list_says_what_to_do(client_of: SignIn, clerk: User, company: Company) -> None:
    assert "Items appear when" in _page(client_of(clerk), "items/")
    assert "Customers appear" in _page(client_of(clerk), "customers/")
    assert "Nothing matches" in _page(client_of(clerk), "items/?text=zzz")


def test_an_item_opens_in_the_panel_and_as_a_page(client_of: SignIn, clerk: User, invoice: Item) -> None:
    client = client_of(clerk)
    panel = _page(client, f"items/{invoice.id}/", **PANEL)
    assert "<html" not in panel
    assert "panel-head" in panel
    assert "<html" in _page(client, f"items/{invoice.id}/")


# --------------------------------------------------------------------------------------------------------- files


def test_a_file_holds_exactly_the_view_and_no_formula(
    client_of: SignIn, clerk: User, company: Company, invoice: Item
) -> None:
    evil = a_customer(company.id, "3", name='=HYPERLINK("http://evil.example")')
    an_open_item(company.id, evil, number="-7")
    answer = client_of(clerk).get("/c/acme/items/export/csv/?state=overdue")
    assert answer.streaming
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert any("'=HYPERLINK" in line for line in lines)
    assert any(line.startswith("'-7,") for line in lines)
    sheet = client_of(clerk).get("/c/acme/items/export/xlsx/?text=R-1")
    rows = list(load_workbook(io.BytesIO(sheet.content)).active.values)
    assert [row[0] for row in rows] == ["Number", "R-1"]
    assert rows[1][7] == 100
    assert client_of(clerk).get("/c/acme/items/export/pdf/").status_code == 404


def test_a_stream_serves_its_company_after_the_request_has_ended(
    committed: str, company: Company, clerk: User, client_of: SignIn
) -> None:
    with transaction.atomic():
        an_open_item(company.id, a_customer(company.id, "1", name="Berg"), number="R-1")
    with serving(0):
        answer = client_of(clerk).get("/c/acme/items/export/csv/")
        assert "R-1" in b"".join(answer).decode()


# --------------------------------------------------------------------------------------------------------- holds


def _post(client: Client, path: str, data: dict[str, object]) -> int:
    return client.post(f"/c/acme/{path}", data).status_code


def test_a_hold_on_an_item_is_placed_once(client_of: SignIn, clerk: User, invoice: Item) -> None:
    client = client_of(clerk)
    typed = {"reason": "promise", "until": "+14", "amount": "40,00", "note": "says next week"}
    for _ in range(2):
        assert _post(client, f"items/{invoice.id}/hold/", typed) == 303
    hold = Hold.objects.get()
    assert (hold.item_id, hold.amount_minor, hold.until_on) == (invoice.id, 4_000, date(2026, 12, 2))
    assert "says next week" in _page(client, f"items/{invoice.id}/")


@pytest.mark.parametrize(
    "typed",
    [
        {"reason": ""},
        {"reason": "because"},
        {"reason": "other", "until": "31.2."},
        {"reason": "other", "until": "-1"},
        {"reason": "other", "amount": "100,01"},
        {"reason": "other", "amount": "0"},
        {"reason": "other", "amount": "1,234,5"},
        {"reason": "other", "amount": "1,234567"},
    ],
)
def test_a_wrong_hold_keeps_what_was_typed(
    client_of: SignIn, clerk: User, invoice: Item, typed: dict[str, object]
) -> None:
    answer = client_of(clerk).post(
        f"/c/acme/items/{invoice.id}/hold/", {**typed, "note": "kept"}, headers=PANEL
    )
    assert answer.status_code == 422
    assert b"kept" in answer.content
    assert not Hold.objects.exists()


def test_a_whole_customer_is_held_extended_and_released(
    client_of: SignIn, clerk: User, company: Company, customer: int, invoice: Item
) -> None:
    client = client_of(clerk)
    assert _post(client, f"customers/{customer}/hold/", {"reason": "insolvency"}) == 303
    first = Hold.objects.get()
    assert first.item_id is None
    assert _post(client, f"holds/{first.id}/end/", {"until": "31.12."}) == 303
    second = Hold.objects.latest("id")
    assert second.until_on == date(2026, 12, 31)
    assert "Insolvency" in _page(client, f"customers/{customer}/")
    for _ in range(2):
        assert _post(client, f"holds/{second.id}/release/", {}) == 303
    assert HoldRelease.objects.count() == 2
    assert _post(client, f"holds/{second.id}/end/", {"until": "+1"}) == 303
    assert "Hold released" in _page(client, f"customers/{customer}/timeline/?about=holds")


def test_chosen_items_are_previewed_held_and_released_by_undo(
    client_of: SignIn, clerk: User, company: Company, invoice: Item, credit: Item
) -> None:
    other = an_open_item(company.id, a_customer(company.id, "2", name="Anker"), number="R-2", minor=2_500)
    client = client_of(clerk)
    chosen = {"chosen": [invoice.id, credit.id, other.id]}
    preview = client.post("/c/acme/items/hold/", chosen, headers=PANEL)
    assert "2 open items will" in preview.content.decode()
    assert "125.00" in preview.content.decode()
    assert not Hold.objects.exists()
    assert client.post("/c/acme/items/hold/", {**chosen, "reason": ""}).status_code == 422
    for _ in range(2):
        assert _post(client, "items/hold/", {**chosen, "reason": "clarification", "until": "+7"}) == 303
    holds = list(Hold.objects.values_list("id", flat=True))
    assert len(holds) == 2
    toast = _page(client, "items/")
    assert "Undo" in toast
    assert f'"hold": [{", ".join(map(str, holds))}]' in toast.replace("&quot;", '"')
    undone = client.post("/c/acme/holds/release/", {"hold": holds}, headers={"HX-Request": "true"})
    assert undone.headers["HX-Refresh"] == "true"
    assert HoldRelease.objects.count() == 2


def test_foreign_items_cannot_be_chosen(client_of: SignIn, clerk: User, invoice: Item, theirs: Item) -> None:
    client = client_of(clerk)
    wanted = {"chosen": [invoice.id, theirs.id], "reason": "other"}
    assert _post(client, "items/hold/", wanted) == 404
    assert _post(client, "items/hold/", {"chosen": ["x", "9" * 30]}) == 303
    assert not Hold.objects.exists()


# --------------------------------------------------------------------------------------------------- allocations


def test_a_credit_is_put_against_an_invoice_after_a_look_and_once(
    client_of: SignIn, clerk: User, invoice: Item, credit: Item
) -> None:
    client, path = client_of(clerk), f"items/{invoice.id}/allocation/"
    looked = client.post(f"/c/acme/{path}", {"other": credit.id, "amount": "20,00"})
    assert "80.00" in looked.content.decode()
    assert not Allocation.objects.exists()
    confirmed = {
        "other": credit.id,
        "amount": "20,00",
        "previewed": looked.context["preview"].seen,
        "confirmed": "yes",
    }
    assert _post(client, path, confirmed) == 303
    again = client.post(f"/c/acme/{path}", confirmed)
    assert "This has changed meanwhile" in again.content.decode() or again.status_code == 422
    assert ItemState.objects.get(item=invoice).open_minor == 8_000
    assert Allocation.objects.count() == 1


@pytest.mark.parametrize("typed", [{"amount": "30,01"}, {"other": ""}, {"other": "7"}, {"amount": "x"}])
def test_a_wrong_allocation_books_nothing(
    client_of: SignIn, clerk: User, invoice: Item, credit: Item, typed: dict[str, str]
) -> None:
    sent = {"other": str(credit.id), "confirmed": "yes", **typed}
    assert _post(client_of(clerk), f"items/{invoice.id}/allocation/", sent) == 422
    assert not Allocation.objects.exists()


def test_an_allocation_is_taken_back_with_a_reason(
    client_of: SignIn, clerk: User, company: Company, invoice: Item, credit: Item, moment: datetime
) -> None:
    made = allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=invoice.id,
        amount=Money(3_000, "EUR"),
        on=ON,
        by=TESTS,
        at=moment,
    )
    client, path = client_of(clerk), f"allocations/{made.id}/release/"
    assert "EUR" in _page(client, path)
    assert _post(client, path, {"reason": "nonsense"}) == 422
    for _ in range(2):
        assert _post(client, path, {"reason": "mistake"}) == 303
    assert ItemState.objects.get(item=credit).open_minor == -3_000
    assert "taken back" in _page(client, f"items/{invoice.id}/")


# ----------------------------------------------------------------------------------------------------- customers


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "Berg Anker"),
        ("text=anker", "Anker"),
        ("text=10001", "Berg"),
        ("kind=business", "Berg"),
        ("reachable=no", "Anker"),
        ("overdue=yes", "Berg"),
        ("held=yes", "Berg"),
        ("parked=yes", "Anker"),
        ("sort=-balance&currency=USD", "Berg Anker"),
    ],
)
def test_customers_are_found(
    client_of: SignIn, clerk: User, company: Company, invoice: Item, moment: datetime, query: str, found: str
) -> None:
    anker = a_customer(company.id, "2", name="Anker")
    park_customer(company=company.id, customer=anker, reason="address", by=TESTS, at=moment)
    place_hold(
        company=company.id, customer=invoice.customer_id, reason="other", from_on=ON, by=TESTS, at=moment
    )
    rows = _page(client_of(clerk), f"customers/?{query}").split("<tbody>")[1]
    assert ("Berg" in rows, "Anker" in rows) == ("Berg" in found, "Anker" in found)


def _typed(**changes: object) -> dict[str, object]:
    return {"version": 1, "name": "Berg & Co", "email": "info@berg.example", "kind": "business", **changes}


def test_master_data_changes_and_a_stale_form_keeps_what_was_typed(
    client_of: SignIn, clerk: User, customer: int
) -> None:
    client, path = client_of(clerk), f"customers/{customer}/edit/"
    assert _post(client, path, _typed(city="Köln")) == 303
    stale = client.post(f"/c/acme/{path}", _typed(city="Bonn"))
    text = stale.content.decode()
    assert stale.status_code == 409
    assert 'value="Bonn"' in text
    assert "City: Köln" in text
    assert _post(client, path, _typed(city="Bonn", version=2)) == 303
    assert Customer.objects.get(id=customer).party.city == "Bonn"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"email": "nobody"}, {"kind": "friend"}, {"country": "D1"}, {"salesperson_id": 77}],
)
def test_wrong_master_data_is_told_beside_its_field(
    client_of: SignIn, clerk: User, customer: int, wrong: dict[str, object]
) -> None:
    assert _post(client_of(clerk), f"customers/{customer}/edit/", _typed(**wrong)) == 422
    assert Customer.objects.get(id=customer).version == 1


def test_a_customer_is_parked_and_written_to_again(client_of: SignIn, clerk: User, customer: int) -> None:
    client = client_of(clerk)
    assert _post(client, f"customers/{customer}/parking/", {"reason": ""}) == 303
    assert Customer.objects.get(id=customer).parked_at is None
    for _ in range(2):
        assert _post(client, f"customers/{customer}/parking/", {"reason": "bounced"}) == 303
    assert "Mail came back" in _page(client, f"customers/{customer}/")
    for _ in range(2):
        assert _post(client, f"customers/{customer}/parking/end/", {}) == 303
    assert Customer.objects.get(id=customer).parked_at is None
    assert "No longer parked" in _page(client, f"customers/{customer}/timeline/?about=master")


def test_the_timeline_goes_on(client_of: SignIn, clerk: User, company: Company, customer: int) -> None:
    for number in range(30):
        an_open_item(company.id, customer, number=f"R-{number}")
    client = client_of(clerk)
    first = client.get(f"/c/acme/customers/{customer}/timeline/")
    older = client.get(f"/c/acme/customers/{customer}/timeline/?before={first.context['older']}")
    told = [entry for part in (first, older) for entry in part.context["entries"]]
    assert [entry.details[0] for entry in told[:30]] == [f"R-{number}" for number in range(29, -1, -1)]
    assert told[30].what == "Customer list applied"
    assert older.context["older"] is None


# --------------------------------------------------------------------------------------------------------- aging


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "EUR 100.00"),
        ("on=17.11.", "Known from"),
        ("on=18.11.2026&meaning=known", "EUR 100.00"),
        ("on=%2B3", "still to come"),
        ("on=yesterday", "This is no day"),
    ],
)
def test_aging_answers_as_of_a_day(
    client_of: SignIn, auditor: User, invoice: Item, query: str, said: str
) -> None:
    assert said in _page(client_of(auditor), f"aging/?{query}").replace("\u00a0", " ")
