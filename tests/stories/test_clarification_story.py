"""The story of clarification comes true."""

from __future__ import annotations

from pathlib import Path

import pytest

import tests.stories.verbs  # noqa: F401  # gives every story its verbs
from debitora.people.models import Company, User
from debitora.trail.rules import Actor
from tests.smtp_server import SmtpServer
from tests.stories.clarification_verbs import CLARIFICATION
from tests.stories.sales_verbs import SALES
from tests.stories.telling import VERBS, steps, tell
from tests.stories.world import World

STORY = Path(__file__).parent / "clarification.md"


def test_the_story_of_clarification_comes_true(
    committed: str,
    company: Company,
    clerk: User,
    manager: User,
    sales: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    people = {"Katja": clerk, "Rolf": manager, "Anna": sales}
    actors = {name: Actor(id=user.id, kind="user", label=user.login) for name, user in people.items()}
    with SmtpServer() as mail:
        world = World(company=company, mail=mail, people=actors)
        world.begin()
        tell(STORY, world, verbs=[*VERBS, *SALES, *CLARIFICATION])


def test_every_verb_of_clarification_is_used() -> None:
    said = [step.words for step in steps(STORY)]
    unused = [verb.words for verb in CLARIFICATION if not any(verb.pattern.match(words) for words in said)]
    assert unused == []
