"""The stories of claims come true, in a German company."""

from __future__ import annotations

from pathlib import Path

import pytest

from debitora.kit.pg.company import serving
from debitora.people.actions import add_company
from debitora.trail.rules import system
from tests.smtp_server import SmtpServer
from tests.stories.claims_verbs import CLAIMS
from tests.stories.law_verbs import LAW
from tests.stories.telling import steps, tell
from tests.stories.world import HOUSE, World

STORIES = sorted((Path(__file__).parent / "claims").glob("*.md"))


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_the_story_of_claims_comes_true(
    committed: str, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    with SmtpServer() as mail:
        world = World(mail=mail, company=None, people={"Katja": system("katja"), "Rolf": system("rolf")})  # type: ignore[arg-type]
        company = add_company(
            code="claims", name="Werk & Co", country="DE", currency="EUR", by=HOUSE, at=world.at
        )
        with serving(company.id):
            world.company = company
            world.begin()
            tell(story, world, verbs=[*LAW, *CLAIMS])


def test_every_verb_of_claims_is_used() -> None:
    said = [step.words for story in STORIES for step in steps(story)]
    assert [verb.words for verb in CLAIMS if not any(verb.pattern.match(words) for words in said)] == []
