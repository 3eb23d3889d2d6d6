"""Two browsers clarify an invoice: accounting asks, sales answers on a phone from the mail, dunning reacts the same minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page, expect

from debitora.disputes.models import Case
from debitora.dunning.actions import choose_rhythm
from debitora.dunning.jobs import watch
from debitora.dunning.models import Notice, Run
from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.dunning.testing import MOMENT, a_late_payer
from debitora.kit.pg.company import serving
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from tests.browser.founding import BY, founded
from tests.browser.living import PASSWORD, Living, faults_of, living
from tests.browser.looks import Look, a_context, overflow, sign_in, violations
from tests.smtp_server import SmtpServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def post() -> Iterator[SmtpServer]:
    """The company's mail server."""
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="module")
def company(own_house: None, post: SmtpServer) -> Company:
    """Dunning follows changes; a customer of Anna's is late."""
    company = founded({"sales": "Anna Verkauf", "clerk": "Karla Clerk"}, port=post.port)
    with serving(company.id), transaction.atomic():
        choose_rhythm(company=company, wanted=Rhythm(Mode.CONTINUOUS), by=BY, at=MOMENT)
        anna = User.objects.get(login="sales").id
        a_late_payer(company, "10001", name="Müller GmbH", salesperson_id=anna)
    return company


def test_two_browsers_clarification(company: Company, post: SmtpServer, browser: Browser) -> None:
    with living(MOMENT) as lived:
        office, phone = a_context(browser, Look()), a_context(browser, Look(width=390))
        faults = [faults_of(one, lived.base_url) for one in (office, phone)]
        desk = office.new_page()
        sign_in(desk, lived.base_url, "clerk", PASSWORD)
        case = _open_a_case(desk, lived, company)
        lived.work_off()
        assert lived.apart(lambda: _noticed(company)) == [("daily", 0)]
        _answer_on_the_phone(phone, _link(post, lived))
        _close(desk, case)
        lived.apart(lambda: watch(0))
        lived.work_off()
        schedule, notices = lived.apart(lambda: _noticed(company))[-1]
        assert (schedule.partition("-")[0], notices) == ("follow", 1)
        assert faults == [[], []]
        office.close()
        phone.close()


def _open_a_case(desk: Page, lived: Living, company: Company) -> str:
    """Accounting asks about the whole invoice; returns the address of the case."""
    item = lived.apart(lambda: _item(company))
    desk.goto(f"{lived.base_url}/c/acme/items/{item}/clarification/")
    desk.get_by_label("Reason").select_option("price")
    desk.get_by_label("What has to be clarified?").fill("Müller says that 100.00 were agreed. Is that right?")
    desk.locator("form button.btn-primary").last.click()
    desk.goto(f"{lived.base_url}/c/acme/clarification/")
    desk.locator("tbody tr a").first.click()
    expect(desk.get_by_text("100.00 were agreed").first).to_be_visible()
    return f"{lived.base_url}/c/acme/clarification/{lived.apart(lambda: _case(company))}/"


def _link(post: SmtpServer, lived: Living) -> str:
    """The way to answer that the one mail to Anna shows, at the address where the house answers here."""
    [sent] = post.mails
    assert sent.recipients == ("sales@acme.example",)
    body = message_from_bytes(sent.data, policy=policy.default).get_body(("plain",))  # type: ignore[attr-defined]
    found = re.search(r"https?://[^/\s]+(/c/acme/answer/\S+/)\s", body.get_content())
    assert found is not None
    return f"{lived.base_url}{found[1]}?outcome=valid"


def _answer_on_the_phone(phone: BrowserContext, link: str) -> None:
    page = phone.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1, name="Case")).to_be_visible()
    assert "-" not in page.url.partition("/answer/")[2].partition("?")[0]
    assert overflow(page) == 0
    assert violations(page) == []
    expect(page.get_by_label("The claim is valid: remind again")).to_be_checked()
    page.get_by_role("textbox", name="Note").fill("The price list of May counts.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Thank you. Your answer is kept.")).to_be_visible()
    page.get_by_role("button", name="Take the answer back").click()
    page.get_by_label("The claim is valid: remind again").check()
    page.get_by_role("textbox", name="Note").fill("The price list of May counts.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Thank you. Your answer is kept.")).to_be_visible()
    assert violations(page) == []


def _close(desk: Page, case: str) -> None:
    """Accounting sees the answer and closes with it."""
    desk.goto(case)
    expect(desk.get_by_text("The price list of May counts.").first).to_be_visible()
    expect(desk.get_by_label("The claim is valid: remind again")).to_be_checked()
    desk.get_by_role("button", name="Close the case").click()
    expect(desk.get_by_text("is closed").first).to_be_visible()


def _item(company: Company) -> int:
    with serving(company.id), transaction.atomic():
        return Item.objects.get().id


def _case(company: Company) -> int:
    with serving(company.id), transaction.atomic():
        return Case.objects.get().id


def _noticed(company: Company) -> list[tuple[str, int]]:
    """Who asked for each run, and how many notices it has, oldest first."""
    with serving(company.id), transaction.atomic():
        runs = Run.objects.order_by("id")
        return [(run.schedule, Notice.objects.filter(run=run).count()) for run in runs]
