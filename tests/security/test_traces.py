"""A04: what anybody changes through a page, a record says who did it. Every form of every page is filled and sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve

from debitora.kit.pg.company import serving
from debitora.trail.models import Record
from tests.security.addresses import WRITE
from tests.security.crawling import Crawl
from tests.security.fingerprint import changed, fingerprint
from tests.security.population import House
from tests.security.watching import Watched

Sign = Callable[[str], Watched]
Crawled = Callable[[str], Crawl]


def test_a04_every_change_by_a_page_names_who_did_it(acme: House, watched: Sign, crawled: Crawled) -> None:
    client, traceless, reached, recorded = watched("manager"), [], set[str](), set[str]()
    for name, path, data in _presses(crawled("manager")):
        tables, records = _pressed(client, acme, path, data)
        reached.add(name)
        if records:
            recorded.add(name)
        elif tables:
            traceless.append((name, tables))
    assert dict(traceless) == {}, "changed without a record"
    assert len(recorded) > 12, sorted(recorded)
    print(
        f"{len(reached)} of {len(WRITE)} writes reached by their forms, {len(recorded)} left a record;"
        f" not reached: {sorted({address.name for address in WRITE} - reached)}"
    )


def _presses(found: Crawl) -> Iterator[tuple[str, str, Any]]:
    """Each button of each form of ours, a form of one kind three times at most."""
    seen: dict[tuple[Any, ...], int] = {}
    for form in found.forms:
        if form.method != "post":
            continue
        for path, data in form.pressed():
            name = _name(path)
            kind = (name, tuple(sorted(data)), tuple(button for button in form.buttons))
            seen[kind] = seen.get(kind, 0) + 1
            if name and seen[kind] <= 3:
                yield name, path, data


def _name(path: str) -> str:
    below = re.sub(r"^/c/acme", "", urlsplit(path).path)
    try:
        return resolve(below).view_name if path.startswith("/c/acme/") else ""
    except Resolver404:
        return ""


def _pressed(client: Watched, acme: House, path: str, data: Any) -> tuple[list[str], int]:
    """What the press changed, and how many records name this manager for it; then it is undone."""
    company, who = acme.company.id, acme.people["manager"].id
    with transaction.atomic():
        before, newest = fingerprint(company), _newest(company)
        answer = client.ask("POST", path, data)
        assert answer.status_code < 500, path
        tables = changed(before, fingerprint(company))
        with serving(company):
            records = Record.objects.filter(id__gt=newest, actor_id=who, actor_kind="user").count()
        transaction.set_rollback(True)
    return tables, records


def _newest(company: int) -> int:
    with serving(company):
        return Record.objects.order_by("-id").values_list("id", flat=True)[0]


def test_reading_writes_nothing(acme: House, watched: Sign, crawled: Crawled) -> None:
    """No GET changes a table: neither by scanners nor by a second look."""
    client, before = watched("manager"), fingerprint(acme.company.id)
    found = crawled("manager")
    with transaction.atomic():
        for path in found.pages:
            client.ask("GET", path)
        after = fingerprint(acme.company.id)
    assert after == before
