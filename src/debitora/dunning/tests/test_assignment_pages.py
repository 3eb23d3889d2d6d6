"""The page of rules: whom each catches, that the counts add up, and that the sheet and the why-card say which it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import clear_script_prefix, reverse

from debitora.dunning.actions import assign
from debitora.dunning.models import Decision, OwnStrategy, Segment
from debitora.dunning.queries.assignments import overview
from debitora.dunning.queries.strategies import strategies
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_ready_company, a_run, a_strategy
from debitora.people.models import Company, User
from debitora.receivables.models import Item

ClientOf = Callable[[User], Client]


def here(name: str, *args: object) -> str:
    clear_script_prefix()  # an earlier request has left its company there
    return f"/c/acme{reverse(f'dunning:{name}', args=args)}"


@pytest.fixture
def acme(company: Company) -> Company:
    """Three late payers: a Dutch business, a business of unknown country, a consumer."""
    a_ready_company(company)
    a_late_payer(company, "1", country="NL")
    a_late_payer(company, "2")
    a_late_payer(company, "3", kind="consumer")
    return company


@pytest.fixture
def special(acme: Company) -> int:
    """A strategy that nothing names yet."""
    before = {row.kinds: row.id for row in strategies()}
    made = a_strategy(acme, kind="consumer")
    assign(company=acme.id, customer_kind="consumer", strategy=before[("consumer",)], by=TESTS, at=MOMENT)
    return made


def caught() -> tuple[int, list[int], dict[str, int], int]:
    seen = overview()
    by_kind = {kind: catch.customers for kind, catch in seen.company.items()}
    return seen.own.customers, [one.caught.customers for one in seen.rules], by_kind, seen.nobody.customers


def test_every_customer_is_caught_once_and_the_run_follows(
    acme: Company, special: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    assert caught() == (0, [], {"business": 2, "consumer": 1}, 0)
    for attributes in ({"country": "NL"}, {"kind": "business", "country": "NL"}):
        answer = client.post(here("rule_added"), {**attributes, "strategy": special})
        assert answer.status_code == 303
    assert caught() == (0, [1, 0], {"business": 1, "consumer": 1}, 0)
    page = client.get(here("assignments")).content.decode()
    assert "never asked: rule 1 catches all of these" in page
    a_run(acme)
    used = {row.id: row.version_id for row in strategies()}
    by_customer = dict(Decision.objects.values_list("customer_id", "strategy_version_id"))
    assert list(by_customer.values()).count(used[special]) == 1


def test_rules_change_places_and_go(acme: Company, special: int, manager: User, client_of: ClientOf) -> None:
    client = client_of(manager)
    for attributes in ({"country": "NL"}, {"kind": "business", "country": "NL"}):
        client.post(here("rule_added"), {**attributes, "strategy": special})
    first, second = Segment.objects.order_by("place").values_list("id", flat=True)
    client.post(here("rule_changed", second), {"do": "up"})
    assert list(Segment.objects.order_by("place").values_list("id", flat=True)) == [second, first]
    assert caught()[1] == [1, 0]
    again = client.post(here("rule_changed", second), {"do": "up"}, follow=True)
    assert "Nothing had to be changed" in again.content.decode()
    client.post(here("rule_changed", second), {"do": "remove"})
    assert caught()[1] == [1]
    assert client.post(here("rule_changed", second), {"do": "remove"}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose at least one attribute"),
        ({"country": "NL"}, "There is a rule for these customers already"),
        ({"country": "Atlantis"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_says_nothing_new_is_refused(
    acme: Company, special: int, manager: User, client_of: ClientOf, sent: dict[str, str], says: str
) -> None:
    client = client_of(manager)
    client.post(here("rule_added"), {"country": "NL", "strategy": special})
    answer = client.post(here("rule_added"), {**sent, "strategy": special})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Segment.objects.count() == 1


def test_the_sheet_and_the_why_card_say_which_rule_it_was(
    acme: Company, special: int, clerk: User, manager: User, client_of: ClientOf
) -> None:
    client = client_of(clerk)
    item = Item.objects.get(number="R-1-1")
    panel, card = here("customer_strategy", item.customer_id), here("why", item.id)
    assert "The company&#x27;s own for: Businesses." in client.get(panel).content.decode()
    client_of(manager).post(here("rule_added"), {"country": "NL", "strategy": special})
    for page in (panel, card):
        assert "By rule 1: Netherlands." in client.get(page).content.decode()
    chosen = here("customer_strategy_chosen", item.customer_id)
    other = next(row.id for row in strategies() if row.kinds == ("consumer",))
    assert client.post(chosen, {"strategy": other}).status_code == 303
    assert client.post(chosen, {"strategy": other}).status_code == 303, "twice is once"
    assert OwnStrategy.objects.count() == 1
    for page in (panel, card):
        assert "Chosen for this customer by a person" in client.get(page).content.decode()
    client.post(chosen, {"strategy": ""})
    assert not OwnStrategy.objects.exists()


def test_who_may_not_decide_sees_no_form_and_changes_nothing(
    acme: Company, special: int, auditor: User, clerk: User, client_of: ClientOf
) -> None:
    assert "Add this rule" not in client_of(auditor).get(here("assignments")).content.decode()
    assert (
        client_of(clerk).post(here("rule_added"), {"country": "NL", "strategy": special}).status_code == 403
    )
    assert not Segment.objects.exists()
