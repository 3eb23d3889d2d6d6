"""The list of bank files as its readers ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from debitora.cash.actions import take_file
from debitora.cash.models import BankFile
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, camt, mt940, table
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User

ClientOf = Callable[[User], Client]
HERE = "/c/acme/bank/files/"


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def handed_in(company: Company, *files: tuple[str, bytes], new: bool = True) -> None:
    """Each a minute after the one before."""
    for minute, (name, data) in enumerate(files):
        at = MOMENT + timedelta(minutes=minute)
        take_file(company=company.id, data=data, name=name, by=TESTS, at=at, new_accounts=new)


def a_few(company: Company) -> None:
    """Four files: taken, refused, waiting for money before it, and known to the last line."""
    first = Sheet([Paid(10_000), Paid(2_000)], number="1")
    later = Sheet([Paid(700, 4)], opening=90_000, first=4, last=4, number="3")
    handed_in(
        company,
        ("b-first.xml", camt(first)),
        ("letter.pdf", b"%PDF-1.7 x"),
        ("c-later.xml", camt(later)),
        ("a-again.sta", mt940(first)),
    )


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["rows"]]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_files_are_filtered_searched_and_sorted(company: Company, clerk: User, client_of: ClientOf) -> None:
    a_few(company)
    client = client_of(clerk)
    page = client.get(HERE)
    assert names(page) == ["a-again.sta", "c-later.xml", "letter.pdf", "b-first.xml"]
    for said in (
        "1 statement waits",
        "Refused",
        "The file is no account statement in a format that is known.",
        "Views",
    ):
        assert said in text_of(page)
    for query, found in {
        "state=taken": ["a-again.sta", "b-first.xml"],
        "state=waits": ["c-later.xml"],
        "state=refused": ["letter.pdf"],
        "format=mt940": ["a-again.sta"],
        "text=LATER": ["c-later.xml"],
        "text=100%25": [],
        "sort=name": ["a-again.sta", "b-first.xml", "c-later.xml", "letter.pdf"],
        "sort=-lines&state=taken": ["a-again.sta", "b-first.xml"],
        "sort=format&state=taken": ["b-first.xml", "a-again.sta"],
        "sort=odd&state=odd&format=odd&after=x": names(page),
    }.items():
        assert names(client.get(f"{HERE}?{query}")) == found, query
    assert "No file fits these filters" in text_of(client.get(f"{HERE}?text=nothing"))


def test_files_are_leafed_through(company: Company, clerk: User, client_of: ClientOf) -> None:
    handed_in(company, *((f"{number:02}.csv", f"{number}".encode()) for number in range(53)))
    client, seen = client_of(clerk), []
    for sort in ("name", "-taken"):
        first = client.get(f"{HERE}?sort={sort}")
        second = client.get(HERE + first.context["more"])
        seen.append(names(first) + names(second))
        assert second.context["more"] == ""
    assert seen == [[f"{n:02}.csv" for n in range(53)], [f"{n:02}.csv" for n in reversed(range(53))]]


def test_the_view_is_handed_out_with_its_columns(company: Company, clerk: User, client_of: ClientOf) -> None:
    a_few(company)
    client = client_of(clerk)
    page = client.get(f"{HERE}?column=lines&column=size")
    assert [head.label for head in page.context["heads"]] == ["File", "Lines", "Bytes"]
    file = b"".join(client.get(f"{HERE}export/csv/?state=refused").streaming_content).decode("utf-8-sig")
    lines = file.splitlines()
    assert lines[0] == (
        "File,Format,Bytes,Statements,Statements that wait,Lines,New lines,Handed in,By,State,What stands out"
    )
    assert lines[1].startswith("letter.pdf,,10,0,0,0,0,")
    assert lines[1].endswith("refused,The file is no account statement in a format that is known.")
    assert len(lines) == 2
    chosen = client.get(f"{HERE}export/csv/?column=lines&sort=name&text=xml")
    assert b"".join(chosen.streaming_content).decode("utf-8-sig").splitlines() == [
        "File,Lines",
        "b-first.xml,2",
        "c-later.xml,1",
    ]
    assert client.get(f"{HERE}export/xlsx/").status_code == 200
    assert client.get(f"{HERE}export/pdf/").status_code == 404


def test_a_file_opens_with_what_became_of_it(
    company: Company, other_company: Company, clerk: User, sales: User, client_of: ClientOf
) -> None:
    a_few(company)
    with serving(other_company.id):
        handed_in(other_company, ("theirs.csv", table([Paid(100)])))
        theirs = BankFile.objects.get().id
    client = client_of(clerk)
    refused = BankFile.objects.get(state="refused").id
    page = text_of(client.get(f"{HERE}{refused}/"))
    assert "What became of the file" in page
    assert "Why it was refused" in page
    assert f'href="{HERE}{refused}/"' in text_of(client.get(HERE))
    assert client.get(f"{HERE}{theirs}/").status_code == client.get(f"{HERE}999/").status_code == 404
    for path in (HERE, f"{HERE}{refused}/", f"{HERE}export/csv/"):
        assert client_of(sales).get(path).status_code == 403
    assert "These files are not here" in text_of(client.get(f"{HERE}?taken={theirs}&known=x"))
