"""The list of lines to explain, and one line: what they show, and the decisions that are taken there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from debitora.cash.actions import Part, Share, book
from debitora.cash.models import BankEntry, Booking, EntryState
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, a_proposal, an_open_line, camt, taken
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Hold, Item, ItemState
from debitora.receivables.testing import a_customer, an_open_item

ClientOf = Callable[[User], Client]
HOME = "/c/acme/bank/review/"
LIST = {
    "HX-Request": "true",
    "HX-Target": "panel",
    "HX-Current-URL": "https://acme.example/c/acme/bank/review/?way=in",
}


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def text_of(response: Any) -> str:
    return str(response.content.decode())


def told_by(response: Any) -> str:
    return " ".join(str(message) for message in response.wsgi_request._messages)


def open_of(item: Item) -> int:
    return ItemState.objects.get(item=item).open_minor


def left_of(entry: BankEntry) -> int:
    return EntryState.objects.get(entry=entry).open_minor


@pytest.fixture
def item(company: Company) -> Item:
    """An invoice of a customer."""
    return an_open_item(company.id, a_customer(company.id, name="Miller Ltd"), number="R-4711")


@pytest.fixture
def line(company: Company) -> BankEntry:
    """A line of just that invoice's amount."""
    return an_open_line(company, Paid(10_000, name="Miller", text="Invoice 4711"))


