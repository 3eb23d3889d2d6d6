"""Reference rates agree with each other, name their source, and know where their knowledge ends."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from debitora.values.rates import KEYS, BeforeTable, NotYetKnown, RateStep, RateTable, merged, shipped
from debitora.values.statutes import (
    EU,
    NoStatutoryRate,
    agreed_periods,
    half_year,
    interest_law,
    next_half_year,
    statutory_periods,
)

NOW = date(2026, 7, 1)


def step(valid_from: date, bp: int, known_to: date) -> RateStep:
    return RateStep(valid_from, bp, known_to, "a source", date(2026, 11, 21))


@pytest.mark.parametrize("key", KEYS)
def test_a_table_has_no_gap_and_every_step_its_source(key: str) -> None:
    table = shipped()[key]
    for before, then in pairwise(table.steps):
        assert before.known_to + timedelta(days=1) == then.valid_from
    for one in table.steps:
        assert one.valid_from <= one.known_to
        assert len(one.source) > 5
        assert one.checked_on >= date(2026, 1, 1)
        assert -500 < one.bp < 2000


def test_the_german_base_rate_is_the_ecb_rate_less_88_points_since_july_2009() -> None:
    ecb = shipped()["ecb_mro"]
    compared = [one for one in shipped()["de_base"].steps if one.valid_from >= date(2009, 7, 1)]
    assert len(compared) == 35
    for one in compared:
        assert one.bp == ecb.at(one.valid_from - timedelta(days=1)).bp - 88


def test_the_dutch_commercial_rate_is_the_ecb_rate_and_eight_points() -> None:
    ecb = shipped()["ecb_mro"]
    compared = [one for one in shipped()["nl_commercial"].steps if one.valid_from >= date(2013, 7, 1)]
    assert len(compared) == 27
    for one in compared:
        assert one.bp == ecb.at(one.valid_from - timedelta(days=1)).bp + 800


def test_the_austrian_base_rate_follows_the_ecb_rate_in_steps_of_half_a_point() -> None:
    """62 points below it; a smaller change of June 2024 was not followed before the next one."""
    ecb = shipped()["ecb_mro"]
    apart = [
        ecb.at(one.valid_from - timedelta(days=1)).bp - one.bp for one in shipped()["at_base"].steps[-3:]
    ]
    assert apart == [62, 37, 62]


@pytest.mark.parametrize(
    ("key", "known_to"),
    [
        ("de_base", date(2026, 12, 31)),
        ("at_base", date(2025, 6, 30)),
        ("ecb_mro", date(2026, 9, 15)),
        ("nl_commercial", date(2026, 12, 31)),
        ("nl_consumer", date(2024, 12, 31)),
    ],
)
def test_a_table_ends_where_its_knowledge_ends(key: str, known_to: date) -> None:
    table = shipped()[key]
    assert table.known_to == known_to
    table.at(known_to)
    with pytest.raises(NotYetKnown) as told:
        table.at(known_to + timedelta(days=1))
    assert (told.value.table, told.value.known_to) == (key, known_to)


def test_a_day_before_the_table_is_refused() -> None:
    with pytest.raises(BeforeTable) as told:
        shipped()["de_base"].at(date(2001, 12, 31))
    assert told.value.begins_on == date(2002, 1, 1)


def test_a_gap_between_steps_is_not_filled() -> None:
    table = RateTable(
        "x", (step(date(2024, 1, 1), 100, date(2024, 6, 30)), step(date(2025, 1, 1), 200, date(2025, 6, 30)))
    )
    with pytest.raises(NotYetKnown):
        table.at(date(2024, 7, 1))
    assert table.at(date(2025, 1, 1)).bp == 200


def test_what_is_added_later_goes_before_what_is_shipped() -> None:
    later = merged(
        {
            "at_base": [
                step(date(2025, 7, 1), 153, date(2025, 12, 31)),
                step(date(2025, 1, 1), 254, date(2025, 6, 30)),
            ]
        }
    )
    assert later["at_base"].at(date(2025, 12, 31)).bp == 153
    assert later["at_base"].at(date(2025, 1, 1)).bp == 254
    assert later["de_base"] == shipped()["de_base"]


def test_a_step_ends_where_an_added_one_begins() -> None:
    table = shipped()["ecb_mro"].with_later([step(date(2026, 9, 10), 265, date(2026, 12, 31))])
    assert [one.known_to for one in table.steps[-2:]] == [date(2026, 9, 9), date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("country", "kind", "arisen_on", "day", "bp"),
    [
        ("DE", "business", date(2026, 1, 1), date(2026, 7, 1), 1052),
        ("DE", "consumer", date(2026, 1, 1), date(2026, 7, 1), 652),
        ("DE", "business", date(2014, 7, 29), date(2015, 1, 1), 817),
        ("DE", "business", date(2014, 7, 28), date(2015, 1, 1), 717),
        ("DE", "business", date(2001, 12, 31), date(2015, 1, 1), 417),
        ("AT", "business", date(2024, 1, 1), date(2024, 1, 1), 1308),
        ("AT", "business", date(2024, 1, 1), date(2025, 6, 30), 1173),
        ("AT", "consumer", date(2030, 1, 1), date(2030, 1, 1), 400),
        ("CH", "business", date(2030, 1, 1), date(2030, 1, 1), 500),
        ("CH", "consumer", date(2030, 1, 1), date(2030, 1, 1), 500),
        ("NL", "business", date(2024, 1, 1), date(2024, 1, 1), 1250),
        ("NL", "business", date(2024, 1, 1), date(2024, 7, 1), 1225),
        ("NL", "consumer", date(2024, 1, 1), date(2024, 7, 1), 700),
        ("BE", "business", date(2024, 1, 1), date(2024, 12, 31), 1250),
        ("BE", "business", date(2024, 1, 1), date(2025, 1, 1), 1150),
        ("FR", "business", date(2024, 1, 1), date(2024, 12, 31), 1425),
        ("ES", "business", date(2024, 1, 1), date(2024, 1, 1), 1250),
    ],
)
def test_the_law_gives_the_rate(country: str, kind: str, arisen_on: date, day: date, bp: int) -> None:
    law = interest_law(country, kind, arisen_on=arisen_on)
    (period,) = statutory_periods(law, shipped(), start=day, end=day + timedelta(days=1))
    assert period.bp == bp
    assert law.law


@pytest.mark.parametrize(("country", "kind"), [("BE", "consumer"), ("FR", "consumer"), ("US", "business")])
def test_what_is_not_known_is_refused_by_name(country: str, kind: str) -> None:
    with pytest.raises(NoStatutoryRate) as told:
        interest_law(country, kind, arisen_on=NOW)
    assert (told.value.country, told.value.kind) == (country, kind)


def test_what_was_not_read_in_a_source_says_so() -> None:
    unsure = {country for country in [*EU, "CH"] if not interest_law(country, "business", arisen_on=NOW).sure}
    assert {"FR", "ES", "PL"} <= unsure
    assert not unsure & {"DE", "AT", "CH", "NL", "BE"}


def test_periods_change_with_the_half_year_and_cover_every_day() -> None:
    law = interest_law("DE", "business", arisen_on=NOW)
    found = statutory_periods(law, shipped(), start=date(2023, 3, 1), end=date(2024, 3, 1))
    assert [one.from_on for one in found] == [date(2023, 3, 1), date(2023, 7, 1), date(2024, 1, 1)]
    assert [one.bp for one in found] == [1062, 1212, 1262]
    assert all(before.to_on == then.from_on for before, then in pairwise(found))
    assert found[-1].to_on == date(2024, 3, 1)


def test_the_rate_of_the_first_day_counts_for_its_half_year() -> None:
    """The ECB lowered its rate in June and in September 2024; Belgium's moved in July and January."""
    law = interest_law("BE", "business", arisen_on=NOW)
    found = statutory_periods(law, shipped(), start=date(2024, 6, 1), end=date(2025, 2, 1))
    assert [(one.from_on, one.bp) for one in found] == [
        (date(2024, 6, 1), 1250),
        (date(2024, 7, 1), 1250),
        (date(2025, 1, 1), 1150),
    ]


