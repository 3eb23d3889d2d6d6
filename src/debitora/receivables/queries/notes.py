"""Notes on a customer: the newest that stand, with their files, and the texts of some by id."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from debitora.kit.pg.bulk import rows
from debitora.receivables.models import NoteChange

_STANDS: Final = """coalesce((
        select c.kind from receivables_notechange c
        where c.company_id = n.company_id and c.note_id = n.id order by c.place desc limit 1
    ), 'restored') = 'restored'"""
_NOTES: Final = f"""
    select n.id as note, w.text, n.written_at, n.written_by_id, n.written_by_label
    from receivables_note n
    join trail_wording w on w.company_id = n.company_id and w.id = n.wording_id
    where n.customer_id = %(customer)s and {_STANDS}
    order by n.id desc limit %(most)s"""  # noqa: S608  # fragments of ours
_FILES: Final = """
    select f.note_id, f.id as file, f.name, b.size, b.erased_at is not null as erased
    from receivables_notefile f
    join documents_blob b on b.company_id = f.company_id and b.id = f.blob_id
    where f.note_id = any(%(notes)s) order by f.note_id, f.place"""
_TEXTS: Final = f"""
    select n.id as note, w.text
    from receivables_note n
    join trail_wording w on w.company_id = n.company_id and w.id = n.wording_id
    where n.id = any(%(notes)s) and {_STANDS}"""  # noqa: S608  # fragments of ours


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a note; `size` in bytes."""

    file: int
    name: str
    size: int
    erased: bool


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note that stands."""

    note: int
    text: str
    written_at: datetime
    written_by_id: int | None
    written_by_label: str
    files: tuple[FileRow, ...]


def notes_of_customer(*, customer: int, most: int) -> list[NoteRow]:
    """The newest notes of a customer, the newest in front."""
    found = rows(_NOTES, customer=customer, most=most)
    files: dict[int, list[FileRow]] = {}
    for row in rows(_FILES, notes=[one["note"] for one in found]) if found else ():
        files.setdefault(row.pop("note_id"), []).append(FileRow(**row))
    return [NoteRow(**row, files=tuple(files.get(row["note"], ()))) for row in found]


def note_texts(*, notes: Collection[int]) -> dict[int, str]:
    """The texts of those of the notes that stand, by id."""
    found = rows(_TEXTS, notes=sorted(notes)) if notes else []
    return {row["note"]: row["text"] for row in found}


def note_state(*, note: int) -> tuple[int, bool]:
    """How often the note was changed, and whether it stands."""
    newest = NoteChange.objects.filter(note_id=note).order_by("-place").first()
    return (newest.place, newest.kind == "restored") if newest else (0, True)
