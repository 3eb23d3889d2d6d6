"""A list's way into the ledger: uploaded, mapped, previewed, applied; and back, if it is undone.

Whatever is wrong with a file, nothing of it is applied: an item whose row cannot be read would otherwise look settled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

import polars as pl
from django.db import IntegrityError, transaction

from debitora.documents.actions import note_faults, remember_mapping, take_upload
from debitora.documents.actions import source as source_named
from debitora.documents.models import Source
from debitora.dunning.actions import withdraw_grounds
from debitora.engine.lists import ListDiff, diff
from debitora.exchange.actions.customers import apply_customers, preview_customers
from debitora.exchange.actions.reading import Opened, fault_row, open_upload, rows_of_items
from debitora.exchange.models import ListImport
from debitora.exchange.rules import Guard, Raised, guards, listed
from debitora.formats.faults import Faults
from debitora.formats.items import ItemRows, company_codes, number_twice
from debitora.formats.mapping import Mapping
from debitora.people.actions import begin_progress, progress_aside, tell_progress
from debitora.people.models import Company
from debitora.receivables.actions import apply_list, undo_list
from debitora.receivables.queries import known_items
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

Clock = Callable[[], datetime]


class ImportMoved(Exception):
    """The import is no longer in the state in which it was shown; the text names its state."""


class ImportHeld(Exception):
    """A guard speaks against it: a person has to confirm."""


class NotTheNewest(Exception):
    """Only the newest applied import of a source can be undone."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do: counts by kind of change, guards that speak, and what could not be read."""

    state: str
    read: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    guards: tuple[Raised, ...] = ()
    codes: dict[str, int] = field(default_factory=dict)


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
        opened = open_upload(company=company, upload=upload, source=origin)
        _keep_mapping(taken, opened)
    return taken


def _keep_mapping(taken: ListImport, opened: Opened) -> None:
    """Keep how the file will be read, and the faults that are known before reading its rows."""
    mapping = opened.mapping.as_dict() if opened.table is not None else {}
    state = "uploaded" if opened.table is not None else "refused"
    notes = {"guesses": [asdict(guess) for guess in opened.guesses], "ambiguous": list(opened.ambiguous)}
    ListImport.objects.filter(company_id=taken.company_id, id=taken.id).update(
        mapping=mapping, state=state, result=notes
    )
    taken.mapping, taken.state, taken.result = mapping, state, notes
    _keep_faults(taken, opened.faults)


def _keep_faults(taken: ListImport, faults: Faults) -> None:
    note_faults(company=taken.company_id, upload=taken.upload, faults=[fault_row(fault) for fault in faults])


def correct_mapping(
    *, company: Company, list_import: int, mapping: Mapping, as_of: date | None = None
) -> ListImport:
    """Read the file otherwise from now on; a preview made before is void. Raises ImportMoved."""
    with transaction.atomic():
        taken = _locked(company, list_import, "uploaded", "previewed", "held", "refused")
        opened = open_upload(company=company, upload=taken.upload, source=taken.source, mapping=mapping)
        if as_of is not None:
            ListImport.objects.filter(company_id=company.id, id=taken.id).update(as_of=as_of)
            taken.as_of = as_of
        _keep_mapping(taken, opened)
    return taken


def preview_list(
    *, company: Company, list_import: int, chosen_codes: Sequence[str] = (), at: datetime
) -> Preview:
    """Say what the list would open, change and settle, without doing it; the answer stays with the import.

    State: previewed, held (a guard speaks), nothing (this file was applied already, or changes nothing), refused (faults).
    """
    with transaction.atomic():
        taken = _locked(company, list_import, "uploaded", "previewed", "held", "nothing", "refused")
        if taken.source.kind == "customers":
            preview = _customers_preview(company, taken)
        else:
            preview = _preview(company, taken, chosen_codes)
        _keep_preview(taken, preview, chosen_codes)
    return preview


def _customers_preview(company: Company, taken: ListImport) -> Preview:
    opened = _opened(company, taken)
    state, read, counts, faults = preview_customers(opened)
    _keep_faults(taken, faults)
    return Preview(state=state, read=read, counts=counts)


def _keep_preview(taken: ListImport, preview: Preview, chosen_codes: Sequence[str]) -> None:
    result = {
        **{key: taken.result[key] for key in ("guesses", "ambiguous") if key in taken.result},
        "read": preview.read,
        "counts": preview.counts,
        "sums": preview.sums,
        "codes": preview.codes,
        "chosen_codes": list(chosen_codes),
    }
    ListImport.objects.filter(company_id=taken.company_id, id=taken.id).update(
        state=preview.state, result=result, guards=[raised.as_dict() for raised in preview.guards]
    )


