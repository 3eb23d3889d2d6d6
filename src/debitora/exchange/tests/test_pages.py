"""The pages of lists, as their readers ask for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from debitora.exchange.actions import undo_import
from debitora.exchange.jobs import apply
from debitora.exchange.models import ListImport
from debitora.exchange.testing import (
    MOMENT,
    ON,
    TESTS,
    a_list_file,
    a_list_of,
    a_row,
    applied,
    previewed,
    taken,
)
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Item

ClientOf = Callable[[User], Client]
HOME = "/c/acme/imports/"
TEN = range(1, 11)


@pytest.fixture(autouse=True)
def _at_the_moment() -> Any:
    with clock_at(MOMENT):
        yield


def uploaded(client: Client, data: bytes, name: str = "opos.csv", **fields: str) -> Any:
    file = SimpleUploadedFile(name, data)
    form = {"kind": "items", "source": "ERP", "as_of": "18.11.2026", "file": file, **fields}
    return client.post(f"{HOME}new/", form)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def paths_of(found: ListImport) -> list[str]:
    below = [
        "",
        "columns/",
        "codes/",
        "confirmation/",
        "discard/",
        "progress/",
        "retry/",
        "undo/",
        "faults.csv",
    ]
    return [f"{HOME}{found.id}/{each}" for each in below]


def test_the_first_page_says_why_it_is_empty(clerk: User, client_of: ClientOf) -> None:
    page = client_of(clerk).get(HOME)
    assert page.status_code == 200
    assert "No list has been imported yet" in text_of(page)
    assert "Import the first list" in text_of(page)


def test_every_page_of_an_import_opens_for_office_roles(
    company: Company, clerk: User, manager: User, auditor: User, client_of: ClientOf
) -> None:
    states = {
        "uploaded": taken(company, a_list_of(TEN)),
        "previewed": previewed(company, a_list_of(TEN)),
        "refused": previewed(company, a_list_file([a_row("R-1", "1,00", due="31.02.2026")])),
        "unreadable": taken(company, b""),
        "applied": applied(company, a_list_of(TEN), source="other"),
        "nothing": previewed(company, a_list_of(TEN), source="other"),
        "held": previewed(company, a_list_of(range(1, 4)), source="other", as_of=ON + timedelta(days=0)),
    }
    for user in (clerk, manager, auditor):
        client = client_of(user)
        assert client.get(HOME).status_code == 200
        for name, found in states.items():
            page = client.get(f"{HOME}{found.id}/", follow=True)
            assert page.status_code == 200, (user.login, name)
            assert found.upload.name in text_of(page)
            assert client.get(f"{HOME}{found.id}/faults.csv").status_code == 200


def test_salespeople_have_no_access_and_auditors_change_nothing(
    company: Company, sales: User, auditor: User, client_of: ClientOf
) -> None:
    found = previewed(company, a_list_of(TEN))
    seller, reader = client_of(sales), client_of(auditor)
    for path in (HOME, f"{HOME}new/", *paths_of(found)):
        assert seller.get(path).status_code == seller.post(path).status_code == 403
    for path in (f"{HOME}new/", *paths_of(found)):
        assert reader.post(path).status_code in (403, 405)
    assert uploaded(reader, a_list_of(TEN)).status_code == 403
    assert ListImport.objects.get(id=found.id).state == "previewed"


def test_another_companys_import_is_as_unknown_as_one_that_never_was(
    company: Company, other_company: Company, manager: User, client_of: ClientOf
) -> None:
    with serving(other_company.id):
        foreign = previewed(other_company, a_list_of(TEN), name="umbra-secret.csv")
    client = client_of(manager)
    for theirs, nobodys in zip(paths_of(foreign), paths_of(ListImport(id=999_999)), strict=True):
        for ask in (client.get, client.post):
            answers = [ask(path) for path in (theirs, nobodys)]
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].status_code in (404, 405)
            assert "umbra" not in text_of(answers[0])


def test_the_whole_road_of_a_list(
    clerk: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(clerk)
    assert "Import a list" in text_of(client.get(f"{HOME}new/"))
    answer = uploaded(client, a_list_of(TEN))
    found = ListImport.objects.get()
    assert answer["location"] == f"{HOME}{found.id}/columns/"
    columns = client.get(answer["location"])
    assert "Belegnummer" in text_of(columns)
    assert "R-1" in text_of(columns)
    form = _form_of(columns)
    look = client.post(answer["location"], form, headers={"hx-request": "true"})
    assert look.status_code == 200
    assert "<html" not in text_of(look)
    answer = client.post(answer["location"], {**form, "preview": "1"})
    assert answer["location"] == f"{HOME}{found.id}/"
    preview = client.get(answer["location"])
    assert "EUR\u00a01,000.00" in text_of(preview)
    answer = client.post(f"{HOME}{found.id}/confirmation/")
    assert answer["location"] == f"{HOME}{found.id}/"
    assert "You can leave this page" in text_of(client.get(answer["location"]))
    assert client.post(f"{HOME}{found.id}/confirmation/").status_code == 302
    bar = client.get(f"{HOME}{found.id}/progress/", headers={"hx-request": "true"})
    assert "HX-Redirect" not in bar
    apply(company=found.company_id, list_import=found.id)
    assert client.get(f"{HOME}{found.id}/progress/")["HX-Redirect"] == f"{HOME}{found.id}/"
    result = text_of(client.get(f"{HOME}{found.id}/"))
    assert "The list was applied" in result
    assert Item.objects.count() == 10


def test_a_preview_waits_until_every_column_is_named(clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    where = uploaded(client, b"Beleg;Wer;Faellig;Offen\nR-1;Anker;31.10.2026;100,00\n")["location"]
    form = _form_of(client.get(where))
    form = {name: value for name, value in form.items() if value != "customer_name"}
    answer = client.post(where, {**form, "preview": "1"})
    assert answer.status_code == 422
    assert "The list cannot be read yet" in text_of(answer)
    assert ListImport.objects.get().state == "uploaded"


def _form_of(page: Any) -> dict[str, str]:
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value is not None and value is not False}


def test_a_known_source_goes_straight_to_the_preview(
    company: Company, clerk: User, client_of: ClientOf
) -> None:
    applied(company, a_list_of(TEN), as_of=ON - timedelta(days=1))
    client = client_of(clerk)
    answer = uploaded(client, a_list_of(range(2, 12)))
    newest = ListImport.objects.order_by("-id")[0]
    assert answer["location"] == f"{HOME}{newest.id}/"
    assert newest.state == "previewed"


def test_the_columns_can_be_put_right(clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    rows = ["A;B;C;D;E", "10001;Kunde;R-1;30.10.2026;100,00", "10001;Kunde;R-2;30.10.2026;50,00", ""]
    where = uploaded(client, "\r\n".join(rows).encode())["location"]
    form = {**_form_of(client.get(where)), "header_line": "1", "amounts": ",.", "date_order": "dmy"}
    for index, field in enumerate(["customer_number", "customer_name", "number", "due_on", "open"]):
        form[f"column-{index}"] = field
    twice = client.post(where, {**form, "column-0": "text", "column-1": "text"})
    assert twice.status_code == 422
    assert "chosen for several columns" in text_of(twice)
    wrong = client.post(where, {**form, "currency": "XXX", "as_of": "32.13."})
    assert wrong.status_code == 422
    assert "not a currency" in text_of(wrong)
    assert "This is not a day" in text_of(wrong)
    look = client.post(where, form, headers={"hx-request": "true"})
    assert "EUR\u00a0100.00" in text_of(look)
    client.post(where, {**form, "preview": "1"})
    found = ListImport.objects.get()
    assert (found.state, found.result["counts"]["opened"]) == ("previewed", 2)


def test_a_field_that_is_chosen_elsewhere_moves_there(clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    where = uploaded(client, a_list_of(TEN))["location"]
    form = _form_of(client.get(where))
    assert (form["column-1"], form["column-2"]) == ("customer_name", "number")
    client.post(where, {**form, "column-1": "number"})
    moved = ListImport.objects.get().mapping["columns"]
    assert moved["number"]["index"] == 1
    assert "customer_name" not in moved


def test_another_separator_recognises_the_columns_anew(clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    where = uploaded(client, a_list_of(TEN).replace(b";", b"|"))["location"]
    form = _form_of(client.get(where))
    assert "cannot be read" in text_of(client.post(where, {**form, "delimiter": ","}, follow=True))
    fewer = _form_of(client.get(where))
    again = client.post(where, {**fewer, "delimiter": "|"}, follow=True)
    assert "Belegnummer" in text_of(again)
    assert ListImport.objects.get().mapping["columns"]["number"]["header"] == "Belegnummer"


def test_a_held_list_needs_the_tick(company: Company, clerk: User, client_of: ClientOf) -> None:
    applied(company, a_list_of(TEN), as_of=ON - timedelta(days=1))
    found = previewed(company, a_list_of(range(1, 6)))
    client = client_of(clerk)
    page = text_of(client.get(f"{HOME}{found.id}/"))
    assert "would settle 5 of the 10 open items" in page
    refused = client.post(f"{HOME}{found.id}/confirmation/")
    assert refused.status_code == 422
    assert "Please confirm" in text_of(refused)
    client.post(f"{HOME}{found.id}/confirmation/", {"confirmed": "on"})
    apply(company=company.id, list_import=found.id)
    assert ListImport.objects.get(id=found.id).state == "applied"


def test_company_codes_are_chosen_before_applying(company: Company, clerk: User, client_of: ClientOf) -> None:
    header = a_list_file([]).decode().strip()
    lines = [
        f"{header};Buchungskreis",
        f"{a_row('R-1', '1,00')};1000",
        f"{a_row('R-2', '2,00')};2000",
        f"{a_row('R-3', '3,00')};",
        "",
    ]
    found = previewed(company, "\r\n".join(lines).encode())
    client = client_of(clerk)
    page = text_of(client.get(f"{HOME}{found.id}/"))
    assert "1000 (1 item)" in page
    assert "without code" in page
    assert client.post(f"{HOME}{found.id}/confirmation/", {"confirmed": "on"}).status_code == 422
    assert client.post(f"{HOME}{found.id}/codes/", {}).status_code == 422
    client.post(f"{HOME}{found.id}/codes/", {"codes": ["1000", "-"]})
    found.refresh_from_db()
    assert (found.state, found.result["listed"]) == ("previewed", {"EUR": 400})


def test_undo_needs_a_reason_and_the_newest(company: Company, clerk: User, client_of: ClientOf) -> None:
    first = applied(company, a_list_of(TEN), as_of=ON - timedelta(days=1))
    second = applied(company, a_list_of(range(1, 12)))
    client = client_of(clerk)
    assert "Undo this import?" in text_of(client.get(f"{HOME}{second.id}/"))
    assert "Undo this import?" not in text_of(client.get(f"{HOME}{first.id}/"))
    assert client.post(f"{HOME}{second.id}/undo/", {"reason": " "}).status_code == 422
    older = client.post(f"{HOME}{first.id}/undo/", {"reason": "wrong"}, follow=True)
    assert "Only the newest list" in text_of(older)
    undone = client.post(f"{HOME}{second.id}/undo/", {"reason": "wrong"}, follow=True)
    assert "This import was undone" in text_of(undone)
    assert "A newer list of this source" not in text_of(undone)
    assert clerk.name in text_of(undone)
    twice = client.post(f"{HOME}{second.id}/undo/", {"reason": "wrong"}, follow=True)
    assert "gone on in the meantime: undone" in text_of(twice)


def test_discarding_twice_is_discarding_once(company: Company, clerk: User, client_of: ClientOf) -> None:
    found = previewed(company, a_list_of(TEN))
    client = client_of(clerk)
    assert "Nothing was imported" in text_of(client.post(f"{HOME}{found.id}/discard/", follow=True))
    assert "discarded" in text_of(client.post(f"{HOME}{found.id}/discard/", follow=True))
    for path in ("codes/", "columns/", "confirmation/"):
        answer = client.post(f"{HOME}{found.id}/{path}", {"codes": "1"}, follow=True)
        assert answer.status_code in (200, 422)
    assert ListImport.objects.get(id=found.id).state == "discarded"


def test_work_that_broke_off_says_so(company: Company, clerk: User, client_of: ClientOf) -> None:
    """Between preview and work another list was applied, by which this one settles most of the items."""
    applied(company, a_list_of(range(1, 4)), as_of=ON - timedelta(days=3))
    small = previewed(company, a_list_of(range(1, 5)), as_of=ON - timedelta(days=1))
    client = client_of(clerk)
    client.post(f"{HOME}{small.id}/confirmation/")
    applied(company, a_list_of(range(1, 30)), as_of=ON - timedelta(days=2))
    apply(company=company.id, list_import=small.id)
    page = text_of(client.get(f"{HOME}{small.id}/"))
    assert "Applying broke off" in page
    assert "would settle 25 of the 29 open items" in page


def test_stopped_work_can_be_asked_for_again(company: Company, clerk: User, client_of: ClientOf) -> None:
    found = previewed(company, a_list_of(TEN))
    client = client_of(clerk)
    client.post(f"{HOME}{found.id}/confirmation/")
    with clock_at(MOMENT + timedelta(minutes=6)):
        assert "Nothing has moved" in text_of(client.get(f"{HOME}{found.id}/"))
    assert client.post(f"{HOME}{found.id}/retry/").status_code == 302


def test_filters_and_pages_of_the_list(company: Company, clerk: User, client_of: ClientOf) -> None:
    applied(company, a_list_of(TEN), name="first.csv")
    taken(company, a_list_of(range(1, 5)), name="second.csv")
    taken(company, b"Kundennummer;Name\r\n1;Erste\r\n", kind="customers", name="kunden.csv")
    client = client_of(clerk)
    shown = text_of(client.get(HOME))
    assert shown.index("kunden.csv") < shown.index("second.csv") < shown.index("first.csv")
    assert "first.csv" not in text_of(client.get(f"{HOME}?kind=customers"))
    assert "second.csv" not in text_of(client.get(f"{HOME}?state=applied"))
    assert "No list fits this filter" in text_of(client.get(f"{HOME}?state=undone"))
    assert "first.csv" in text_of(client.get(f"{HOME}?state=never-heard&before=abc"))
    oldest = ListImport.objects.order_by("id")[0].id
    assert "To the start" in text_of(client.get(f"{HOME}?before={oldest + 1}"))


def test_faults_as_csv_hold_no_formulas(company: Company, clerk: User, client_of: ClientOf) -> None:
    rows = [a_row("R-1", "=1+1"), a_row("R-2", "1,00", due="31.02.2026")]
    found = previewed(company, a_list_file(rows))
    answer = client_of(clerk).get(f"{HOME}{found.id}/faults.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Column,Value as read,What is wrong,What to do"
    assert lines[1].startswith("2,Offener Betrag,'=1+1,")
    assert "attachment" in answer["content-disposition"]


def test_undone_imports_stay_to_be_seen(company: Company, auditor: User, client_of: ClientOf) -> None:
    found = applied(company, a_list_of(TEN))
    undo_import(company=company, list_import=found.id, reason="wrong list", by=TESTS, at=MOMENT)
    assert "The same file may be imported again" in text_of(client_of(auditor).get(f"{HOME}{found.id}/"))


def test_a_discarded_list_can_be_taken_up_again(company: Company, clerk: User, client_of: ClientOf) -> None:
    found, client = previewed(company, a_list_of(TEN)), client_of(clerk)
    page = client.post(f"{HOME}{found.id}/discard/", follow=True)
    assert f'hx-post="{HOME}{found.id}/discard/end/"' in page.content.decode()
    back = client.post(f"{HOME}{found.id}/discard/end/", {"undoing": "yes"}, headers={"HX-Request": "true"})
    assert back["HX-Redirect"] == f"{HOME}{found.id}/"
    assert ListImport.objects.get(id=found.id).state == "uploaded"
    assert client.post(f"{HOME}{found.id}/discard/end/").status_code == 302
