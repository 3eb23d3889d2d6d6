"""Who stayed signed in for long is asked again before what is hard to undo, and loses nothing by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from debitora.kit.runtime import clock_at
from debitora.messaging.actions import install_texts
from debitora.messaging.forms.texts import FIELDS
from debitora.messaging.queries import text_versions
from debitora.people.testing import signed_in
from debitora.trail.rules import system
from tests.security.addresses import EVERY

PASSWORD = "correct horse battery"
TEXT = "/c/acme/settings/texts/reminder.business/en/"


@pytest.fixture
def tired(manager: Any) -> Client:
    """The manager, who signed in long ago."""
    return signed_in(manager, confirmed=0)


@pytest.fixture
def typed(company: Any, moment: Any) -> dict[str, str]:
    """A text as the editor posts it, with another subject."""
    install_texts(company=company.id, by=system("tests"), at=moment)
    newest = _newest()
    return {
        **{name: getattr(newest, name) for name in FIELDS},
        "version": str(newest.version),
        "subject": "A subject typed with care",
    }


def _newest() -> Any:
    return text_versions(key="reminder.business", language="en")[0]


def test_what_is_hard_to_undo_or_leaves_the_house_asks() -> None:
    asks = {address.name for address in EVERY if getattr(address.view, "fresh", False)}
    exports = {address.name for address in EVERY if "export" in address.name}
    assert asks == exports | {
        "dunning:approval",
        "receivables:write_off_booked",
        "messaging:dropped",
        "messaging:edit_sender",
        "messaging:emblem",
        "messaging:mailbox",
        "messaging:mailbox_tested",
        "messaging:confirmed",
        "messaging:segment_started",
        "messaging:text_restored",
        "messaging:text_saved",
        "desk:records_csv",
    }


def test_a_page_that_is_read_comes_after_the_confirmation(tired: Client) -> None:
    asked = tired.get("/c/acme/settings/sender/edit/")
    assert asked.status_code == 302
    assert asked["Location"] == "/c/acme/account/again/?next=%2Fc%2Facme%2Fsettings%2Fsender%2Fedit%2F"
    assert tired.get(asked["Location"]).status_code == 200
    done = tired.post(asked["Location"], {"password": PASSWORD})
    assert (done.status_code, done["Location"]) == (302, "/c/acme/settings/sender/edit/")
    assert tired.get(done["Location"]).status_code == 200


def test_what_was_posted_is_done_after_the_confirmation(tired: Client, typed: dict[str, str]) -> None:
    asked = tired.post(f"{TEXT}saved/", typed)
    assert asked.status_code == 302
    assert _newest().subject != typed["subject"]
    wrong = tired.post(asked["Location"], {"password": "not this one"})
    assert wrong.status_code == 200
    assert _newest().subject != typed["subject"]
    done = tired.post(asked["Location"], {"password": PASSWORD})
    assert (done.status_code, done["Location"]) == (303, TEXT)
    assert _newest().subject == typed["subject"]


def test_what_was_given_up_is_not_done_with_the_next_confirmation(
    tired: Client, typed: dict[str, str]
) -> None:
    given_up = tired.post(f"{TEXT}saved/", typed)
    elsewhere = given_up["Location"].replace("settings%2Ftexts", "settings%2Fother")
    assert elsewhere != given_up["Location"]
    assert tired.post(elsewhere, {"password": PASSWORD}).status_code == 302
    assert _newest().subject != typed["subject"]


def test_what_is_kept_meanwhile_holds_no_cookie(tired: Client, typed: dict[str, str]) -> None:
    tired.post(f"{TEXT}saved/", typed)
    kept = str(dict(tired.session))
    assert typed["subject"].replace(" ", "+") in kept
    assert tired.cookies[settings.SESSION_COOKIE_NAME].value not in kept


def test_a_fault_found_after_the_confirmation_is_mended_where_it_belongs(tired: Client, company: Any) -> None:
    asked = tired.post("/c/acme/settings/sender/edit/", {"iban": "DE00", "version": "1"})
    shown = tired.post(asked["Location"], {"password": PASSWORD})
    assert shown.status_code == 422
    assert 'action="/c/acme/settings/sender/edit/"' in shown.content.decode()


def test_a_confirmation_holds_for_some_minutes(manager: Any, moment: Any) -> None:
    client = signed_in(manager, confirmed=moment.timestamp())
    limit = timedelta(minutes=settings.FRESH_MINUTES)
    for age, status in ((limit - timedelta(seconds=1), 200), (limit, 302)):
        with clock_at(moment + age):
            assert client.get("/c/acme/settings/sender/edit/").status_code == status


def test_signing_in_is_a_confirmation(client: Client, manager: Any) -> None:
    client.post("/account/login/", {"login": manager.login, "password": PASSWORD})
    assert client.get("/c/acme/settings/sender/edit/").status_code == 200


def test_a_piece_of_a_page_sends_the_whole_page_to_the_question(tired: Client) -> None:
    asked = tired.get("/c/acme/settings/sender/edit/", headers={"hx-request": "true"})
    assert asked.status_code == 200
    assert asked["HX-Redirect"].startswith("/c/acme/account/again/?next=")


def test_a_file_is_handed_out_by_a_page_that_leads_back(tired: Client) -> None:
    here = "http://testserver/c/acme/items/?state=open"
    asked = tired.get("/c/acme/items/export/csv/?state=open", headers={"referer": here})
    done = tired.post(asked["Location"], {"password": PASSWORD})
    page = tired.get(done["Location"])
    assert page["Refresh"] == "0; url=/c/acme/items/export/csv/?state=open"
    assert 'href="/c/acme/items/?state=open"' in page.content.decode()
    file = tired.get("/c/acme/items/export/csv/?state=open")
    assert file.status_code == 200
    assert "attachment" in file["Content-Disposition"]


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_w14_no_file_comes_from_elsewhere(tired: Client, place: str) -> None:
    page = tired.get("/account/file/", {"file": place, "back": place})
    assert page["Refresh"] == "0; url=/"
    assert place not in page.content.decode()
    asked = tired.get("/c/acme/items/export/csv/", headers={"referer": place})
    inner = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    assert parse_qs(urlsplit(inner).query)["back"] == ["/"]


def test_who_may_not_is_told_so_without_being_asked(clerk: Any) -> None:
    assert signed_in(clerk, confirmed=0).get("/c/acme/settings/sender/edit/").status_code == 403
