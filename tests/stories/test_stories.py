"""Every story of this folder comes true, on a real database and a real mail server."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from debitora.people.models import Company, User
from debitora.trail.rules import Actor
from tests.smtp_server import SmtpServer
from tests.stories import verbs
from tests.stories.telling import VERBS, StoryBroken, steps, tell
from tests.stories.world import World

OF_THEIR_OWN = frozenset({"clarification", "routing", "sales_gate", "standing_in", "who_answers"})
"""Stories that need verbs beside those of every story; each has a test of its own."""
STORIES = sorted(path for path in Path(__file__).parent.glob("*.md") if path.stem not in OF_THEIR_OWN)


@pytest.fixture
def world(
    committed: str,
    company: Company,
    clerk: User,
    manager: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    people = {"Katja": clerk, "Rolf": manager}
    actors = {name: Actor(id=user.id, kind="user", label=user.login) for name, user in people.items()}
    with SmtpServer() as mail:
        found = World(company=company, mail=mail, people=actors)
        found.begin()
        yield found


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_the_story_comes_true(world: World, story: Path) -> None:
    tell(story, world)


def test_a_story_that_is_not_true_breaks(world: World, tmp_path: Path) -> None:
    """The negative control: a wrong figure, and words that nobody knows, are found with their line."""
    wrong = tmp_path / "wrong.md"
    wrong.write_text(
        "# Wrong\n\n**The open sums are:**\n\n| currency | total |\n| --- | --- |\n| EUR | 1.00 EUR |\n"
    )
    with pytest.raises(StoryBroken, match=r"wrong.md:3: The open sums are"):
        tell(wrong, world)
    wrong.write_text("# Wrong\n\nThen **pigs fly**.\n")
    with pytest.raises(StoryBroken, match=r"0 verbs say 'pigs fly'"):
        tell(wrong, world)


def test_every_verb_is_one_function_and_is_used() -> None:
    said = [step.words for story in STORIES for step in steps(story)]
    unused = [verb.words for verb in VERBS if not any(verb.pattern.match(words) for words in said)]
    assert unused == []
    assert len(VERBS) == len({verb.do for verb in VERBS}) <= 25
    assert all(inspect.getmodule(verb.do) is verbs for verb in VERBS)
