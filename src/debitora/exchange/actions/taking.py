"""A file is taken as a source's list of a day, and recognised; a person may read it otherwise, or lay it aside."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from debitora.documents.actions import note_faults, take_upload
from debitora.documents.actions import source as source_named
from debitora.documents.rules import fault_row
from debitora.exchange.actions.locks import changed, locked, noted
from debitora.exchange.actions.reading import Opened, open_upload
from debitora.exchange.models import ListImport
from debitora.exchange.rules.summaries import without_names
from debitora.formats.faults import Faults
from debitora.formats.mapping import Mapping
from debitora.people.models import Company
from debitora.trail.rules import Actor

OPEN_STATES = ("uploaded", "previewed", "held", "nothing", "refused")
"""The states in which an import may still be read otherwise, or laid aside."""


def take_list(
    *, company: Company, kind: str, source: str, data: bytes, name: str, as_of: date, by: Actor, at: datetime
) -> ListImport:
    """Take a file as a source's list ("items" or "customers") of a day, and recognise how it is to be read."""
    with transaction.atomic():
        origin = source_named(company=company.id, kind=kind, name=source, at=at)
        upload = take_upload(
            company=company.id, data=data, name=name, media_type="application/octet-stream", by=by, at=at
        )
        taken = ListImport.objects.create(
            company_id=company.id,
            source=origin,
            upload=upload,
            sha256=upload.blob.sha256,
            as_of=as_of,
            created_at=at,
            created_by_id=by.id,
            created_by_label=by.label,
        )
        _keep_reading(taken, open_upload(company=company, upload=upload, source=origin))
    return taken


def correct_mapping(
    *,
    company: Company,
    list_import: int,
    mapping: Mapping,
    by: Actor,
    at: datetime,
    as_of: date | None = None,
) -> ListImport:
    """Read the file otherwise from now on; a preview made before is void. Raises ImportMoved.

    A mapping without columns asks to recognise them anew, in the table that its encoding, delimiter and sheet give.
    """
    with transaction.atomic():
        taken = locked(company, list_import, *OPEN_STATES)
        opened = open_upload(company=company, upload=taken.upload, source=taken.source, mapping=mapping)
        if as_of is not None:
            changed(taken, as_of=as_of)
        _keep_reading(taken, opened)
        noted(taken, "import.read", by=by, at=at, as_of=taken.as_of.isoformat())
    return taken


def discard_import(*, company: Company, list_import: int, by: Actor, at: datetime) -> None:
    """Lay an import aside that was not applied. Raises ImportMoved."""
    with transaction.atomic():
        taken = locked(company, list_import, *OPEN_STATES)
        kept = {"examples": without_names(taken.result.get("examples", {}))}
        changed(taken, state="discarded", result={**taken.result, **kept})
        noted(taken, "import.discarded", by=by, at=at)


def resume_import(*, company: Company, list_import: int, by: Actor, at: datetime) -> None:
    """Take up an import that was laid aside: its file is looked at anew. Raises ImportMoved."""
    with transaction.atomic():
        taken = locked(company, list_import, "discarded")
        changed(taken, state="uploaded")
        noted(taken, "import.resumed", by=by, at=at)


def keep_faults(taken: ListImport, faults: Faults) -> None:
    """Keep what could not be read of an import's file, in place of what was noted before."""
    note_faults(company=taken.company_id, upload=taken.upload, faults=[fault_row(fault) for fault in faults])


def _keep_reading(taken: ListImport, opened: Opened) -> None:
    """Keep how the file will be read and why, and the faults that are known before reading its rows."""
    notes = {
        "guesses": [asdict(guess) for guess in opened.guesses] or taken.result.get("guesses", []),
        "ambiguous": list(opened.ambiguous),
        "remembered": opened.remembered,
        "faults": {str(code): count for code, count in opened.faults.counts},
    }
    state = "uploaded" if opened.table is not None else "refused"
    changed(taken, mapping=opened.mapping.as_dict(), state=state, result=notes, guards=[])
    keep_faults(taken, opened.faults)
