"""A list that was given free enters the ledger, in one transaction; or it does not, and says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from debitora.engine.lists import ListDiff
from debitora.exchange.actions.customers import apply_customers
from debitora.exchange.actions.locks import ImportMoved, changed, locked
from debitora.exchange.actions.previewing import ImportHeld, compare, keep_preview, preview_list
from debitora.exchange.actions.reading import contacts_of_items, opened_import
from debitora.exchange.actions.remembering import remember_reading
from debitora.exchange.models import ListImport
from debitora.exchange.queries import applied_already, known_documents
from debitora.exchange.rules.guards import Codes
from debitora.exchange.rules.movements import Movements, moves_of, touched_of
from debitora.exchange.rules.summaries import without_names
from debitora.kit.failpoints import failpoint
from debitora.people.actions import progress_aside, tell_progress
from debitora.people.models import Company
from debitora.receivables.actions import Documents, apply_documents, apply_list, name_contacts
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject

Clock = Callable[[], datetime]


def apply_taken(*, company: Company, list_import: int, by: Actor, clock: Clock) -> ListImport:
    """Apply a confirmed list in one transaction; what it did stays as its result. Safe to run twice: ImportMoved then.

    A file that was applied meanwhile by another import ends as "nothing". Raises ImportHeld where a guard speaks that
    nobody confirmed, because the ledger has moved since the preview; and LedgerMovedOn.
    """
    with transaction.atomic():
        taken = locked(company, list_import, "applying")
        repeated = applied_already(taken)
        if repeated is not None:
            changed(taken, state="nothing", result={**taken.result, "same_as": repeated.id})
            _tell_done(taken, 0, clock())
            return taken
        counts = _carry_out(company, taken, by, clock)
        at = clock()
        remember_reading(taken, by=by, at=at)
        kept = {"counts": counts, "examples": without_names(taken.result.get("examples", {}))}
        changed(taken, state="applied", applied_at=at, result={**taken.result, **kept})
        _record(company, taken, counts, by, at)
        _tell_done(taken, sum(counts.values()), at)
        failpoint("list_applied")
    return taken


def _carry_out(company: Company, taken: ListImport, by: Actor, clock: Clock) -> dict[str, int]:
    if taken.source.kind == "customers":
        return apply_customers(company=company, opened=opened_import(company, taken), by=by, at=clock())
    answer = Codes.from_dict(taken.result.get("answer"))
    compared = compare(company=company, taken=taken, chosen=answer.taken)
    unasked = {str(raised.guard) for raised in compared.preview.guards} - set(
        taken.result.get("confirmed", [])
    )
    if unasked:
        raise ImportHeld(", ".join(sorted(unasked)))
    if compared.movements is not None:
        _movements_into_ledger(company, taken, compared.movements, by, clock)
    elif compared.changes is not None:
        _into_ledger(company, taken, compared.changes, by, clock)
    else:
        raise ImportMoved(compared.preview.state)
    named = contacts_of_items(company=company, taken=taken)
    if named is None:
        return compared.preview.counts
    found = name_contacts(company=company.id, source=taken.source_id, named=named, by=by, at=clock())
    return {**compared.preview.counts, **({"contacts": found} if found else {})}


def _into_ledger(company: Company, taken: ListImport, changes: ListDiff, by: Actor, clock: Clock) -> None:
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


def _movements_into_ledger(
    company: Company, taken: ListImport, found: Movements, by: Actor, clock: Clock
) -> None:
    """Every document counts from its own day, what is settled from the day it was settled; all is known from now on."""
    known = known_documents(source=taken.source_id)
    apply_documents(
        company=company.id,
        source=taken.source_id,
        list_import=taken.id,
        documents=Documents(found.opened, moves_of(found), touched_of(found, known)),
        by=by,
        at=clock(),
    )


def _record(company: Company, taken: ListImport, counts: dict[str, int], by: Actor, at: datetime) -> None:
    record(
        company=company.id,
        by=by,
        at=at,
        verb="import.applied",
        subjects=[Subject("import", taken.id), Subject("source", taken.source_id)],
        facts={
            "sha256": taken.sha256,
            "as_of": taken.as_of.isoformat(),
            "confirmed": list(taken.result.get("confirmed", [])),
            **counts,
        },
    )


def _tell_done(taken: ListImport, done: int, at: datetime) -> None:
    tell_progress(
        company=taken.company_id,
        kind="import",
        subject=taken.id,
        at=at,
        state="done",
        done=done,
        total=done,
    )


def fail_import(*, company: Company, list_import: int, problem: str, at: datetime) -> None:
    """Note that applying broke off. Nothing was changed; the preview is made anew, with the reason in its `problem`.

    problem: ledger_moved_on, held_again, or bytes_missing (then there is nothing to preview: the file is refused).
    """
    with transaction.atomic():
        taken = locked(company, list_import, "applying")
        answer = Codes.from_dict(taken.result.get("answer"))
        if problem == "bytes_missing":
            changed(taken, state="refused", result={**taken.result, "problem": problem})
        else:
            changed(taken, state="uploaded")
            preview = preview_list(company=company, list_import=taken.id, chosen_codes=answer.taken, at=at)
            taken.refresh_from_db()
            keep_preview(taken, preview, problem=problem)
        tell_progress(
            company=company.id, kind="import", subject=taken.id, at=at, state="failed", problem=problem
        )
