"""A database of its own with two populated companies, made once for these tests; each test is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from debitora.kit.runtime import clock_at
from debitora.people.testing import signed_in
from tests.databases import own_database
from tests.security.addresses import values_of
from tests.security.crawling import Crawl, crawl
from tests.security.population import LATER, POISON, House, founded, populate
from tests.security.watching import Watched


@dataclass(frozen=True)
class Pair:
    """Acme, whose texts are poisoned, and Umbra, of whom nobody at Acme may ever see the mark."""

    acme: House
    umbra: House
    alone: dict[str, bytes]
    """What Acme's pages answered its manager before Umbra had anything."""
    crawls: dict[str, Crawl] = field(default_factory=dict)
    """What each person found by following links, kept, for it is asked for often."""


@pytest.fixture(scope="package")
def pair(
    django_db_setup: str,
    template: str,
    server: Any,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Pair]:
    """Both companies, committed to a clone of the test database that is dropped afterwards, in a home of its own."""
    name, home = f"{django_db_setup}_pair", tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), own_database(server, template, name, home):
        yield _built()


def _built() -> Pair:
    values_of.cache_clear()
    acme = founded("acme", mark="zqmineqz", shade="zqrivalqz", poison=POISON)
    populate(acme)
    alone = _pages(acme)
    umbra = founded("umbra", mark="zqumbraqz", shade="zqnachtqz", poison="")
    populate(umbra)
    return Pair(acme, umbra, alone)


def _pages(house: House) -> dict[str, bytes]:
    from tests.security.watching import plain_answers

    with clock_at(LATER):
        return plain_answers(house)


@pytest.fixture
def acme(pair: Pair, db: None) -> Iterator[House]:
    """Acme, while the clock stands at the evening of its last run."""
    with clock_at(LATER):
        yield pair.acme


@pytest.fixture
def umbra(pair: Pair, acme: House) -> House:
    """Umbra, of another people."""
    return pair.umbra


@pytest.fixture
def watched(pair: Pair, acme: House) -> Any:
    """Signs one of Acme's people in, by name, with a client that looks at every answer for what must not be in it."""

    def signed_in(name: str) -> Watched:
        forbidden = [pair.umbra.mark, pair.umbra.shade, "umbra"]
        if name == "sales":
            forbidden.append(acme.shade)
        return Watched(signed_in_client(acme, name), forbidden)

    return signed_in


@pytest.fixture
def crawled(pair: Pair, watched: Any) -> Any:
    """What one of Acme's people finds by following every link from the front page, by name."""

    def found(name: str) -> Crawl:
        if name not in pair.crawls:
            pair.crawls[name] = crawl(watched(name), "/c/acme/")
        return pair.crawls[name]

    return found


def signed_in_client(house: House, name: str) -> Client:
    """A client of one of a company's people."""
    return signed_in(house.people[name])
