"""W03, W05, W13: nobody receives what is not hers, by whatever link, search, filter, export or form; and poison stays inert."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from debitora.documents.models import Blob
from debitora.documents.queries import read_bytes
from debitora.kit.pg.company import serving
from debitora.messaging.models import Intent
from tests.security.addresses import READ, WRITE, combinations, company_models
from tests.security.conftest import Pair, signed_in_client
from tests.security.crawling import Crawl
from tests.security.fingerprint import fingerprint
from tests.security.population import House
from tests.security.watching import Watched, plain_answers, running_parts

Sign = Callable[[str], Watched]
Crawled = Callable[[str], Crawl]
HOSTILE = ("\0", "%", "_", "'", "\\", "-1", "9" * 30, "x" * 10_000, "{{7*7}}", "٣", "1e9", "2026-02-31")


@pytest.mark.parametrize("name", ["manager", "sales"])
def test_w03_no_link_leads_to_what_is_not_hers(acme: House, crawled: Crawled, name: str) -> None:
    found = crawled(name)
    broken = {path: answer.status_code for path, answer in found.pages.items() if answer.status_code >= 400}
    assert broken == {}, "a link of ours leads nowhere"
    assert len(found.pages) > 25
    told = b"".join(answer.body for answer in found.pages.values())
    assert acme.mark.encode() in told, "the crawl saw nothing at all"
    assert b"&lt;img src=x onerror=zap()&gt;" in told, "the poison was never shown, so nothing was proven"


@pytest.mark.parametrize("name", ["manager", "sales"])
def test_w03_searches_and_filters_find_nothing_of_others(
    acme: House, umbra: House, watched: Sign, crawled: Crawled, name: str
) -> None:
    client = watched(name)
    words = [umbra.mark, *_foreign_ids(umbra)]
    for path, parameters in _asked(crawled(name)):
        for parameter in parameters:
            for word in words:
                answer = client.ask("GET", path, {parameter: word})
                told = answer.body.replace(word.encode(), b"")
                assert umbra.mark.encode() not in told, (path, parameter, word)
                assert answer.status_code < 500, (path, parameter, word)


def test_no_parameter_breaks_a_page(acme: House, watched: Sign, crawled: Crawled) -> None:
    client = watched("manager")
    for path, parameters in _asked(crawled("manager")):
        for word in HOSTILE:
            answer = client.get(path, dict.fromkeys(parameters, word))
            assert answer.status_code < 500, (path, parameters, word[:20])


def _asked(found: Crawl) -> list[tuple[str, list[str]]]:
    """The pages that take parameters, each kind once: path and the names that our own links send."""
    kinds: dict[str, tuple[str, set[str]]] = {}
    for path, names in found.parameters.items():
        kind = "".join("0" if each.isdigit() else each for each in path)
        kinds.setdefault(kind, (path, set()))[1].update(names - {"next"})
    return [(path, sorted(names)) for path, names in kinds.values() if names and path.startswith("/c/acme/")]


def _foreign_ids(umbra: House) -> list[str]:
    """One id of each of the other company's most asked-for tables."""
    with serving(umbra.company.id):
        found = [
            model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
            for model in company_models()
        ]
    return sorted({str(one) for one in found if one})[:4]


def test_w03_bodies_that_name_foreign_ids_touch_nothing(
    acme: House, umbra: House, watched: Sign, crawled: Crawled
) -> None:
    """Every write gets a body in which every field we know names something of the other company."""
    client, before = watched("manager"), fingerprint(umbra.company.id)
    fields = {name for form in crawled("manager").forms for name in form.fields}
    for address in WRITE:
        values = next(combinations(address, acme.company.id))
        for foreign in _foreign_ids(umbra):
            body = dict.fromkeys(fields, foreign)
            answer = client.post(address.path("acme", values), body)
            assert answer.status_code < 500, address
    assert fingerprint(umbra.company.id) == before


def test_w05_companies_take_turns_on_one_connection(acme: House, umbra: House, watched: Sign) -> None:
    """What one company is told stays the same whoever was served before."""
    hers = watched("manager")
    theirs = Watched(signed_in_client(umbra, "manager"), [acme.mark, acme.shade])
    for address in READ:
        if address.parameters:
            continue
        once = hers.get(address.path("acme", ())).status_code
        assert theirs.get(address.path("umbra", ())).status_code == once
        assert hers.get(address.path("acme", ())).status_code == once


def test_adding_a_company_changes_nothing_for_another(pair: Pair, acme: House) -> None:
    """Metamorphic: Acme's pages before Umbra had anything, and after, are the same bytes.

    But for workbooks, which say when they were written.
    """
    after = plain_answers(acme)
    pages = [path for path in pair.alone if not path.rstrip("/").endswith("xlsx")]
    assert [path for path in pages if pair.alone[path] != after[path]] == []


def test_w13_mails_hold_no_poison(acme: House) -> None:
    """The HTML of every mail is inert too, and nothing of it reaches out."""
    with serving(acme.company.id):
        bodies = [read_bytes(blob) for blob in Blob.objects.filter(id__in=Intent.objects.values("body_id"))]
    assert bodies
    for body in bodies:
        for part in _html_parts(body):
            assert running_parts(part) == []


def _html_parts(body: bytes) -> list[str]:
    from email import message_from_bytes
    from email.policy import default

    message: Any = message_from_bytes(body, policy=default)
    return [part.get_content() for part in message.walk() if part.get_content_type() == "text/html"]