def test_beyond_the_horizon_is_refused_or_provisional() -> None:
    law = interest_law("AT", "business", arisen_on=NOW)
    with pytest.raises(NotYetKnown) as told:
        statutory_periods(law, shipped(), start=date(2025, 6, 1), end=date(2025, 7, 2))
    assert told.value.known_to == date(2025, 6, 30)
    known, carried = statutory_periods(
        law, shipped(), start=date(2025, 6, 1), end=date(2026, 7, 2), provisional=True
    )
    assert (known.provisional, known.to_on) == (False, date(2025, 7, 1))
    assert (carried.provisional, carried.to_on, carried.bp) == (True, date(2026, 7, 2), known.bp)


def test_a_gap_before_a_step_added_later_carries_on_the_rate_before_it() -> None:
    """Austria's first half of 2025 is shipped, its second is not, 2026 was added."""
    later = merged({"at_base": [step(date(2026, 1, 1), 153, date(2026, 6, 30))]})
    law = interest_law("AT", "business", arisen_on=NOW)
    asked = {"start": date(2025, 6, 1), "end": date(2026, 8, 1)}
    with pytest.raises(NotYetKnown) as told:
        statutory_periods(law, later, **asked)
    assert told.value.known_to == date(2025, 6, 30)
    found = statutory_periods(law, later, **asked, provisional=True)
    assert [(one.from_on, one.bp, one.provisional) for one in found] == [
        (date(2025, 6, 1), 1173, False),
        (date(2025, 7, 1), 1173, True),
        (date(2026, 1, 1), 1073, False),
        (date(2026, 7, 1), 1073, True),
    ]


