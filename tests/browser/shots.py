"""Pictures of pages in every look, and what axe, the console and the window's edge say about them.

    python -m tests.browser.shots http://127.0.0.1:8000 --login clerk --password … items=/c/demo/items/ …

Pictures go to --out as <name>-<width>-<theme>-<language>.png. Exits with 1 when something was found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import get_args

from playwright.sync_api import Browser, Page

from tests.browser.looks import (
    Look,
    Theme,
    a_browser,
    a_context,
    overflow,
    settle,
    sign_in,
    violations,
    watch,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look at: named paths below a base address, seen by whom, in which looks, put where."""

    base_url: str
    pages: tuple[tuple[str, str], ...]
    looks: tuple[Look, ...]
    out: Path
    login: str = ""
    password: str = ""


def shoot(wish: Wish) -> list[str]:
    """Take every picture of the wish; return what was found, one line each, with the picture's name."""
    wish.out.mkdir(parents=True, exist_ok=True)
    with a_browser() as browser:
        return [finding for look in wish.looks for finding in _seen_with(browser, wish, look)]


def _seen_with(browser: Browser, wish: Wish, look: Look) -> Iterator[str]:
    context = a_context(browser, look)
    page = context.new_page()
    faults = watch(page)
    if wish.login:
        sign_in(page, wish.base_url, wish.login, wish.password)
    for name, path in wish.pages:
        faults.clear()
        page.goto(wish.base_url + path)
        yield from (f"{name}-{look.name}: {finding}" for finding in _seen(page, wish.out, name, look))
        yield from (f"{name}-{look.name}: {fault}" for fault in faults)
    context.close()


def _seen(page: Page, out: Path, name: str, look: Look) -> Iterator[str]:
    settle(page)
    page.screenshot(path=out / f"{name}-{look.name}.png", full_page=True)
    yield from (str(violation) for violation in violations(page))
    if excess := overflow(page):
        yield f"{excess} px wider than the window"


def _wish(arguments: Sequence[str]) -> Wish:
    parser = argparse.ArgumentParser(
        prog="shots", description="Pictures of pages, and what is wrong with them."
    )
    parser.add_argument("base_url")
    parser.add_argument("pages", nargs="+", metavar="name=/path")
    parser.add_argument("--login", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--out", type=Path, default=Path("build/shots"))
    parser.add_argument("--widths", type=int, nargs="+", default=[1440, 390])
    parser.add_argument("--themes", nargs="+", choices=get_args(Theme), default=list(get_args(Theme)))
    parser.add_argument("--languages", nargs="+", default=["de", "en"])
    given = parser.parse_intermixed_args(arguments)
    looks = tuple(Look(*look) for look in product(given.widths, given.themes, given.languages))
    pages = tuple((name, path) for name, _, path in (page.partition("=") for page in given.pages))
    return Wish(given.base_url.rstrip("/"), pages, looks, given.out, given.login, given.password)


def main(arguments: Sequence[str]) -> int:
    """Take the pictures that the arguments name; print what was found."""
    found = shoot(_wish(arguments))
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
