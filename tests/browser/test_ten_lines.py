"""Ten seconds a line: a dozen unclear bank lines are worked off by keys alone, and what each of them asks of fingers and machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from debitora.cash.models import BankEntry, EntryState
from debitora.cash.testing import Paid, Sheet, a_proposal, camt, taken
from debitora.kit.pg.company import serving
from debitora.messaging.testing import MOMENT
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item
from tests.browser.founding import founded, sign_in_by_keyboard
from tests.browser.living import faults_of, living
from tests.browser.looks import Look, a_context

pytestmark = pytest.mark.browser
MOST_KEYS = 3
"""What a line may ask of the fingers where the right answer is offered."""
ANSWERS = [
    *[("1",)] * 4,  # the first proposal
    *[("2",)] * 4,  # the second one
    *[("o",)] * 2,  # nobody's invoice: on account of the customer that the line names
    *[("i", "N", "Tab", "Enter")] * 2,  # nothing of a customer's
]
NAMES = [f"Payer {chr(65 + place)}" for place in range(len(ANSWERS))]


@pytest.fixture(scope="module")
def company(own_house: None) -> Company:
    """A company with a dozen open lines, each with two proposals that could both be right."""
    found = founded({"clerk": "Karla Clerk"})
    with serving(found.id), transaction.atomic():
        lines = [Paid(10_000 + place, place, name=name, text="Thank you") for place, name in enumerate(NAMES)]
        taken(found, camt(Sheet(lines, last=len(lines))))
        customer = a_customer(found.id, name="Miller Ltd")
        for place, entry in enumerate(BankEntry.objects.order_by("booked_on")):
            items = [
                an_open_item(found.id, customer, number=f"R-{place}-{rank}", minor=10_000 + place)
                for rank in (1, 2)
            ]
            a_proposal(entry, items[0], confidence=5_000)
            a_proposal(entry, items[1], rank=2, confidence=4_900)
    return found


@contextmanager
def timed(spent: list[float]) -> Iterator[None]:
    """Write down how many seconds it takes."""
    begun = perf_counter()
    yield
    spent.append(perf_counter() - begun)


def _stands(page: Page, name: str) -> None:
    """The line is open beside the list, and the list's own mark is on it."""
    expect(page.locator("#panel [data-panel-title]")).to_have_text(name)
    expect(page.locator("tr.is-open")).to_contain_text(name)


def test_a_line_asks_for_three_keys_at_most_and_the_next_one_opens(
    company: Company, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    spent: list[float] = []
    with living(MOMENT) as lived:

        def still_open() -> int:
            with serving(company.id), transaction.atomic():
                return EntryState.objects.exclude(open_minor=0).count()

        context = a_context(browser, Look())
        faults, page = faults_of(context, lived.base_url), context.new_page()
        sign_in_by_keyboard(page, lived.base_url, "clerk")
        page.goto(f"{lived.base_url}/c/{company.code}/bank/review/")
        for key in ("j", "Enter"):
            page.keyboard.press(key)
        for name, keys, following in zip(NAMES, ANSWERS, [*NAMES[1:], ""], strict=True):
            _stands(page, name)
            with timed(spent):
                for key in keys:
                    page.keyboard.press(key)
                if following:
                    _stands(page, following)
                else:
                    expect(page.get_by_text("All lines of this page are decided")).to_be_visible()
        assert lived.apart(still_open) == 0
        assert faults == []
        context.close()
    pressed = sum(len(keys) for keys in ANSWERS)
    with capsys.disabled():
        print(
            f"\n{len(ANSWERS)} lines: {pressed / len(ANSWERS):.1f} keys and"
            f" {sum(spent) / len(spent):.2f} s of the machine a line, at most {max(spent):.2f} s"
        )
    assert pressed <= MOST_KEYS * len(ANSWERS)
