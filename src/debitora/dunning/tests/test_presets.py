"""The shipped strategies: readable, complete, without any claim, and within the terms that consumers are owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest

from debitora.dunning.rules import presets
from debitora.dunning.rules.law.policies import findings
from debitora.dunning.rules.law.rules import Rule
from debitora.dunning.rules.policy import Channel, Claims, DebtorKind, Interest
from debitora.dunning.rules.policy_file import as_document, read, write
from debitora.dunning.rules.steps import deadline
from debitora.dunning.templatetags.strategy_words import SHIPPED
from debitora.messaging.rules.notice_texts import TextKey, Tone, default_text
from debitora.messaging.rules.variables import PRESETS_FOLDER
from debitora.messaging.rules.words import written_languages
from debitora.values.days import is_working_day
from debitora.values.rates import shipped

COUNTRIES = ("AT", "BE", "CH", "DE", "EU", "FR", "NL")
LANGUAGES = {"AT": "de", "BE": "nl", "CH": "de", "DE": "de", "EU": "en", "FR": "fr", "NL": "nl"}

OFFERED = {
    "at-business": (False, True),
    "at-consumer": (True, False),
    "be-business": (True, True),
    "ch-business": (True, False),
    "ch-consumer": (True, False),
    "de-business": (True, True),
    "de-consumer": (True, False),
    "fr-business": (True, True),
    "nl-business": (True, True),
}
"""(interest, lump sum) that the law gives at a rate that is known here."""

every_preset = pytest.mark.parametrize("name", presets.names())


def test_each_country_has_a_strategy_for_businesses_and_one_for_consumers() -> None:
    wanted = {f"{country.lower()}-{kind.value}" for country in COUNTRIES for kind in DebtorKind}
    assert set(presets.names()) == wanted


@every_preset
def test_a_preset_says_what_its_name_says_and_survives_its_own_writing(name: str) -> None:
    policy = presets.preset(name)
    assert (policy.country.lower(), policy.debtor.value) == tuple(name.split("-"))
    assert policy.language == LANGUAGES[policy.country]
    assert policy.name in SHIPPED
    assert read(write(policy)) == (policy, ())


@every_preset
def test_a_preset_asks_for_nothing_but_the_sum(name: str) -> None:
    policy = presets.preset(name)
    assert not any(step.fee for step in policy.steps)
    assert "interest" not in as_document(policy)


@every_preset
def test_what_a_preset_offers_to_claim_is_lawful_and_off_where_no_rate_is_known(name: str) -> None:
    claiming = presets.with_claims(name)
    found = findings(claiming, on=date(2026, 11, 23), tables=shipped())
    assert not [one for one in found if one.unlawful or one.rule is Rule.INTEREST_BEYOND_TABLE]
    offered = (claiming.claims.interest is Interest.STATUTORY, claiming.claims.lump_sum)
    assert offered == OFFERED.get(name, (False, False))
    last = claiming.steps[-1]
    assert (last.claim_interest, last.claim_lump_sum) == offered
    assert replace(claiming, claims=Claims(), steps=presets.preset(name).steps) == presets.preset(name)


@every_preset
def test_a_preset_names_its_source_and_the_day_of_the_check(name: str) -> None:
    lines = presets.text(name).splitlines()
    head = " ".join(line.removeprefix("# ") for line in lines[: lines.index("policy: 1")])
    assert "Source" in head
    assert "checked 2026-11-21" in head
    assert ("check before use" in presets.preset(name).name) is (presets.preset(name).country == "EU")


@every_preset
def test_each_step_has_a_text_in_every_language(name: str) -> None:
    policy = presets.preset(name)
    tone = Tone(policy.debtor.value)
    for step in policy.steps:
        for language in written_languages():
            assert (PRESETS_FOLDER / "texts" / language / f"{step.text}.{tone}.yaml").is_file()
            assert default_text(TextKey(step.text), tone=tone, language=language).subject
    order = [list(TextKey).index(TextKey(step.text)) for step in policy.steps]
    assert order == sorted(set(order)), "the texts grow firmer from step to step"
    assert policy.language in written_languages()


@every_preset
def test_each_step_waits_for_the_deadline_of_the_one_before_and_a_weekend(name: str) -> None:
    steps = presets.preset(name).steps
    for earlier, later in pairwise(steps):
        assert later.min_gap_days > earlier.deadline_days + 2


@every_preset
def test_consumers_are_written_to_seldom_and_in_the_end_on_paper(name: str) -> None:
    policy = presets.preset(name)
    assert policy.contact_cap is not None
    if policy.debtor is DebtorKind.CONSUMER:
        assert policy.contact_cap.touches == 1
        assert policy.steps[-1].channel is Channel.LETTER


@pytest.mark.parametrize("name", ["nl-consumer", "eu-consumer"])
@pytest.mark.parametrize("place", [0, 1])
def test_the_dutch_letter_leaves_fourteen_days_from_the_day_after_receipt(name: str, place: int) -> None:
    step = presets.preset(name).steps[place]
    for day in _days():
        assert deadline(day, step, "NL") >= _received(day) + timedelta(days=14)


@pytest.mark.parametrize("name", ["be-consumer", "eu-consumer"])
def test_the_belgian_reminder_leaves_fourteen_days_from_the_third_working_day(name: str) -> None:
    step = presets.preset(name).steps[0]
    for day in _days():
        assert deadline(day, step, "BE") >= _after_working_days(day, 3, "BE") + timedelta(days=14)


def test_the_presets_of_the_own_country_are_offered_first_and_the_fallback_last() -> None:
    offered = presets.offered("NL")
    assert offered[:2] == ["nl-business", "nl-consumer"]
    assert offered[-2:] == ["eu-business", "eu-consumer"]
    assert sorted(offered) == presets.names()


def test_every_file_in_the_folder_is_read() -> None:
    folder = files("debitora.dunning") / "presets"
    assert sorted(entry.name for entry in folder.iterdir()) == [f"{name}.yaml" for name in presets.names()]


def _days() -> list[date]:
    """Every day of four years, on any of which a letter may leave."""
    return [date(2026, 1, 1) + timedelta(days=number) for number in range(4 * 365)]


def _received(sent: date) -> date:
    """When a letter arrives at the latest: on the second day of delivery; Sundays, Mondays and holidays are none."""
    day, delivered = sent, 0
    while delivered < 2:
        day += timedelta(days=1)
        delivered += day.weekday() not in (0, 6) and (day.weekday() == 5 or is_working_day(day, "NL"))
    return day


def _after_working_days(day: date, number: int, country: str) -> date:
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day, country)
    return day
