"""The legal catalogue of notices, and the scales: every bad notice is caught by its rule, and its good twin is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.dunning.rules.law.notices import Asked, findings_of_notice
from debitora.dunning.rules.law.rules import Finding, Rule
from debitora.dunning.rules.law.scales import belgian_costs, dutch_costs
from debitora.dunning.rules.policy import DebtorKind
from debitora.values.money import Money

A_MONDAY, A_SUNDAY = date(2026, 12, 7), date(2026, 12, 6)

A_NOTICE = Asked(
    country="DE",
    debtor=DebtorKind.BUSINESS,
    level=3,
    currency="EUR",
    principal_minor=10_000,
    deadline_on=A_MONDAY,
    levels=((2, 3),),
    holidays=("DE", ""),
)
NOTICES: list[tuple[Rule, Asked, Asked]] = [
    (
        Rule.COST_CAUSES_DEFAULT,
        replace(A_NOTICE, fee_minor=100, in_default=False),
        replace(A_NOTICE, fee_minor=100, in_default=True),
    ),
    (
        Rule.LUMP_SUM_CONSUMER,
        replace(A_NOTICE, lump_sum_minor=4_000, debtor=DebtorKind.CONSUMER),
        replace(A_NOTICE, lump_sum_minor=4_000),
    ),
    (
        Rule.LUMP_SUM_TWICE,
        replace(A_NOTICE, lump_sum_minor=8_000),
        replace(A_NOTICE, lump_sum_minor=8_000, levels=((2, 3), (0, 1))),
    ),
    (
        Rule.DUTCH_SCALE,
        replace(A_NOTICE, country="NL", debtor=DebtorKind.CONSUMER, fee_minor=4_001),
        replace(A_NOTICE, country="NL", debtor=DebtorKind.CONSUMER, fee_minor=4_000),
    ),
    (
        Rule.BELGIAN_SCALE,
        replace(A_NOTICE, country="BE", debtor=DebtorKind.CONSUMER, fee_minor=2_001),
        replace(A_NOTICE, country="BE", debtor=DebtorKind.CONSUMER, fee_minor=2_000),
    ),
    (
        Rule.BELGIAN_FIRST_FREE,
        replace(A_NOTICE, country="BE", debtor=DebtorKind.CONSUMER, interest_minor=1, level=1),
        replace(A_NOTICE, country="BE", debtor=DebtorKind.CONSUMER, interest_minor=1, level=2),
    ),
    (
        Rule.INTEREST_ABOVE_STATUTORY,
        replace(A_NOTICE, interest_minor=101, lawful_interest_minor=100),
        replace(A_NOTICE, interest_minor=100, lawful_interest_minor=100),
    ),
    (
        Rule.COMPOUND_INTEREST,
        replace(A_NOTICE, interest_minor=100, bearing_minor=10_001),
        replace(A_NOTICE, interest_minor=100, bearing_minor=10_000),
    ),
    (
        Rule.LEVEL_SKIPPED,
        replace(A_NOTICE, levels=((1, 3),)),
        replace(A_NOTICE, levels=((2, 3),)),
    ),
    (
        Rule.DEADLINE_NO_WORKING_DAY,
        replace(A_NOTICE, deadline_on=A_SUNDAY),
        A_NOTICE,
    ),
]


@pytest.mark.parametrize(("rule", "bad", "good"), NOTICES)
def test_a_bad_notice_is_caught_by_its_rule_and_its_twin_is_not(rule: Rule, bad: Asked, good: Asked) -> None:
    assert rule in {one.rule for one in findings_of_notice(bad)}
    assert rule not in {one.rule for one in findings_of_notice(good)}


def test_a_notice_that_asks_for_the_sum_alone_inherits_nothing() -> None:
    of_strategy = [Finding(Rule.LUMP_SUM_CONSUMER, "claims.lump_sum")]
    assert findings_of_notice(A_NOTICE, of_strategy) == ()
    asking = replace(A_NOTICE, interest_minor=1)
    assert findings_of_notice(asking, of_strategy) == tuple(of_strategy)


def test_a_notice_answers_for_its_own_step_and_by_what_is_known_of_its_items() -> None:
    asking = replace(A_NOTICE, fee_minor=1)
    own, other = (Finding(Rule.COST_CAUSES_DEFAULT, f"steps[{level}].fee") for level in (3, 2))
    doubt = Finding(Rule.CONSUMER_FEE_ABOVE_COST, "steps[3].fee")
    assert findings_of_notice(asking, [own, other, doubt]) == (own,)
    assert findings_of_notice(replace(asking, in_default=True), [own]) == ()
    assert findings_of_notice(replace(asking, in_default=False), [own]) == (own,)


# ------------------------------------------------------------------------------------------------------- the scales


@pytest.mark.parametrize(
    ("principal", "most"),
    [("125", "40"), ("23000", "1005"), ("0", "40"), ("2500", "375"), ("5000", "625"), ("10000", "875")]
    + [("200000", "2775"), ("1000000", "6775"), ("9000000", "6775")],
)
def test_the_dutch_scale(principal: str, most: str) -> None:
    assert dutch_costs(Money.of(principal, "EUR").minor) == Money.of(most, "EUR").minor


@pytest.mark.parametrize(
    ("principal", "most"),
    [
        ("215", "36.50"),
        ("150", "20"),
        ("150.01", "30"),
        ("500", "65"),
        ("500.20", "65.01"),
        ("99999", "2000"),
    ],
)
def test_the_belgian_caps(principal: str, most: str) -> None:
    assert belgian_costs(Money.of(principal, "EUR").minor) == Money.of(most, "EUR").minor


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_the_scales_never_fall(principal: int, more: int) -> None:
    assert dutch_costs(principal) <= dutch_costs(principal + more)
    assert belgian_costs(principal) <= belgian_costs(principal + more)
