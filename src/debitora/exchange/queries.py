"""Reads of exchange: the imports of a company, and what is known about one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.db.models import Case, Q, When

from debitora.documents.models import Source
from debitora.documents.queries import faults_of, sources
from debitora.exchange.models import ListImport
from debitora.exchange.rules.movements import MOVEMENTS
from debitora.formats.faults import Fault
from debitora.kit import arrivals
from debitora.kit.pg.bulk import number
from debitora.receivables.models import Item
from debitora.receivables.queries import known_items
from debitora.trail.rules import Actor, system

PAGE: Final = 50
INBOX: Final = arrivals.INBOX
"""The folder in the home of the installation below which sources have their folders."""
WATCHER: Final = "exchange.look"
"""Who brings the files of watched folders."""
HELD_SHOWN: Final = 5
STATE_GROUPS: Final = {
    "waiting": ("uploaded", "previewed", "held", "refused"),
    "applying": ("applying",),
    "applied": ("applied",),
    "nothing": ("nothing",),
    "undone": ("undone",),
    "discarded": ("discarded",),
}
"""What a person filters by -> states. Waiting: somebody has to look before it goes on."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as its list shows it. opened, changed and settled count items (new and changed ones: customers).

    broke_off: it was given free, but could not be applied, and waits again.
    """

    id: int
    file: str
    source: str
    kind: str
    as_of: date
    state: str
    opened: int
    changed: int
    settled: int
    faults: int
    who: str
    at: datetime
    broke_off: bool = False


def imports(
    *, kind: str = "", group: str = "", before: int | None = None, most: int = PAGE
) -> list[ImportRow]:
    """Imports, newest first, those with an id below `before`; at most `most` and one more, which says that there are more."""
    found = ListImport.objects.select_related("source", "upload").order_by("-id")
    if kind:
        found = found.filter(source__kind=kind)
    if group:
        found = found.filter(state__in=STATE_GROUPS[group])
    if before is not None:
        found = found.filter(id__lt=before)
    return [_row(taken) for taken in found[: most + 1]]


def _row(taken: ListImport) -> ImportRow:
    counts: dict[str, int] = taken.result.get("counts", {})
    changed = ("changed", "paid", "corrected", "reappeared", "terms")
    return ImportRow(
        id=taken.id,
        file=taken.upload.name,
        source=taken.source.name,
        kind=taken.source.kind,
        as_of=taken.as_of,
        state=taken.state,
        opened=counts.get("opened", counts.get("created", 0)),
        changed=sum(counts.get(name, 0) for name in changed),
        settled=counts.get("settled", 0),
        faults=sum(taken.result.get("faults", {}).values()),
        who=taken.created_by_label,
        at=taken.created_at,
        broke_off=bool(taken.result.get("problem")) and taken.state in STATE_GROUPS["waiting"],
    )


def imports_at_hand(*, since: datetime, most: int = 5) -> list[ImportRow]:
    """What waits for a person or is being applied, and after it what was applied since then; each newest first."""
    unfinished = Q(state__in=(*STATE_GROUPS["waiting"], "applying"))
    found = ListImport.objects.select_related("source", "upload").filter(
        unfinished | Q(state="applied", applied_at__gte=since)
    )
    is_done = Case(When(unfinished, then=0), default=1)
    return [_row(taken) for taken in found.order_by(is_done, "-id")[:most]]


def import_of(*, list_import: int) -> ListImport | None:
    """The import with its source and file; None if it is not there."""
    found = ListImport.objects.select_related("source", "upload", "upload__blob")
    return found.filter(id=list_import).first()


def released_by(*, list_import: int) -> Actor:
    """Who gave an import free for applying; the system where it is not known."""
    result = ListImport.objects.values_list("result", flat=True).filter(id=list_import).first() or {}
    found = result.get("released_by")
    return Actor(**found) if found else system("exchange.apply")


def waiting_imports() -> int:
    """How many imports wait for a person."""
    waiting = list(STATE_GROUPS["waiting"])
    return number("select count(*) from exchange_listimport where state = any(%(waiting)s)", waiting=waiting)


def applied_already(taken: ListImport) -> ListImport | None:
    """Another import by which the same file was applied for the same source and day; of movements the day does not matter."""
    same = ListImport.objects.filter(
        Q(as_of=taken.as_of) | Q(result__shape=MOVEMENTS),
        company_id=taken.company_id,
        source_id=taken.source_id,
        sha256=taken.sha256,
        state="applied",
    )
    return same.exclude(id=taken.id).order_by("-id").first()


def brought_already(*, kind: str, source: str, data: bytes, as_of: date) -> ListImport | None:
    """An import of the same bytes for the same source and day that was neither discarded nor undone."""
    same = ListImport.objects.filter(
        source__kind=kind, source__name=source, sha256=hashlib.sha256(data).hexdigest(), as_of=as_of
    )
    return same.exclude(state__in=("discarded", "undone")).order_by("-id").first()


def newest_applied(*, company: int, source: int) -> ListImport | None:
    """The newest applied import of a source, which alone can be undone."""
    applied = ListImport.objects.filter(company_id=company, source_id=source, state="applied")
    return applied.order_by("-applied_at", "-id").first()


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """The folder of a source: its files that wait, the newest import it brought, and those of its imports that were not applied."""

    path: Path
    kind: str
    source: str
    waiting: int
    taken: ImportRow | None
    held: list[ListImport]


def watched_folders(*, inbox: Path, company: str) -> list[WatchedFolder]:
    """The folders that exist for a company below the inbox; files that are hidden count as not there."""
    found = [
        (kind, folder)
        for kind in Source.KINDS
        if (inbox / company / kind).is_dir()
        for folder in sorted((inbox / company / kind).iterdir())
        if folder.is_dir() and not folder.is_symlink()
    ]
    return [_watched(kind, folder) for kind, folder in found]


def _watched(kind: str, folder: Path) -> WatchedFolder:
    brought = ListImport.objects.select_related("source", "upload").filter(
        source__kind=kind, source__name=folder.name, created_by_label=WATCHER, created_by_id=None
    )
    newest = brought.order_by("-id").first()
    return WatchedFolder(
        path=folder,
        kind=kind,
        source=folder.name,
        waiting=sum(1 for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")),
        taken=_row(newest) if newest else None,
        held=list(
            brought.filter(state__in=("refused", "held", "previewed", "uploaded")).order_by("-id")[
                :HELD_SHOWN
            ]
        ),
    )


def known_documents(*, source: int) -> pl.DataFrame:
    """Every item a source ever opened with its own day, as rules.movements compares it with a file (KNOWN_DOCUMENTS)."""
    days = Item.objects.filter(source_id=source).values_list("id", "issued_on")
    issued = pl.DataFrame(list(days), schema={"item_id": pl.Int64, "issued_on": pl.Date}, orient="row")
    return known_items(source=source).join(issued, on="item_id", how="left")


def last_source() -> str:
    """The name of the source that a list was taken for last; "" if there was none."""
    newest = ListImport.objects.select_related("source").order_by("-id").first()
    return newest.source.name if newest else ""


def sources_named() -> list[str]:
    """The names that the company's sources bear, each once."""
    return sorted({each.name for kind in ("items", "customers") for each in sources(kind=kind)})


@dataclass(frozen=True, slots=True)
class Owned:
    """An item of the ledger with its number as delivered, and its customer."""

    id: int
    number: str
    customer: int
    name: str


def owned(*, items: Iterable[int]) -> dict[int, Owned]:
    """Items by their ids; unknown ids are absent."""
    return {each.id: each for each in _owned(id__in=set(items))}


def opened_by(*, list_import: int, numbers: Iterable[str]) -> dict[str, Owned]:
    """The items with one of the numbers that an import opened, by number."""
    found = _owned(list_import_id=list_import, number__in=set(numbers))
    return {each.number: each for each in found}


def _owned(**which: Any) -> list[Owned]:
    found = Item.objects.filter(**which).order_by("-id")
    return [Owned(*row) for row in found.values_list("id", "number", "customer_id", "customer__party__name")]


def day_of(text: str | None) -> date | None:
    """A day that was kept as ISO text in a result."""
    return date.fromisoformat(text) if text else None


def faults_in(taken: ListImport, *, most: int = 1000) -> list[Fault]:
    """What could not be read of an import's file, by line; at most a thousand are kept."""
    return faults_of(upload=taken.upload, most=most)
