"""Signing in with a phone's app and with passkeys, as a browser does it: Chromium brings an authenticator of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from debitora.people.actions import add_company, add_user, grant
from debitora.people.models import Company, User
from debitora.people.testing import FAR
from debitora.trail.rules import system
from tests.browser.living import PASSWORD, Living, faults_of, living
from tests.browser.looks import Look, a_context, overflow, settle, sign_in, violations
from tests.security.population import MOMENT

pytestmark = pytest.mark.browser
GRAVE = ("serious", "critical")
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Door:
    """A page of the browser, with an authenticator plugged in, what went wrong, and where the house answers."""

    page: Page
    faults: list[str]
    url: str
    living: Living


@pytest.fixture(scope="module")
def person(own_house: None) -> User:
    """A manager of a company."""
    by = system("tests")
    company: Company = add_company(
        code="acme", name="Acme", country="DE", currency="EUR", by=by, at=MOMENT
    )  # fmt: skip
    user = add_user(
        login="mona", name="Mona", password=PASSWORD, email="mona@acme.example", language="en", at=MOMENT
    )
    grant(company=company, user=user, role="manager", by=by, at=MOMENT)
    return user


@pytest.fixture(scope="module")
def door(person: User, browser: Browser) -> Iterator[Door]:
    """The house at a host that has a name: passkeys are bound to one."""
    with living(MOMENT) as lived:
        url = lived.base_url.replace("127.0.0.1", "localhost")
        context = a_context(browser, Look())
        faults = faults_of(context, url)
        page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield Door(page, faults, url, lived)
        context.close()


def test_an_app_and_a_passkey_are_set_up_and_sign_in(door: Door) -> None:
    page = door.page
    sign_in(page, door.url, "mona", PASSWORD)
    _go(door, "/account/security/app/")
    secret = str(page.locator(".qr-key code").text_content())
    page.fill("[name=code]", _code(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    _readable(page)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download").click()
    codes = kept.value.path().read_text().split()
    assert codes == page.locator(".codes li").all_inner_texts()
    _go(door, "/account/security/passkeys/new/")
    page.get_by_label("Name of the passkey").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Office laptop", exact=True)).to_be_visible()
    _readable(page)
    _leave(door)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    _leave(door)
    sign_in(page, door.url, "mona", PASSWORD)
    _readable(page)
    page.get_by_label("Code from the app, or a recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    _leave(door)
    sign_in(page, door.url, "mona", PASSWORD)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    assert door.faults == []


def test_a_passkey_confirms_before_a_file_is_handed_out(door: Door) -> None:
    """Comes after the test above, and lives on what it set up."""
    page = door.page
    _go(door, "/c/acme/items/")
    door.living.apart(_forget_the_confirmation)
    page.goto(f"{door.url}/c/acme/settings/sender/edit/")
    expect(page.get_by_role("heading", level=1, name="Please confirm that it is you")).to_be_visible()
    _readable(page)
    page.get_by_role("link", name="Use a passkey").click()
    settle(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_label("IBAN")).to_be_visible()
    door.living.apart(_forget_the_confirmation)
    _go(door, "/c/acme/items/")
    page.evaluate("location.href = '/c/acme/items/export/csv/'")
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_download() as file:
        page.get_by_role("button", name="Continue").click()
    assert file.value.suggested_filename.endswith(".csv")
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Open items")).to_be_visible()
    assert door.faults == []


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def _go(door: Door, path: str) -> None:
    door.page.goto(door.url + path)
    _readable(door.page)


def _leave(door: Door) -> None:
    _go(door, "/account/logout/")
    door.page.get_by_role("button", name="Sign out").click()
    door.page.goto(f"{door.url}/account/login/")
    settle(door.page)


def _readable(page: Page) -> None:
    """On a phone in the dark, and on a desk."""
    for width, theme in ((390, "dark"), (1440, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        settle(page)
        assert [str(one) for one in violations(page) if one.impact in GRAVE] == [], (page.url, width, theme)
        assert overflow(page) == 0, (page.url, width)


def _forget_the_confirmation() -> None:
    """Let the confirmations of all sessions be long ago."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    for row in Session.objects.all():
        store: Any = SessionStore(row.session_key)
        store["confirmed"] = 0
        store["seen"] = FAR
        store.save()
