"""What people chose to be mailed, what was mailed last, and what waits to leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from debitora.kit.marks import marked, number_in
from debitora.kit.pg.bulk import rows
from debitora.messaging.models import MailChoice, PersonMail
from debitora.messaging.rules.own_mails import KINDS, LOOKS_BACK, Choice, Rhythm

NOTHING: Final = Choice(Rhythm.NEVER, 0, 7, (), (), date.min)
"""Of whom nothing was chosen."""
_LAST: Final = timedelta(days=40)
"""So far back a digest is looked for to compare with."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """A person with her choice, as digests are made for her; `last_on` and `figures` are of her last digest."""

    user: int
    login: str
    role: str
    language: str
    choice: Choice
    chosen_at: datetime
    last_on: date | None
    figures: Mapping[str, Any]


def stop_mark(*, company: int, user: int, kind: str) -> str:
    """What a link carries that ends a person's mails of a kind: it can do nothing else, and stays good."""
    return marked(user, about=_about(company, kind))


def stop_asked(*, company: int, mark: str) -> tuple[int, str] | None:
    """Whose mails of which kind a link ends; None if we never made it for this company."""
    found = ((number_in(mark, about=_about(company, kind)), kind) for kind in KINDS)
    return next(((user, kind) for user, kind in found if user is not None), None)


def _about(company: int, kind: str) -> str:
    return f"messaging.stop_{kind}/{company}"


def choice_of(*, user: int) -> Choice:
    """What a person chose in the company that is served."""
    found = MailChoice.objects.filter(user_id=user).first()
    return NOTHING if found is None else _choice(found)


def _choice(found: MailChoice) -> Choice:
    return Choice(
        Rhythm(found.rhythm),
        found.weekday,
        found.hour,
        tuple(found.parts),
        tuple(found.alerts),
        found.begun_on,
    )


def has_choosers() -> bool:
    """Whether anybody in the company that is served wants to be told of anything at once."""
    return bool(MailChoice.objects.exclude(alerts=[]).exists())


def choosers(*, company: int, on: date) -> list[Chooser]:
    """Everybody with a role, an address and a choice of any mails, by id, with her last digest."""
    found = rows(
        """select c.user_id as "user", u.login, g.role, u.language, c.rhythm, c.weekday, c.hour, c.parts, c.alerts,
                  c.begun_on, c.chosen_at, d.key as last_key, d.figures
           from messaging_mailchoice c
           join people_user u on u.id = c.user_id and u.is_active and u.email <> ''
           join people_grant g on g.company_id = c.company_id and g.user_id = c.user_id
           left join lateral (
               select m.key, m.figures from messaging_personmail m
               where m.company_id = c.company_id and m.user_id = c.user_id and m.kind = 'digest' and m.key >= %(since)s
               order by m.key desc limit 1
           ) d on true
           where c.company_id = %(company)s and (c.rhythm <> 'never' or c.alerts <> '{}')
           order by c.user_id""",
        company=company,
        since=(on - _LAST).isoformat(),
    )
    return [_chooser(one) for one in found]


def _chooser(row: dict[str, Any]) -> Chooser:
    chosen = Choice(
        Rhythm(row["rhythm"]),
        row["weekday"],
        row["hour"],
        tuple(row["parts"]),
        tuple(row["alerts"]),
        row["begun_on"],
    )
    last_on = date.fromisoformat(row["last_key"]) if row["last_key"] else None
    figures = json.loads(row["figures"]) if row["figures"] else {}
    return Chooser(
        row["user"], row["login"], row["role"], row["language"], chosen, row["chosen_at"], last_on, figures
    )


@dataclass(frozen=True, slots=True)
class LastAlert:
    """When a person was last alerted, the records and the payments (their items) that she was told of lately."""

    at: datetime | None
    told: frozenset[int]
    payments: frozenset[int] = frozenset()


def last_alert(*, user: int, at: datetime) -> LastAlert:
    """What a person was told within the time that an alert looks back."""
    lately = PersonMail.objects.filter(user_id=user, kind="alert", queued_at__gte=at - LOOKS_BACK)
    found = list(lately.order_by("-queued_at", "-id").values_list("queued_at", "told", "figures"))
    return LastAlert(
        found[0][0] if found else None,
        frozenset(one for _at, told, _figures in found for one in told),
        frozenset(one for _at, _told, figures in found for one in figures.get("payments", ())),
    )


def mails_wait() -> bool:
    """Whether a mail to a person of the company that is served waits to leave."""
    return bool(PersonMail.objects.filter(state="queued").exists())


def last_mails(*, user: int, most: int = 5) -> list[PersonMail]:
    """A person's newest mails, without what they said."""
    return list(PersonMail.objects.filter(user_id=user).defer("text", "html").order_by("-id")[:most])
