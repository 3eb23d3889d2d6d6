"""An import is worked on by one at a time, and so is its source."""

from __future__ import annotations

from datetime import datetime

from debitora.documents.models import Source
from debitora.exchange.models import ListImport
from debitora.people.models import Company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class ImportMoved(Exception):
    """The import is no longer in the state in which it was shown; the text names its state."""


def locked(company: Company, list_import: int, *states: str) -> ListImport:
    """The import, locked together with its source. Raises ImportMoved unless it is in one of the states."""
    taken = (
        ListImport.objects.select_for_update(of=("self",))
        .select_related("source", "upload", "upload__blob")
        .get(company_id=company.id, id=list_import)
    )
    Source.objects.select_for_update().get(company_id=company.id, id=taken.source_id)
    if taken.state not in states:
        raise ImportMoved(taken.state)
    return taken


def noted(taken: ListImport, verb: str, *, by: Actor, at: datetime, **facts: object) -> None:
    """Write into the trail what a person did about an import."""
    subjects = [Subject("import", taken.id), Subject("source", taken.source_id)]
    record(company=taken.company_id, by=by, at=at, verb=verb, subjects=subjects, facts=facts)


def changed(taken: ListImport, **fields: object) -> None:
    """Write fields of a locked import, and keep the object in step."""
    ListImport.objects.filter(company_id=taken.company_id, id=taken.id).update(**fields)
    for name, value in fields.items():
        setattr(taken, name, value)
