"""Commands about lists: import, items, aging."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from debitora.cli.answers import DONE, REFUSED, UsageError
from debitora.cli.speaking import actor_of, bytes_of, company_of, complain, day_or_today, say
from debitora.exchange.actions import (
    ImportHeld,
    ImportMoved,
    Preview,
    apply_taken,
    confirm_list,
    correct_mapping,
    fail_import,
    preview_list,
    take_list,
)
from debitora.exchange.models import ListImport
from debitora.exchange.queries import faults_in
from debitora.exchange.rules.columns import Layout, unread
from debitora.formats.encodings import ENCODINGS
from debitora.formats.faults import Fault, FaultCode
from debitora.formats.mapping import Mapping
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.people.models import Company
from debitora.receivables.actions import LedgerMovedOn
from debitora.receivables.queries import ItemRow, aging_as_of, items_page, known_from
from debitora.receivables.rules.items import ItemFilters, State
from debitora.trail.rules import Actor

_CHANGES = ("paid", "corrected", "reappeared", "terms", "groups")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a list: done, held, nothing or refused; its preview, and counts by kind of change."""

    status: str
    preview: Preview
    counts: dict[str, int]


def import_list(args: Namespace) -> int:
    """Import a list; with --dry-run say what it would do and leave no trace of it."""
    company = company_of(args)
    by = actor_of(args, company=company, permissions=("imports.run",))
    data = bytes_of(args.file)
    with serving(company.id):
        if args.dry_run:
            with transaction.atomic():
                taken = _taken(company, args, data, by)
                answer = _answer(taken, _dry(_looked_at(company, taken, args), args))
                transaction.set_rollback(True)
        else:
            taken = _taken(company, args, data, by)
            answer = _answer(taken, _carried_out(company, taken, args, by))
    say(answer, as_json=args.json)
    return DONE if answer["status"] in ("done", "nothing") else REFUSED


def _taken(company: Company, args: Namespace, data: bytes, by: Actor) -> ListImport:
    """The file as an import, read as asked; nothing is kept where it cannot be read so."""
    with transaction.atomic():
        taken = take_list(
            company=company,
            kind=args.kind,
            source=args.source,
            data=data,
            name=Path(args.file).name,
            as_of=day_or_today(args.as_of, company),
            by=by,
            at=now(),
        )
        return _read_as_asked(company, taken, args, by)


def _read_as_asked(company: Company, taken: ListImport, args: Namespace, by: Actor) -> ListImport:
    """Recognise the columns anew in the table that --encoding and --sheet give, unless it is read so anyway."""
    known = Layout.of(Mapping.from_dict(taken.mapping))
    wanted = replace(known, encoding=args.encoding or known.encoding, sheet=args.sheet or known.sheet)
    if wanted == known:
        return taken
    mapping = unread(wanted, args.kind)
    taken = correct_mapping(company=company, list_import=taken.id, mapping=mapping, by=by, at=now())
    for fault in faults_in(taken):
        if fault.code is FaultCode.SHEET_UNKNOWN:
            raise UsageError(
                f"no sheet is called {args.sheet}; the workbook has: {dict(fault.params)['sheets']}"
            )
        if fault.code is FaultCode.ENCODING_UNFIT:
            raise UsageError(f"the file is not {args.encoding}; choose another of: {', '.join(ENCODINGS)}")
    return taken


def _looked_at(company: Company, taken: ListImport, args: Namespace) -> Preview:
    """The preview; --confirm answers which company codes belong here: all."""
    preview = preview_list(company=company, list_import=taken.id, at=now())
    if args.confirm and len(preview.codes) > 1:
        codes = list(preview.codes)
        preview = preview_list(company=company, list_import=taken.id, chosen_codes=codes, at=now())
    return preview


def _dry(preview: Preview, args: Namespace) -> _Outcome:
    """What would become of the list: one that only guards hold is done if --confirm is said."""
    would_be_done = preview.state == "previewed" or (preview.state == "held" and args.confirm)
    return _Outcome("done" if would_be_done else preview.state, preview, preview.counts)


def _carried_out(company: Company, taken: ListImport, args: Namespace, by: Actor) -> _Outcome:
    """Apply the list as far as its guards and the arguments allow; a held one waits on the page of imports."""
    preview = _looked_at(company, taken, args)
    if preview.state in ("refused", "nothing") or (preview.state == "held" and not args.confirm):
        return _Outcome(preview.state, preview, preview.counts)
    confirm_list(company=company, list_import=taken.id, confirmed=args.confirm, by=by, at=now())
    try:
        applied = apply_taken(company=company, list_import=taken.id, by=by, clock=now)
    except (ImportHeld, ImportMoved, LedgerMovedOn):
        fail_import(company=company, list_import=taken.id, problem="ledger_moved_on", at=now())
        complain("the ledger changed while the list was being applied; import it again")
        return _Outcome("held", preview, {})
    if applied.state == "nothing":
        return _Outcome("nothing", preview, {})
    return _Outcome("done", preview, dict(applied.result["counts"]))


def _answer(taken: ListImport, outcome: _Outcome) -> dict[str, object]:
    counts = outcome.counts
    with transaction.atomic():
        faults = [_plain_fault(fault) for fault in faults_in(taken)]
    return {
        "status": outcome.status,
        "read": outcome.preview.read,
        "skipped": dict(outcome.preview.skipped),
        "opened": counts.get("opened", counts.get("created", 0)),
        "changed": counts.get("changed", sum(counts.get(name, 0) for name in _CHANGES)),
        "settled": counts.get("settled", 0),
        "unchanged": counts.get("unchanged", 0),
        "faults": faults,
        "guards": [raised.as_dict() for raised in outcome.preview.guards],
        "import": taken.id,
    }


def _plain_fault(fault: Fault) -> dict[str, object]:
    return {
        "line": fault.line or None,
        "column": fault.column,
        "value": fault.value,
        "code": str(fault.code),
        "advice": str(fault.advice),
    }


def items(args: Namespace) -> int:
    """Print what is open: one line per item, amounts in minor units, columns parted by tabs."""
    company = company_of(args)
    with serving(company.id), transaction.atomic():
        found = [_plain_item(row) for row in _open_items(day_or_today(None, company))]
    if args.json:
        say({"items": found}, as_json=True)
        return DONE
    for one in found:
        print("\t".join(str(value) for value in one.values()))
    return DONE


def _open_items(day: date) -> Iterator[ItemRow]:
    after: str | None = None
    while True:
        page = items_page(filters=ItemFilters(state=State.OPEN), on=day, after=after, size=_PAGE)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def _plain_item(row: ItemRow) -> dict[str, object]:
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
    """Print open sums by band and currency as of a day; a day before the first list is answered with a complain."""
    company = company_of(args)
    day = day_or_today(args.as_of, company)
    with serving(company.id), transaction.atomic():
        found = {currency: asdict(bands) for currency, bands in aging_as_of(on=day).items()}
        first = known_from()
    if first is None or day < first:
        complain(f"nothing is known of {day}" + (f"; the ledger begins on {first}" if first else " yet"))
    if args.json:
        say({"currencies": found}, as_json=True)
        return DONE
    for currency, bands in found.items():
        say({currency: bands}, as_json=False)
    return DONE
