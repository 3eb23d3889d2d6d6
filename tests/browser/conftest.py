"""What the browser's tests share: one browser a module, and a database of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from debitora.kit.postgres import Server
from tests.browser.looks import a_browser
from tests.databases import own_database


@pytest.fixture(scope="module")
def own_house(
    django_db_setup: str, server: Server, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A clone of the test database and a home for the tests of one module, which commit to it."""
    with django_db_blocker.unblock():
        home = tmp_path_factory.mktemp("home")
        with own_database(server, django_db_setup, f"{django_db_setup}_seen", home):
            yield


@pytest.fixture(scope="module")
def browser(own_house: None) -> Iterator[Browser]:
    """One Chromium for a module. While it lives its loop runs in this thread: the database is spoken to apart."""
    with a_browser() as found:
        yield found