def _preview(company: Company, taken: ListImport, chosen_codes: Sequence[str]) -> Preview:
    if _applied_already(taken):
        return Preview(state="nothing")
    rows, faults = rows_of_items(_opened(company, taken))
    if rows is not None and not faults.hindering:
        faults = faults + _twice(rows, chosen_codes)
    _keep_faults(taken, faults)
    if rows is None or faults.hindering:
        return Preview(state="refused", read=rows.read if rows else 0)
    known = known_items(source=taken.source_id)
    changes = diff(listed(rows, chosen_codes), known)
    speaking = guards(
        rows=rows,
        changes=changes,
        open_before=known.filter(known["open_minor"] != 0).height,
        as_of=taken.as_of,
        last_as_of=_last_as_of(taken),
        codes=company_codes(rows.frame),
        chosen_codes=chosen_codes,
    )
    state = "held" if speaking else "nothing" if changes.is_nothing else "previewed"
    return Preview(
        state=state,
        read=rows.read,
        counts=_counts(changes),
        sums=_sums(rows, chosen_codes),
        guards=tuple(speaking),
        codes=company_codes(rows.frame),
    )


def _twice(rows: ItemRows, chosen_codes: Sequence[str]) -> Faults:
    frame = rows.frame
    if chosen_codes:
        frame = frame.filter(frame["company_code"].is_in(list(chosen_codes)))
    elif len(company_codes(frame)) > 1:
        return number_twice(frame, per_company_code=True)
    return number_twice(frame)


def _counts(changes: ListDiff) -> dict[str, int]:
    return {
        "opened": changes.to_open.height + changes.to_reopen.height,
        "paid": changes.to_pay.height,
        "corrected": changes.to_correct.height,
        "reappeared": changes.reappeared.height,
        "terms": changes.terms_changed.height,
        "settled": changes.to_settle.height,
        "behind": changes.behind.height,
        "unchanged": changes.unchanged,
    }


def _sums(rows: ItemRows, chosen_codes: Sequence[str]) -> dict[str, int]:
    """Currency -> sum of the list's open amounts, in minor units."""
    shown = (
        listed(rows, chosen_codes).group_by("currency").agg(total=pl.col("open_minor").sum()).sort("currency")
    )
    return {currency: int(total) for currency, total in shown.iter_rows()}


def _applied_already(taken: ListImport) -> bool:
    same = ListImport.objects.filter(
        company_id=taken.company_id,
        source_id=taken.source_id,
        as_of=taken.as_of,
        sha256=taken.sha256,
        state="applied",
    )
    return same.exclude(id=taken.id).exists()


def _last_as_of(taken: ListImport) -> date | None:
    newest = newest_applied(company=taken.company_id, source=taken.source_id)
    return newest.as_of if newest else None


def newest_applied(*, company: int, source: int) -> ListImport | None:
    """The newest applied import of a source, which alone can be undone."""
    applied = ListImport.objects.filter(company_id=company, source_id=source, state="applied")
    return applied.order_by("-applied_at", "-id").first()


def _opened(company: Company, taken: ListImport) -> Opened:
    mapping = Mapping.from_dict(taken.mapping) if taken.mapping else None
    return open_upload(company=company, upload=taken.upload, source=taken.source, mapping=mapping)


def confirm_list(
    *, company: Company, list_import: int, confirmed: bool, by: Actor, at: datetime
) -> ListImport:
    """Give a previewed list free for applying, and announce the work. Raises ImportHeld unless guards are confirmed."""
    with transaction.atomic():
        taken = _locked(company, list_import, "previewed", "held")
        if taken.state == "held" and not confirmed:
            raise ImportHeld(", ".join(raised["guard"] for raised in taken.guards))
        ListImport.objects.filter(company_id=company.id, id=taken.id).update(state="applying")
        total = sum(taken.result.get("counts", {}).values())
        begin_progress(company=company.id, kind="import", subject=taken.id, total=total, by=by, at=at)
    return taken


