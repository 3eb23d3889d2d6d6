"""The story of rules by goods and by region comes true."""

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
from tests.stories.routing_verbs import ROUTING
from tests.stories.telling import VERBS, steps, tell
from tests.stories.world import HOUSE, World

STORY = Path(__file__).parent / "routing.md"


def in_the_office(company: Company, login: str, at: datetime) -> User:
    """Somebody who may answer for every customer."""
    with transaction.atomic():
        user = add_user(
            login=login, name=login.title(), password="correct horse battery", email=f"{login}@acme.example",
            language="en", at=at,
        )  # fmt: skip
        grant(company=company, user=user, role="clerk", by=HOUSE, at=at)
    return user


def test_the_story_of_routing_comes_true(
    committed: str,
    company: Company,
    clerk: User,
    manager: User,
    moment: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    people = {"Katja": clerk, "Rolf": manager}
    people |= {name.title(): in_the_office(company, name, moment) for name in ("anna", "bea")}
    actors = {name: Actor(id=user.id, kind="user", label=user.login) for name, user in people.items()}
    with SmtpServer() as mail:
        world = World(company=company, mail=mail, people=actors)
        world.begin()
        tell(STORY, world, verbs=[*VERBS, *CLARIFICATION, *ROUTING])


def test_every_verb_of_routing_is_used() -> None:
    said = [step.words for step in steps(STORY)]
    unused = [verb.words for verb in ROUTING if not any(verb.pattern.match(words) for words in said)]
    assert unused == []
