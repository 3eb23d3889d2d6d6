"""Bank lines are explained by keys alone: open the first, and each decision opens the next by itself."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from debitora.cash.models import BankEntry, Booking, EntryState
from debitora.cash.testing import Paid, Sheet, a_policy, a_proposal, camt, taken
from debitora.kit.pg.company import serving
from debitora.messaging.testing import MOMENT
from debitora.people.models import Company
from debitora.receivables.models import Hold, Item
from debitora.receivables.testing import a_customer, an_open_item
from tests.browser.founding import founded, sign_in_by_keyboard
from tests.browser.living import faults_of, living
from tests.browser.looks import Look, a_context, settle, violations

pytestmark = pytest.mark.browser
LINES = [
    Paid(10_000, 0, name="First", text="R-1"),
    Paid(20_000, 1, name="Second", text="R-2"),
    Paid(30_000, 2, name="Third", text="R-3"),
    Paid(40_000, 3, name="Fourth", text="Rent"),
    Paid(50_000, 4, name="Fifth", text="R-5"),
    Paid(60_000, 5, name="Sixth", text="R-6"),
]


def _entries() -> list[BankEntry]:
    return list(BankEntry.objects.order_by("booked_on"))


@pytest.fixture(scope="module")
def company(own_house: None) -> Company:
    """A company with six open lines, the first three with proposals; the last two pay less than their invoices."""
    found = founded({"clerk": "Karla Clerk"})
    with serving(found.id), transaction.atomic():
        taken(found, camt(Sheet(LINES, last=5)))
        a_policy(found, write_off_minor=1_000)
        customer = a_customer(found.id, name="Miller Ltd")
        items = [
            an_open_item(found.id, customer, number=f"R-{n}", minor=minor)
            for n, minor in ((1, 10_000), (2, 20_000), (3, 30_000), (5, 51_000), (6, 65_000))
        ]
        for entry, item in zip(_entries(), items[:3], strict=False):
            a_proposal(entry, item, evidence=("item_named",))
        a_proposal(_entries()[1], items[0], rank=2, confidence=1_000, kind="named_part")
    return found


def _said(page: Page) -> str:
    """Whose line stands open."""
    return page.locator("#panel [data-panel-title]").inner_text()


def _opens(page: Page, name: str) -> None:
    expect(page.locator("#panel [data-panel-title]")).to_have_text(name)


def test_lines_are_explained_by_keys_alone(company: Company, browser: Browser) -> None:
    with living(MOMENT) as lived:

        def left() -> list[int]:
            with serving(company.id), transaction.atomic():
                return list(EntryState.objects.order_by("booked_on").values_list("open_minor", flat=True))

        def booked() -> list[tuple[str, str]]:
            with serving(company.id), transaction.atomic():
                found = Booking.objects.filter(reverses=None).order_by("id")
                return list(found.values_list("kind", "origin"))

        def items() -> dict[str, int]:
            with serving(company.id), transaction.atomic():
                found = Item.objects.filter(kind="invoice")
                return dict(found.values_list("number", "state__open_minor"))

        def held() -> list[tuple[str, str]]:
            with serving(company.id), transaction.atomic():
                return list(Hold.objects.values_list("item__number", "reason"))

        context = a_context(browser, Look())
        faults, page = faults_of(context, lived.base_url), context.new_page()
        sign_in_by_keyboard(page, lived.base_url, "clerk")
        page.goto(f"{lived.base_url}/c/{company.code}/bank/review/")
        page.keyboard.press("?")
        expect(page.get_by_text("Take this proposal for the open line")).to_be_visible()
        page.keyboard.press("Escape")
        for key in ("j", "Enter"):
            page.keyboard.press(key)
        _opens(page, "First")
        settle(page)
        assert violations(page) == []
        page.keyboard.press("1")
        _opens(page, "Second")
        expect(page.get_by_text("The proposal is booked.")).to_be_visible()
        page.keyboard.press("1")
        _opens(page, "Third")
        page.keyboard.press("u")
        _opens(page, "Second")
        expect(page.get_by_text("Undone at once")).to_be_visible()
        assert lived.apart(left) == [0, 20_000, 30_000, 40_000, 50_000, 60_000]
        _by_hand(page, booking="R-2")
        _opens(page, "Third")
        page.keyboard.press("o")
        _opens(page, "Fourth")
        page.keyboard.press("i")
        expect(page.get_by_label("What it is")).to_be_focused()
        page.keyboard.type("Not about")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        _opens(page, "Fifth")
        _by_hand(page, booking="R-5", missing="EUR\u00a010.00")
        _opens(page, "Sixth")
        _by_hand(page, booking="R-6")
        expect(page.get_by_text("All lines of this page are decided")).to_be_visible()
        assert lived.apart(left) == [0] * 6
        assert lived.apart(items) == {"R-1": 0, "R-2": 0, "R-3": 30_000, "R-5": 0, "R-6": 5_000}
        assert lived.apart(booked)[-1] == ("payment", "by_hand")
        _hold(page, "R-6")
        expect(page.get_by_text("Everything is explained")).to_be_visible()
        expect(page.get_by_text("R-6 is held.")).to_be_visible()
        assert lived.apart(held) == [("R-6", "clarification")]
        assert faults == []
        context.close()


def _by_hand(page: Page, *, booking: str, missing: str = "") -> None:
    """Find the customer, tick the item, write off what is missing, book."""
    page.keyboard.press("f")
    expect(page.locator("#find-text")).to_be_focused()
    page.keyboard.type("Miller")
    page.keyboard.press("Enter")
    expect(page.locator(".found-row").first).to_be_visible()
    settle(page)
    page.locator(".found-row").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label(booking, exact=True)).to_be_visible()
    settle(page)
    page.get_by_label(booking, exact=True).focus()
    page.keyboard.press("Space")
    if missing:
        leaves = page.locator("#what-it-leaves")
        expect(leaves.get_by_text(f"{missing} are missing and stay open.")).to_be_visible()
        page.get_by_label("Note").focus()
        page.keyboard.type("Agreed by phone")
        page.get_by_label("Write off the difference").focus()
        page.keyboard.press("Space")
        expect(leaves.get_by_text(f"{missing} are missing: written off.")).to_be_visible()
    page.get_by_role("button", name="Book it").focus()
    page.keyboard.press("Enter")


def _hold(page: Page, number: str) -> None:
    """What the part payment has left open is to be clarified before anybody is reminded of it."""
    page.keyboard.press("h")
    _opens(page, f"Hold {number}")
    page.get_by_label("Reason").focus()
    page.keyboard.type("Clar")
    page.get_by_role("button", name="Place hold").focus()
    page.keyboard.press("Enter")
