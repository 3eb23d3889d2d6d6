"""The stories of the law: one for each country and kind of debtor, each by the preset whose name it bears."""

from __future__ import annotations

from pathlib import Path

import pytest

from debitora.dunning.rules.presets import names
from debitora.kit.pg.company import serving
from debitora.people.actions import add_company
from debitora.trail.rules import system
from tests.smtp_server import SmtpServer
from tests.stories.law_verbs import LAW
from tests.stories.telling import steps, tell
from tests.stories.world import HOUSE, World

STORIES = sorted((Path(__file__).parent / "law").glob("*.md"))
HOMES = {"eu": "IE"}
"""The fallback is told of a country that has no preset of its own."""
CURRENCIES = {"ch": "CHF"}


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_the_story_of_the_law_comes_true(
    committed: str, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    country = story.stem.split("-")[0]
    with SmtpServer() as mail:
        world = World(mail=mail, company=None, people={"Katja": system("katja"), "Rolf": system("rolf")})  # type: ignore[arg-type]
        company = add_company(
            code="law",
            name="Werk & Co",
            country=HOMES.get(country, country.upper()),
            currency=CURRENCIES.get(country, "EUR"),
            by=HOUSE,
            at=world.at,
        )
        with serving(company.id):
            world.company = company
            world.begin()
            tell(story, world, verbs=LAW)


def test_every_preset_has_its_story_and_every_verb_is_used() -> None:
    assert [story.stem for story in STORIES] == names()
    said = [step.words for story in STORIES for step in steps(story)]
    assert [verb.words for verb in LAW if not any(verb.pattern.match(words) for words in said)] == []
