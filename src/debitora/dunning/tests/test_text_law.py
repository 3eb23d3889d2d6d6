"""What the law demands of a text's wording is looked for while it is typed, for every strategy that says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from debitora.dunning.actions import add_strategy
from debitora.dunning.queries.text_law import text_law
from debitora.dunning.rules.law.rules import Rule
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, ON, TESTS
from debitora.messaging.actions import save_text
from debitora.people.models import Company, User
from debitora.values.money import Money

NAMED = "Daarna zijn € 40,00 kosten verschuldigd."
WORDING = {
    "subject": "Aanmaning",
    "mail": "Betaal alstublieft.",
    "opening": "Betaal alstublieft.",
    "closing": NAMED,
}
SILENT = {**WORDING, "closing": "Dank u."}
HERE = "/c/acme/settings/texts/notice1.consumer/nl/law/"


@pytest.fixture
def dutch(acme: Company) -> Company:
    """A company whose Dutch strategy asks for EUR 40 with its third step; its free letter names that sum."""
    save_text(company=acme.id, key="notice1.consumer", language="nl", wording=WORDING, by=TESTS, at=MOMENT)
    policy = preset("nl-consumer")
    steps = list(policy.steps)
    steps[2] = replace(steps[2], fee=(Money(4_000, "EUR"),), minimum_notice=(Money(30_000, "EUR"),))
    add_strategy(company=acme.id, policy=replace(policy, steps=tuple(steps)), by=TESTS, at=MOMENT)
    return acme


def test_a_sentence_that_is_taken_out_is_missed_and_one_that_stands_is_not(dutch: Company) -> None:
    found = text_law(key="notice1.consumer", language="nl", wording=SILENT, on=ON)
    assert found.users == ("Netherlands, consumers",)
    assert [one.rule for said in found.findings.values() for one in said] == [Rule.DUTCH_LETTER_SILENT]
    assert not text_law(key="notice1.consumer", language="nl", wording=WORDING, on=ON).findings


@pytest.mark.parametrize(
    ("key", "language"), [("notice1.consumer", "fr"), ("notice1.business", "nl"), ("reminder.business", "nl")]
)
def test_a_text_that_no_strategy_says_in_that_language_owes_nothing(
    dutch: Company, key: str, language: str
) -> None:
    found = text_law(key=key, language=language, wording=SILENT, on=ON)
    assert (found.users, found.findings) == ((), {})


def test_another_text_of_the_strategy_is_not_blamed_for_it(dutch: Company) -> None:
    assert not text_law(key="reminder.consumer", language="nl", wording=SILENT, on=ON).findings


def test_the_card_says_what_is_missing_with_rule_and_remedy(
    dutch: Company, client_of: Callable[[User], Client], manager: User
) -> None:
    client = client_of(manager)
    told = client.post(HERE, SILENT).content.decode()
    assert "does not name" in told
    assert "nl_letter_without_amount" in told
    assert "No sentence that the law demands is missing." in client.post(HERE, WORDING).content.decode()
    nobody = client.post("/c/acme/settings/texts/final.business/fr/law/", WORDING).content.decode()
    assert "No strategy uses this text in this language." in nobody
    assert client.post("/c/acme/settings/texts/none.business/fr/law/", WORDING).status_code == 404
