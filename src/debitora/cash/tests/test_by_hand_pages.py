"""Lines booked by hand, outgoing lines, what was learned, and the policy: the pages that need more than one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from debitora.cash.actions import Share, book
from debitora.cash.models import BankEntry, EntryState, Habit, MatchPolicy, Payer, Tally
from debitora.cash.pages.by_hand import seen
from debitora.cash.testing import (
    ACCOUNT,
    MOMENT,
    TESTS,
    Paid,
    a_payer,
    a_policy,
    a_proposal,
    a_tally,
    an_open_line,
)
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Item, ItemState
from debitora.receivables.testing import a_customer, an_open_item

ClientOf = Callable[[User], Client]
BANK = "/c/acme/bank/"


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def text_of(response: Any) -> str:
    return str(response.content.decode())


def told_by(response: Any) -> str:
    return " ".join(str(message) for message in response.wsgi_request._messages)


def open_of(*items: Item) -> list[int]:
    return [ItemState.objects.get(item=item).open_minor for item in items]


def left_of(entry: BankEntry) -> int:
    return EntryState.objects.get(entry=entry).open_minor


@pytest.fixture
def items(company: Company) -> list[Item]:
    """Two invoices of Miller, one of Smith; up to ten may be written off."""
    a_policy(company, write_off_minor=1_000)
    miller, smith = (a_customer(company.id, str(n), name=name) for n, name in ((1, "Miller"), (2, "Smith")))
    return [
        an_open_item(company.id, miller, number="R-1", minor=6_000),
        an_open_item(company.id, miller, number="R-2", minor=4_000),
        an_open_item(company.id, smith, number="R-3", minor=1_000),
    ]


@pytest.fixture
def line(company: Company) -> BankEntry:
    """A hundred that came in."""
    return an_open_line(company, Paid(10_000, name="Miller", text="Thanks"))


def confirmed(client: Client, here: str, told: dict[str, Any]) -> Any:
    """Look at what it leaves, then book just that."""
    looked = client.post(here, told)
    return client.post(here, {**told, "confirmed": "yes", "previewed": seen(looked.context["form"].shared)})


@pytest.mark.parametrize(
    ("chosen", "amounts", "short", "rest", "leaves", "items_left", "line_left"),
    [
        ([0, 1], {}, "part", "hers", "It fits to the cent.", [0, 0, 1_000], 0),
        ([0], {}, "part", "hers", "EUR\u00a040.00 go on account.", [0, 4_000, 1_000], 0),
        ([0], {}, "part", "open", "EUR\u00a040.00 of the line stay open.", [0, 4_000, 1_000], 4_000),
        ([0, 1, 2], {}, "part", "hers", "EUR\u00a010.00 are missing and stay open.", [0, 0, 1_000], 0),
        ([0, 1, 2], {0: "50,00"}, "part", "hers", "It fits to the cent.", [1_000, 0, 0], 0),
        (
            [0, 1, 2],
            {2: "5"},
            "discount",
            "hers",
            "EUR\u00a05.00 are missing: cash discount.",
            [0, 0, 500],
            0,
        ),
        (
            [0, 1, 2],
            {2: "5"},
            "written_off",
            "hers",
            "EUR\u00a05.00 are missing: written off.",
            [0, 0, 500],
            0,
        ),
    ],
)
def test_a_line_is_booked_by_hand(
    items: list[Item],
    line: BankEntry,
    clerk: User,
    client_of: ClientOf,
    chosen: list[int],
    amounts: dict[int, str],
    short: str,
    rest: str,
    leaves: str,
    items_left: list[int],
    line_left: int,
) -> None:
    client, here = client_of(clerk), f"{BANK}entries/{line.id}/items/"
    told: dict[str, Any] = {
        "customer": [items[0].customer_id, items[2].customer_id],
        "item": [items[place].id for place in chosen],
        "rest": items[0].customer_id if rest == "hers" else "open",
        "short": short,
        "note": "as agreed",
    }
    told |= {f"amount-{items[place].id}": text for place, text in amounts.items()}
    assert leaves in text_of(client.post(here, told))
    assert left_of(line) == 10_000
    answer = confirmed(client, here, told)
    assert (answer.status_code, answer["location"]) == (303, f"{BANK}entries/{line.id}/")
    assert (open_of(*items), left_of(line)) == (items_left, line_left)
    assert "as agreed" in text_of(client.get(f"{BANK}entries/{line.id}/"))


@pytest.mark.parametrize(
    ("amount", "note", "by_clerk", "by_manager"),
    [
        ("102,04", "", (), ()),
        ("105,00", "", ("Say why more",), ("Say why more",)),
        ("105,00", "as agreed", (), ()),
        ("120,00", "as agreed", ("A credit manager has to grant as much discount",), ()),
        ("9000,00", "", ("A credit manager has to grant", "Say why more"), ("Say why more",)),
    ],
)
def test_a_discount_beyond_the_promise_is_explained_and_bounded(
    company: Company,
    line: BankEntry,
    clerk: User,
    manager: User,
    client_of: ClientOf,
    amount: str,
    note: str,
    by_clerk: tuple[str, ...],
    by_manager: tuple[str, ...],
) -> None:
    """A line of 100.00, 2 % promised, up to 10.00 may be written off."""
    a_policy(company, write_off_minor=1_000, discount_bp=200)
    item = an_open_item(company.id, a_customer(company.id, name="Miller"), number="R-9", minor=900_000)
    here = f"{BANK}entries/{line.id}/items/"
    told = {
        "customer": item.customer_id, "item": item.id, f"amount-{item.id}": amount, "rest": item.customer_id,
        "short": "discount", "note": note,
    }  # fmt: skip
    for person, faults in ((clerk, by_clerk), (manager, by_manager)):
        answer = client_of(person).post(here, told)
        assert answer.status_code == (422 if faults else 200)
        assert all(fault in text_of(answer) for fault in faults)
    assert "A cash discount of 2\u00a0% is promised; more counts as written off." in text_of(answer)


def test_what_was_not_seen_is_not_booked(
    items: list[Item], line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    client, here = client_of(clerk), f"{BANK}entries/{line.id}/items/"
    told = {"customer": items[0].customer_id, "item": items[0].id, "rest": "open", "short": "part"}
    answer = client.post(here, {**told, "confirmed": "yes", "previewed": "other"})
    assert "This has changed meanwhile" in text_of(answer)
    for wrong in (
        {"item": items[2].id},
        {"item": "x"},
        {"item": []},
        {f"amount-{items[0].id}": "much"},
        {f"amount-{items[0].id}": "60,01"},
        {"short": "whim"},
        {"rest": items[2].customer_id},
    ):
        assert client.post(here, {**told, **wrong}).status_code == 422, wrong
    assert left_of(line) == 10_000


def test_customers_and_items_are_found(
    items: list[Item], line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    client, here = client_of(clerk), f"{BANK}entries/{line.id}/items/"
    assert "Search for the customer first" in text_of(client.get(here))
    assert f"customer={items[0].customer_id}" in text_of(client.get(f"{here}?text=mill"))
    assert f"customer={items[2].customer_id}" in text_of(client.get(f"{here}?text=R-3"))
    assert f"customer={items[1].customer_id}" in text_of(client.get(f"{here}?text=40,00"))
    assert "Nothing was found" in text_of(client.get(f"{here}?text=nobody"))
    page = text_of(client.get(f"{here}?customer={items[0].customer_id}&customer=999&customer=x"))
    assert "R-1" in page
    assert "R-3" not in page


def test_credits_alone_explain_nothing(
    company: Company, items: list[Item], line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    credit = an_open_item(company.id, items[0].customer_id, number="G-1", minor=-500)
    told = {
        "customer": items[0].customer_id,
        "item": credit.id,
        "rest": items[0].customer_id,
        "short": "part",
    }
    answer = client_of(clerk).post(f"{BANK}entries/{line.id}/items/", told)
    assert answer.status_code == 422
    assert "credits without an invoice" in text_of(answer)


def test_a_payment_comes_back(company: Company, items: list[Item], clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    paid = an_open_line(company, Paid(6_000, name="Miller"))
    proposal = a_proposal(paid, items[0])
    client.post(f"{BANK}entries/{paid.id}/proposal/", {"proposal": proposal.id})
    back = an_open_line(company, Paid(-6_000, 5, name="Miller", text="Return"))
    page = text_of(client.get(f"{BANK}entries/{back.id}/outflow/"))
    assert "Miller" in page
    payment = Item.objects.get(kind="payment").id
    assert "moved on" in told_by(client.post(f"{BANK}entries/{back.id}/return/", {"payment": "x"}))
    client.post(f"{BANK}entries/{back.id}/return/", {"payment": payment})
    assert (open_of(items[0]), left_of(back)) == ([6_000], 0)
    assert "Payment returned" in text_of(client.get(f"{BANK}entries/{back.id}/"))
    assert "Nothing of this line is open" in told_by(client.get(f"{BANK}entries/{back.id}/outflow/"))


def test_a_credit_is_paid_back(company: Company, items: list[Item], clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    paid = an_open_line(company, Paid(2_500, name="Miller"))
    shares = [Share(items[0].customer_id, 2_500)]
    book(company=company.id, entry=paid.id, shares=shares, by=TESTS, at=MOMENT)
    credit = Item.objects.get(kind="payment")
    out = an_open_line(company, Paid(-2_500, 5, name="Miller"))
    found = client.get(f"{BANK}entries/{out.id}/outflow/?customer={items[0].customer_id}")
    assert "This one was paid back" in text_of(found)
    client.post(f"{BANK}entries/{out.id}/refund/", {"credit": credit.id})
    assert (open_of(credit), left_of(out)) == ([0], 0)


def test_what_was_learned_is_forgotten(
    company: Company, items: list[Item], clerk: User, manager: User, client_of: ClientOf
) -> None:
    here = f"{BANK}learned/"
    assert "Nothing was learned yet" in text_of(client_of(clerk).get(here))
    payer = a_payer(company, account=ACCOUNT, customer=items[0].customer_id)
    a_tally(company)
    page = text_of(client_of(clerk).get(here))
    assert "DE02" in page
    assert "one item 1 time" in page
    assert "Forget" not in page
    assert "Nothing was learned about this" not in text_of(client_of(clerk).get(f"{here}?text=mill"))
    client = client_of(manager)
    assert client_of(clerk).post(f"{BANK}payers/{payer.id}/oblivion/").status_code == 403
    assert "forgotten" in told_by(client.post(f"{BANK}payers/{payer.id}/oblivion/"))
    assert client.post(f"{BANK}payers/{payer.id}/oblivion/").status_code == 404
    client.post(f"{BANK}habits/{items[0].customer_id}/oblivion/")
    client.post(f"{BANK}tallies/oblivion/")
    for learned in (Payer, Habit, Tally):
        assert not learned.objects.exists()


def test_the_policy_is_decided_in_words(
    items: list[Item], line: BankEntry, clerk: User, manager: User, client_of: ClientOf
) -> None:
    a_proposal(line, items[0], confidence=9_950)
    here = f"{BANK}policy/"
    page = text_of(client_of(clerk).get(here))
    assert "as much as looking at 1,000 lines: book from 99.9\u00a0% on" in page
    assert "1 of 1 open lines would be booked today" in page
    assert "0 of 1 open lines would be booked today" in page
    assert "A manager decides this." in page
    told = {
        "by_itself": "on", "care": "100", "most_minor": "5.000,00", "discount_bp": "2,5", "discount_days": "14",
        "grace_days": "3", "write_off_minor": "1,50",
    }  # fmt: skip
    assert client_of(clerk).post(f"{here}decision/", told).status_code == 403
    client = client_of(manager)
    for wrong in ({"care": "7"}, {"most_minor": "much"}, {"discount_bp": "21"}, {"discount_days": "-1"}):
        assert client.post(f"{here}decision/", {**told, **wrong}).status_code == 422, wrong
    assert client.post(f"{here}decision/", told).status_code == 303
    made = MatchPolicy.objects.latest("id")
    assert (made.by_itself, made.care, made.most_minor, made.write_off_minor) == (True, 100, 500_000, 150)
    assert (made.discount_bp, made.discount_days, made.grace_days) == (250, 14, 3)
    assert 'value="5000.00"' in text_of(client.get(here))
