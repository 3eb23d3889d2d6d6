"""W18, W23: what a page's own links and forms send, said with nonsense, and forms that say more than they were asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from debitora.dunning.actions import approve_run
from debitora.dunning.testing import a_run
from debitora.kit.pg.company import serving
from debitora.receivables.testing import a_customer
from tests.security.addresses import WRITE
from tests.security.conftest import Pair, signed_in_client
from tests.security.crawling import Crawl, kind_of
from tests.security.forms import Form
from tests.security.population import LATER, House
from tests.security.watching import Watched

Sign = Callable[[str], Watched]
Follow = Callable[[str], Crawl]

NONSENSE = (
    "%",
    "_%_",
    "\\",
    "'; drop table receivables_customer; --",
    '") or 1=1 --',
    "due_on, (select password from people_user limit 1)",
    "-amount__gt",
    "company__grant__user__password",
    '{"a": {"$ne": null}}',
    "0x7fffffffffffffff",
    "99999999999999999999999999",
    "-1",
    "31.02.2026",
    "1e400",
    "\u202e\u0000\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "ß" * 10_000,
)
MORE = {
    "role": "manager",
    "is_superuser": "on",
    "is_staff": "on",
    "is_active": "on",
    "password": "known to everybody",
    "permissions": "sending.lock",
    "id": "1",
    "state": "approved",
    "created_by": "1",
    "approved_by_id": "1",
}
"""What a form never asks a salesperson for."""


@pytest.mark.parametrize("text", NONSENSE, ids=lambda text: ascii(text[:24]))
def test_w23_nonsense_is_answered_and_never_runs(watched: Sign, crawled: Follow, text: str) -> None:
    """Every kind of page, with every parameter that it knows, all of them nonsense."""
    client = watched("manager")
    pages = _parameters(crawled("manager"))
    assert len(pages) > 20
    for path, names in pages.items():
        given = dict.fromkeys(names, text)
        assert client.get(path, given).status_code < 500, (path, given)


def test_w23_one_parameter_of_nonsense_is_answered_too(watched: Sign, crawled: Follow) -> None:
    """What stands beside it is sound, so that the one is reached."""
    client = watched("manager")
    for path, names in _parameters(crawled("manager")).items():
        for place, name in enumerate(sorted(names)):
            given = {name: NONSENSE[place % len(NONSENSE)]}
            assert client.get(path, given).status_code < 500, (path, given)


def _parameters(found: Crawl) -> dict[str, set[str]]:
    """One path of each kind of page -> all parameters that links and forms of that kind send."""
    first: dict[str, str] = {}
    pages: dict[str, set[str]] = {}
    for path, names in sorted(found.parameters.items()):
        if names and path.startswith("/c/acme/"):
            pages.setdefault(first.setdefault(kind_of(path)[0], path), set()).update(names)
    return pages


@pytest.mark.parametrize(
    ("typed", "found"), [("100%", {"100% Rabatt GmbH"}), ("a_b", {"a_b GmbH"}), ("c\\d", {"c\\d GmbH"})]
)
def test_w23_signs_of_a_pattern_are_letters(acme: House, typed: str, found: set[str]) -> None:
    """The control: without being escaped each would find its neighbour too."""
    names = ("100% Rabatt GmbH", "1000 Rabatt GmbH", "a_b GmbH", "axb GmbH", "c\\d GmbH", "cd GmbH")
    with transaction.atomic():
        with serving(acme.company.id):
            for place, name in enumerate(names):
                a_customer(acme.company.id, f"W23-{place}", name=name)
        page = signed_in_client(acme, "manager").get("/c/acme/customers/", {"text": typed})
        shown = page.content.decode()
        transaction.set_rollback(True)
    assert {name for name in names if name in shown} == found


@pytest.mark.parametrize("name", ["sales", "clerk"])
def test_w18_a_form_that_says_more_raises_nobody(acme: House, pair: Pair, crawled: Follow, name: str) -> None:
    """Her own forms, sent by a willing person with fields that nobody asked for."""
    client = signed_in_client(acme, name)
    foreign = {"company": pair.umbra.company.id, "company_id": pair.umbra.company.id}
    before = _powers(acme, pair)
    sent = 0
    for form in _forms(crawled(name)):
        for path, data in form.pressed():
            with transaction.atomic():
                answer = client.post(path, {**MORE, **foreign, "user": acme.people[name].id, **data})
                after = _powers(acme, pair)
                transaction.set_rollback(True)
            assert answer.status_code < 500, path
            assert after == before, path
            sent += 1
    assert sent > (3 if name == "sales" else 20)


def test_w18_control_a_power_that_is_used_is_seen(acme: House, pair: Pair) -> None:
    """There is something of every power, and an approval, which a manager's form gives, changes them."""
    before = _powers(acme, pair)
    assert all(before)
    with transaction.atomic():
        with serving(acme.company.id):
            run = a_run(acme.company, on=date(2027, 1, 20), at=LATER + timedelta(days=43)).run
            assert run is not None
            assert _powers(acme, pair) == before
            approve_run(company=acme.company.id, run=run, by=acme.clerk, at=LATER, confirmed=True)
        after = _powers(acme, pair)
        transaction.set_rollback(True)
    assert [old == new for old, new in zip(before, after, strict=True)].count(False) == 2


@pytest.mark.parametrize("address", WRITE, ids=str)
def test_w18_no_other_method_gets_round_a_form(acme: House, address: Any) -> None:
    """PATCH and PUT of a role, of a limit, of anything: there is no such door."""
    from tests.security.addresses import combinations

    values = next(combinations(address, acme.company.id))
    client: Client = signed_in_client(acme, "manager")
    for method in ("PATCH", "PUT", "DELETE"):
        answer = client.generic(
            method, address.path("acme", values), b'{"role": "manager"}', "application/json"
        )
        assert answer.status_code == 405


def _forms(found: Crawl) -> list[Form]:
    """One form of each kind that writes within the company; her own password and sign-in are her own affair."""
    kinds: dict[tuple[str, ...], Form] = {}
    for form in found.forms:
        if form.method == "post" and form.action.startswith("/c/acme/"):
            kinds.setdefault((*sorted(form.fields), *form.action.split("/")[3:5]), form)
    return list(kinds.values())


POWERS = (
    "select id, login, password, is_active from people_user order by id",
    "select * from people_grant order by id",
    "select id, state from dunning_run where state in ('approved', 'released') order by id",
    "select * from dunning_runapproval order by id",
    "select * from messaging_accountchangeend order by id",
    "select * from messaging_sender",
    "select * from messaging_text order by id",
    "select * from dunning_strategyversion order by id",
    "select * from cash_matchpolicy order by id",
)
"""Who may do what where, passwords included; what was approved and confirmed; what letters say, and on whose account."""


def _powers(acme: House, pair: Pair) -> list[list[tuple[Any, ...]]]:
    """What of both companies no clerk and no salesperson decides: the rows of each of the POWERS."""
    rows: list[list[tuple[Any, ...]]] = []
    for house in (acme, pair.umbra):
        with serving(house.company.id), transaction.atomic(), connection.cursor() as cursor:
            for statement in POWERS:
                cursor.execute(statement)
                rows.append(cursor.fetchall())
    return rows
