"""Rules and reasons as data: saved as versions, taken up again, kept with each case; over HTTP by who may, and by who may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from debitora.disputes.actions import (
    ReasonNotOffered,
    RoutingChangedMeanwhile,
    RoutingRefused,
    restore_routing,
    save_routing,
)
from debitora.disputes.forms.rule_words import days_words, escalation_words
from debitora.disputes.models import CaseRoute, CaseState, RoutingVersion
from debitora.disputes.queries.routing import preview, routing_of
from debitora.disputes.rules.routing import PRESET, Asked, Reason, Routing, Rule, Whom
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, Grant, User
from debitora.receivables.models import Item
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record

ClientOf = Callable[[User], Client]
PAGE = "/c/acme/settings/clarification/"
RULE: dict[str, Any] = {
    "version": 0,
    "reasons": ["price"],
    "above": "50",
    "currency": "EUR",
    "asked": "team:manager",
    "days": "1",
    "escalates_to": "",
    "escalates_after": "",
    "do": "save",
}


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


@pytest.fixture
def item(company: Company, sales: User) -> Item:
    customer = a_customer(company.id, name="Miller Ltd", salesperson_id=sales.id)
    return an_open_item(company.id, customer, number="R-1")


def boss_first(manager: User) -> Routing:
    rule = Rule(Asked(Whom.PERSON, manager.id), 1, ("price",), "EUR", 5_000)
    return replace(PRESET, rules=(rule, *PRESET.rules))


def save(company: Company, wanted: Routing, number: int = 0) -> int:
    return save_routing(company=company, number=number, wanted=wanted, by=TESTS, at=MOMENT)


def test_the_first_rule_that_fits_gives_the_case_and_stays_with_it(
    company: Company, item: Item, manager: User
) -> None:
    save(company, boss_first(manager))
    small, large = a_case(company, [item], minor=4_000), None
    assert CaseRoute.objects.get(case=small).place == 2
    other = an_open_item(company.id, item.customer_id, number="R-2")
    large = a_case(company, [other], minor=6_000)
    kept = CaseRoute.objects.get(case=large)
    assert (kept.version, kept.place, kept.asked_id) == (1, 1, manager.id)
    assert CaseState.objects.get(case=large).assignee_id == manager.id
    assert CaseState.objects.get(case=large).due_on.isoformat() == "2026-11-19"
    restore_routing(company=company, number=1, version=0, by=TESTS, at=MOMENT)
    assert routing_of(company=company.id).routing == PRESET
    assert CaseRoute.objects.get(case=large).rule["above_minor"] == 5_000


def test_a_team_gives_to_whoever_has_the_fewest(
    company: Company, item: Item, clerk: User, manager: User
) -> None:
    Grant.objects.filter(user=manager).update(role="clerk")
    second = manager
    team = Rule(Asked(Whom.TEAM, team="clerk"), 1)
    save(company, replace(PRESET, rules=(team,)))
    given = []
    for number in range(4):
        other = an_open_item(company.id, item.customer_id, number=f"T-{number}")
        given.append(CaseState.objects.get(case=a_case(company, [other])).assignee_id)
    assert sorted(given) == sorted([clerk.id, second.id] * 2)
    assert given[:2] == sorted([clerk.id, second.id])


def test_a_rule_is_not_looked_at_once_its_person_has_left(
    company: Company, item: Item, manager: User
) -> None:
    save(company, boss_first(manager))
    User.objects.filter(id=manager.id).update(is_active=False)
    case = a_case(company, [item])
    assert CaseRoute.objects.get(case=case).place == 2
    renamed = replace(boss_first(manager), rest=replace(PRESET.rest, days=9))
    assert save(company, renamed, 1) == 2  # what names her already may stay


def test_the_same_twice_is_one_version_and_an_old_form_is_refused(company: Company, manager: User) -> None:
    assert save(company, boss_first(manager)) == 1
    assert save(company, boss_first(manager), 1) == 1
    with pytest.raises(RoutingChangedMeanwhile):
        save(company, PRESET)
    with pytest.raises(RoutingRefused):
        save(company, replace(PRESET, rules=(Rule(Asked(Whom.PERSON, 10**9), 1),)), 1)
    with pytest.raises(RoutingRefused):
        save(company, replace(PRESET, rules=(Rule(Asked(Whom.OPENER), 1, salesperson=10**9),)), 1)
    assert [one.facts["version"] for one in Record.objects.filter(verb="routing.saved")] == [1]


def test_versions_and_routes_are_never_changed(company: Company, item: Item, manager: User) -> None:
    save(company, boss_first(manager))
    a_case(company, [item])
    for model in (RoutingVersion, CaseRoute):
        with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
            model.objects.update(company_id=company.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoutingVersion.objects.create(
            company_id=company.id, number=1, routing={}, made_at=MOMENT, made_by_label="x"
        )


def test_reasons_of_ones_own_and_retired_ones(company: Company, item: Item) -> None:
    with pytest.raises(ReasonNotOffered):
        a_case(company, [item], reason="own-1")
    own = Reason("own-1", {"en": "Customs"})
    retired = tuple(replace(one, retired=one.code == "price") for one in PRESET.reasons)
    save(company, replace(PRESET, reasons=(*retired, own)))
    assert a_case(company, [item], reason="own-1").reason == "own-1"
    other = an_open_item(company.id, item.customer_id, number="R-2")
    with pytest.raises(ReasonNotOffered):
        a_case(company, [other], reason="price")


def test_a_preview_names_who_would_get_todays_cases(
    company: Company, item: Item, manager: User, sales: User
) -> None:
    case = a_case(company, [item])
    seen = preview(company=company, routing=boss_first(manager), on=ON)
    assert (seen.looked_at, seen.caught[1]) == (1, 1)
    assert [(one.case, one.before, one.after) for one in seen.changes] == [(case.id, sales.id, manager.id)]
    assert preview(company=company, routing=PRESET, on=ON).changes == ()
    team = replace(PRESET, rules=(Rule(Asked(Whom.TEAM, team="manager"), 1),))
    assert len(preview(company=company, routing=team, on=ON).changes) == 1


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_manager_adds_a_rule_moves_it_and_takes_it_back(
    company: Company, item: Item, client_of: ClientOf, manager: User
) -> None:
    boss = client_of(manager)
    case = a_case(company, [item])
    shown = said(boss.get(PAGE))
    assert "the customer&#x27;s salesperson" in shown
    tried = said(boss.post(f"{PAGE}rules/new/", {**RULE, "do": "preview"}))
    assert "If this rule were kept" in tried
    assert not RoutingVersion.objects.exists()
    assert boss.post(f"{PAGE}rules/new/", RULE).status_code == 303
    place = len(PRESET.rules) + 1
    assert "more than" in said(boss.get(PAGE))
    for step in range(place - 1):
        moved = boss.post(f"{PAGE}rules/{place - step}/moved/", {"do": "up"})
        assert moved.status_code == 303
    assert routing_of(company=company.id).routing.rules[0].above_minor == 5_000
    assert "Nothing had to be changed." in said(boss.post(f"{PAGE}rules/1/moved/", {"do": "up"}, follow=True))
    number = routing_of(company=company.id).number
    assert boss.post(f"{PAGE}rules/1/moved/", {"do": "remove", "version": number}).status_code == 303
    stale = boss.post(f"{PAGE}rules/1/moved/", {"do": "remove", "version": number}, follow=True)
    assert "Somebody has changed the rules meanwhile." in said(stale)
    assert boss.post(f"{PAGE}versions/1/restoration/").status_code == 303
    assert routing_of(company=company.id).routing.rules[-1].above_minor == 5_000
    assert boss.post(f"{PAGE}versions/99/restoration/").status_code == 404
    assert boss.get(f"{PAGE}rules/99/").status_code == 404
    page = said(boss.get(f"/c/acme/clarification/{case.id}/"))
    assert "Rule 1: Price" in page


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"above": "much"}, "This is not an amount in EUR."),
        ({"currency": ""}, "An amount needs its currency."),
        ({"currency": "XXY"}, "This is not a currency."),
        ({"days": "61"}, "60"),
        ({"days": ""}, "This field is required."),
        ({"asked": "person:999999"}, "Select a valid choice."),
        ({"asked": "team:sales"}, "Select a valid choice."),
        ({"reasons": ["nonsense"]}, "Select a valid choice."),
        ({"escalates_to": "team:manager"}, "Say both"),
        ({"escalates_after": "2"}, "Say both"),
        ({"postcodes": "80-87"}, "Choose the country whose postcodes these are."),
        ({"postcodes": "1", "country": "GB"}, "do not begin with digits"),
        ({"postcodes": "80-870", "country": "DE"}, "“80-870” is no beginning of postcodes."),
        (
            {"postcodes": ",".join(str(one) for one in range(10, 40)), "country": "DE"},
            "Name 20 parts at most.",
        ),
        ({"product_groups": "x" * 61}, "No product group is as long as"),
        ({"product_groups": "\n".join(str(one) for one in range(21))}, "Name 20 product groups at most."),
    ],
)
def test_nonsense_is_named_at_its_field(
    client_of: ClientOf, manager: User, changes: dict[str, Any], named: str
) -> None:
    answer = client_of(manager).post(f"{PAGE}rules/new/", {**RULE, **changes})
    assert answer.status_code == 422
    assert named in said(answer)
    assert not RoutingVersion.objects.exists()


def test_a_rule_by_goods_and_region_is_said_in_words_and_takes_its_cases(
    company: Company, client_of: ClientOf, manager: User, item: Item
) -> None:
    munich = a_customer(company.id, "2", country="DE", postcode="80331")
    pumps = an_open_item(company.id, munich, number="P-1", group="Pumps")
    case = a_case(company, [pumps], reason="price")
    boss = client_of(manager)
    assert "Open items have: Pumps" in said(boss.get(f"{PAGE}rules/new/"))
    told = {**RULE, "above": "", "reasons": [], "country": "DE", "postcodes": "DE 80 - 87, 01",
            "product_groups": " pumps \r\n\r\nPUMPS\r\nDrives"}  # fmt: skip
    tried = said(boss.post(f"{PAGE}rules/new/", {**told, "do": "preview"}))
    assert "it would get 0" in tried  # the shipped rule for prices stands in front
    assert boss.post(f"{PAGE}rules/new/", told).status_code == 303
    kept = routing_of(company=company.id).routing
    rule = kept.rules[-1]
    assert (rule.country, rule.postcodes, rule.product_groups) == ("DE", ("80-87", "01"), ("PUMPS", "Drives"))
    save(company, replace(kept, rules=(rule, *kept.rules[:-1])), number=1)
    page = said(boss.get(PAGE))
    assert "customer in Germany, postcodes 80–87 / 01, product group PUMPS / Drives" in page
    shown = said(boss.get(f"{PAGE}rules/1/"))
    assert 'value="80-87, 01"' in shown
    assert "PUMPS\nDrives" in shown
    seen = preview(company=company, routing=routing_of(company=company.id).routing, on=ON)
    assert seen.caught[1] == 1
    assert [(one.case, one.place) for one in seen.changes] == [(case.id, 1)]
    other = an_open_item(company.id, munich, number="P-2", group="drives")
    assert CaseRoute.objects.get(case=a_case(company, [other], reason="price")).place == 1


def test_a_rule_that_no_case_reaches_is_named(company: Company, client_of: ClientOf, manager: User) -> None:
    boss = client_of(manager)
    last = len(PRESET.rules) + 1
    hidden = {**RULE, "above": "", "asked": "opener", "reasons": ["insolvency"], "country": "DE"}
    tried = said(boss.post(f"{PAGE}rules/new/", {**hidden, "do": "preview"}))
    assert "This rule would never be reached" in tried
    assert boss.post(f"{PAGE}rules/new/", hidden).status_code == 303
    assert "never reached: rule 4 gets these cases" in said(boss.get(PAGE))
    assert boss.post(f"{PAGE}rules/{last}/moved/", {"do": "remove"}).status_code == 303
    assert "never reached" not in said(boss.get(PAGE))


def test_an_old_form_is_refused_with_what_was_typed(
    company: Company, client_of: ClientOf, manager: User
) -> None:
    save(company, boss_first(manager))
    answer = client_of(manager).post(f"{PAGE}rules/1/", RULE)
    assert answer.status_code == 409
    assert "meanwhile" in said(answer)
    assert 'value="50"' in said(answer)


def test_the_rule_for_all_others_has_no_conditions(
    company: Company, client_of: ClientOf, manager: User
) -> None:
    boss, there = client_of(manager), f"{PAGE}rules/0/"
    assert "Which cases" not in said(boss.get(there))
    told = {**RULE, "country": "FR", "days": "7", "escalates_to": "team:manager", "escalates_after": "3"}
    assert boss.post(there, told).status_code == 303
    rest = routing_of(company=company.id).routing.rest
    assert (rest.days, rest.country, rest.escalates_after) == (7, "", 3)


def test_reasons_over_http(company: Company, item: Item, client_of: ClientOf, manager: User) -> None:
    boss = client_of(manager)
    assert boss.post(f"{PAGE}reasons/new/", {"version": 0}).status_code == 422
    assert boss.post(f"{PAGE}reasons/new/", {"version": 0, "name_de": "Zoll"}).status_code == 303
    assert "Zoll" in said(boss.get(f"/c/acme/items/{item.id}/clarification/"))
    told = {"version": 1, "name_en": "Wrong price"}
    assert boss.post(f"{PAGE}reasons/price/", told).status_code == 303
    a_case(company, [item])
    assert "Wrong price" in said(boss.get("/c/acme/clarification/"))
    assert boss.post(f"{PAGE}reasons/price/", {**told, "version": 2, "retired": "on"}).status_code == 303
    other = an_open_item(company.id, item.customer_id, number="R-2")
    assert "Wrong price" not in said(boss.get(f"/c/acme/items/{other.id}/clarification/"))
    assert "Wrong price" in said(boss.get("/c/acme/clarification/"))
    answer = boss.post(f"/c/acme/items/{other.id}/clarification/", {"reason": "price", "question": "?"})
    assert answer.status_code == 422
    assert boss.get(f"{PAGE}reasons/nonsense/").status_code == 404


def test_only_managers_change_rules(client_of: ClientOf, clerk: User, sales: User, auditor: User) -> None:
    assert client_of(auditor).get(PAGE).status_code == 200
    for person in (clerk, sales, auditor):
        assert client_of(person).post(f"{PAGE}rules/new/", RULE).status_code == 403
        assert client_of(person).post(f"{PAGE}reasons/new/", {"name_en": "x"}).status_code == 403
        assert client_of(person).post(f"{PAGE}versions/0/restoration/").status_code == 403
    assert not RoutingVersion.objects.exists()


def test_no_day_is_the_same_day_and_a_case_goes_on_the_day_after() -> None:
    assert [days_words(days) for days in (0, 1, 2)] == ["the same day", "1 working day", "2 working days"]
    rule = Rule(Asked(Whom.OPENER), 0, escalates_after=0, escalates_to=Asked(Whom.PERSON, 7))
    assert escalation_words(rule, people={7: "Rolf"}) == "1 working day after the last day: Rolf"
