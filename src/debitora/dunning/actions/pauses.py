"""Pause all notices of a group of customers for a time, and lift that again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from debitora.dunning.models import Pause, PauseLift
from debitora.dunning.rules.pauses import MOST_DAYS
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class PauseNamesNothing(Exception):
    """A pause without any attribute would stop everybody; the send lock is for that."""


class PauseTooLong(Exception):
    """It ends before it begins, or lasts more than MOST_DAYS."""


class PauseGoesInCircles(Exception):
    """The way in place is the one that is closed."""


class PauseLifted(Exception):
    """It was lifted already."""


def place_pause(
    *,
    company: int,
    attributes: Mapping[str, Any],
    instead: str,
    channel: str = "",
    from_on: date,
    until_on: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> Pause:
    """Close a way of notices to customers with these attributes on these days, both included.

    `attributes`: kind, country, language, salesperson_id, of which at least one says something. `channel`: mail or letter;
    empty: every way. `instead`: mail, letter or call; empty: what would have gone that way is not sent.
    Raises PauseNamesNothing, PauseTooLong, PauseGoesInCircles.
    """
    if not any(attributes.values()):
        raise PauseNamesNothing
    if not 0 <= (until_on - from_on).days < MOST_DAYS:
        raise PauseTooLong
    if instead and instead == channel:
        raise PauseGoesInCircles
    with transaction.atomic():
        pause = Pause.objects.create(
            company_id=company,
            **attributes,
            instead=instead,
            channel=channel,
            from_on=from_on,
            until_on=until_on,
            wording=put_wording(company=company, text=reason),
            placed_at=at,
            placed_by_id=by.id,
            placed_by_label=by.label,
        )
        _record(pause, "pause.placed", by, at, reason)
    return pause


def lift_pause(*, company: int, pause: int, by: Actor, at: datetime) -> None:
    """End a pause now; the next run looks at its customers again. Raises Pause.DoesNotExist, PauseLifted."""
    found = Pause.objects.get(company_id=company, id=pause)
    try:
        with transaction.atomic():
            PauseLift.objects.create(
                company_id=company, pause=found, lifted_at=at, lifted_by_id=by.id, lifted_by_label=by.label
            )
            _record(found, "pause.lifted", by, at)
    except IntegrityError:
        raise PauseLifted from None


def pause_again(*, company: int, pause: int, by: Actor, at: datetime) -> Pause:
    """Take a lift back: place the same pause anew, with its days. Raises Pause.DoesNotExist."""
    old = Pause.objects.select_related("wording").get(company_id=company, id=pause)
    names = ("kind", "country", "language", "salesperson_id")
    return place_pause(
        company=company,
        attributes={name: getattr(old, name) for name in names},
        instead=old.instead,
        channel=old.channel,
        from_on=old.from_on,
        until_on=old.until_on,
        reason=old.wording.text,
        by=by,
        at=at,
    )


def _record(pause: Pause, verb: str, by: Actor, at: datetime, reason: str = "") -> None:
    named = {
        "kind": pause.kind,
        "country": pause.country,
        "language": pause.language,
        "user": pause.salesperson_id,
        "channel": pause.channel,
        "instead": pause.instead,
    }
    record(
        company=pause.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("pause", pause.id)],
        facts={
            **{name: value for name, value in named.items() if value},
            "from": pause.from_on.isoformat(),
            "until": pause.until_on.isoformat(),
        },
        wording=reason,
    )
