"""Notes on a customer: written with files, withdrawn, and put back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from debitora.documents.actions import store_all
from debitora.documents.rules import clean_name
from debitora.receivables.actions.documents import NewDocument
from debitora.receivables.actions.locks import lock_customer
from debitora.receivables.models import Note, NoteChange, NoteFile
from debitora.receivables.queries.notes import note_state
from debitora.receivables.rules.notes import NoteFault, file_fault, file_kind
from debitora.trail.actions import put_wording, record
from debitora.trail.rules import Actor, Subject


class NoteEmpty(Exception):
    """A note needs words."""


class FileRefused(Exception):
    """The file cannot be kept with a note: its name and why."""

    def __init__(self, name: str, fault: NoteFault) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name
        self.fault = fault


class NoteMoved(Exception):
    """The note was withdrawn already, or stands already."""


def write_note(
    *,
    company: int,
    customer: int,
    text: str,
    mentions: Sequence[int] = (),
    files: Sequence[NewDocument] = (),
    by: Actor,
    at: datetime,
) -> Note:
    """Keep a note with its files; `mentions` are the users who are told of it. Raises NoteEmpty and FileRefused."""
    if not text.strip():
        raise NoteEmpty
    for file in files:
        fault = file_fault(file.data)
        if fault:
            raise FileRefused(clean_name(file.name), fault)
    with transaction.atomic():
        kept = [(file.data, file_kind(file.data) or "") for file in files]
        blobs = store_all(company=company, kept=kept, at=at)
        note = Note.objects.create(
            company_id=company,
            customer_id=customer,
            wording=put_wording(company=company, text=text.strip()),
            mentions=list(mentions),
            written_at=at,
            written_by_id=by.id,
            written_by_label=by.label[:64],
        )
        NoteFile.objects.bulk_create(
            NoteFile(company_id=company, note=note, place=place, blob=blob, name=clean_name(file.name))
            for place, (blob, file) in enumerate(zip(blobs, files, strict=True), start=1)
        )
        told = [Subject("user", user) for user in mentions]
        _record(note, "note.written", by, at, told, files=len(files))
    return note


def withdraw_note(*, company: int, note: int, by: Actor, at: datetime) -> NoteChange:
    """Take a note away; it stays in the records. Raises Note.DoesNotExist and NoteMoved."""
    return _change(company, note, "withdrawn", by, at)


def restore_note(*, company: int, note: int, by: Actor, at: datetime) -> NoteChange:
    """Put a note back that was withdrawn. Raises Note.DoesNotExist and NoteMoved."""
    return _change(company, note, "restored", by, at)


def _change(company: int, note: int, kind: str, by: Actor, at: datetime) -> NoteChange:
    with transaction.atomic():
        found = Note.objects.get(company_id=company, id=note)
        lock_customer(company=company, customer=found.customer_id)
        place, stands = note_state(note=found.id)
        if stands is not (kind == "withdrawn"):
            raise NoteMoved
        change = NoteChange.objects.create(
            company_id=company,
            note=found,
            place=place + 1,
            kind=kind,
            changed_at=at,
            changed_by_id=by.id,
            changed_by_label=by.label[:64],
        )
        _record(found, f"note.{kind}", by, at)
    return change


def _record(
    note: Note, verb: str, by: Actor, at: datetime, told: Sequence[Subject] = (), **facts: object
) -> None:
    record(
        company=note.company_id,
        by=by,
        at=at,
        verb=verb,
        subjects=[Subject("note", note.id, note.customer_id), *told],
        facts=facts,
    )
