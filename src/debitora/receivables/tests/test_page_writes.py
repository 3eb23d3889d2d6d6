"""Pages that change the ledger: every POST does its work once, says what is wrong, and nothing foreign is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

import pytest
from django.test import Client

from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions import allocate, place_hold
from debitora.receivables.models import Allocation, Customer, Hold, HoldRelease, Item, ItemState
from debitora.receivables.testing import ON, TESTS, a_customer, an_open_item
from debitora.values.money import Money

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


# ----------------------------------------------------------------------------------------------------- holds


def _post(client: Client, path: str, data: Mapping[str, object]) -> int:
    return client.post(f"/c/acme/{path}", dict(data)).status_code


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


# ----------------------------------------------------------------------------------------------- allocations


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


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("directed", "the payer named it"),
        ("matched", "found by its amount"),
        ("law_366", "in the order of § 366 BGB"),
        ("by_hand", "by hand"),
    ],
)
def test_both_items_say_why_one_was_put_against_the_other(
    client_of: SignIn,
    clerk: User,
    company: Company,
    invoice: Item,
    credit: Item,
    moment: datetime,
    reason: str,
    words: str,
) -> None:
    allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=invoice.id,
        amount=Money(3_000, "EUR"),
        on=ON,
        by=TESTS,
        at=moment,
        reason=reason,
    )
    for item in (invoice, credit):
        assert words in _page(client_of(clerk), f"items/{item.id}/")


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


# ------------------------------------------------------------------------------------------------- customers


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


# -------------------------------------------------------------------------------------------------- nothing foreign


@pytest.mark.parametrize(
    "path",
    ["items/hold/", "holds/release/", "customers/{customer}/parking/", "customers/{customer}/parking/end/"],
)
def test_only_finance_posts(client_of: SignIn, auditor: User, customer: int, path: str) -> None:
    client = client_of(auditor)
    assert _post(client, path.format(customer=customer), {"reason": "other"}) == 403


@pytest.mark.parametrize(
    "path", ["holds/{hold}/release/", "holds/{hold}/end/", "allocations/{allocation}/release/"]
)
def test_foreign_holds_and_allocations_are_not_there(
    client_of: SignIn, clerk: User, theirs: Item, moment: datetime, path: str
) -> None:
    other = theirs.company_id
    with serving(other):
        hold = place_hold(
            company=other, customer=theirs.customer_id, reason="other", from_on=ON, by=TESTS, at=moment
        )
        credit = an_open_item(other, theirs.customer_id, number="SECRET-2", minor=-500)
        made = allocate(
            company=other,
            credit_item=credit.id,
            debit_item=theirs.id,
            amount=Money(500, "EUR"),
            on=ON,
            by=TESTS,
            at=moment,
        )
    client = client_of(clerk)
    assert _post(client, path.format(hold=hold.id, allocation=made.id), {"reason": "mistake"}) == 404
    assert _post(client, path.format(hold=10**12, allocation=10**12), {"reason": "mistake"}) == 404
    assert _post(client, "holds/release/", {"hold": [hold.id]}) == 404
    with serving(other):
        assert not HoldRelease.objects.exists()
        assert Allocation.objects.count() == 1
