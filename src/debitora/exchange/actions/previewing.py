"""What a list would do, said before it is done, and kept with the import; then a person gives it free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction

from debitora.documents.queries import remembered_mapping
from debitora.engine.lists import ListDiff, diff
from debitora.exchange.actions.customers import preview_customers
from debitora.exchange.actions.locks import changed, locked, noted
from debitora.exchange.actions.reading import contacts_of_items, opened_import, rows_of_items
from debitora.exchange.actions.remembering import remember_reading
from debitora.exchange.actions.taking import OPEN_STATES, keep_faults
from debitora.exchange.models import ListImport
from debitora.exchange.queries import applied_already, known_documents, newest_applied
from debitora.exchange.rules.guards import (
    GUARDED,
    Codes,
    Guard,
    Judged,
    LastList,
    Raised,
    guards,
    listed,
    newest_document,
    other_shape,
)
from debitora.exchange.rules.movements import (
    LIST,
    MOVEMENTS,
    Movements,
    changes,
    movements,
)
from debitora.exchange.rules.summaries import Summary, summary
from debitora.formats.faults import Faults
from debitora.formats.items import ItemRows, company_codes, number_twice
from debitora.people.actions import begin_progress
from debitora.people.models import Company
from debitora.receivables.actions import name_contacts
from debitora.receivables.queries import known_items
from debitora.trail.rules import Actor


class ImportHeld(Exception):
    """A guard speaks against it: a person has to confirm. The text names the guards."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do: counts by kind of change, guards that speak, and the import that it repeats, if it does.

    counts, sums, examples and listed as rules.summaries.Summary has them. codes: items by company code. newest: the
    latest day of issue, as ISO text. skipped: rows that are no data, by kind, and skipped_lines: (line, kind) of the
    first of them, as formats.skipping.Skipped has them.
    shape: "list" or "movements". differing: documents that are known with another amount, of which nothing is changed.
    """

    state: str
    read: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, dict[str, int]] = field(default_factory=dict)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)
    guards: tuple[Raised, ...] = ()
    codes: dict[str, int] = field(default_factory=dict)
    answer: Codes = field(default_factory=Codes)
    faults: Faults = field(default_factory=Faults)
    same_as: int | None = None
    newest: str = ""
    strangers: tuple[str, ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    skipped_lines: tuple[tuple[int, str], ...] = ()
    shape: str = LIST
    differing: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """A file beside the ledger: its preview, and the changes to apply (None where it was refused or asks first).

    A list has `changes`, a file of movements has `movements`.
    """

    preview: Preview
    changes: ListDiff | None = None
    movements: Movements | None = None


def preview_list(
    *, company: Company, list_import: int, chosen_codes: Sequence[str] = (), at: datetime
) -> Preview:
    """Say what the list would open, change and settle, without doing it; the answer stays with the import.

    State: previewed, held (a guard speaks), nothing (this file was applied already, or changes nothing), refused (faults).
    `chosen_codes` answers which company codes belong here; without an answer the one given last for the source counts.
    A list that changes nothing is never applied, so that how it is read is remembered here.
    """
    with transaction.atomic():
        taken = locked(company, list_import, *OPEN_STATES)
        repeated = applied_already(taken)
        if repeated is not None:
            preview = _repeating(repeated)
        elif taken.source.kind == "customers":
            preview = _of_customers(company, taken, at)
        else:
            preview = compare(company=company, taken=taken, chosen=chosen_codes).preview
        if preview.state == "nothing" and repeated is None:
            preview = _with_names(company, taken, preview, at)
        keep_preview(taken, preview)
        if preview.state == "nothing" and repeated is None:
            remember_reading(taken, by=_taker(taken), at=at)
    return preview


def _with_names(company: Company, taken: ListImport, preview: Preview, at: datetime) -> Preview:
    """A list that changes no sum may still name other contacts: how many it does is found by doing it and taking it back."""
    named = contacts_of_items(company=company, taken=taken) if taken.source.kind == "items" else None
    if named is None:
        return preview
    with transaction.atomic():
        found = name_contacts(
            company=company.id, source=taken.source_id, named=named, by=_taker(taken), at=at
        )
        transaction.set_rollback(True)
    return (
        replace(preview, state="previewed", counts={**preview.counts, "contacts": found})
        if found
        else preview
    )


def _repeating(applied: ListImport) -> Preview:
    """The same file once more: every row was read then, and has nothing to say now."""
    read = int(applied.result.get("read", 0))
    return Preview(state="nothing", read=read, counts={"unchanged": read}, same_as=applied.id)


def _taker(taken: ListImport) -> Actor:
    """Who brought the file; the command line knows no person."""
    person = taken.created_by_id
    return Actor(id=person, kind="user" if person else "account", label=taken.created_by_label)


def compare(*, company: Company, taken: ListImport, chosen: Sequence[str] = ()) -> Compared:
    """Read an import's items and compare them with what its source knows. Nothing is written."""
    rows, shape, faults = rows_of_items(company=company, taken=taken)
    if rows is None or faults.hindering:
        return Compared(Preview(state="refused", read=rows.read if rows else 0, faults=faults))
    if shape == MOVEMENTS:
        return _as_movements(taken, rows, faults)
    codes = company_codes(rows.frame)
    answer = _answer(taken, codes, chosen)
    asks = bool(answer.open_questions(codes))
    twice = number_twice(_narrowed(rows, answer.chosen(codes))) if len(codes) > 1 else Faults()
    if twice and asks:
        return Compared(_asking(rows, codes, answer, faults))
    if twice:
        return Compared(
            Preview(state="refused", read=rows.read, codes=codes, answer=answer, faults=faults + twice)
        )
    shown = listed(rows, answer.chosen(codes))
    told = replace(rows, frame=rows.frame.select(GUARDED))
    del rows  # the comparison needs room: what guards look at is small
    return _beside(taken, told, shown, faults, codes, answer)


