"""The pages of bank statements, as their readers ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from debitora.cash.actions import accept_gap
from debitora.cash.models import BankAccount, BankEntry, BankFile, Doubt, Statement
from debitora.cash.templatetags.cash import iban
from debitora.cash.testing import MOMENT, TESTS, Paid, Sheet, camt, mt940, table, taken, two_pages_apart
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User

ClientOf = Callable[[User], Client]
HOME = "/c/acme/bank/"
FIRST = Sheet([Paid(10_000, name="Miller", text="Invoice 4711"), Paid(-3_000, name="Rent")], number="1")


@pytest.fixture(autouse=True)
def _at_the_moment() -> Iterator[None]:
    with clock_at(MOMENT):
        yield


def uploaded(client: Client, *files: tuple[str, bytes]) -> Any:
    return client.post(f"{HOME}new/", {"file": [SimpleUploadedFile(name, data) for name, data in files]})


def text_of(response: Any) -> str:
    return str(response.content.decode())


def told_by(response: Any) -> list[str]:
    """What the toasts after a POST say."""
    return [str(message) for message in response.wsgi_request._messages]


def gapped(company: Company) -> Statement:
    """A statement that waits because 50,00 are missing before it."""
    taken(company, camt(FIRST))
    taken(company, camt(Sheet([Paid(700, 4)], opening=12_000, first=4, last=4, number="3")))
    return Statement.objects.get(state="held")


def doubted(company: Company) -> Doubt:
    """A line that may be known."""
    taken(company, camt(Sheet([Paid(100, text="Invoice 4711")])))
    taken(company, table([Paid(100, name="Smith", text="Order 0815")]), name="umsatz.csv")
    return Doubt.objects.get()


def paths(statement: int, account: int, doubt: int) -> Sequence[tuple[str, bool]]:
    """Every address with an object, and whether it is written to."""
    return [
        (f"{HOME}statements/{statement}/", False),
        (f"{HOME}accounts/{account}/", False),
        (f"{HOME}statements/{statement}/gap/", True),
        (f"{HOME}doubts/{doubt}/", True),
        (f"{HOME}accounts/{account}/confirmation/", True),
        (f"{HOME}accounts/{account}/name/", True),
    ]


def test_the_first_page_says_why_it_is_empty(clerk: User, auditor: User, client_of: ClientOf) -> None:
    page = text_of(client_of(clerk).get(HOME))
    assert "No bank statement has been taken yet" in page
    assert "Take the first files" in page
    assert "Take the first files" not in text_of(client_of(auditor).get(HOME))
    assert "No bank file has been taken yet" in text_of(client_of(clerk).get(f"{HOME}files/"))


def test_office_roles_read_and_salespeople_see_nothing(
    company: Company, clerk: User, manager: User, auditor: User, sales: User, client_of: ClientOf
) -> None:
    doubt = doubted(company)
    everywhere = [
        (HOME, False),
        (f"{HOME}files/", False),
        *paths(doubt.statement_id, BankAccount.objects.get().id, doubt.id),
    ]
    for path, writes in everywhere:
        seller = client_of(sales)
        assert seller.get(path).status_code == seller.post(path).status_code == 403
        for user in (clerk, manager, auditor):
            assert client_of(user).get(path).status_code == (
                405 if writes and user != auditor else 403 if writes else 200
            )
        if writes:
            assert client_of(auditor).post(path).status_code == 403
    assert client_of(sales).get(f"{HOME}export/csv/").status_code == 403
    assert client_of(auditor).get(f"{HOME}new/").status_code == 403
    assert Doubt.objects.get().answer == ""


def test_what_is_anothers_is_as_unknown_as_what_never_was(
    company: Company, other_company: Company, manager: User, client_of: ClientOf
) -> None:
    with serving(other_company.id):
        theirs = doubted(other_company)
        account = BankAccount.objects.get()
        foreign = paths(theirs.statement_id, account.id, theirs.id)
        file = BankFile.objects.earliest("id").id
    client = client_of(manager)
    for (path, writes), (nowhere, _writes) in zip(foreign, paths(9_999, 9_999, 9_999), strict=True):
        ask = client.post if writes else client.get
        assert ask(path).status_code == ask(nowhere).status_code == 404
        assert account.account not in text_of(ask(path))
    assert "umsatz" not in text_of(client.get(f"{HOME}files/?taken={file}"))
    assert "No bank statement" in text_of(client.get(HOME))


def test_several_files_are_taken_and_each_says_what_became_of_it(clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    assert "Drop files here" in text_of(client.get(f"{HOME}new/"))
    answer = uploaded(
        client,
        ("one.xml", camt(FIRST)),
        ("again.xml", camt(FIRST)),
        ("two.sta", mt940(FIRST)),
        ("letter.pdf", b"%PDF-1.7 x"),
        ("empty.txt", b""),
    )
    assert answer.status_code == 303
    page = text_of(client.get(answer["location"]))
    for said in (
        "one.xml",
        "Known already: nothing was changed",
        "letter.pdf",
        "empty.txt",
        "The file is no account statement in a format that is known.",
        "The file is empty.",
        "Export the file once more",
        "account to confirm",
    ):
        assert said in page
    assert BankFile.objects.filter(state="refused").count() == 2
    again = uploaded(client, ("once.xml", camt(FIRST)))
    assert "Known already" in text_of(client.get(again["location"]))
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("files", [[], [("x.csv", b"1")] * 51])
def test_an_upload_of_nothing_or_too_much_is_asked_again(
    clerk: User, client_of: ClientOf, files: list[tuple[str, bytes]]
) -> None:
    answer = uploaded(client_of(clerk), *files)
    assert answer.status_code == 422
    assert "Nothing typed is lost" in text_of(answer)
    assert not BankFile.objects.exists()


def test_an_account_is_confirmed_and_renamed(company: Company, clerk: User, client_of: ClientOf) -> None:
    taken(company, camt(FIRST), new=False)
    found, client = BankAccount.objects.get(), client_of(clerk)
    here = f"{HOME}accounts/{found.id}/"
    assert "Is this account yours?" in text_of(client.get(f"{HOME}statements/{Statement.objects.get().id}/"))
    assert client.post(f"{here}confirmation/", {"name": " "}).status_code == 422
    answer = client.post(f"{here}confirmation/", {"name": "House bank"})
    assert (answer.status_code, answer["location"]) == (303, here)
    assert told_by(answer) == ["The account is confirmed: 1 statement was applied."]
    assert Statement.objects.get().state == "applied"
    twice = client.post(f"{here}confirmation/", {"name": "Other"})
    assert told_by(twice)[-1] == "The account was confirmed meanwhile. Nothing was changed."
    assert client.post(f"{here}name/", {"name": ""}).status_code == 422
    assert client.post(f"{here}name/", {"name": "Main bank"}).status_code == 303
    assert (
        told_by(client.post(f"{here}name/", {"name": "Main bank"}))[-1] == "That is the name it has already."
    )
    page = text_of(client.get(here))
    assert "Main bank" in page
    assert iban(found.account) in page
    assert "EUR\u00a070.00" in page


def test_a_gap_is_named_and_accepted_with_a_reason(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    held, client = gapped(company), client_of(clerk)
    here = f"{HOME}statements/{held.id}/"
    page = text_of(client.get(here))
    assert "Between 02/11/2026 and 06/11/2026, EUR\u00a050.00 came in that no statement tells of." in page
    assert "Take the missing file" in page
    for balance in (
        "Opening balance expected</dt><dd>EUR\u00a070.00",
        "Opening balance found</dt><dd>EUR\u00a0120.00",
    ):
        assert balance in page
    wrong = client.post(f"{here}gap/", {"missing": held.missing_minor, "reason": " "})
    assert wrong.status_code == 422
    assert "data-opens" in text_of(wrong)
    stale = client.post(f"{here}gap/", {"missing": 4_000, "reason": "The bank."})
    assert "moved on meanwhile" in told_by(stale)[-1]
    assert Statement.objects.get(id=held.id).state == "held"
    answer = client.post(f"{here}gap/", {"missing": held.missing_minor, "reason": "The bank lost a day."})
    assert (answer.status_code, answer["location"]) == (303, here)
    assert told_by(answer)[-1] == "The statement is applied: 1 new line."
    twice = client.post(f"{here}gap/", {"missing": held.missing_minor, "reason": "Again."})
    assert "moved on meanwhile" in told_by(twice)[-1]
    for path in (here, f"{HOME}accounts/{held.account_id}/"):
        assert "The bank lost a day." in text_of(client.get(path))


def test_what_contradicts_itself_says_so(company: Company, clerk: User, client_of: ClientOf) -> None:
    taken(company, camt(Sheet([Paid(10_000)], closing=9_000)))
    page = text_of(client_of(clerk).get(f"{HOME}statements/{Statement.objects.get().id}/"))
    assert "ends with EUR\u00a090.00: EUR\u00a0-10.00 are not explained" in page
    assert "Accept the difference" in page


def test_a_file_that_contradicts_itself_waits_for_a_word(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    taken(company, two_pages_apart(), name="auszug.sta")
    client = client_of(clerk)
    waiting = Statement.objects.filter(state="held").order_by("id")
    for _statement in range(waiting.count()):
        held = waiting[0]
        here = f"{HOME}statements/{held.id}/"
        assert "The file contradicts itself" in text_of(client.get(here))
        answer = client.post(f"{here}gap/", {"missing": held.missing_minor, "reason": "I have seen it."})
        assert answer.status_code == 303
    assert not waiting.exists()


@pytest.mark.parametrize(("answer", "entries"), [("same", 1), ("new", 2)])
def test_a_line_is_compared_with_what_is_known(
    company: Company, clerk: User, client_of: ClientOf, answer: str, entries: int
) -> None:
    doubt, client = doubted(company), client_of(clerk)
    here, post = f"{HOME}statements/{doubt.statement_id}/", f"{HOME}doubts/{doubt.id}/"
    page = text_of(client.get(here))
    assert "Order 0815" in page
    assert "Invoice 4711" in page
    assert told_by(client.post(post, {"answer": "perhaps"}))[-1].startswith("Say whether")
    assert BankEntry.objects.count() == 1
    assert client.post(post, {"answer": answer}).status_code == 303
    assert BankEntry.objects.count() == entries
    assert "moved on meanwhile" in told_by(client.post(post, {"answer": "new"}))[-1]
    assert BankEntry.objects.count() == entries


def test_lines_are_searched_and_leafed_through(company: Company, clerk: User, client_of: ClientOf) -> None:
    lines = [Paid(100 + n, name=f"Payer {n}", text=f"Invoice {n:03}") for n in range(130)]
    taken(company, camt(Sheet(lines)))
    here, client = f"{HOME}statements/{Statement.objects.get().id}/", client_of(clerk)
    first = client.get(here)
    assert "Invoice 099" in text_of(first)
    assert "Invoice 100" not in text_of(first)
    second = text_of(client.get(here + first.context["more"]))
    assert "Invoice 100" in second
    assert "Invoice 129" in second
    assert "Invoice 099" not in second
    found = text_of(client.get(f"{here}?text=invoice+077"))
    assert "Invoice 077" in found
    assert "Invoice 078" not in found
    assert "Invoice 023" in text_of(client.get(f"{here}?text=1,23"))
    assert "No line fits" in text_of(client.get(f"{here}?text=nobody"))
    assert client.get(f"{here}?after=nonsense&text=%00").status_code == 200


def test_the_list_is_filtered_leafed_through_and_handed_out(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    sheets = [Sheet([Paid(100, n)], opening=100 * n, first=n, last=n, number=str(n)) for n in range(53)]
    taken(company, camt(*sheets))
    taken(company, camt(Sheet([Paid(1, 60)], opening=9_999, first=60, last=60, number="late")))
    page = client.get(HOME)
    assert [row.number for row in page.context["rows"]] == ["late", *(str(n) for n in range(52, 3, -1))]
    assert "1 statement waits: look why" in text_of(page)
    assert "money missing before it" in text_of(page)
    rest = client.get(HOME + page.context["more"])
    assert [row.number for row in rest.context["rows"]] == ["3", "2", "1", "0"]
    for query, numbers in {
        "state=held": ["late"],
        "held_for=gap": ["late"],
        "held_for=account": [],
        "text=late": ["late"],
        f"account={BankAccount.objects.get().id}&text=52": ["52"],
        "account=999": [],
    }.items():
        found = client.get(f"{HOME}?{query}")
        assert [row.number for row in found.context["rows"]] == numbers, query
    assert client.get(f"{HOME}?state=odd&account=x&after=x").status_code == 200
    file = b"".join(client.get(f"{HOME}export/csv/?state=held").streaming_content).decode()
    assert file.count("\n") == 2
    assert "late" in file
    assert client.get(f"{HOME}export/pdf/").status_code == 404


def test_the_list_is_sorted_and_has_the_columns_that_are_chosen(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    client, opening = client_of(clerk), 0
    sheets = []
    for n, many in enumerate((3, 1, 2)):
        sheets.append(
            Sheet(
                [Paid(100 + one, n) for one in range(many)], opening=opening, first=n, last=n, number=f"S{n}"
            )
        )
        opening = sheets[-1].ends_at
    taken(company, camt(*sheets))
    for sort, numbers in {
        "lines": ["S1", "S2", "S0"],
        "-closing": ["S2", "S1", "S0"],
        "number": ["S0", "S1", "S2"],
        "account": ["S0", "S1", "S2"],
        "odd": ["S2", "S1", "S0"],
    }.items():
        assert [row.number for row in client.get(f"{HOME}?sort={sort}").context["rows"]] == numbers, sort
    page = client.get(f"{HOME}?column=new&column=closing&sort=lines")
    assert [head.label for head in page.context["heads"]] == ["Number", "New lines", "Closing balance"]
    assert "Show these columns" in text_of(page)
    assert "Views" in text_of(page)
    file = b"".join(client.get(f"{HOME}export/csv/?column=new&column=closing&sort=lines").streaming_content)
    assert file.decode("utf-8-sig").splitlines()[:2] == [
        "Number,New lines,Currency,Closing balance",
        "S1,1,EUR,4.03",
    ]


def test_what_was_known_leads_to_its_twin(company: Company, clerk: User, client_of: ClientOf) -> None:
    taken(company, camt(FIRST))
    taken(company, mt940(FIRST))
    known = Statement.objects.get(state="known")
    page = text_of(client_of(clerk).get(f"{HOME}statements/{known.id}/"))
    assert "Everything in it was known already" in page
    assert f"{HOME}statements/{Statement.objects.get(state='applied').id}/" in page


def test_an_accepted_gap_is_counted_once(company: Company, clerk: User, client_of: ClientOf) -> None:
    held = gapped(company)
    accept_gap(company=company.id, statement=held.id, reason="Known.", by=TESTS, at=MOMENT)
    page = client_of(clerk).get(f"{HOME}accounts/{held.account_id}/")
    assert [gap.missing.minor for gap in page.context["gaps"]] == [5_000]


def test_the_earliest_of_several_that_wait_is_named(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    first = gapped(company)
    taken(company, camt(Sheet([Paid(5, 6)], opening=12_700, first=6, last=6, number="4")))
    later = Statement.objects.get(number="4")
    pages = [text_of(client_of(clerk).get(f"{HOME}statements/{one.id}/")) for one in (first, later)]
    assert ["Decide about that one first" in page for page in pages] == [False, True]
    assert f"{HOME}statements/{first.id}/" in pages[1]


def test_lines_that_miss_their_closing_stand_beside_it(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    taken(company, camt(Sheet([Paid(10_000)], closing=9_000)))
    page = text_of(client_of(clerk).get(f"{HOME}statements/{Statement.objects.get().id}/"))
    assert "Closing balance expected</dt><dd>EUR\u00a0100.00" in page
    assert "Closing balance found</dt><dd>EUR\u00a090.00" in page
    assert "Difference</dt>" in page


def test_earlier_days_end_where_the_known_ones_begin(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    taken(company, camt(Sheet([Paid(10_000, 9)], opening=50_000, first=9, last=9)))
    taken(company, camt(Sheet([Paid(5_000)], opening=10_000)))
    found = Statement.objects.get(state="held")
    page = text_of(client_of(clerk).get(f"{HOME}statements/{found.id}/"))
    assert "Closing balance expected</dt><dd>EUR\u00a0500.00" in page
    assert "Closing balance found</dt><dd>EUR\u00a0150.00" in page
