"""Commands about lists: import, items, aging."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.db import transaction

from debitora.cli.main import DONE, REFUSED, USAGE
from debitora.cli.speaking import UsageError, actor_of, company_of, complain, day_of, say
from debitora.documents.queries import faults_of
from debitora.exchange.actions import apply_taken, confirm_list, discard_import, preview_list, take_list
from debitora.exchange.models import ListImport
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.people.models import Company
from debitora.receivables.queries import ItemRow, aging_as_of, items_page
from debitora.receivables.rules.items import ItemFilters, State
from debitora.trail.rules import Actor

_CHANGES = ("paid", "corrected", "reappeared", "terms")


def import_list(args: Namespace) -> int:
    """Import a list; with --dry-run only say what it would do."""
    try:
        company, by = company_of(args), actor_of(args)
        as_of = day_of(args.as_of, company)
        data = Path(args.file).read_bytes()
    except (UsageError, OSError) as problem:
        complain(problem)
        return USAGE
    with serving(company.id):
        taken = take_list(
            company=company,
            kind=args.kind,
            source=args.source,
            data=data,
            name=Path(args.file).name,
            as_of=as_of,
            by=by,
            at=now(),
        )
        status, counts, read = _carried_out(company, taken, args, by)
        say(_answer(taken, status, counts, read), as_json=args.json)
    return DONE if status in ("done", "nothing") else REFUSED


def _carried_out(
    company: Company, taken: ListImport, args: Namespace, by: Actor
) -> tuple[str, dict[str, int], int]:
    """(status, counts, rows read) after doing what the arguments allow."""
    preview = preview_list(company=company, list_import=taken.id, at=now())
    if args.confirm and len(preview.codes) > 1:
        preview = preview_list(
            company=company, list_import=taken.id, chosen_codes=list(preview.codes), at=now()
        )
    held = preview.state == "held" and not args.confirm
    if args.dry_run or held or preview.state in ("refused", "nothing"):
        status = {"previewed": "done"}.get(preview.state, preview.state)
        status = "done" if args.dry_run and status == "held" and args.confirm else status
        if preview.state != "refused":
            discard_import(company=company, list_import=taken.id)
        return status, dict(preview.counts), preview.read
    confirm_list(company=company, list_import=taken.id, confirmed=args.confirm, by=by, at=now())
    applied = apply_taken(company=company, list_import=taken.id, by=by, clock=now)
    return "done", dict(applied.result["counts"]), preview.read


def _answer(taken: ListImport, status: str, counts: dict[str, int], read: int) -> dict[str, object]:
    with transaction.atomic():
        faults = faults_of(upload=taken.upload)
        guards = ListImport.objects.get(id=taken.id).guards
    return {
        "status": status,
        "read": read,
        "opened": counts.get("opened", counts.get("created", 0)),
        "changed": counts.get("changed", sum(counts.get(name, 0) for name in _CHANGES)),
        "settled": counts.get("settled", 0),
        "unchanged": counts.get("unchanged", 0),
        "faults": [
            {
                "code": one.code,
                "line": one.line,
                "column": one.column,
                "value": one.value,
                "advice": one.advice,
            }
            for one in faults
        ],
        "guards": guards,
    }


def items(args: Namespace) -> int:
    """Print what is open: one line per item, amounts in minor units."""
    try:
        company = company_of(args)
        day = day_of(None, company)
    except UsageError as problem:
        complain(problem)
        return USAGE
    with serving(company.id), transaction.atomic():
        found = [_plain(row) for row in _open_items(day)]
    if args.json:
        say({"items": found}, as_json=True)
        return DONE
    for one in found:
        print("\t".join(str(value) for value in one.values()))
    return DONE


def _open_items(day: date) -> Iterator[ItemRow]:
    after: str | None = None
    while True:
        page = items_page(filters=ItemFilters(state=State.OPEN), on=day, after=after, size=1000)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def _plain(row: ItemRow) -> dict[str, object]:
    return {
        "id": row.item,
        "customer": row.customer_number,
        "number": row.number,
        "position": row.position,
        "due_on": row.due_on.isoformat(),
        "days_overdue": row.days_overdue,
        "open_minor": row.open_minor,
        "currency": row.currency,
        "level": row.level,
    }


def aging(args: Namespace) -> int:
    """Print open sums by band and currency as of a day."""
    try:
        company = company_of(args)
        day = day_of(args.as_of, company)
    except UsageError as problem:
        complain(problem)
        return USAGE
    with serving(company.id), transaction.atomic():
        found = {currency: asdict(bands) for currency, bands in aging_as_of(on=day).items()}
    say({"currencies": found}, as_json=args.json)
    return DONE
