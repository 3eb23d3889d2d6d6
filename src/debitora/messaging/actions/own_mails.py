"""What people choose to be mailed, and the mails to them as they wait to leave: a digest once a day, alerts gathered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from debitora.kit.pg.bulk import array_text, execute
from debitora.kit.queue import defer
from debitora.messaging.models import MailChoice, PersonMail
from debitora.messaging.rules.own_mails import ALERTS, HOURS, PARTS, WEEKDAYS, Choice, Rhythm
from debitora.messaging.rules.person_mail import PersonLetter, person_html, person_text
from debitora.people.models import Company
from debitora.people.rules import may

_SUBJECT: Final = 200


class ChoiceUnknown(Exception):
    """A part, an alert, a weekday or an hour that nobody can choose, or that the role may not see."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to a person that is to be queued: `key` names it among hers of its kind."""

    user: int
    kind: str
    key: str
    letter: PersonLetter
    figures: Mapping[str, Any] = field(default_factory=dict)
    told: Sequence[int] = ()


def choose_mails(*, company: Company, user: int, role: str, choice: Choice, on: date, at: datetime) -> None:
    """Keep what a person wants to be mailed, in place of what she chose before. Raises ChoiceUnknown.

    A weekly digest begins with the next such day, and alerts with what happens from now on.
    """
    _known(choice, role)
    wanted = {
        "rhythm": choice.rhythm,
        "weekday": choice.weekday,
        "hour": choice.hour,
        "parts": [part for part in PARTS if part in choice.parts],
        "alerts": [alert for alert in ALERTS if alert in choice.alerts],
    }
    with transaction.atomic():
        found = MailChoice.objects.select_for_update().filter(company=company, user_id=user).first()
        if found is not None and all(getattr(found, name) == value for name, value in wanted.items()):
            return
        MailChoice.objects.update_or_create(
            company=company, user_id=user, defaults={**wanted, "begun_on": on, "chosen_at": at}
        )


def _known(choice: Choice, role: str) -> None:
    unknown = [part for part in choice.parts if part not in PARTS]
    unknown += [one for one in choice.alerts if one not in ALERTS or not may(role, ALERTS[one][0])]
    if unknown or choice.weekday not in WEEKDAYS or choice.hour not in HOURS:
        raise ChoiceUnknown(", ".join(unknown) or f"{choice.weekday}, {choice.hour}")


def stop_mails(*, user: int, kind: str, at: datetime) -> bool:
    """End a person's mails of a kind in the company that is served, those that wait too; whether there were any to come."""
    with transaction.atomic():
        found = MailChoice.objects.select_for_update().filter(user_id=user).first()
        waiting = PersonMail.objects.filter(user_id=user, kind=kind, state="queued")
        waiting.update(state="dropped", reason="stopped", subject="", text="", html="", state_at=at)
        if found is None or not (found.alerts if kind == "alert" else found.rhythm != Rhythm.NEVER):
            return False
        ended: dict[str, Any] = {"alerts": []} if kind == "alert" else {"rhythm": Rhythm.NEVER}
        MailChoice.objects.filter(id=found.id).update(**ended)
    return True


def queue_mails(*, company: int, drafts: Iterable[Draft], at: datetime) -> int:
    """Let mails to people wait for their sending, each once by its key, whoever asks at the same time; how many are new."""
    made = list(drafts)
    if not made:
        return 0
    with transaction.atomic():
        new = execute(
            _QUEUE,
            company=company,
            users=[one.user for one in made],
            kinds=[one.kind for one in made],
            keys=[one.key for one in made],
            languages=[one.letter.language for one in made],
            subjects=[one.letter.subject[:_SUBJECT] for one in made],
            texts=[person_text(one.letter) for one in made],
            pages=[person_html(one.letter) for one in made],
            figures=[json.dumps(one.figures) for one in made],
            told=[array_text(one.told) for one in made],
            at=at,
        )
        defer("messaging.send_people", company=company, once=f"messaging.send_people:{company}")
    return new


_QUEUE: Final = """
    insert into messaging_personmail (company_id, user_id, kind, key, language, subject, text, html, figures, told, state,
        reason, queued_at, state_at)
    select %(company)s, d.user_id, d.kind, d.key, d.language, d.subject, d.text, d.html, d.figures::jsonb, d.told::bigint[],
        'queued', '', %(at)s, %(at)s
    from unnest(%(users)s::bigint[], %(kinds)s::text[], %(keys)s::text[], %(languages)s::text[], %(subjects)s::text[],
        %(texts)s::text[], %(pages)s::text[], %(figures)s::text[], %(told)s::text[])
        as d (user_id, kind, key, language, subject, text, html, figures, told)
    on conflict do nothing"""
