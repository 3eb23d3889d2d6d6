"""Tables and properties: whom a case is put to, by which rule, for how many days; and what of a routing is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.disputes.rules.routing import (
    MOST_RULES,
    PRESET,
    REST,
    Asked,
    CaseReason,
    Facts,
    Reason,
    Routing,
    Rule,
    Whom,
    answer_by,
    fault,
    fits,
    route,
)
from debitora.disputes.rules.routing_file import read, read_rule, written, written_rule
from debitora.values.days import is_working_day

ON = date(2026, 11, 18)  # a Wednesday
SALES, CLERK, BOSS = 7, 3, 1
TEAMS = {"clerk": [4, CLERK], "manager": [BOSS]}
LANGUAGES = ("de", "en", "fr", "nl")


def facts(**changes: Any) -> Facts:
    known: dict[str, Any] = {
        "reason": "price",
        "minor": 10_000,
        "currency": "EUR",
        "country": "DE",
        "kind": "business",
        "salesperson": SALES,
        "opener": CLERK,
        "there": frozenset({SALES, CLERK, BOSS, 4}),
        "teams": TEAMS,
    }
    return Facts(**{**known, **changes})


@pytest.mark.parametrize(
    ("reason", "salesperson", "opener", "asked"),
    [
        (CaseReason.PRICE, SALES, CLERK, SALES),
        (CaseReason.PRICE, None, CLERK, CLERK),
        (CaseReason.PRICE, None, None, None),
        (CaseReason.DUPLICATE, SALES, CLERK, CLERK),
        (CaseReason.ALREADY_PAID, SALES, CLERK, CLERK),
        (CaseReason.INSOLVENCY, SALES, CLERK, CLERK),
        (CaseReason.SPECIAL_DEAL, SALES, CLERK, SALES),
        (CaseReason.OTHER, SALES, None, SALES),
        (CaseReason.OTHER, None, CLERK, CLERK),
    ],
)
def test_whom_the_preset_asks(
    reason: CaseReason, salesperson: int | None, opener: int | None, asked: int | None
) -> None:
    given_to = route(PRESET, facts(reason=reason, salesperson=salesperson, opener=opener))
    assert given_to.assignee == asked


ABROAD = Rule(Asked(Whom.PERSON, BOSS), 4, ("price",), "EUR", 500_000, "FR")


@pytest.mark.parametrize(
    ("changes", "caught"),
    [
        ({"country": "FR", "minor": 500_001}, True),
        ({"country": "FR", "minor": 500_000}, False),
        ({"country": "DE", "minor": 500_001}, False),
        ({"country": "FR", "minor": 500_001, "currency": "CHF"}, False),
        ({"country": "FR", "minor": 500_001, "reason": "quality"}, False),
    ],
)
def test_all_that_a_rule_names_must_be_the_cases(changes: dict[str, Any], *, caught: bool) -> None:
    assert fits(ABROAD, facts(**changes)) is caught


@pytest.mark.parametrize(
    ("rule", "changes", "caught"),
    [
        ({"kind": "consumer"}, {}, False),
        ({"kind": "business"}, {}, True),
        ({"salesperson": SALES}, {}, True),
        ({"salesperson": SALES}, {"salesperson": None}, False),
        ({"currency": "EUR"}, {"minor": 1}, True),
        ({}, {}, True),
        ({"product_groups": ("20", "Pumps")}, {"product_groups": ["30", "PUMPS"]}, True),
        ({"product_groups": ("20",)}, {"product_groups": ["200"]}, False),
        ({"product_groups": ("20",)}, {}, False),
        ({"country": "DE", "postcodes": ("80-87",)}, {"postcode": "81669"}, True),
        ({"country": "DE", "postcodes": ("80-87",)}, {"postcode": "88001"}, False),
        ({"country": "DE", "postcodes": ("80-87",)}, {"postcode": ""}, False),
        ({"country": "AT", "postcodes": ("1",)}, {"postcode": "1010"}, False),
    ],
)
def test_each_condition(rule: dict[str, Any], changes: dict[str, Any], *, caught: bool) -> None:
    assert fits(Rule(Asked(Whom.OPENER), 1, **rule), facts(**changes)) is caught


@pytest.mark.parametrize(
    ("asked", "changes", "place", "assignee"),
    [
        (Asked(Whom.PERSON, BOSS), {}, 1, BOSS),
        (Asked(Whom.PERSON, 99), {}, REST, CLERK),  # has left
        (Asked(Whom.SALESPERSON), {"salesperson": None}, REST, CLERK),
        (Asked(Whom.TEAM, team="clerk"), {}, 1, 4),
        (Asked(Whom.TEAM, team="clerk"), {"there": frozenset({CLERK})}, 1, CLERK),
        (Asked(Whom.TEAM, team="clerk"), {"teams": {}}, REST, CLERK),
        (Asked(Whom.OPENER), {"opener": None}, 1, None),
    ],
)
def test_who_is_not_there_is_not_asked(
    asked: Asked, changes: dict[str, Any], place: int, assignee: int | None
) -> None:
    routing = Routing(PRESET.reasons, (Rule(asked, 1),), Rule(Asked(Whom.TEAM, team="nobody"), 5))
    given_to = route(routing, facts(**changes))
    assert (given_to.place, given_to.assignee) == (place, assignee)


@pytest.mark.parametrize(
    ("days", "on", "until"),
    [
        (3, ON, date(2026, 11, 23)),  # Thursday, Friday, Monday
        (1, date(2026, 11, 20), date(2026, 11, 23)),
        (2, date(2026, 12, 23), date(2026, 12, 28)),  # Christmas Day is a Friday
        (0, ON, ON),
    ],
)
def test_days_to_answer_are_working_days(days: int, on: date, until: date) -> None:
    assert answer_by(days, on=on, country="DE") == until


@given(st.integers(1, 60), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_answer_is_wanted_on_a_later_working_day(days: int, on: date) -> None:
    until = answer_by(days, on=on, country="DE")
    assert until > on + timedelta(days=days - 1)
    assert is_working_day(until, "DE")


USERS = st.sampled_from([None, SALES, CLERK, BOSS, 4, 99])
ASKED = st.one_of(
    st.sampled_from([Asked(Whom.SALESPERSON), Asked(Whom.OPENER), Asked(Whom.TEAM, team="clerk")]),
    st.builds(Asked, st.just(Whom.PERSON), st.sampled_from([CLERK, BOSS, 99])),
)
RULES = st.builds(
    Rule,
    asked=ASKED,
    days=st.integers(0, 10),
    reasons=st.lists(st.sampled_from([one.value for one in CaseReason]), max_size=3, unique=True).map(tuple),
    currency=st.sampled_from(["", "EUR", "CHF"]),
    country=st.sampled_from(["", "DE", "FR"]),
    kind=st.sampled_from(["", "business", "consumer"]),
    salesperson=st.sampled_from([None, SALES, 99]),
    product_groups=st.sampled_from([(), ("20",), ("20", "30")]),
)
RULES = st.builds(
    lambda rule, parts: replace(rule, postcodes=parts if rule.country else ()),
    RULES,
    st.sampled_from([(), ("1",), ("10",), ("1-3",), ("0-9",), ("12-45", "7")]),
)
CASES = st.builds(
    facts,
    reason=st.sampled_from([one.value for one in CaseReason]),
    minor=st.integers(1, 1_000_000),
    currency=st.sampled_from(["EUR", "CHF"]),
    country=st.sampled_from(["DE", "FR", "NL"]),
    kind=st.sampled_from(["business", "consumer", "unknown"]),
    salesperson=st.sampled_from([None, SALES]),
    opener=st.sampled_from([None, CLERK]),
    there=st.frozensets(st.sampled_from([SALES, CLERK, BOSS, 4])),
    product_groups=st.lists(st.sampled_from(["20", "30", "40"]), max_size=2),
    postcode=st.sampled_from(["", "10115", "35037", "1012 AB", "70173", "97070"]),
)


@given(st.lists(RULES, max_size=6).map(tuple), CASES)
def test_the_first_that_fits_and_has_somebody_counts(rules: tuple[Rule, ...], known: Facts) -> None:
    routing = Routing(PRESET.reasons, rules, PRESET.rest)
    given_to = route(routing, known)
    before = rules if given_to.place == REST else rules[: given_to.place - 1]
    for rule in before:
        alone = route(Routing(PRESET.reasons, (rule,), PRESET.rest), known)
        assert alone.place == REST
    if given_to.place != REST:
        assert fits(given_to.rule, known)
        assert given_to.assignee in known.there or given_to.rule.asked.whom is Whom.OPENER


@given(st.lists(RULES, max_size=6).map(tuple))
def test_what_is_written_is_read_again(rules: tuple[Rule, ...]) -> None:
    routing = Routing((*PRESET.reasons, Reason("own-1", {"de": "Zoll"}, retired=True)), rules, PRESET.rest)
    assert read(json.loads(json.dumps(written(routing)))) == routing
    assert all(read_rule(json.loads(json.dumps(written_rule(rule)))) == rule for rule in rules)


def with_rule(**changes: Any) -> Routing:
    return replace(PRESET, rules=(replace(PRESET.rules[0], **changes),))


@pytest.mark.parametrize(
    ("routing", "wrong"),
    [
        (PRESET, None),
        (with_rule(days=61), "days"),
        (with_rule(days=-1), "days"),
        (with_rule(escalates_after=99), "days"),
        (with_rule(above_minor=5), "amount"),
        (with_rule(above_minor=-5, currency="EUR"), "amount"),
        (with_rule(reasons=("nonsense",)), "reason"),
        (with_rule(asked=Asked(Whom.PERSON, 99)), "person"),
        (with_rule(asked=Asked(Whom.PERSON)), "person"),
        (with_rule(asked=Asked(Whom.OPENER, BOSS)), "person"),
        (with_rule(asked=Asked(Whom.TEAM, team="sales")), "team"),
        (with_rule(escalates_to=None), "escalation"),
        (with_rule(escalates_to=Asked(Whom.OPENER)), "escalation"),
        (with_rule(escalates_to=Asked(Whom.PERSON, 99)), "person"),
        (with_rule(product_groups=("20", "Pumps"), country="DE", postcodes=("80-87", "01")), None),
        (with_rule(product_groups=("",)), "groups"),
        (with_rule(product_groups=("x" * 61,)), "groups"),
        (with_rule(product_groups=tuple(str(one) for one in range(21))), "groups"),
        (with_rule(postcodes=("80",)), "postcodes"),
        (with_rule(country="GB", postcodes=("80",)), "postcodes"),
        (with_rule(country="AT", postcodes=("12345",)), "postcodes"),
        (with_rule(country="DE", postcodes=tuple(str(one) for one in range(10, 31))), "postcodes"),
        (replace(PRESET, rest=replace(PRESET.rest, country="FR")), "rest_narrows"),
        (replace(PRESET, rest=replace(PRESET.rest, product_groups=("20",))), "rest_narrows"),
        (replace(PRESET, rules=PRESET.rules[:1] * (MOST_RULES + 1)), "too_many"),
        (replace(PRESET, reasons=PRESET.reasons[1:]), "reason"),
        (replace(PRESET, reasons=(*PRESET.reasons, PRESET.reasons[0])), "reason"),
        (replace(PRESET, reasons=(*PRESET.reasons, Reason("own-1"))), "name"),
        (replace(PRESET, reasons=(*PRESET.reasons, Reason("own-1", {"xx": "?"}))), "name"),
    ],
)
def test_what_of_a_routing_is_refused(routing: Routing, wrong: str | None) -> None:
    assert fault(routing, people=frozenset({CLERK, BOSS}), languages=LANGUAGES) == wrong
