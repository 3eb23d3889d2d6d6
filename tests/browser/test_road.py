"""The whole road in a browser: a list is dropped, items are looked at and held, a run is approved, and letters go out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from debitora.demo.catcher import MailCatcher
from debitora.demo.generator import generate
from debitora.kit.pg.company import serving
from debitora.messaging.testing import MOMENT
from debitora.people.models import Company
from debitora.receivables.models import Customer
from tests.browser.founding import founded, sign_in_by_keyboard
from tests.browser.living import Living, faults_of, living
from tests.browser.looks import Look, a_context

pytestmark = pytest.mark.browser
TRUTH = generate(seed=5, customers=40, items=900, months=12, on=MOMENT.date())
SELLERS = sorted(TRUTH.customers["salesperson"].drop_nulls().unique())


@dataclass(frozen=True)
class Road:
    """The company, where it answers, where its mails arrive, and what went wrong in any session."""

    company: Company
    living: Living
    catcher: MailCatcher
    browser: Browser
    faults: list[str]

    @contextmanager
    def as_person(self, login: str) -> Iterator[Page]:
        """A session of one person, who has signed in by keyboard."""
        context = a_context(self.browser, Look())
        faults = faults_of(context, self.living.base_url)
        page = context.new_page()
        sign_in_by_keyboard(page, self.living.base_url, login)
        yield page
        context.close()
        self.faults.extend(faults)


@pytest.fixture(scope="module")
def catcher(own_house: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailCatcher]:
    """Where the mails arrive."""
    with MailCatcher(tmp_path_factory.mktemp("mails")) as found:
        yield found


@pytest.fixture(scope="module")
def company(catcher: MailCatcher) -> Company:
    """A company with its people and its letterhead, and nothing else."""
    sellers = {f"sales{place}": name for place, name in enumerate(SELLERS)}
    return founded({"clerk": "Carla Clerk", "manager": "Mona Manager", **sellers}, port=catcher.port)


@pytest.fixture(scope="module")
def road(company: Company, catcher: MailCatcher, browser: Browser) -> Iterator[Road]:
    """The company, open; asked for after it was founded, since the browser keeps this thread from the database."""
    with living(MOMENT) as lived:
        yield Road(company, lived, catcher, browser, [])


def test_a_dropped_list_becomes_letters_that_went_out(road: Road) -> None:
    with road.as_person("clerk") as page:
        _import(page, road, "items", TRUTH.list_csv(TRUTH.on))
        _import(page, road, "customers", TRUTH.customers_csv())
        held = _hold_one_by_keyboard(page)
        run = _start_a_run(page)
        _ask_why(page, held)
        _look_at_a_letter(page, run)
    with road.as_person("manager") as page:
        _approve(page, road, run)
        _see_what_went_out(page, road, run)
    with road.as_person("sales0") as page:
        _see_only_own_customers(page, road, seller=SELLERS[0])
    assert road.faults == []


def _go(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).first.click()


def _import(page: Page, road: Road, kind: str, data: bytes) -> None:
    """Upload a list, change nothing about how it is read, apply it, and read its result."""
    _go(page, "Lists")
    page.get_by_role("link", name=re.compile("Import (a|the first) list")).first.click()
    page.set_input_files("[name=file]", {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": data})
    page.check(f"[name=kind][value={kind}]")
    page.get_by_label("Source").fill("ERP")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("table", name="First rows of the file")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("rows read. Nothing has been changed yet.")).to_be_visible()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    road.living.work_off()
    expect(page.get_by_text("The list was applied")).to_be_visible()  # the page has noticed by itself


def _hold_one_by_keyboard(page: Page) -> str:
    """Walk the overdue items, open the second one beside the list, and hold it for a fortnight; its number."""
    _go(page, "Open items")
    page.get_by_role("link", name="Overdue", exact=True).click()
    expect(page.locator("tr[data-row]").first).to_be_visible()
    for key in "jjjk":
        page.keyboard.press(key)
    number = page.locator("tr.is-current [data-open]").inner_text()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=number.split("/")[0])).to_be_visible()
    panel.get_by_role("link", name="Hold …").click()
    panel.get_by_label("Reason").select_option(index=1)
    panel.get_by_label("Until").fill("+14")
    panel.get_by_role("button", name="Place hold").click()
    expect(page.get_by_text(f"{number.split('/')[0]} is held.")).to_be_visible()
    page.get_by_role("link", name=number, exact=True).click()
    expect(panel.get_by_text("18/11/2026 to 02/12/2026")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    return number


def _start_a_run(page: Page) -> str:
    """Start a run for today; its address."""
    _go(page, "Dunning")
    page.get_by_role("link", name="Start a run").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1, name="Run of")).to_be_visible()
    expect(page.locator("tr[data-row]").first).to_be_visible()
    return page.url.split("?")[0]


def _ask_why(page: Page, held: str) -> None:
    """The overdue items that are on no notice have their reasons; the one that was held says so."""
    page.get_by_role("link", name="Overdue, not reminded").click()
    row = page.locator("tr[data-row]", has_text=held)
    expect(row).to_contain_text("hold")
    row.get_by_role("link", name=re.compile("^Why")).click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=f"Why: {held.split('/')[0]}")).to_be_visible()
    expect(panel.get_by_text("What would change the answer")).to_be_visible()
    page.keyboard.press("Escape")


def _look_at_a_letter(page: Page, run: str) -> None:
    """The letter as it would be made now is shown as a picture."""
    page.goto(run)
    page.locator("tr[data-row] [data-open]").first.click()
    picture = page.locator("#panel img.paper")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 500


def _approve(page: Page, road: Road, run: str) -> None:
    page.goto(run)
    page.get_by_role("link", name="Approve").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile(r"notices? will be made"))).to_be_visible()
    dialog.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Letters are being made")).to_be_visible()
    road.living.work_off()
    expect(page.get_by_text("Letters are being made")).to_be_hidden()


def _see_what_went_out(page: Page, road: Road, run: str) -> None:
    """Every mail that the page calls sent has arrived, with the very PDF that the page opens."""
    page.goto(f"{run}?state=accepted")
    sent = page.locator("tr[data-row]")
    mails = road.catcher.messages()
    assert sent.count() == len(mails) > 0
    sent.first.get_by_role("link").first.click()
    number = sent.first.get_by_role("link").first.inner_text()
    page.locator("#panel").get_by_role("link", name="Open as a page").click()
    paper = page.get_by_role("link", name="Open the PDF").get_attribute("href")
    answer = page.context.request.get(f"{road.living.base_url}{paper}")
    assert answer.headers["content-type"] == "application/pdf"
    shown = hashlib.sha256(answer.body()).digest()
    attached = {
        str(part.get_filename()): hashlib.sha256(part.get_content()).digest()
        for mail in mails
        for part in mail.message().iter_attachments()
    }
    assert shown == attached[f"{number}.pdf"]
    _go(page, "Deliveries")
    expect(page.locator("tr[data-row]", has_text="Taken by the mail server")).to_have_count(len(mails))


def _see_only_own_customers(page: Page, road: Road, *, seller: str) -> None:
    """A salesperson's customers are hers, whatever address she types."""
    people = TRUTH.customers.select("number", "salesperson").iter_rows()
    own = {number for number, who in people if who == seller}
    _go(page, "Customers")
    expect(page.locator("tr[data-row]").first).to_be_visible()
    shown = page.locator("tr[data-row] [data-open]").all_inner_texts()
    assert shown
    assert set(shown) <= own
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Dunning")).to_have_count(0)
    foreign = road.living.apart(lambda: _customer_of_another(road.company.id, own))
    for path, status in {f"customers/{foreign}/": 404, "customers/987654321/": 404, "runs/": 403}.items():
        assert page.context.request.get(f"{road.living.base_url}/c/acme/{path}").status == status


def _customer_of_another(company: int, own: set[str]) -> int:
    with serving(company), transaction.atomic():
        return int(Customer.objects.exclude(number__in=own).values_list("id", flat=True)[0])