def _as_movements(taken: ListImport, rows: ItemRows, faults: Faults) -> Compared:
    """What happened, beside what the source knows: nothing that is missing is settled, so no guard of lists is asked."""
    known = known_documents(source=taken.source_id)
    found = movements(rows.frame, known)
    opening = changes(to_open=found.opened)
    summed = summary(changes=opening, listed=listed(rows), known=known.drop("issued_on"))
    raised = other_shape(MOVEMENTS, _last_list(taken))
    settled = found.settled.group_by("currency").agg(-pl.col("minor").sum()).sort("currency")
    preview = Preview(
        state="nothing" if found.is_nothing else "held" if raised else "previewed",
        read=rows.read,
        counts=found.counts,
        sums={**summed.sums, **({"settled": dict(settled.iter_rows())} if settled.height else {})},
        examples=summed.examples,
        listed=summed.listed,
        guards=(raised,) if raised else (),
        faults=faults,
        skipped=rows.skipped.counts,
        skipped_lines=rows.skipped.lines,
        shape=MOVEMENTS,
        differing=found.differing,
    )
    return Compared(preview, movements=found)


def _answer(taken: ListImport, codes: dict[str, int], chosen: Sequence[str]) -> Codes:
    """What a person says now, else what was said last for this source."""
    remembered = remembered_mapping(source=taken.source) or {}
    before = Codes.from_dict(remembered.get("company_codes"))
    return before.answered(chosen, codes) if chosen else before


def _narrowed(rows: ItemRows, chosen: Sequence[str]) -> Any:
    return rows.frame.filter(rows.frame["company_code"].is_in(list(chosen))) if chosen else rows.frame


def _asking(rows: ItemRows, codes: dict[str, int], answer: Codes, faults: Faults) -> Preview:
    """Company codes that use the same numbers: before a person has said which belong here, nothing can be compared."""
    asked = Raised(Guard.COMPANY_CODES, dict(codes))
    return Preview(state="held", read=rows.read, guards=(asked,), codes=codes, answer=answer, faults=faults)


