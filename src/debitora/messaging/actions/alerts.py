"""Alerts: what happened that a person wants to be told of at once, gathered into one mail, each record once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from debitora.messaging.actions.own_mails import Draft, queue_mails
from debitora.messaging.models import MailChoice
from debitora.messaging.queries.own_mails import Chooser, choosers, last_alert, stop_mark
from debitora.messaging.rules.own_mails import ALERTS, LOOKS_BACK, PAYMENTS, alert_is_due
from debitora.messaging.rules.person_mail import Line, Part, PersonLetter
from debitora.people.models import Company, User
from debitora.people.rules import MENTIONS, may
from debitora.receivables.gates import scope_of
from debitora.receivables.queries import Payment, payments_since
from debitora.trail.queries import News, news
from debitora.values.locales import format_moment, format_money

MOST: Final = 200
_LINES: Final = 20
_WORDS: Mapping[str, Callable[[], str]] = {
    "run.proposed": lambda: _("A dunning run waits for approval"),
    "run.approved": lambda: _("A dunning run was approved"),
    "import.applied": lambda: _("A list was imported"),
    "delivery.refused_perm": lambda: _("A mail was refused"),
    "delivery.returned": lambda: _("A mail came back"),
    "delivery.uncertain": lambda: _("It is uncertain whether a mail left"),
    "delivery.stopped": lambda: _("A mail was stopped before it left"),
    "sales.stopped": lambda: _("Sales has stopped a notice"),
    "sales.released": lambda: _("Sales has released a notice"),
    "mail.waits": lambda: _("A mail waits in the inbox"),
    "write_off.proposed": lambda: _("A write-off was proposed"),
    "note.written": lambda: _("You were mentioned in a note"),
    "absence.entered": lambda: _("Somebody stands in for somebody: you are concerned"),
    "sending.locked": lambda: _("Sending was locked"),
}
_PLACES: Mapping[str, str] = {
    "run": "/runs/%d/",
    "import": "/imports/%d/",
    "intent": "/deliveries/%d/",
    "note": "/notes/%d/",
    "question": "/sales/%d/",
    "mail": "/clarification/inbox/%d/",
    "write_off": "/write-offs/%d/",
}
"""Kind of object -> its page below the company's address."""


def queue_alerts(*, company: Company, base: str, on: date, at: datetime) -> int:
    """Queue a mail to everybody who wants to be told of what happened since; how many. `base`: the company's address.

    Nobody is told of what she did herself, of a record twice, or of what lies before her choice.
    """
    people = [one for one in choosers(company=company.id, on=on) if one.choice.alerts]
    return sum(_alert(company, one, base, on, at) for one in people)


def _alert(company: Company, person: Chooser, base: str, on: date, at: datetime) -> int:
    with transaction.atomic():
        MailChoice.objects.select_for_update().get(company=company, user_id=person.user)
        last = last_alert(user=person.user, at=at)
        if not alert_is_due(last_at=last.at, at=at):
            return 0
        fresh = [
            one for one in _happened(person, at) if one.id not in last.told and one.actor != person.login
        ]
        paid = [one for one in _paid(person, on, at) if one.item not in last.payments]
        if not fresh and not paid:
            return 0
        with override(person.language):
            letter = _letter(company, person, fresh, paid, base)
        told, items = [one.id for one in fresh], [one.item for one in paid]
        key = str(max(told)) if told else f"p{max(items)}"
        draft = Draft(person.user, "alert", key, letter, {"payments": items}, told=told)
        return queue_mails(company=company.id, drafts=[draft], at=at)


def _happened(person: Chooser, at: datetime) -> list[News]:
    verbs = [
        verb
        for alert in person.choice.alerts
        if alert in ALERTS and may(person.role, ALERTS[alert][0])
        for verb in ALERTS[alert][1]
    ]
    since = max(person.chosen_at, at - LOOKS_BACK)
    return news(
        verbs=[verb for verb in verbs if verb not in MENTIONS],
        own_verbs=(),
        named_verbs=[verb for verb in verbs if verb in MENTIONS],
        actor=person.user,
        since=since,
        size=MOST,
    )


def _paid(person: Chooser, on: date, at: datetime) -> list[Payment]:
    """Payments of customers whom she sees, of the least sum that she chose."""
    chosen = [PAYMENTS[alert] for alert in person.choice.alerts if alert in PAYMENTS]
    if not chosen or not may(person.role, "items.view"):
        return []
    scope = scope_of(person=User.objects.get(id=person.user), role=person.role, on=on)
    return payments_since(since=max(person.chosen_at, at - LOOKS_BACK), least=min(chosen), scope=scope)


def _letter(
    company: Company, person: Chooser, fresh: Sequence[News], paid: Sequence[Payment], base: str
) -> PersonLetter:
    many = len(fresh) + len(paid)
    first = _WORDS[fresh[0].verb]() if fresh else _("A customer has paid")
    several = ngettext("%(count)d thing happened", "%(count)d things happened", many) % {"count": many}
    subject = first if many == 1 else several
    zone = ZoneInfo(company.time_zone)
    by_verb = sorted(fresh, key=lambda one: (list(_WORDS).index(one.verb), -one.id))
    parts = [
        Part(
            _WORDS[verb](),
            tuple(_lines(list(found)[:_LINES], person.language, base, zone)),
        )
        for verb, found in groupby(by_verb, key=lambda one: one.verb)
    ]
    if paid:
        parts.append(Part(_("A customer has paid"), tuple(_payments(paid[:_LINES], person.language, base))))
    more = many - sum(len(part.lines) for part in parts)
    if more > 0:
        parts.append(Part(_("And %(count)d more.") % {"count": more}))
    return PersonLetter(
        language=person.language,
        company=company.name,
        subject=subject,
        lead=subject,
        parts=tuple(parts),
        go=(_("See all notifications"), f"{base}/notifications/"),
        stop=(
            _("You get this mail because you asked to be told at once."),
            _("Stop such mails"),
            f"{base}/own-mails/stop/{stop_mark(company=company.id, user=person.user, kind='alert')}/",
        ),
        choose=(_("Choose what comes"), f"{base}/own-mails/"),
    )


def _payments(paid: Sequence[Payment], language: str, base: str) -> Iterator[Line]:
    for one in paid:
        yield Line(
            one.customer_name, format_money(one.amount, language), url=f"{base}/customers/{one.customer}/"
        )


def _lines(found: Sequence[News], language: str, base: str, zone: ZoneInfo) -> Iterator[Line]:
    for one in found:
        place = _PLACES.get(one.kind, "")
        yield Line(
            format_moment(one.recorded_at.astimezone(zone), language),
            url=f"{base}{place % one.object_id}" if place else f"{base}/notifications/",
        )
