"""A text is written by keys alone: names are offered while typing, what is typed is kept, and Ctrl+S saves it."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from debitora.kit.pg.company import serving
from debitora.messaging.models import Text
from debitora.messaging.testing import MOMENT
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item
from tests.browser.founding import founded, sign_in_by_keyboard
from tests.browser.living import faults_of, living
from tests.browser.looks import Look, a_context

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def company(own_house: None) -> Company:
    """A company with one customer who owes something."""
    found = founded({"manager": "Mona Manager"}, port=2525)
    with serving(found.id), transaction.atomic():
        an_open_item(found.id, a_customer(found.id, name="Wald & Wiese KG", street="Weg 1", city="Ulm"))
    return found


def test_a_text_is_written_by_keys_and_nothing_typed_is_lost(company: Company, browser: Browser) -> None:
    with living(MOMENT) as lived:

        def saved() -> list[str]:
            with serving(company.id), transaction.atomic():
                rows = Text.objects.filter(key="notice1.business", language="de").order_by("version")
                return list(rows.values_list("closing", flat=True))

        context = a_context(browser, Look())
        faults, page = faults_of(context, lived.base_url), context.new_page()
        address = f"{lived.base_url}/c/{company.code}/settings/texts/notice1.business/de/"
        sign_in_by_keyboard(page, lived.base_url, "manager")
        page.goto(address)
        expect(page.get_by_text("No sentence that the law demands is missing.")).to_be_visible()

        closing = page.locator("[name=closing]")
        closing.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("Gruß an {{cust")
        expect(page.get_by_role("option").first).to_contain_text("customer.name")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(closing).to_have_value("Gruß an {{ customer.number }}")
        expect(page.locator("#preview")).to_contain_text("Gruß an 10023")

        page.keyboard.type(" und {{ customer.nmae }}")
        expect(page.locator("#preview")).to_contain_text("Did you mean “customer.name”?")
        for _ in " und {{ customer.nmae }}":
            page.keyboard.press("Backspace")
        page.locator("#try-customer").focus()
        page.keyboard.type("Wald")
        expect(page.locator("#preview")).to_contain_text("Gruß an 10001")
        page.get_by_role("button", name="Show the letter").press("Enter")
        expect(page.get_by_alt_text("The letter’s first page")).to_be_visible()

        page.get_by_role("link", name="English").press("Enter")
        expect(page.locator("[data-kept]")).to_be_hidden()
        page.goto(address)
        expect(page.get_by_text("What you typed here earlier is back.")).to_be_visible()
        expect(closing).to_have_value("Gruß an {{ customer.number }}")
        closing.focus()
        page.keyboard.press("Control+S")
        expect(page.get_by_text("Version 2 is what goes out from now on.")).to_be_visible()
        expect(page.locator("[data-kept]")).to_be_hidden()
        assert lived.apart(saved)[1] == "Gruß an {{ customer.number }}"

        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        closing.focus()
        page.keyboard.type("!")
        page.close(run_before_unload=True)
        page.wait_for_event("close")
        assert asked == ["beforeunload"]
        assert faults == []
        context.close()
