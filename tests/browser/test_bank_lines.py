"""Lines that may be known are answered by keys alone: walk to one, say new, say the same."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from debitora.cash.models import BankEntry, Statement
from debitora.cash.testing import Paid, Sheet, camt, table, taken
from debitora.kit.pg.company import serving
from debitora.messaging.testing import MOMENT
from debitora.people.models import Company
from tests.browser.founding import founded, sign_in_by_keyboard
from tests.browser.living import faults_of, living
from tests.browser.looks import Look, a_context

pytestmark = pytest.mark.browser
KNOWN = [Paid(100, text="Invoice 1", name="Miller"), Paid(200, text="Invoice 2", name="Miller")]
TOLD = [Paid(100, text="Order 1", name="Smith"), Paid(200, text="Order 2", name="Smith")]


@pytest.fixture(scope="module")
def company(own_house: None) -> Company:
    """A company with a statement that waits for two answers."""
    found = founded({"clerk": "Karla Clerk"})
    with serving(found.id), transaction.atomic():
        taken(found, camt(Sheet(KNOWN)))
        taken(found, table(TOLD), name="lines.csv")
    return found


def test_lines_are_compared_by_keys_alone(company: Company, browser: Browser) -> None:
    with living(MOMENT) as lived:

        def entered() -> tuple[int, list[str]]:
            with serving(company.id), transaction.atomic():
                return BankEntry.objects.count(), sorted(Statement.objects.values_list("state", flat=True))

        context = a_context(browser, Look())
        faults, page = faults_of(context, lived.base_url), context.new_page()
        sign_in_by_keyboard(page, lived.base_url, "clerk")
        page.goto(f"{lived.base_url}/c/{company.code}/bank/?state=held")
        for key in ("j", "Enter"):
            page.keyboard.press(key)
        expect(page.get_by_text("2 lines may be known already")).to_be_visible()
        for key in ("j", "j", "n"):
            page.keyboard.press(key)
        expect(page.get_by_text("1 line may be known already")).to_be_visible()
        assert lived.apart(entered) == (2, ["applied", "held"])
        page.keyboard.press("s")
        expect(page.get_by_text("The statement is applied: 1 new line.")).to_be_visible()
        assert lived.apart(entered) == (3, ["applied", "applied"])
        assert faults == []
        context.close()