def test_nothing_to_explain_says_why(company: Company, clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    assert "Lines appear here as soon as a bank statement is taken" in text_of(client.get(HOME))
    taken(company, camt(Sheet([])))
    assert "Everything is explained" in text_of(client.get(HOME))
    assert "No line fits these filters" in text_of(client.get(f"{HOME}?way=out"))


def test_a_line_stands_beside_what_it_may_be(
    item: Item, line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    a_proposal(line, item, evidence=("payer_known", "amount_only_one", "of_tomorrow"))
    page = text_of(client_of(clerk).get(HOME))
    assert "1 line to explain" in page
    assert "Miller Ltd" in page
    assert (
        "Amount equals what is open of R-4711, payer account known, no other open item has this amount"
        in page
    )
    assert "very likely" in page
    assert "90\u00a0%" in page
    assert "of_tomorrow" not in page


def test_lines_are_narrowed_sorted_and_leafed_through(
    company: Company, item: Item, clerk: User, client_of: ClientOf
) -> None:
    paid = [Paid(100 * (n + 1), n % 3, name=f"Payer {n:02}", text=f"Order {n}") for n in range(60)]
    taken(company, camt(Sheet([*paid, Paid(-700, 1, name="Rent")], last=2)))
    entries = {one.words.name: one for one in BankEntry.objects.select_related("words")}
    a_proposal(entries["Payer 07"], item, confidence=9_990)
    a_proposal(entries["Payer 08"], item, confidence=6_000)
    client = client_of(clerk)

    def names(query: str) -> list[str]:
        return [line.row.name for line in client.get(f"{HOME}?{query}").context["lines"]]

    assert names("way=out") == ["Rent"]
    assert names("sureness=sure") == ["Payer 07"]
    assert names("sureness=unsure") == ["Payer 08"]
    assert len(names("sureness=none")) == 50
    assert names("least=59&most=60,00") == ["Payer 58", "Payer 59"]
    assert names("text=payer+33") == ["Payer 33"]
    assert names("text=7,00") == ["Payer 06", "Rent"]
    assert names("sort=-sureness")[:2] == ["Payer 07", "Payer 08"]
    assert names("sort=-amount")[0] == "Payer 59"
    assert names("sort=name")[0] == "Payer 00"
    assert names("account=999") == []
    first = client.get(HOME)
    rest = client.get(HOME + first.context["more"])
    together = [line.row.entry for page in (first, rest) for line in page.context["lines"]]
    assert len(together) == len(set(together)) == 61
    odd = "sort=odd&after=x&least=y&most=9999999999999999999&way=up&sureness=z&account=x"
    assert client.get(f"{HOME}?{odd}").status_code == 200
    file = b"".join(client.get(f"{HOME}export/csv/?sureness=sure").streaming_content).decode()
    assert file.count("\n") == 2
    assert "R-4711" in file
    assert client.get(f"{HOME}export/pdf/").status_code == 404


def test_lines_have_the_columns_that_are_chosen(
    item: Item, line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    a_proposal(line, item)
    client = client_of(clerk)
    usual = client.get(HOME)
    assert [head.label for head in usual.context["heads"]] == [
        "Booked on", "Name", "May be", "Confidence", "Open in EUR",
    ]  # fmt: skip
    assert 'hx-get="/c/acme/bank/entries/' in text_of(usual)
    chosen = client.get(f"{HOME}?column=items&column=amount")
    assert [head.label for head in chosen.context["heads"]] == ["Name", "Items", "Amount"]
    assert item.number in chosen.context["body"]
    assert "Show these columns" in text_of(chosen)
    file = b"".join(client.get(f"{HOME}export/csv/?column=items&column=amount").streaming_content)
    assert file.decode("utf-8-sig").splitlines()[0] == "Name,Items,Currency,Amount"


def test_what_is_only_announced_waits(company: Company, clerk: User, client_of: ClientOf) -> None:
    taken(company, camt(Sheet([Paid(500, name="Miller")], opening=None), kind="052"))
    client = client_of(clerk)
    assert "Everything is explained" in text_of(client.get(HOME))
    page = text_of(client.get(f"/c/acme/bank/entries/{BankEntry.objects.get().id}/"))
    assert "announced" in page
    assert "Ignore" not in page


@pytest.mark.parametrize("who", ["clerk", "auditor"])
def test_a_line_tells_what_the_bank_said(
    item: Item, line: BankEntry, client_of: ClientOf, request: pytest.FixtureRequest, who: str
) -> None:
    a_proposal(line, item)
    client = client_of(request.getfixturevalue(who))
    for headers in ({}, LIST):
        page = text_of(client.get(f"/c/acme/bank/entries/{line.id}/", headers=headers))
        assert "Invoice 4711" in page
        assert "Miller Ltd" in page
        assert ("Take it" in page) == (who == "clerk")
        assert ("<html" in page) == (headers == {})


def test_a_proposal_is_taken_as_it_was_seen(
    item: Item, line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    proposal, client = a_proposal(line, item), client_of(clerk)
    here = f"/c/acme/bank/entries/{line.id}/proposal/"
    answer = client.post(here, {"proposal": proposal.id}, headers=LIST)
    assert (answer["HX-Reswap"], answer["HX-Trigger"]) == (
        "none",
        f'{{"decided": {{"entry": {line.id}, "open": false}}}}',
    )
    assert "The proposal is booked." in text_of(answer)
    assert (open_of(item), left_of(line)) == (0, 0)
    twice = client.post(here, {"proposal": proposal.id}, headers=LIST)
    assert "has moved on meanwhile" in twice["HX-Trigger"]
    assert "has moved on meanwhile" in told_by(client.post(here, {"proposal": "x"}))
    assert Booking.objects.count() == 1
    page = text_of(client.get(f"/c/acme/bank/entries/{line.id}/"))
    assert "Proposal taken" in page
    assert "One item: payer account known" in page
    assert "R-4711" in text_of(client.get(f"/c/acme/items/{item.id}/"))
    assert f"/c/acme/bank/entries/{line.id}/" in text_of(client.get(f"/c/acme/bank/items/{item.id}/"))


def test_what_a_short_payment_leaves_is_held_for_clarification(
    item: Item, company: Company, clerk: User, auditor: User, client_of: ClientOf
) -> None:
    line, client = an_open_line(company, Paid(9_000, name="Miller")), client_of(clerk)
    here, offer = f"/c/acme/bank/entries/{line.id}/", f"/c/acme/items/{item.id}/hold/"
    book(
        company=company.id,
        entry=line.id,
        shares=[Share(item.customer_id, 9_000, (Part(item.id, 9_000),))],
        by=TESTS,
        at=MOMENT,
    )
    page = text_of(client.get(here))
    assert "EUR\u00a010.00 open" in page
    assert f'data-key="h" href="{offer}">Hold for clarification … <kbd>h</kbd></a>' in page
    assert "Hold for clarification" not in text_of(client_of(auditor).get(here))
    assert 'value="clarification"' in text_of(client.get(offer))
    client.post(offer, {"reason": "clarification", "note": "10.00 short: damaged?"})
    assert [(hold.item_id, hold.reason) for hold in Hold.objects.all()] == [(item.id, "clarification")]


def test_what_is_paid_in_full_needs_no_clarification(
    item: Item, line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    client.post(f"/c/acme/bank/entries/{line.id}/proposal/", {"proposal": a_proposal(line, item).id})
    assert "Hold for clarification" not in text_of(client.get(f"/c/acme/bank/entries/{line.id}/"))


def test_the_last_decision_is_undone(item: Item, line: BankEntry, clerk: User, client_of: ClientOf) -> None:
    proposal, client = a_proposal(line, item), client_of(clerk)
    client.post(f"/c/acme/bank/entries/{line.id}/proposal/", {"proposal": proposal.id}, headers=LIST)
    made = Booking.objects.get()
    undo = "/c/acme/bank/bookings/reversals/"
    answer = client.post(undo, {"booking": made.id}, headers=LIST)
    assert answer["HX-Retarget"] == "#panel"
    assert answer["HX-Trigger"] == f'{{"reopened": {{"entry": {line.id}}}}}'
    assert "Undone at once" in text_of(answer)
    assert (open_of(item), left_of(line)) == (10_000, 10_000)
    assert "was taken back before" in client.post(undo, {"booking": made.id}, headers=LIST)["HX-Trigger"]
    assert "nothing to undo" in told_by(client.post(undo, {}))
    assert client.post(undo, {"booking": 999}).status_code == 404


def test_money_goes_on_account(item: Item, line: BankEntry, clerk: User, client_of: ClientOf) -> None:
    client, here = client_of(clerk), f"/c/acme/bank/entries/{line.id}/account/"
    assert client.post(here, {"customer": "x"}).status_code == 303
    assert left_of(line) == 10_000
    answer = client.post(here, {"customer": item.customer_id})
    assert (answer.status_code, answer["location"]) == (303, f"/c/acme/bank/entries/{line.id}/")
    assert "The payment is on account of Miller Ltd." in told_by(answer)
    assert "Undo" in told_by(answer)
    assert (open_of(item), left_of(line)) == (10_000, 0)
    assert "moved on" in told_by(client.post(here, {"customer": item.customer_id}))
    assert "EUR\u00a0100.00 on account" in text_of(client.get(f"/c/acme/bank/entries/{line.id}/"))


def test_a_line_is_ignored_with_a_reason(line: BankEntry, clerk: User, client_of: ClientOf) -> None:
    client, here = client_of(clerk), f"/c/acme/bank/entries/{line.id}/ignoring/"
    for wrong in ({}, {"ignored_for": "whim"}, {"ignored_for": "other"}):
        answer = client.post(here, wrong, headers=LIST)
        assert answer.status_code == 422
        assert "data-opens" in text_of(answer)
    client.post(here, {"ignored_for": "other", "note": "A gift."}, headers=LIST)
    assert left_of(line) == 0
    page = text_of(client.get(f"/c/acme/bank/entries/{line.id}/"))
    assert "A gift." in page
    assert "Other reason" in page
    assert "moved on" in client.post(here, {"ignored_for": "interest"}, headers=LIST)["HX-Trigger"]


def test_a_booking_is_taken_back_with_a_reason(
    item: Item, line: BankEntry, clerk: User, client_of: ClientOf
) -> None:
    proposal, client = a_proposal(line, item), client_of(clerk)
    client.post(f"/c/acme/bank/entries/{line.id}/proposal/", {"proposal": proposal.id})
    here = f"/c/acme/bank/bookings/{Booking.objects.get().id}/reversal/"
    assert "R-4711: EUR\u00a0100.00 (paid) are taken back." in text_of(client.get(here))
    assert client.post(here, {"reason": " "}).status_code == 422
    assert "taken back" in told_by(client.post(here, {"reason": "Wrong customer."}))
    assert (open_of(item), left_of(line)) == (10_000, 10_000)
    assert "was taken back before" in told_by(client.post(here, {"reason": "Again."}))
    assert "Wrong customer." in text_of(client.get(f"/c/acme/bank/entries/{line.id}/"))


def test_a_statement_says_how_much_is_explained(
    company: Company, item: Item, clerk: User, client_of: ClientOf
) -> None:
    taken(company, camt(Sheet([Paid(3_000, name="Miller"), Paid(1_000, name="Rent")])))
    client, entries = client_of(clerk), BankEntry.objects.order_by("-minor")
    client.post(f"/c/acme/bank/entries/{entries[0].id}/account/", {"customer": item.customer_id})
    page = text_of(client.get(f"/c/acme/bank/statements/{entries[0].statement_id}/"))
    assert "75\u00a0% explained" in page
    assert "on account EUR\u00a030.00" in page
    assert "open EUR\u00a010.00" in page
    assert '<th scope="row">on account</th>' in page


def test_a_long_statement_adds_up_after_it_is_there(
    company: Company, clerk: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(company, camt(Sheet([Paid(3_000), Paid(1_000)])))
    here = f"/c/acme/bank/statements/{BankEntry.objects.earliest('id').statement_id}/"
    client = client_of(clerk)
    monkeypatch.setattr("debitora.cash.pages.deciding.MOST_SUMMED", 1)
    page = text_of(client.get(here))
    assert f'hx-get="{here}sums/"' in page
    assert "explained</h" not in page
    assert "0\u00a0% explained" in text_of(client.get(f"{here}sums/"))
