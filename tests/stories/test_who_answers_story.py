"""The story of single rules comes true."""

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
from tests.stories.telling import VERBS, steps, tell
from tests.stories.who_answers_verbs import WHO_ANSWERS
from tests.stories.world import HOUSE, World

STORY = Path(__file__).parent / "who_answers.md"


def a_colleague(company: Company, login: str, role: str, at: datetime) -> User:
    """Somebody more."""
    with transaction.atomic():
        user = add_user(
            login=login, name=login.title(), password="correct horse battery", email=f"{login}@acme.example",
            language="en", at=at,
        )  # fmt: skip
        grant(company=company, user=user, role=role, by=HOUSE, at=at)
    return user


def test_the_story_of_single_rules_comes_true(
    committed: str,
    company: Company,
    clerk: User,
    manager: User,
    sales: User,
    moment: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    people = {"Katja": clerk, "Rolf": manager, "Anna": sales}
    more = {"tom": "clerk", "uwe": "clerk", "bea": "sales"}
    people |= {login.title(): a_colleague(company, login, role, moment) for login, role in more.items()}
    actors = {name: Actor(id=user.id, kind="user", label=user.login) for name, user in people.items()}
    with SmtpServer() as mail:
        world = World(company=company, mail=mail, people=actors)
        world.begin()
        tell(STORY, world, verbs=[*VERBS, *SALES, *CLARIFICATION, *WHO_ANSWERS])


def test_every_verb_of_single_rules_is_used() -> None:
    said = [step.words for step in steps(STORY)]
    unused = [verb.words for verb in WHO_ANSWERS if not any(verb.pattern.match(words) for words in said)]
    assert unused == []
