"""The story of somebody who is away comes true."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction

import tests.stories.verbs  # noqa: F401  # gives every story its verbs
from debitora.people.actions import add_user, grant
from debitora.people.models import Company, User
from debitora.trail.rules import Actor
from tests.smtp_server import SmtpServer
from tests.stories.clarification_verbs import CLARIFICATION
from tests.stories.sales_verbs import SALES
from tests.stories.standing_in_verbs import STANDING_IN
from tests.stories.telling import VERBS, steps, tell
from tests.stories.world import HOUSE, World

STORY = Path(__file__).parent / "standing_in.md"


@pytest.fixture
def bea(company: Company, moment: datetime) -> User:
    """A second salesperson."""
    with transaction.atomic():
        user = add_user(
            login="bea", name="Bea", password="correct horse battery", email="bea@acme.example", language="en", at=moment
        )  # fmt: skip
        grant(company=company, user=user, role="sales", by=HOUSE, at=moment)
    return user


def test_the_story_of_standing_in_comes_true(
    committed: str,
    company: Company,
    clerk: User,
    manager: User,
    sales: User,
    bea: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    people = {"Katja": clerk, "Rolf": manager, "Anna": sales, "Bea": bea}
    actors = {name: Actor(id=user.id, kind="user", label=user.login) for name, user in people.items()}
    with SmtpServer() as mail:
        world = World(company=company, mail=mail, people=actors)
        world.begin()
        tell(STORY, world, verbs=[*VERBS, *SALES, *CLARIFICATION, *STANDING_IN])


def test_every_verb_of_standing_in_is_used() -> None:
    said = [step.words for step in steps(STORY)]
    unused = [verb.words for verb in STANDING_IN if not any(verb.pattern.match(words) for words in said)]
    assert unused == []
