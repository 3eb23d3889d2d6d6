"""The legal catalogue: every bad strategy and notice is caught by the rule that is named, and its good twin is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from debitora.dunning.rules import presets
from debitora.dunning.rules.law.policies import default_exists, findings
from debitora.dunning.rules.law.rules import Certainty, Rule
from debitora.dunning.rules.policy import Channel, Claims, Interest, Policy
from debitora.dunning.tests.test_legal_notices import NOTICES
from debitora.values.money import Money
from debitora.values.rates import shipped

TODAY = date(2026, 11, 23)
NO_TEXTS: dict[str, str] = {}
Steps = Mapping[int, Mapping[str, Any]]
UNCHANGED: Steps = {}
NOTHING = Claims()


def fee(amount: str) -> tuple[Money, ...]:
    return (Money.of(amount, "EUR"),)


def a_policy(name: str, *, claims: Claims = NOTHING, steps: Steps = UNCHANGED, country: str = "") -> Policy:
    """A preset with other claims, and other values in some of its steps."""
    shipped_one = presets.preset(name)
    changed = tuple(
        replace(step, **steps.get(level, {})) for level, step in enumerate(shipped_one.steps, start=1)
    )
    return replace(shipped_one, claims=claims, steps=changed, country=country or shipped_one.country)


def broken(policy: Policy, texts: Mapping[str, str] = NO_TEXTS) -> list[tuple[Rule, str]]:
    """The rules that a strategy breaks, each with its place."""
    return [(one.rule, one.place) for one in findings(policy, on=TODAY, tables=shipped(), texts=texts)]


def rules_of(policy: Policy, texts: Mapping[str, str] = NO_TEXTS) -> set[Rule]:
    """The rules that a strategy breaks."""
    return {rule for rule, _place in broken(policy, texts)}


AGREED = Claims(costs_agreed=True)
STATUTORY = Claims(interest=Interest.STATUTORY)
AGREED_RATE = Claims(interest=Interest.AGREED, agreed_bp=1_500)
LUMP_SUM = Claims(lump_sum=True)

CATALOGUE: list[tuple[Rule, str, Policy, Policy]] = [
    (
        Rule.COST_CAUSES_DEFAULT,
        "steps[2].fee",
        a_policy("de-business", steps={2: {"fee": fee("2.50")}}),
        a_policy("de-business", steps={3: {"fee": fee("2.50")}}),
    ),
    (
        Rule.COST_CAUSES_DEFAULT,
        "steps[1].fee",
        a_policy("de-business", steps={1: {"fee": fee("1")}}),
        a_policy("de-business", steps={1: {"fee": fee("1")}}, claims=Claims(due_date_agreed=True)),
    ),
    (
        Rule.COST_CAUSES_DEFAULT,
        "steps[2].claim_lump_sum",
        a_policy("de-business", claims=LUMP_SUM, steps={2: {"claim_lump_sum": True}}),
        a_policy("de-business", claims=LUMP_SUM, steps={3: {"claim_lump_sum": True}}),
    ),
    (
        Rule.CONSUMER_FEE_VOID,
        "steps[3].fee",
        a_policy("de-consumer", steps={3: {"fee": fee("2.50")}}),
        a_policy("de-consumer", steps={3: {"fee": fee("0.76")}}),
    ),
    (
        Rule.CONSUMER_FEE_ABOVE_COST,
        "steps[3].fee",
        a_policy("de-consumer", steps={3: {"fee": fee("0.77")}}),
        a_policy("de-business", steps={3: {"fee": fee("0.77")}}),
    ),
    (
        Rule.FEE_WITH_LUMP_SUM,
        "steps[3].fee",
        a_policy("de-business", claims=LUMP_SUM, steps={3: {"fee": fee("2"), "claim_lump_sum": True}}),
        a_policy("de-business", claims=LUMP_SUM, steps={3: {"claim_lump_sum": True}}),
    ),
    (
        Rule.LUMP_SUM_CONSUMER,
        "claims.lump_sum",
        a_policy("fr-consumer", claims=LUMP_SUM),
        a_policy("fr-business", claims=LUMP_SUM),
    ),
    (
        Rule.CLAIM_NOT_CHOSEN,
        "steps[3].claim_interest",
        a_policy("de-business", steps={3: {"claim_interest": True}}),
        a_policy("de-business", claims=STATUTORY, steps={3: {"claim_interest": True}}),
    ),
    (
        Rule.CLAIM_NOT_CHOSEN,
        "steps[3].claim_lump_sum",
        a_policy("de-business", steps={3: {"claim_lump_sum": True}}),
        a_policy("de-business", claims=LUMP_SUM, steps={3: {"claim_lump_sum": True}}),
    ),
    (
        Rule.SWISS_COST_NOT_AGREED,
        "steps[3].fee",
        a_policy("ch-business", steps={3: {"fee": fee("20")}}),
        a_policy("ch-business", claims=AGREED, steps={3: {"fee": fee("20")}}),
    ),
    (
        Rule.SWISS_COST_NOT_AGREED,
        "claims.lump_sum",
        a_policy("ch-business", claims=LUMP_SUM),
        a_policy("ch-business", claims=replace(AGREED, lump_sum=True)),
    ),
    (
        Rule.AUSTRIAN_FEE,
        "steps[3].fee",
        a_policy("at-business", steps={3: {"fee": fee("5")}}),
        a_policy("at-business", claims=LUMP_SUM, steps={3: {"claim_lump_sum": True}}),
    ),
    (
        Rule.DUTCH_LETTER_MISSING,
        "steps[1].fee",
        a_policy("nl-consumer", steps={1: {"fee": fee("40")}}),
        a_policy("nl-consumer", steps={3: {"fee": fee("40")}}),
    ),
    (
        Rule.DUTCH_LETTER_MISSING,
        "steps[1].claim_interest",
        a_policy("nl-consumer", claims=STATUTORY, steps={1: {"claim_interest": True}}),
        a_policy("nl-consumer", claims=STATUTORY, steps={2: {"claim_interest": True}}),
    ),
    (
        Rule.DUTCH_LETTER_SHORT,
        "steps[2].deadline_days",
        a_policy(
            "nl-consumer",
            steps={1: {"deadline_days": 15}, 2: {"deadline_days": 15}, 3: {"fee": fee("40")}},
        ),
        a_policy(
            "nl-consumer",
            steps={1: {"deadline_days": 15}, 2: {"deadline_days": 16}, 3: {"fee": fee("40")}},
        ),
    ),
    (
        Rule.DUTCH_LETTER_SHORT,
        "steps[2].min_gap_days",
        a_policy("nl-consumer", steps={2: {"fee": fee("40"), "min_gap_days": 15}}),
        a_policy("nl-consumer", steps={2: {"fee": fee("40"), "min_gap_days": 16}}),
    ),
    (
        Rule.DUTCH_SCALE,
        "steps[3].fee",
        a_policy("nl-consumer", steps={3: {"fee": fee("40.01")}}),
        a_policy("nl-consumer", steps={3: {"fee": fee("40")}}),
    ),
    (
        Rule.DUTCH_SCALE,
        "steps[3].fee",
        a_policy("nl-consumer", steps={3: {"fee": fee("45.01"), "minimum_item": fee("300")}}),
        a_policy("nl-consumer", steps={3: {"fee": fee("45"), "minimum_item": fee("300")}}),
    ),
    (
        Rule.BELGIAN_FIRST_FREE,
        "steps[1].fee",
        a_policy("be-consumer", claims=AGREED, steps={1: {"fee": fee("5")}}),
        a_policy("be-consumer", claims=AGREED, steps={2: {"fee": fee("5")}}),
    ),
    (
        Rule.BELGIAN_DEADLINE,
        "steps[1].deadline_days",
        a_policy("be-consumer", claims=AGREED, steps={1: {"deadline_days": 19}, 2: {"fee": fee("5")}}),
        a_policy("be-consumer", claims=AGREED, steps={1: {"deadline_days": 20}, 2: {"fee": fee("5")}}),
    ),
    (
        Rule.BELGIAN_DEADLINE,
        "steps[1].deadline_days",
        a_policy(
            "be-consumer",
            claims=AGREED,
            steps={1: {"deadline_days": 14, "channel": Channel.MAIL}, 2: {"fee": fee("5")}},
        ),
        a_policy(
            "be-consumer",
            claims=AGREED,
            steps={1: {"deadline_days": 15, "channel": Channel.MAIL}, 2: {"fee": fee("5")}},
        ),
    ),
    (
        Rule.BELGIAN_REMINDER_FEE,
        "steps[2].fee",
        a_policy("be-consumer", claims=AGREED, steps={2: {"fee": fee("7.51")}}),
        a_policy("be-consumer", claims=AGREED, steps={2: {"fee": fee("7.50")}}),
    ),
    (
        Rule.BELGIAN_SCALE,
        "steps[4].fee",
        a_policy("be-consumer", claims=AGREED, steps={level: {"fee": fee("7")} for level in (2, 3, 4)}),
        a_policy("be-consumer", claims=AGREED, steps={level: {"fee": fee("6.66")} for level in (2, 3, 4)}),
    ),
    (
        Rule.BELGIAN_NOT_AGREED,
        "steps[2].fee",
        a_policy("be-consumer", steps={2: {"fee": fee("5")}}),
        a_policy("be-consumer", claims=AGREED, steps={2: {"fee": fee("5")}}),
    ),
    (
        Rule.FRENCH_INVOICE,
        "claims.invoice_names_claims",
        a_policy("fr-business", claims=LUMP_SUM),
        a_policy("fr-business", claims=replace(LUMP_SUM, invoice_names_claims=True)),
    ),
    (
        Rule.FRENCH_FLOOR,
        "claims.agreed_bp",
        a_policy("fr-business", claims=AGREED_RATE),
        a_policy("de-business", claims=AGREED_RATE),
    ),
    (
        Rule.FRENCH_CONSUMER,
        "steps[3].fee",
        a_policy("fr-consumer", steps={3: {"fee": fee("3")}}),
        a_policy("fr-consumer"),
    ),
    (
        Rule.INTEREST_UNKNOWN,
        "claims.interest",
        a_policy("be-consumer", claims=STATUTORY),
        a_policy("be-business", claims=STATUTORY),
    ),
    (
        Rule.INTEREST_UNSURE,
        "claims.interest",
        a_policy("fr-business", claims=STATUTORY),
        a_policy("nl-business", claims=STATUTORY),
    ),
    (
        Rule.INTEREST_BEYOND_TABLE,
        "claims.interest",
        a_policy("at-business", claims=STATUTORY),
        a_policy("de-business", claims=STATUTORY),
    ),
    (
        Rule.INTEREST_AGREED_CONSUMER,
        "claims.agreed_bp",
        a_policy("de-consumer", claims=AGREED_RATE),
        a_policy("de-consumer", claims=replace(AGREED_RATE, agreed_bp=600)),
    ),
    (
        Rule.INTEREST_AGREED_CONSUMER,
        "claims.interest",
        a_policy("be-consumer", claims=AGREED_RATE),
        a_policy("be-business", claims=AGREED_RATE),
    ),
    (
        Rule.INTEREST_AGREED_CONSUMER,
        "claims.agreed_bp",
        a_policy("nl-consumer", claims=AGREED_RATE),
        a_policy("nl-business", claims=AGREED_RATE),
    ),
    (
        Rule.COUNTRY_UNCHECKED,
        "country",
        a_policy("eu-business", steps={3: {"fee": fee("5")}}, country="PT"),
        a_policy("eu-business", country="PT"),
    ),
    (
        Rule.TEXTS_OUT_OF_ORDER,
        "steps[1].text",
        a_policy("de-business", steps={1: {"text": "final"}}),
        a_policy("de-business", steps={1: {"text": "notice1"}}),
    ),
    (
        Rule.TEXTS_OUT_OF_ORDER,
        "steps[3].text",
        a_policy("de-business", steps={3: {"text": "reminder"}}),
        a_policy("de-business", steps={3: {"text": "notice2"}}),
    ),
    (
        Rule.DEADLINE_SHORT,
        "steps[3].deadline_days",
        a_policy("de-business", steps={3: {"deadline_days": 6}}),
        a_policy("de-business", steps={3: {"deadline_days": 7}}),
    ),
    (
        Rule.DEADLINE_OUTLASTS_GAP,
        "steps[2].min_gap_days",
        a_policy("de-business", steps={2: {"min_gap_days": 10}}),
        a_policy("de-business", steps={2: {"min_gap_days": 11}}),
    ),
]


@pytest.mark.parametrize(("rule", "place", "bad", "good"), CATALOGUE)
def test_a_bad_strategy_is_caught_by_its_rule_and_its_twin_is_not(
    rule: Rule, place: str, bad: Policy, good: Policy
) -> None:
    assert (rule, place) in broken(bad)
    assert rule not in rules_of(good)


@pytest.mark.parametrize(
    ("rule", "policy", "text", "says", "is_silent"),
    [
        (
            Rule.DUTCH_LETTER_SILENT,
            a_policy("nl-consumer", steps={3: {"fee": fee("40")}}),
            "notice1",
            "Daarna zijn € 40,00 kosten verschuldigd.",
            "Daarna zijn € 140,00 kosten verschuldigd.",
        ),
        (
            Rule.BELGIAN_SILENT,
            a_policy("be-consumer", claims=AGREED, steps={2: {"fee": fee("7.50")}}),
            "reminder",
            "Anders vragen wij 7,50 EUR per herinnering.",
            "Anders vragen wij kosten.",
        ),
    ],
)
def test_a_letter_that_does_not_name_the_amount_is_caught(
    rule: Rule, policy: Policy, text: str, says: str, is_silent: str
) -> None:
    assert rule in rules_of(policy)
    assert rule in rules_of(policy, {text: is_silent})
    assert rule not in rules_of(policy, {text: says})


# ---------------------------------------------------------------------------------------------------- what is known


@pytest.mark.parametrize("name", presets.names())
def test_what_is_shipped_is_lawful(name: str) -> None:
    assert [one for one in findings(presets.preset(name), on=TODAY, tables=shipped()) if one.unlawful] == []


def test_default_exists_after_thirty_days_or_by_the_calendar_or_after_a_demand() -> None:
    business, consumer = presets.preset("de-business"), presets.preset("de-consumer")
    assert [default_exists(business, level) for level in (1, 2, 3)] == [False, False, True]
    assert [default_exists(consumer, level) for level in (1, 2, 3, 4)] == [False, False, True, True]
    assert default_exists(replace(business, claims=Claims(due_date_agreed=True)), 1)
    late = replace(consumer, steps=(replace(consumer.steps[0], days_after_due=33), *consumer.steps[1:]))
    assert not default_exists(late, 1)
    assert default_exists(replace(late, claims=Claims(invoice_told_default=True)), 1)
    assert not default_exists(a_policy("de-business", steps={n: {"text": "reminder"} for n in (2, 3)}), 2)


def test_a_rate_agreed_between_businesses_is_only_checked_where_the_country_is_not_known() -> None:
    assert rules_of(a_policy("eu-business", claims=AGREED_RATE, country="GB")) == {Rule.COUNTRY_UNCHECKED}


def test_every_rule_stands_in_the_catalogue() -> None:
    caught = {rule for rule, *_rest in CATALOGUE} | {rule for rule, *_rest in NOTICES}
    assert set(Rule) == caught | {Rule.DUTCH_LETTER_SILENT, Rule.BELGIAN_SILENT}


def test_what_nobody_has_checked_forbids_nothing() -> None:
    forbidding = {rule for rule in Rule if rule.text.severity.value == "unlawful"}
    assert not [rule for rule in forbidding if rule.text.certainty is Certainty.UNCHECKED]