def _beside(
    taken: ListImport,
    rows: ItemRows,
    shown: pl.DataFrame,
    faults: Faults,
    codes: dict[str, int],
    answer: Codes,
) -> Compared:
    known = known_items(source=taken.source_id)
    found = diff(shown, known)
    summed = summary(changes=found, listed=shown, known=known)
    judged = Judged(
        rows=rows,
        changes=found,
        open_before=known.filter(known["open_minor"] != 0).height,
        as_of=taken.as_of,
        last=_last_list(taken),
        codes=codes,
        answer=answer,
    )
    preview = _preview(judged, summed, faults)
    return Compared(preview, found)


def _preview(judged: Judged, summed: Summary, faults: Faults) -> Preview:
    speaking = guards(judged)
    newest = newest_document(judged.rows)
    return Preview(
        state="nothing" if judged.changes.is_nothing else "held" if speaking else "previewed",
        read=judged.rows.read,
        counts=summed.counts,
        sums=summed.sums,
        examples=summed.examples,
        listed=summed.listed,
        guards=tuple(speaking),
        codes=dict(judged.codes),
        answer=judged.answer,
        faults=faults,
        newest=newest.isoformat() if newest else "",
        skipped=judged.rows.skipped.counts,
        skipped_lines=judged.rows.skipped.lines,
    )


def _last_list(taken: ListImport) -> LastList | None:
    last = newest_applied(company=taken.company_id, source=taken.source_id)
    if last is None:
        return None
    newest = str(last.result.get("newest") or "")
    shape = str(last.result.get("shape") or LIST)
    return LastList(as_of=last.as_of, newest=date.fromisoformat(newest) if newest else None, shape=shape)


def _of_customers(company: Company, taken: ListImport, at: datetime) -> Preview:
    found = preview_customers(company=company, opened=opened_import(company, taken), at=at)
    return Preview(
        state=found.state,
        read=found.read,
        counts=found.counts,
        faults=found.faults,
        strangers=found.strangers,
        skipped=found.skipped,
        skipped_lines=found.skipped_lines,
    )


def keep_preview(taken: ListImport, preview: Preview, *, problem: str = "") -> None:
    """Keep a preview with its import; `problem` is a code of why it had to be made again."""
    keep_faults(taken, preview.faults)
    notes = {
        name: taken.result[name] for name in ("guesses", "ambiguous", "remembered") if name in taken.result
    }
    result = {
        **notes,
        "read": preview.read,
        "skipped": preview.skipped,
        "skipped_lines": preview.skipped_lines,
        "shape": preview.shape,
        "differing": preview.differing,
        "counts": preview.counts,
        "sums": preview.sums,
        "examples": preview.examples,
        "listed": preview.listed,
        "codes": preview.codes,
        "answer": preview.answer.as_dict(),
        "faults": {str(code): count for code, count in preview.faults.counts},
        "same_as": preview.same_as,
        "newest": preview.newest,
        "strangers": list(preview.strangers),
        "problem": problem,
    }
    speaking = [raised.as_dict() for raised in preview.guards]
    changed(taken, state=preview.state, result=result, guards=speaking)


def confirm_list(
    *, company: Company, list_import: int, confirmed: bool, by: Actor, at: datetime
) -> ListImport:
    """Give a previewed list free for applying, and announce the work. Raises ImportMoved.

    Raises ImportHeld where a guard speaks that is not confirmed.
    """
    with transaction.atomic():
        taken = locked(company, list_import, "previewed", "held")
        speaking = [str(raised["guard"]) for raised in taken.guards]
        if speaking and not confirmed:
            raise ImportHeld(", ".join(speaking))
        result = {**taken.result, "confirmed": speaking, "released_by": asdict(by)}
        changed(taken, state="applying", result=result)
        noted(taken, "import.confirmed", by=by, at=at, confirmed=speaking)
        total = sum(taken.result.get("counts", {}).values())
        begin_progress(company=company.id, kind="import", subject=taken.id, total=total, by=by, at=at)
    return taken