def apply_taken(*, company: Company, list_import: int, by: Actor, clock: Clock) -> ListImport:
    """Apply a confirmed list in one transaction; what it did stays as its result. Safe to run twice: ImportMoved then."""
    with transaction.atomic():
        taken = _locked(company, list_import, "applying")
        chosen = taken.result.get("chosen_codes", [])
        if taken.source.kind == "customers":
            counts = apply_customers(company=company, opened=_opened(company, taken), by=by, at=clock())
        else:
            counts = _apply_items(company, taken, chosen, by, clock)
        at = clock()
        remember_mapping(company=company.id, source=taken.source, mapping=taken.mapping, by=by, at=at)
        _mark_applied(taken, counts, at)
        record(
            company=company.id,
            by=by,
            at=at,
            verb="import.applied",
            subjects=[Subject("import", taken.id), Subject("source", taken.source_id)],
            facts={"sha256": taken.sha256, "as_of": taken.as_of.isoformat(), **counts},
        )
        tell_progress(
            company=company.id,
            kind="import",
            subject=taken.id,
            at=at,
            state="done",
            done=sum(counts.values()),
        )
    return ListImport.objects.get(company_id=company.id, id=taken.id)


def _mark_applied(taken: ListImport, counts: dict[str, int], at: datetime) -> None:
    try:
        with transaction.atomic():
            ListImport.objects.filter(company_id=taken.company_id, id=taken.id).update(
                state="applied", applied_at=at, result={**taken.result, "counts": counts}
            )
    except IntegrityError:
        raise ImportMoved("applied") from None


def _apply_items(
    company: Company, taken: ListImport, chosen: Sequence[str], by: Actor, clock: Clock
) -> dict[str, int]:
    rows, faults = rows_of_items(_opened(company, taken))
    if rows is None or faults.hindering:
        raise ImportMoved("refused")
    changes = diff(listed(rows, chosen), known_items(source=taken.source_id))
    with progress_aside(kind="import", subject=taken.id, clock=clock) as progress:
        apply_list(
            company=company.id,
            source=taken.source_id,
            list_import=taken.id,
            changes=changes,
            on=taken.as_of,
            by=by,
            at=clock(),
            progress=progress,
        )
    return _counts(changes)


def fail_import(*, company: Company, list_import: int, problem: str, at: datetime) -> None:
    """Note that applying broke off; nothing was changed, and it may be tried again."""
    with transaction.atomic():
        ListImport.objects.filter(company_id=company.id, id=list_import, state="applying").update(
            state="previewed"
        )
        tell_progress(
            company=company.id,
            kind="import",
            subject=list_import,
            at=at,
            state="failed",
            problem=problem[:60],
        )


def discard_import(*, company: Company, list_import: int) -> None:
    """Lay an import aside that was not applied. Raises ImportMoved."""
    with transaction.atomic():
        taken = _locked(company, list_import, "uploaded", "previewed", "held", "refused", "nothing")
        ListImport.objects.filter(company_id=company.id, id=taken.id).update(state="discarded")


def undo_import(
    *, company: Company, list_import: int, reason: str, by: Actor, at: datetime
) -> dict[str, int]:
    """Take back everything the newest applied import of a source did, as DOMAIN says. Raises ImportMoved, NotTheNewest."""
    with transaction.atomic():
        taken = _locked(company, list_import, "applied")
        if taken.source.kind != "items":
            raise NotTheNewest("customers")
        newest = newest_applied(company=company.id, source=taken.source_id)
        if newest is None or newest.id != taken.id:
            raise NotTheNewest(str(taken.id))
        undone = undo_list(company=company.id, list_import=taken.id, by=by, at=at)
        withdrawn = withdraw_grounds(company=company.id, items=undone.items, by=by, at=at)
        ListImport.objects.filter(company_id=company.id, id=taken.id).update(state="undone", undone_at=at)
        record(
            company=company.id,
            by=by,
            at=at,
            verb="import.undone",
            subjects=[
                Subject("import", taken.id),
                *(Subject("import", taken.id, one) for one in undone.customers),
            ],
            facts={
                "entries": undone.entries_reversed,
                "allocations": undone.allocations_released,
                **withdrawn,
            },
            wording=reason,
        )
    return {"items": len(undone.items), "entries": undone.entries_reversed, **withdrawn}


def _locked(company: Company, list_import: int, *states: str) -> ListImport:
    """The import, locked together with its source, if it is in one of the states; else ImportMoved."""
    taken = (
        ListImport.objects.select_for_update(of=("self",))
        .select_related("source", "upload", "upload__blob")
        .get(company_id=company.id, id=list_import)
    )
    Source.objects.select_for_update().get(company_id=company.id, id=taken.source_id)
    if taken.state not in states:
        raise ImportMoved(taken.state)
    return taken


__all__ = [
    "Guard",
    "ImportHeld",
    "ImportMoved",
    "NotTheNewest",
    "Preview",
    "apply_taken",
    "confirm_list",
    "correct_mapping",
    "discard_import",
    "fail_import",
    "newest_applied",
    "preview_list",
    "take_list",
    "undo_import",
]
