"""The file of a bank, opened from the pages that came of it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from debitora.cash.models import Statement
from debitora.cash.testing import Paid, Sheet, camt, taken
from debitora.kit.pg.company import serving
from debitora.people.models import Company, User

ClientOf = Callable[[User], Client]
HOME = "/c/acme/bank/"
FIRST = Sheet([Paid(10_000, name="Miller", text="Invoice 4711")])


def test_the_file_of_the_bank_is_opened_as_it_came(
    company: Company, auditor: User, sales: User, client_of: ClientOf
) -> None:
    """From the statement and from the page of the file; whatever it claims to be, no browser runs it."""
    data = camt(FIRST)
    file = taken(company, data, name='Auszug "März"\n.html').file.id
    here = f"{HOME}files/{file}/original/"
    client = client_of(auditor)
    answer = client.get(here)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200,
        data,
        "application/octet-stream",
    )
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Auszug%20%22M%C3%A4rz%22.html"
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    for page in (f"{HOME}statements/{Statement.objects.get().id}/", f"{HOME}files/{file}/"):
        assert f'href="{here}"' in client.get(page).content.decode()
    assert client_of(sales).get(here).status_code == 403


def test_a_file_of_another_company_is_not_there(
    company: Company, other_company: Company, manager: User, client_of: ClientOf
) -> None:
    with serving(other_company.id):
        theirs = taken(other_company, camt(FIRST)).file.id
    client = client_of(manager)
    for file in (theirs, 9_999):
        assert client.get(f"{HOME}files/{file}/original/").status_code == 404
