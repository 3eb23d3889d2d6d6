"""Keep the wording of steps, in versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import product

from django.db import transaction

from debitora.messaging.models import Text
from debitora.messaging.rules.notice_texts import TextKey, Tone, default_text
from debitora.messaging.rules.texts import TextFault, check_subject, check_text
from debitora.messaging.rules.words import written_languages
from debitora.people.models import Company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

FIELDS = ("subject", "mail", "opening", "closing")


class TextHasFaults(Exception):
    """The wording names an unknown variable or is no correct Liquid: `faults` says where, by field."""

    def __init__(self, faults: Mapping[str, list[TextFault]]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class NoSuchVersion(Exception):
    """The wording was never made in this version."""


class TextChangedMeanwhile(Exception):
    """Somebody else saved this wording since the form was opened."""


def save_text(
    *,
    company: int,
    key: str,
    language: str,
    wording: Mapping[str, str],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Text:
    """Keep a new version of a wording (subject, mail, opening, closing); one that reads like the newest is the newest.

    `version` is the newest one the form knew. Raises TextHasFaults and TextChangedMeanwhile.
    """
    faults = {field: found for field in FIELDS if (found := faults_of(field, wording[field]))}
    if faults:
        raise TextHasFaults(faults)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company)
        newest = (
            Text.objects.filter(company_id=company, key=key, language=language).order_by("-version").first()
        )
        if newest and _reads_like(newest, wording):
            return newest
        number = newest.version if newest else 0
        if version is not None and version != number:
            raise TextChangedMeanwhile
        text = Text.objects.create(
            company_id=company,
            key=key,
            language=language,
            version=number + 1,
            made_at=at,
            made_by_id=by.id,
            made_by_label=by.label,
            **{field: wording[field] for field in FIELDS},
        )
        record(
            company=company,
            by=by,
            at=at,
            verb="text.saved",
            subjects=[Subject("text", text.id)],
            facts={"key": key, "language": language, "version": text.version},
        )
    return text


def restore_text(*, company: int, key: str, language: str, version: int, by: Actor, at: datetime) -> Text:
    """Make an earlier version the newest again, as a new one that reads like it.

    Raises NoSuchVersion, and TextHasFaults where today's checks refuse what was once permitted.
    """
    found = Text.objects.filter(company_id=company, key=key, language=language, version=version).first()
    if found is None:
        raise NoSuchVersion(f"{key} ({language}), {version}")
    wording = {field: getattr(found, field) for field in FIELDS}
    return save_text(company=company, key=key, language=language, wording=wording, by=by, at=at)


def _reads_like(text: Text, wording: Mapping[str, str]) -> bool:
    return all(getattr(text, field).strip() == wording[field].strip() for field in FIELDS)


def faults_of(field: str, source: str) -> list[TextFault]:
    """What keeps one field's source from being saved."""
    return check_subject(source) if field == "subject" else check_text(source)


def install_texts(*, company: int, by: Actor, at: datetime) -> int:
    """Give a company the wordings that ship, where it has none of that key and language; returns how many."""
    known = set(Text.objects.filter(company_id=company).values_list("key", "language"))
    shipped = product(TextKey, Tone, sorted(written_languages()))
    missing = [
        (key, tone, language) for key, tone, language in shipped if (f"{key}.{tone}", language) not in known
    ]
    for key, tone, language in missing:
        text = default_text(key, tone=tone, language=language)
        wording = {field: getattr(text, field) for field in FIELDS}
        save_text(company=company, key=f"{key}.{tone}", language=language, wording=wording, by=by, at=at)
    return len(missing)
