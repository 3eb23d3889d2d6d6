"""What the people of the populated companies want to be mailed, and a mail to each that waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from debitora.messaging.actions.mailbox import save_mailbox
from debitora.messaging.actions.own_mails import Draft, choose_mails, queue_mails
from debitora.messaging.rules.own_mails import Choice, Rhythm
from debitora.messaging.rules.person_mail import Line, Part, PersonLetter
from debitora.people.models import Company, Grant, User
from debitora.trail.rules import Actor


def mailed(
    *, company: Company, people: Mapping[str, User], said: Callable[[str], str], on: date, at: datetime
) -> None:
    """Everybody chooses a digest, and one with a marked word waits for each."""
    for login, user in people.items():
        role = Grant.objects.get(company=company, user=user).role
        choice = Choice(Rhythm.DAILY, 0, 7, ("totals",), (), on)
        choose_mails(company=company, user=user.id, role=role, choice=choice, on=on, at=at)
        words = said(login)
        letter = PersonLetter(
            language="de", company=company.name, subject=words, lead=words,
            parts=(Part(words, (Line(words, "1,00 EUR"),)),),
            go=(words, "https://debitora.example/"), stop=(words, words, "https://debitora.example/"),
            choose=(words, "https://debitora.example/"),
        )  # fmt: skip
        draft = Draft(user.id, "digest", on.isoformat(), letter)
        queue_mails(company=company.id, drafts=[draft], at=at)


def a_mailbox(company: Company, *, said: Callable[[str], str], on: date, by: Actor, at: datetime) -> None:
    """A mailbox with marked words that nobody asks: it names no server."""
    named = {"host": "", "user": said("Postfach"), "password": said("geheim"), "folder": "INBOX"}
    save_mailbox(company=company.id, changes=named, on=on, by=by, at=at)
