"""Where a story happens: a company with two people, a mail server, a day, and what is being worked on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from django.db import transaction

from debitora.dunning.testing import SENDER
from debitora.kit.runtime import clock_at
from debitora.messaging.actions import confirm_installation, install_texts, save_sender, try_server
from debitora.people.models import Company
from debitora.receivables.models import Customer, Item
from debitora.trail.rules import Actor, system
from debitora.values.numbers import number_key
from tests.smtp_server import SmtpServer
from tests.stories.telling import StoryBroken

HOUSE = system("stories")


@dataclass(slots=True)
class World:
    """`people` by first name; `list_import` and `run` are the newest ones; customers' names as the story gives them."""

    company: Company
    mail: SmtpServer
    people: dict[str, Actor]
    at: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    list_import: int = 0
    run: int = 0
    names: dict[str, str] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """Today."""
        return self.at.date()

    def begin(self) -> None:
        """Give the company its texts, its letterhead and its mail server."""
        changes = {
            **SENDER,
            "smtp_host": self.mail.host,
            "smtp_port": self.mail.port,
            "smtp_security": "none",
        }
        with transaction.atomic():
            confirm_installation(at=self.at)
            install_texts(company=self.company.id, by=HOUSE, at=self.at)
        save_sender(company=self.company.id, changes=changes, by=HOUSE, at=self.at)
        try_server(company=self.company.id, by=HOUSE, at=self.at)

    def move_to(self, day: date) -> None:
        """Nine o'clock UTC of that day."""
        self.at = datetime.combine(day, time(9), tzinfo=UTC)

    def clock(self) -> datetime:
        """The moment, for what asks for it again and again."""
        return self.at

    def person(self, name: str) -> Actor:
        """Who acts, by first name."""
        if name not in self.people:
            raise StoryBroken(f"nobody is called {name}; there are {', '.join(self.people)}")
        return self.people[name]

    def item(self, number: str) -> Item:
        """The item of that number."""
        with self.looking():
            return Item.objects.get(number_key=number_key(number))

    def customer(self, number: str) -> Customer:
        """The customer of that number."""
        with self.looking():
            return Customer.objects.get(number_key=number_key(number))

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Read within a transaction, as everything here is read."""
        with transaction.atomic(), clock_at(self.at):
            yield
