"""Who gets which strategy: one customer by the rule, all of them in frames, and no customer twice."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import settings

from debitora.dunning.rules.assignment import Assignments, Given, Segment, Source, Traits, given, never_asked
from debitora.dunning.tests.drawn import SEEDS
from debitora.engine.assignment import TRAITS, assign, fitting

DUTCH = Segment(id=1, strategy=11, kind="consumer", country="NL")
ALL_NL = Segment(id=2, strategy=12, country="NL")
ANNA = Segment(id=3, strategy=13, salesperson=7)
RULES = Assignments(own={5: 15}, segments=(DUTCH, ALL_NL, ANNA), company={"business": 20, "consumer": 21})


@pytest.mark.parametrize(
    ("customer", "traits", "expected"),
    [
        pytest.param(5, Traits("consumer", "NL", "", 7), Given(15, Source.CUSTOMER), id="her own goes first"),
        pytest.param(1, Traits("consumer", "NL", "", 7), Given(11, Source.SEGMENT, 1), id="the first rule"),
        pytest.param(1, Traits("unknown", "NL", "", None), Given(11, Source.SEGMENT, 1), id="unknown kind"),
        pytest.param(1, Traits("business", "NL", "", 7), Given(12, Source.SEGMENT, 2), id="the next rule"),
        pytest.param(1, Traits("business", "DE", "", 7), Given(13, Source.SEGMENT, 3), id="her salesperson"),
        pytest.param(1, Traits("business", "DE", "de", 8), Given(20, Source.COMPANY), id="the company's"),
        pytest.param(1, Traits("unknown", "DE", "de", None), Given(21, Source.COMPANY), id="as a consumer"),
    ],
)
def test_her_own_then_the_first_rule_then_the_companys(
    customer: int, traits: Traits, expected: Given
) -> None:
    assert given(customer, traits, RULES) == expected


@pytest.mark.parametrize(("customer", "strict"), [(1, False), (2, True), (3, True)])
def test_g5_who_is_singled_out_gets_a_strategy_of_her_own(customer: int, strict: bool) -> None:
    """Kill Bill's rule asks for a tag: here it is a strategy of her own, whatever else is true of her (docs/decisions/0052)."""
    strategies = Assignments(own={2: 15, 3: 15}, segments=(ANNA,), company={"business": 20})
    traits = Traits("business", "DE", "de", 7 if customer == 3 else None)
    assert (given(customer, traits, strategies).strategy == 15) is strict


def test_without_a_strategy_for_her_kind_nobody_reminds_her() -> None:
    only = Assignments(company={"business": 20})
    assert given(1, Traits("consumer", "DE", "", None), only) == Given(None, Source.NOBODY)


def test_a_rule_behind_a_wider_one_is_never_asked() -> None:
    assert never_asked((ALL_NL, DUTCH, ANNA)) == {1: 2}
    assert never_asked((DUTCH, ALL_NL, ANNA)) == {}


@settings(max_examples=60, deadline=None, print_blob=True)
@drawn(SEEDS)
def test_frames_and_rows_agree(seed: int) -> None:
    random = Random(seed)
    rules = Assignments(
        own={number: random.randint(1, 3) for number in range(1, 40) if random.random() < 0.2},
        segments=tuple(_segment(random, number) for number in range(random.randint(0, 5))),
        company={
            kind: number for number, kind in enumerate(("business", "consumer")) if random.random() < 0.8
        },
    )
    people = {number: _traits(random) for number in range(1, 40)}
    frame = pl.DataFrame(
        [(number, one.kind, one.country, one.language, one.salesperson) for number, one in people.items()],
        schema=dict(TRAITS),
        orient="row",
    )
    answer = assign(frame, own=rules.own, segments=rules.segments, company=rules.company)
    one_by_one = [given(number, one, rules) for number, one in people.items()]
    assert answer.rows() == [
        (number, one.strategy, one.source.value, one.segment)
        for number, one in zip(people, one_by_one, strict=True)
    ]
    assert fitting(frame, rules.segments) == {
        rule.id: sum(rule.fits(one) for one in people.values()) for rule in rules.segments
    }
    asked_in_vain = never_asked(rules.segments)
    assert not any(one.segment in asked_in_vain for one in one_by_one)


def _segment(random: Random, number: int) -> Segment:
    kind, country = random.choice(["", "business", "consumer"]), random.choice(["", "DE", "NL"])
    return Segment(
        id=number + 1,
        strategy=random.randint(1, 3),
        kind=kind,
        country=country,
        language=random.choice(["", "de", "nl"] if kind or country else ["de", "nl"]),
        salesperson=random.choice([None, None, 7, 8]),
    )


def _traits(random: Random) -> Traits:
    return Traits(
        kind=random.choice(["business", "consumer", "unknown"]),
        country=random.choice(["DE", "NL", "FR"]),
        language=random.choice(["", "de", "nl"]),
        salesperson=random.choice([None, 7, 8]),
    )