def test_a_half_year_in_a_gap_carries_on_the_rate_before_it() -> None:
    """The ECB's rate is known to September 2026 and was added from March 2027 on: only January 2027 is not known."""
    later = merged({"ecb_mro": [step(date(2027, 3, 1), 290, date(2027, 9, 30))]})
    law = interest_law("BE", "business", arisen_on=NOW)
    found = statutory_periods(law, later, start=date(2026, 12, 1), end=date(2027, 8, 1), provisional=True)
    assert [(one.from_on, one.bp, one.provisional) for one in found] == [
        (date(2026, 12, 1), 1050, False),
        (date(2027, 1, 1), 1050, True),
        (date(2027, 7, 1), 1100, False),
    ]


def test_a_half_years_rate_is_known_when_its_first_day_is() -> None:
    law = interest_law("BE", "business", arisen_on=NOW)
    (period,) = statutory_periods(law, shipped(), start=date(2026, 12, 31), end=date(2027, 1, 1))
    assert period.bp == 1050
    with pytest.raises(NotYetKnown) as told:
        statutory_periods(law, shipped(), start=date(2026, 12, 31), end=date(2027, 1, 2))
    assert told.value.known_to == date(2026, 12, 31)


def test_no_day_has_no_period() -> None:
    for country in ("DE", "CH"):
        law = interest_law(country, "business", arisen_on=NOW)
        assert statutory_periods(law, shipped(), start=NOW, end=NOW) == ()
    assert agreed_periods(900, start=NOW, end=NOW, source="contract") == ()
    assert agreed_periods(900, start=NOW, end=date(2026, 8, 1), source="contract")[0].bp == 900


@pytest.mark.parametrize(
    ("day", "first", "after"),
    [
        (date(2024, 1, 1), date(2024, 1, 1), date(2024, 7, 1)),
        (date(2024, 6, 30), date(2024, 1, 1), date(2024, 7, 1)),
        (date(2024, 7, 1), date(2024, 7, 1), date(2025, 1, 1)),
        (date(2024, 12, 31), date(2024, 7, 1), date(2025, 1, 1)),
    ],
)
def test_half_years(day: date, first: date, after: date) -> None:
    assert (half_year(day), next_half_year(day)) == (first, after)
