"""A company and its people for a browser's test, founded through actions as the command line does it, and the way in."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from playwright.sync_api import Page, expect

from debitora.dunning.actions import install_presets
from debitora.kit.pg.company import serving
from debitora.messaging.actions import install_texts
from debitora.messaging.testing import MOMENT, a_sender
from debitora.people.actions import add_company, add_user, grant
from debitora.people.models import Company
from debitora.trail.rules import system
from tests.browser.living import PASSWORD

BY = system("tests")
expect.set_options(timeout=30_000)  # machines that test are busy


def founded(people: Mapping[str, str], *, port: int | None = None, language: str = "en") -> Company:
    """A company with people (login -> name; the login without its digits is the role), strategies and texts, and nothing else.

    With the port of a mail server its letterhead is complete and messages may go.
    """
    company = add_company(code="acme", name="Acme", country="DE", currency="EUR", by=BY, at=MOMENT)
    with serving(company.id), transaction.atomic():
        install_presets(company=company, by=BY, at=MOMENT)
        install_texts(company=company.id, by=BY, at=MOMENT)
        if port is not None:
            a_sender(company.id, port=port)
    for login, name in people.items():
        user = add_user(
            login=login,
            name=name,
            password=PASSWORD,
            email=f"{login}@acme.example",
            language=language,
            at=MOMENT,
        )
        grant(company=company, user=user, role=login.rstrip("0123456789"), by=BY, at=MOMENT)
    return company


def sign_in_by_keyboard(page: Page, base_url: str, login: str) -> None:
    """Sign in without a mouse: the first field has the focus."""
    page.goto(base_url)
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation").first).to_be_visible()
