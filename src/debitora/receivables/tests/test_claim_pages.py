"""The list of claims, and a waiver: shown first, with a reason, once, and taken back from its toast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client

from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.actions import ClaimAsked, accrue_claims
from debitora.receivables.actions.claims import open_of
from debitora.receivables.models import Claim, ClaimEntry
from debitora.receivables.testing import MOMENT, ON, TESTS, a_customer, an_open_item

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_the_moment(moment: datetime) -> Iterator[None]:
    with clock_at(moment):
        yield


@pytest.fixture
def claimed(company: Company) -> Company:
    """Two customers, one with interest and a lump sum, the other with a fee."""
    first, second = a_customer(company.id, "10001"), a_customer(company.id, "10002")
    item = an_open_item(company.id, first, number="R-77").id
    asked = [
        ClaimAsked(7, first, item, "interest", "EUR", 1_234, ON),
        ClaimAsked(7, first, item, "lump_sum", "EUR", 4_000),
        ClaimAsked(8, second, None, "fee", "EUR", 250),
    ]
    accrue_claims(company=company.id, asked=asked, as_of=MOMENT, on=ON, by=TESTS, at=MOMENT)
    return company


def read(client: Client, path: str) -> str:
    answer = client.get(f"/c/acme/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def claim(kind: str) -> Claim:
    return Claim.objects.get(kind=kind)


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("", ("12.34", "40.00", "2.50", "R-77", "3 claims"), ()),
        ("?kind=interest", ("12.34", "1 claim"), ("40.00", "2.50")),
        ("?text=10002", ("2.50",), ("12.34",)),
        ("?text=R-77", ("12.34", "40.00"), ("2.50",)),
        ("?state=settled", ("No claims like that",), ("12.34",)),
        ("?kind=nonsense&sort=nonsense&after=nonsense", ("3 claims",), ()),
    ],
)
def test_the_list_shows_what_its_address_asks_for(
    client_of: SignIn,
    clerk: User,
    claimed: Company,
    query: str,
    there: tuple[str, ...],
    gone: tuple[str, ...],
) -> None:
    page = read(client_of(clerk), f"claims/{query}")
    assert [text for text in there if text not in page] == []
    assert [text for text in gone if text in page] == []


@pytest.mark.parametrize("sort", ["customer", "kind", "accrued", "open", "until"])
def test_every_column_sorts_both_ways(client_of: SignIn, clerk: User, claimed: Company, sort: str) -> None:
    client = client_of(clerk)
    assert "3 claims" in read(client, f"claims/?sort={sort}")
    assert "3 claims" in read(client, f"claims/?sort=-{sort}")


def test_without_claims_the_page_says_where_they_come_from(
    client_of: SignIn, clerk: User, company: Company
) -> None:
    assert "No claims yet" in read(client_of(clerk), "claims/")


def test_the_view_is_taken_along_as_a_file(client_of: SignIn, clerk: User, claimed: Company) -> None:
    client = client_of(clerk)
    answer = client.get("/c/acme/claims/export/csv/?kind=interest", headers={"sec-fetch-dest": "document"})
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "R-77" in lines[1]
    assert client.get("/c/acme/claims/export/pdf/").status_code == 404


def test_a_claim_is_waived_with_a_reason_and_claimed_again(
    client_of: SignIn, clerk: User, claimed: Company
) -> None:
    client, fee = client_of(clerk), claim("fee")
    path = f"/c/acme/claims/{fee.id}/waiver/"
    assert "2.50" in read(client, f"claims/{fee.id}/waiver/")
    for typed in (
        {"amount": "", "reason": " "},
        {"amount": "2.51", "reason": "x"},
        {"amount": "0", "reason": "x"},
    ):
        assert client.post(path, typed).status_code == 422
    assert client.post(path, {"amount": "1.00", "reason": "goodwill"}).status_code == 303
    assert open_of(claim("fee")) == 150
    assert client.post(path, {"amount": "", "reason": "goodwill"}).status_code == 303
    assert open_of(claim("fee")) == 0
    assert client.post(path, {"amount": "", "reason": "goodwill"}).status_code == 303
    waiver = ClaimEntry.objects.filter(kind="waived").latest("id").id
    for _twice in range(2):
        assert client.post("/c/acme/claims/restored/", {"waiver": waiver}).status_code == 303
        assert open_of(claim("fee")) == 150
    assert client.post("/c/acme/claims/restored/", {"waiver": 10**9}).status_code == 404


def test_who_may_not_waive_reads_only(client_of: SignIn, auditor: User, claimed: Company) -> None:
    client, fee = client_of(auditor), claim("fee")
    assert "/waiver/" not in read(client, "claims/")
    assert client.post(f"/c/acme/claims/{fee.id}/waiver/", {"reason": "x"}).status_code == 403
