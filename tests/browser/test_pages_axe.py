"""Every page that can be read, as a manager with a full company sees it: axe, width, console, and inert names.

The company is the one of tests/security: its texts hold markup that would run if any page let it (W13). Pages come from
the URLconf, so a page that is added later is looked at without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page

from debitora.exchange.models import ListImport
from debitora.kit.pg.company import serving
from debitora.values.locales import LANGUAGES
from tests.browser.living import PASSWORD, Living, faults_of, living
from tests.browser.looks import Look, a_context, overflow, settle, sign_in, violations
from tests.security.addresses import READ, Address, combinations
from tests.security.population import LATER, POISON, House, founded, populate

pytestmark = pytest.mark.browser
GRAVE = ("serious", "critical")
DARK = {"desk:today", "receivables:items", "receivables:customer", "exchange:list_import", "dunning:run"}
"""Pages that are looked at in the dark theme too: each brings pieces of its own."""
MANY = {"exchange:list_import": 9, "exchange:columns": 3, "dunning:run": 3, "dunning:notice": 4}
"""Pages that differ by the state of what they show, and how many of them are looked at; of others, one."""
OUTSIDE = (
    "/companies/",
    "/account/login/",
    "/account/logout/",
    "/account/password/",
    "/account/again/",
    "/account/security/",
    "/account/security/app/",
    "/account/security/passkeys/new/",
    "/nowhere/",
)
"""Pages of no company."""
_CUT_MENUS = """() => [...document.querySelectorAll("details.menu")].filter(menu => {
    menu.open = true;
    const list = menu.querySelector(".menu-list").getBoundingClientRect();
    menu.open = false;
    return list.width && (list.left < 0 || list.right > document.documentElement.clientWidth);
}).map(menu => menu.querySelector("summary").ariaLabel || menu.innerText)"""
"""The names of menus that would open beyond the window's edges."""
_COLOURS = "piece => { const style = getComputedStyle(piece); return [style.color, style.backgroundColor]; }"
"""Of a piece of the page: its ink and its ground."""
_CODES = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
    while (texts.nextNode()) {
        const said = texts.currentNode.data.trim();
        if (texts.currentNode.parentElement.closest("script, style, textarea, pre, code, .mono, .compared")) continue;
        for (const code of said.match(/\\b[a-z]+_[a-z_]+\\b|^[a-z]+\\.(?!(example|nl)$)[a-z_]+$/g) ?? []) found.add(code);
    }
    return [...found];
}"""
"""Words of the program that nobody has put into words of the reader: a state such as refused_perm, a verb such as a.b."""
ZAP = "window.zapped = []; window.zap = () => window.zapped.push(location.href)"


class Visit(NamedTuple):
    """A signed-in page of the browser, and what went wrong in it so far."""

    page: Page
    faults: list[str]
    living: Living


@pytest.fixture(scope="module")
def house(own_house: None) -> House:
    """A company with something of everything."""
    found = founded("acme", mark="zqmineqz", shade="zqrivalqz", poison=POISON)
    populate(found)
    return found


@pytest.fixture(scope="module")
def visit(house: House, browser: Browser) -> Iterator[Visit]:
    """The manager, signed in."""
    with living(LATER) as lived:
        context = a_context(browser, Look())
        context.add_init_script(ZAP)
        faults = faults_of(context, lived.base_url)
        page = context.new_page()
        sign_in(page, lived.base_url, house.people["manager"].login, PASSWORD)
        yield Visit(page, faults, lived)
        context.close()


@pytest.mark.parametrize("address", READ, ids=str)
def test_a_page_can_be_read_by_everybody(address: Address, visit: Visit, house: House) -> None:
    seen = [path for path in _paths(address, visit, house) if _is_page(path, visit)]
    dark = set(seen[:1]) if address.name in DARK else set()
    found = [finding for path in seen for finding in _findings(path, visit, dark=path in dark)]
    assert found == []


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_page_of_no_company_can_be_read_by_everybody(path: str, visit: Visit) -> None:
    expected = {
        f"console: Failed to load resource: the server responded with a status of 404 (Not Found) ({visit.living.base_url}{path})"
    }
    assert set(_findings(path, visit)) <= expected


def test_the_list_of_imports_holds_every_state(visit: Visit, house: House) -> None:
    """What is looked at above is worth the look."""

    def states() -> set[str]:
        with serving(house.company.id), transaction.atomic():
            return set(ListImport.objects.values_list("state", flat=True))

    assert {"uploaded", "previewed", "held", "refused", "applied"} <= visit.living.apart(states)


def test_paper_is_white_in_the_dark_too(visit: Visit, house: House) -> None:
    page = visit.page
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{visit.living.base_url}/c/{house.company.code}/")
    settle(page)
    colours = [page.locator(piece).first.evaluate(_COLOURS) for piece in ("body", ".card")]
    page.emulate_media(media="screen", color_scheme="light")
    assert colours == [["rgb(23, 28, 34)", "rgb(255, 255, 255)"]] * 2


@pytest.fixture(scope="module")
def whole_pages(visit: Visit, house: House) -> list[str]:
    """The path of one whole page for each address, and the pages of no company."""
    first = (path for address in READ for path in _paths(address, visit, house)[:1])
    return [*(path for path in first if _is_page(path, visit)), *OUTSIDE]


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_the_longest_words_break_no_page(
    language: str, visit: Visit, house: House, whole_pages: list[str], browser: Browser
) -> None:
    """On a phone; English is looked at above."""
    context = a_context(browser, Look(width=390, language=language))
    page = context.new_page()
    sign_in(page, visit.living.base_url, house.people["manager"].login, PASSWORD)
    found = [finding for path in whole_pages for finding in _beyond(page, visit.living.base_url + path)]
    context.close()
    assert found == []


def _beyond(page: Page, url: str) -> Iterator[str]:
    """What of a page, or of its menus when they are open, lies outside the window."""
    page.goto(url)
    settle(page)
    if excess := overflow(page):
        yield f"{url}: {excess} px wider than the window"
    yield from (f"{url}: the menu {menu!r} is cut" for menu in page.evaluate(_CUT_MENUS))


def _paths(address: Address, visit: Visit, house: House) -> list[str]:
    found = visit.living.apart(
        lambda: list(islice(combinations(address, house.company.id), MANY.get(address.name, 1)))
    )
    return [address.path(house.company.code, values) for values in found]


def _is_page(path: str, visit: Visit) -> bool:
    """Whether a whole page answers: files, pictures, and pieces that other pages fetch are not looked at alone."""
    answer = visit.page.context.request.get(visit.living.base_url + path)
    assert answer.status in (200, 404), f"{path}: {answer.status}"
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    return answer.status == 200 and is_html and "<html" in answer.text()


def _findings(path: str, visit: Visit, *, dark: bool = False) -> list[str]:
    """What is wrong with one page: on a desk, on a phone, and in the dark."""
    page, found = visit.page, []
    visit.faults.clear()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(visit.living.base_url + path)
    settle(page)
    found += _grave(page, "1440")
    page.set_viewport_size({"width": 390, "height": 844})
    found += _grave(page, "390")
    if excess := overflow(page):
        found.append(f"390: {excess} px wider than the window")
    if dark:
        page.emulate_media(color_scheme="dark")
        page.reload()
        settle(page)
        found += _grave(page, "390 dark")
        page.set_viewport_size({"width": 1440, "height": 900})
        found += _grave(page, "1440 dark")
        page.emulate_media(color_scheme="light")
    found += [f"says {code!r}" for code in page.evaluate(_CODES)]
    found += [f"ran: {where}" for where in page.evaluate("window.zapped")]
    return [f"{path}: {one}" for one in found] + visit.faults


def _grave(page: Page, look: str) -> list[str]:
    return [f"{look}: {one}" for one in violations(page) if one.impact in GRAVE]
