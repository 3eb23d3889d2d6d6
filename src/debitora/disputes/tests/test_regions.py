"""Tables and properties: postcodes of addresses, parts of them as people write them, and rules that no case reaches."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.disputes.rules.reaching import unreached
from debitora.disputes.rules.regions import (
    LENGTHS,
    NotAPartOfPostcodes,
    covers,
    digits_of,
    is_part,
    parts_of,
    within,
)
from debitora.disputes.rules.routing import PRESET, Asked, Facts, Routing, Rule, Whom, route
from debitora.disputes.tests.test_routing_rules import BOSS, CASES, CLERK, RULES

OPENER = Asked(Whom.OPENER)


@pytest.mark.parametrize(
    ("country", "postcode", "parts", "lies_in"),
    [
        ("DE", "80331", ("80-87",), True),
        ("DE", "87999", ("80-87",), True),
        ("DE", "88000", ("80-87",), False),
        ("DE", "01067", ("01",), True),
        ("DE", "1067", ("01",), True),  # a spreadsheet took the zero away
        ("DE", "1067", ("1",), False),
        ("DE", "01067", ("1",), False),
        ("DE", "D-80331", ("80",), True),
        ("DE", "DE 80331", ("80",), True),
        ("DE", " 80 331 ", ("80",), True),
        ("DE", "331", ("3",), False),  # nobody knows what is missing
        ("DE", "", ("0-9",), False),
        ("DE", "unbekannt", ("0-9",), False),
        ("DE", "80331", (), False),
        ("AT", "1010", ("1",), True),
        ("AT", "A-1230", ("1",), True),
        ("AT", "4020", ("1",), False),
        ("CH", "8001", ("8",), True),
        ("CH", "CH-3011", ("8",), False),
        ("NL", "1012 AB", ("10-14",), True),
        ("NL", "1499zz", ("10-14",), True),
        ("NL", "1500AA", ("10-14",), False),
        ("FR", "06000", ("06", "83"), True),
        ("FR", "6000", ("06",), True),
        ("PT", "1000-205", ("10",), True),
        ("SE", "111 22", ("11",), True),
        ("GB", "SW1A 1AA", ("1",), False),  # no digits to go by
        ("IE", "D02 X285", ("0",), False),
        ("XX", "12345", ("1",), False),
        ("DE", "\N{ARABIC-INDIC DIGIT ONE}2345", ("1",), False),
    ],
)
def test_a_postcode_lies_in_a_region(
    country: str, postcode: str, parts: tuple[str, ...], *, lies_in: bool
) -> None:
    assert within(parts, postcode, country) is lies_in


@pytest.mark.parametrize(
    ("text", "country", "parts"),
    [
        ("80-87", "DE", ("80-87",)),
        ("80 - 87, 01; 9", "DE", ("80-87", "01", "9")),
        ("80\N{EN DASH}87\n80-87", "DE", ("80-87",)),
        ("DE 80-87", "DE", ("80-87",)),
        ("at-1", "AT", ("1",)),
        ("80331-80999", "DE", ("80331-80999",)),
        (" , ", "DE", ()),
    ],
)
def test_what_people_write_is_understood(text: str, country: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text, country) == parts


@pytest.mark.parametrize(
    ("text", "country", "wrong"),
    [
        ("80-87, 8-870", "DE", "8-870"),
        ("87-80", "DE", "87-80"),
        ("123456", "DE", "123456"),
        ("12345", "AT", "12345"),
        ("AT 1", "DE", "AT 1"),
        ("Bayern", "DE", "BAYERN"),
        ("80-", "DE", "80-"),
        ("80 81", "DE", "80 81"),
        ("1", "GB", "1"),
        ("\N{ARABIC-INDIC DIGIT ONE}", "DE", "\N{ARABIC-INDIC DIGIT ONE}"),
    ],
)
def test_what_is_no_part_of_postcodes_is_named(text: str, country: str, wrong: str) -> None:
    with pytest.raises(NotAPartOfPostcodes) as refused:
        parts_of(text, country)
    assert str(refused.value) == wrong


@given(st.text(max_size=30), st.sampled_from(["", "DE", "NL", "GB"]))
def test_whatever_is_written_is_a_region_or_refused(text: str, country: str) -> None:
    try:
        parts = parts_of(text, country)
    except NotAPartOfPostcodes:
        return
    assert all(is_part(part, country) for part in parts)
    assert parts_of(", ".join(parts), country) == parts


@given(st.text(max_size=12), st.sampled_from([*LENGTHS, "GB", ""]))
def test_digits_are_as_many_as_the_country_has_or_none(text: str, country: str) -> None:
    assert len(digits_of(text, country)) in (0, LENGTHS.get(country, 0))


PARTS = st.lists(
    st.builds(
        lambda length, ends: "-".join(str(one)[:length] for one in sorted(ends)),
        st.integers(1, 5),
        st.lists(st.integers(10_000, 99_999), min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=3,
).map(tuple)


@given(PARTS, PARTS, st.integers(0, 99_999).map(lambda number: f"{number:05}"))
def test_a_region_that_covers_another_has_all_of_its_postcodes(
    parts: tuple[str, ...], others: tuple[str, ...], postcode: str
) -> None:
    if covers(parts, others, "DE") and within(others, postcode, "DE"):
        assert within(parts, postcode, "DE")


BAVARIA = Rule(Asked(Whom.PERSON, BOSS), 3, country="DE", postcodes=("80-87", "90-97"))


@pytest.mark.parametrize(
    ("first", "second", "never"),
    [
        (BAVARIA, replace(BAVARIA, postcodes=("81",)), True),
        (replace(BAVARIA, postcodes=("81",)), BAVARIA, False),
        (BAVARIA, replace(BAVARIA, postcodes=("85-91",)), False),
        (BAVARIA, replace(BAVARIA, postcodes=()), False),
        (replace(BAVARIA, postcodes=()), BAVARIA, True),
        (BAVARIA, replace(BAVARIA, country="AT", postcodes=("8",)), False),
        (Rule(OPENER, 1), BAVARIA, True),
        (Rule(OPENER, 1, ("price",)), replace(BAVARIA, reasons=("price",)), True),
        (Rule(OPENER, 1, ("price",)), replace(BAVARIA, reasons=("price", "quality")), False),
        (Rule(OPENER, 1, product_groups=("Pumps", "20")), Rule(OPENER, 2, product_groups=("PUMPS",)), True),
        (Rule(OPENER, 1, product_groups=("Pumps",)), Rule(OPENER, 2), False),
        (
            Rule(OPENER, 1, currency="EUR", above_minor=5),
            Rule(OPENER, 2, currency="EUR", above_minor=9),
            True,
        ),
        (
            Rule(OPENER, 1, currency="EUR", above_minor=9),
            Rule(OPENER, 2, currency="EUR", above_minor=5),
            False,
        ),
        (Rule(OPENER, 1, currency="EUR"), Rule(OPENER, 2), False),
        (Rule(Asked(Whom.SALESPERSON), 1), Rule(OPENER, 1), False),  # a customer may have none
        (Rule(Asked(Whom.SALESPERSON), 1), Rule(Asked(Whom.SALESPERSON), 9), True),
        (Rule(Asked(Whom.PERSON, 99), 1), Rule(OPENER, 1), False),  # she has left
    ],
)
def test_a_rule_is_never_reached_behind_one_that_gets_all_of_its_cases(
    first: Rule, second: Rule, *, never: bool
) -> None:
    routing = Routing(PRESET.reasons, (first, second), PRESET.rest)
    assert unreached(routing, people=frozenset({BOSS, CLERK})) == ({2: 1} if never else {})


def test_every_rule_of_the_preset_can_be_reached() -> None:
    assert unreached(PRESET, people=frozenset({BOSS, CLERK})) == {}


@given(st.lists(RULES, min_size=2, max_size=5).map(tuple), CASES)
def test_no_case_reaches_a_rule_that_is_said_to_be_hidden(rules: tuple[Rule, ...], known: Facts) -> None:
    routing = Routing(PRESET.reasons, rules, PRESET.rest)
    assert route(routing, known).place not in unreached(routing, people=known.there)
