"""Pages of the ledger: who sees what, what a filter finds, what a file holds."""

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
from debitora.receivables.actions import park_customer, place_hold
from debitora.receivables.models import Allocation, Hold, Item
from debitora.receivables.testing import ON, TESTS, a_customer, an_open_item

SignIn = Callable[[User], Client]
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture(autouse=True)
def _at_the_moment(moment: datetime) -> Iterator[None]:
    with clock_at(moment):
        yield


def _page(client: Client, path: str, **headers: str) -> str:
    answer = client.get(f"/c/acme/{path}", headers=headers or None)
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    return answer.content.decode()


# --------------------------------------------------------------------------------------------- who sees what

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
    her_own = a_customer(company.id, "2", name="Hers", salesperson_id=sales.id)
    an_open_item(company.id, her_own, number="R-2", group="Pumps")
    an_open_item(company.id, invoice.customer_id, number="R-3", group="Bergbau")
    client = client_of(sales)
    assert ">Pumps</a>" in _page(client, "items/")
    for path in ("items/", "customers/", "aging/", "items/?customer=" + str(invoice.customer_id)):
        assert "Berg" not in _page(client, path)
    for path in ("items/export/csv/", "customers/export/csv/"):
        answer = client.get(f"/c/acme/{path}")
        text = b"".join(answer).decode()
        assert "Hers" in text
        assert "Berg" not in text


# -------------------------------------------------------------------------------------------------- the list


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
        ("group=Pumps%20%26%20valves", "R-2"),
        ("group=pumps", ""),
        ("group=%20&text=R-", "R-1 R-2"),
        ("state=nonsense&band=x&level=-1&customer=abc&currency=EURO&after=xyz&sort=colour", "R-1 R-2 G-1"),
        ("text=%00", "R-1 R-2 G-1"),
        ("customer=99999999999999999999", "R-1 R-2 G-1"),
    ],
)
def test_filters_find(
    client_of: SignIn, clerk: User, invoice: Item, credit: Item, query: str, found: str
) -> None:
    an_open_item(
        invoice.company_id,
        invoice.customer_id,
        number="R-2",
        minor=5,
        due_on=date(2026, 12, 1),
        group="Pumps & valves",
    )
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


def test_a_product_group_leads_from_the_item_to_all_of_its_items_and_into_their_file(
    client_of: SignIn, clerk: User, invoice: Item
) -> None:
    own = an_open_item(invoice.company_id, invoice.customer_id, number="R-2", group="Pumps & valves/2")
    client = client_of(clerk)
    address = "items/?group=Pumps%20%26%20valves%2F2"
    assert f'/c/acme/{address}"' in _page(client, f"items/{own.id}/")
    assert "Product group" not in _page(client, f"items/{invoice.id}/")
    assert ">Pumps &amp; valves/2</a>" in _page(client, "items/")
    assert "Product group" in _page(client, address)
    lines = (
        b"".join(client.get("/c/acme/" + address.replace("?", "export/csv/?")))
        .decode("utf-8-sig")
        .splitlines()
    )
    assert [line.split(",")[0] for line in lines] == ["Number", "R-2"]
    assert lines[1].endswith(",Pumps & valves/2")


# ----------------------------------------------------------------------------------------------------- files


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


# ------------------------------------------------------------------------------------------------- customers


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


@pytest.mark.parametrize(
    ("reason", "word"), [("restored", "a restored database does not know"), ("check", "Found by the check")]
)
def test_what_an_operator_parked_says_why_and_is_offered_to_nobody(
    client_of: SignIn, clerk: User, company: Company, customer: int, moment: datetime, reason: str, word: str
) -> None:
    sheet = f"customers/{customer}/"
    assert word not in _page(client_of(clerk), sheet)
    park_customer(company=company.id, customer=customer, reason=reason, by=TESTS, at=moment)
    assert word in _page(client_of(clerk), sheet)


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


# ----------------------------------------------------------------------------------------------------- aging


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "EUR 100.00"),
        ("on=17.11.", "Known from"),
        ("on=18.11.2026&meaning=known", "EUR 100.00"),
        ("on=%2B3", "still to come"),
        ("on=yesterday", "This is not a day"),
    ],
)
def test_aging_answers_as_of_a_day(
    client_of: SignIn, auditor: User, invoice: Item, query: str, said: str
) -> None:
    assert said in _page(client_of(auditor), f"aging/?{query}").replace("\u00a0", " ")


