"""From a list to an approved run without a mouse: nothing is pressed but keys, and nothing is touched by a script."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from debitora.demo.catcher import MailCatcher
from debitora.messaging.testing import MOMENT
from debitora.people.models import Company
from tests.browser.founding import founded, sign_in_by_keyboard
from tests.browser.living import Living, faults_of, living
from tests.browser.looks import Look, a_context, settle

pytestmark = pytest.mark.browser
ROUND = 120
"""So many presses of Tab lead around every page of the road."""
ROWS = 10
LIST = "Rechnung;Kd.;Firma;Datum;Fälligkeit;Offen;E-Mail\n" + "".join(
    f"RE-{number};{number % 5};Kunde {number % 5} GmbH;30.10.2026;{number + 1:02}.11.2026;1.190,0{number % 10};k{number % 5}@kunde.example\n"
    for number in range(ROWS)
)
"""A list with one heading that nobody can know: "Kd." is given its meaning by hand."""
TELL_OF_POINTERS = "addEventListener('pointerdown', () => window.pointed(), true)"


@dataclass(frozen=True)
class Desk:
    """The page in front of a manager, where it answers, what went wrong, and each press of a mouse."""

    page: Page
    living: Living
    faults: list[str]
    pointed: list[bool]


@pytest.fixture(scope="module")
def company(own_house: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company that may send."""
    with MailCatcher(tmp_path_factory.mktemp("mails")) as catcher:
        yield founded({"manager": "Mona Manager"}, port=catcher.port)


@pytest.fixture
def desk(company: Company, browser: Browser) -> Iterator[Desk]:
    """The manager's browser; it tells of every pointer."""
    with living(MOMENT) as lived:
        context = a_context(browser, Look())
        faults, pointed = faults_of(context, lived.base_url), list[bool]()
        context.expose_function("pointed", lambda: pointed.append(True))
        context.add_init_script(TELL_OF_POINTERS)
        page = context.new_page()
        page.on(
            "filechooser", lambda _chooser: None
        )  # asked for late, the browser may open its own dialog first
        yield Desk(page, lived, faults, pointed)
        context.close()


def test_a_list_becomes_an_approved_run_by_keys_alone(desk: Desk) -> None:
    sign_in_by_keyboard(desk.page, desk.living.base_url, "manager")
    _upload(desk.page)
    _name_the_column(desk.page)
    _apply(desk)
    _start(desk.page)
    _look(desk.page)
    _approve(desk)
    assert desk.faults == []
    assert desk.pointed == []


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until it has the focus, as a person does who sees where the ring is."""
    expect(wanted).to_be_attached()
    for _press_of_tab in range(ROUND):
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"Tab never reaches {wanted}")


def _create(page: Page, what: str) -> None:
    """`c` opens what can be created; arrows choose."""
    page.keyboard.press("c")
    entry = page.get_by_role("link", name=what, exact=True).first
    for _step in range(5):
        if entry.evaluate("entry => entry === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _upload(page: Page) -> None:
    _create(page, "Import a list")
    _tab_to(page, page.locator("[name=file]"))
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Enter")
    data = io.BytesIO(LIST.encode("cp1252")).getvalue()
    chosen.value.set_files({"name": "offen.csv", "mimeType": "text/csv", "buffer": data})
    _tab_to(page, page.get_by_label("Source"))
    _press(page, "ControlOrMeta+a")
    page.keyboard.type("ERP")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="First rows of the file")).to_be_visible()


def _name_the_column(page: Page) -> None:
    """What "Kd." holds is chosen by typing; the page shows at once how it is read, and the focus stays."""
    column = page.locator("[name=column-1]")
    _tab_to(page, column)
    page.keyboard.type("Customer num")
    expect(page.get_by_role("table", name="As it will be read")).to_be_visible()
    settle(page)
    expect(column).to_be_focused()
    _tab_to(page, page.get_by_role("button", name="Preview"), back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{ROWS} rows read. Nothing has been changed yet.")).to_be_visible()


def _apply(desk: Desk) -> None:
    _tab_to(desk.page, desk.page.get_by_role("button", name="Apply"))
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("progressbar")).to_be_visible()
    desk.living.work_off()
    expect(desk.page.get_by_text("The list was applied")).to_be_visible()


def _start(page: Page) -> None:
    _create(page, "Start a dunning run")
    _tab_to(page, page.get_by_role("button", name="Start"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Run of")).to_be_visible()
    expect(page.locator("tr[data-row]").first).to_be_visible()


def _look(page: Page) -> None:
    """The search; a notice beside the list, and back; a row chosen, and let go again; the help."""
    panel = page.locator("#panel")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("Escape")
    _press(page, "j", "j", "k", "Enter")
    expect(panel.get_by_role("heading").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("tr.is-current [data-open]")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def _approve(desk: Desk) -> None:
    page = desk.page
    _tab_to(page, page.get_by_role("link", name="Approve"), back=True)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    _tab_to(page, dialog.get_by_role("button", name="Approve"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Letters are being made")).to_be_visible()
    desk.living.work_off()
    expect(page.get_by_text("Letters are being made")).to_be_hidden()
    expect(page.get_by_text("Released")).to_be_visible()
