"""Sales before dunning on a phone: ten customers answered within a minute, one of them taken back, two stopped at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from debitora.dunning.actions import add_strategy, assign
from debitora.dunning.models import SalesAnswer
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, a_late_payer, a_run
from debitora.kit.pg.company import serving
from debitora.people.models import Company, User
from tests.browser.founding import BY, founded
from tests.browser.living import PASSWORD, Living, faults_of, living
from tests.browser.looks import Look, a_context, overflow, settle, sign_in, violations

pytestmark = pytest.mark.browser
CUSTOMERS = 14
MOST_SECONDS = 60.0


@pytest.fixture(scope="module")
def company(own_house: None) -> Company:
    """Anna's customers are due, and she is asked about each."""
    company = founded({"sales": "Anna Verkauf", "manager": "Mona Manager"})
    with serving(company.id), transaction.atomic():
        base = preset("de-business")
        steps = (replace(base.steps[0], ask_sales_days=3), *base.steps[1:])
        version = add_strategy(
            company=company.id, policy=replace(base, name="Gefragt", steps=steps), by=BY, at=MOMENT
        )
        assign(company=company.id, customer_kind="business", strategy=version.strategy_id, by=BY, at=MOMENT)
        anna = User.objects.get(login="sales").id
        for number in range(CUSTOMERS):
            a_late_payer(company, f"{10001 + number}", name=f"Kunde {number:02} GmbH", salesperson_id=anna)
        a_run(company)
    return company


@pytest.fixture
def phone(company: Company, browser: Browser) -> Iterator[tuple[Page, Living, list[str]]]:
    with living(MOMENT) as lived:
        context = a_context(browser, Look(width=390))
        faults = faults_of(context, lived.base_url)
        page = context.new_page()
        sign_in(page, lived.base_url, "sales", PASSWORD)
        yield page, lived, faults
        context.close()


def answers() -> dict[str, int]:
    kinds = list(SalesAnswer.objects.values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def rows(page: Page) -> int:
    return page.locator("tr[data-row]").count()


def test_ten_are_answered_within_a_minute_on_a_phone(
    company: Company, phone: tuple[Page, Living, list[str]]
) -> None:
    page, lived, faults = phone
    page.get_by_role("link", name=f"{CUSTOMERS} of your customers are due").click()
    expect(page.get_by_role("heading", level=1, name="My customers due")).to_be_visible()
    assert overflow(page) == 0
    assert violations(page) == []
    begun = perf_counter()
    for left in range(CUSTOMERS, CUSTOMERS - 10, -1):
        expect(page.locator("tr[data-row]")).to_have_count(left)
        page.locator("tr[data-row]").first.get_by_role("button", name="Release it").click()
    expect(page.locator("tr[data-row]")).to_have_count(CUSTOMERS - 10)
    assert perf_counter() - begun < MOST_SECONDS
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator("tr[data-row]")).to_have_count(CUSTOMERS - 9)
    _stop_two(page)
    expect(page.locator("tr[data-row]")).to_have_count(CUSTOMERS - 11)
    settle(page)
    assert lived.apart(lambda: _served(company)) == {"released": 10, "stopped": 2, "undone": 1}
    assert faults == []


def _served(company: Company) -> dict[str, int]:
    with serving(company.id), transaction.atomic():
        return answers()


def _stop_two(page: Page) -> None:
    for place in range(2):
        page.locator("tr[data-row] input[name=chosen]").nth(place).check()
    page.locator("#bulk").get_by_role("button", name="Stop …").click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Stop the chosen ones")).to_be_visible()
    assert violations(page) == []
    panel.get_by_label("Stop until").fill("+5")
    panel.get_by_label("Payment was promised").check()
    panel.get_by_role("button", name="Stop").last.click()


def test_one_key_releases_and_another_opens_the_stop(company: Company, browser: Browser) -> None:
    with living(MOMENT) as lived:
        context = a_context(browser, Look())
        faults = faults_of(context, lived.base_url)
        page = context.new_page()
        sign_in(page, lived.base_url, "manager", PASSWORD)
        page.goto(f"{lived.base_url}/c/acme/sales/")
        left = rows(page)
        page.keyboard.press("j")
        page.keyboard.press("r")
        expect(page.locator("tr[data-row]")).to_have_count(left - 1)
        settle(page)
        page.keyboard.press("j")
        page.keyboard.press("s")
        expect(page.locator("#panel").get_by_label("Stop until")).to_be_visible()
        assert violations(page) == []
        assert faults == []
        context.close()