# --------------------------------------------------------------------------------------------------- columns


def _heads(client: Client, path: str) -> list[str]:
    return [head.label for head in client.get(f"/c/acme/{path}").context["heads"]]


def test_a_list_and_its_file_show_the_chosen_columns_in_their_order(
    client_of: SignIn, clerk: User, invoice: Item
) -> None:
    client = client_of(clerk)
    asked = "?column=open&column=number&column=order&column=nonsense&column=open"
    assert _heads(client, f"items/{asked}") == ["Open", "Number", "Order"]
    written = b"".join(client.get(f"/c/acme/items/export/csv/{asked}")).decode("utf-8-sig").splitlines()
    assert written[0] == "Currency,Open,Number,Order"
    assert _heads(client, "items/?column=level") == ["Number", "Level"]
    assert "Customer" in _heads(client, "items/?column=nonsense")
    asked = "?column=number&column=email&column=overdue"
    assert _heads(client, f"customers/{asked}") == ["Number", "E-mail", "Overdue EUR"]
    written = b"".join(client.get(f"/c/acme/customers/export/csv/{asked}")).decode("utf-8-sig").splitlines()
    assert written[0] == "Number,E-mail,Overdue EUR"


def test_chosen_columns_survive_filters_and_leave_with_the_usual_ones(
    client_of: SignIn, clerk: User, invoice: Item
) -> None:
    page = client_of(clerk).get("/c/acme/items/?column=number&column=open&state=overdue").context
    assert all("column=number&column=open" in tab.address for tab in page["tabs"])
    assert page["column_reset"] == "?state=overdue"
    assert [(offer.name, offer.shown) for offer in page["offers"]][:3] == [
        ("number", True),
        ("open", True),
        ("position", False),
    ]


def test_cells_escape_what_strangers_wrote(client_of: SignIn, clerk: User, company: Company) -> None:
    evil = a_customer(company.id, "9", name="<script>zap()</script>")
    an_open_item(company.id, evil, number="<b>R</b>")
    for path in ("items/?state=all", "customers/", "items/?column=customer&column=status"):
        page = client_of(clerk).get(f"/c/acme/{path}").content.decode()
        assert "<script>zap" not in page
        assert "<b>R</b>" not in page


# ------------------------------------------------------------------------------------------------ the way back


def test_a_released_hold_can_be_placed_again_once(
    client_of: SignIn, clerk: User, company: Company, invoice: Item
) -> None:
    client = client_of(clerk)
    client.post(f"/c/acme/items/{invoice.id}/hold/", {"reason": "other", "note": "asked", "until": "+9"})
    first = Hold.objects.get()
    client.post(f"/c/acme/holds/{first.id}/release/")
    again = f"/c/acme/holds/{first.id}/renewal/"
    assert client.post(again, {"undoing": "yes"}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert client.post(again).status_code == 303
    renewed = Hold.objects.exclude(id=first.id).get()
    assert (renewed.reason, renewed.until_on, renewed.item_id) == ("other", first.until_on, invoice.id)
    assert renewed.wording is not None
    assert renewed.wording.text == "asked"


def test_an_allocation_offers_the_way_back(
    client_of: SignIn, clerk: User, company: Company, invoice: Item
) -> None:
    credit = an_open_item(company.id, invoice.customer_id, number="G-1", minor=-1_000)
    client, there = client_of(clerk), f"/c/acme/items/{invoice.id}/allocation/"
    seen = client.post(there, {"other": credit.id, "amount": ""})
    given = {"other": credit.id, "amount": "", "previewed": seen.context["preview"].seen, "confirmed": "1"}
    client.post(there, given)
    made = Allocation.objects.get()
    page = client.get("/c/acme/items/").content.decode()
    assert f'hx-post="/c/acme/allocations/{made.id}/release/"' in page
    undone = {"undoing": "yes", "reason": "mistake"}
    back = client.post(f"/c/acme/allocations/{made.id}/release/", undone, headers={"HX-Request": "true"})
    assert back["HX-Refresh"] == "true"
    assert Allocation.objects.count() == 2
