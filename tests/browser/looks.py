"""What a browser test and the pictures share: the browser, signing in, axe, and what breaks a page silently."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

Theme = Literal["light", "dark"]
AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_PATIENCE = 60_000
"""Milliseconds to wait for a page or a part of it: machines that test are busy."""
_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_SETTLED = """() => document.fonts.status === "loaded"
    && !document.querySelector("p.loading, .htmx-request, .htmx-added")
    && [...document.querySelectorAll("[data-canvas]")].every(place => place.querySelector("canvas"))"""
"""What a page fetches after loading is there: fonts, panels, charts; and what came in has taken the focus it asks for."""
_RUN_AXE = "standards => axe.run(document, {runOnly: {type: 'tag', values: standards}})"


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at a page: width in CSS pixels, theme, language."""

    width: int = 1440
    theme: Theme = "light"
    language: str = "en"

    @property
    def name(self) -> str:
        """For file names: 1440-light-en."""
        return f"{self.width}-{self.theme}-{self.language}"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of axe that a page breaks: its id, how grave (minor, moderate, serious, critical), and where."""

    rule: str
    impact: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        shown = "; ".join(self.places[:3])
        return f"{self.impact} {self.rule} ({len(self.places)}): {shown}"


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a window: the one named by DEBITORA_CHROMIUM, Debian's, or playwright's own."""
    debian = Path("/usr/bin/chromium")
    named = os.environ.get("DEBITORA_CHROMIUM") or (str(debian) if debian.exists() else None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=named, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


def a_context(browser: Browser, look: Look) -> BrowserContext:
    """A fresh session that sees pages with that look; motion is reduced, so that pictures are still."""
    context = browser.new_context(
        viewport={"width": look.width, "height": 900 if look.width > 600 else 844},
        device_scale_factor=1 if look.width > 600 else 2,
        color_scheme=look.theme,
        locale={"de": "de-DE", "en": "en-GB"}.get(look.language, look.language),
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE)
    return context


def sign_in(page: Page, base_url: str, login: str, password: str) -> None:
    """Sign in through the form, as a person does."""
    page.goto(f"{base_url}/account/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("main button:not([type=button])")
    page.wait_for_load_state()


def watch(page: Page) -> list[str]:
    """A list that grows with what goes wrong on the page: script errors, refusals of the content security policy."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    return faults


def settle(page: Page) -> None:
    """Wait until nothing of the page is still on its way."""
    page.wait_for_function(_SETTLED)


def violations(page: Page) -> list[Violation]:
    """What axe finds against WCAG 2.2 AA on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_RUN_AXE, _STANDARDS)["violations"]
    return [
        Violation(
            one["id"], one["impact"], tuple(" ".join(map(str, node["target"])) for node in one["nodes"])
        )
        for one in found
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 is right, since only lists may scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
