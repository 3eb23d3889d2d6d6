"""Read an upload's bytes by its mapping: the table, the rows, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from debitora.documents.models import Source, Upload
from debitora.documents.queries import read_bytes, remembered_mapping
from debitora.formats.customers import CustomerRows, read_customers
from debitora.formats.faults import Fault, Faults
from debitora.formats.grid import Table
from debitora.formats.guess import guess_mapping
from debitora.formats.items import ItemRows, read_items
from debitora.formats.mapping import Guess, Mapping, NotAMapping, fit
from debitora.formats.tables import read_table
from debitora.people.models import Company


@dataclass(frozen=True, slots=True)
class Opened:
    """A file opened: its table if it is one, how it will be read, why, and what stands against it."""

    table: Table | None
    mapping: Mapping
    guesses: tuple[Guess, ...]
    ambiguous: tuple[str, ...]
    faults: Faults


def open_upload(
    *, company: Company, upload: Upload, source: Source, mapping: Mapping | None = None
) -> Opened:
    """Open a file: by the mapping given, else as the source's files were read last, else by what it looks like."""
    data = read_bytes(upload.blob)
    wanted = mapping or _remembered(source)
    table, faults = read_table(
        data,
        upload.name,
        encoding=(wanted.encoding if wanted else "") or None,
        delimiter=(wanted.delimiter if wanted else "") or None,
        sheet=(wanted.sheet if wanted else "") or None,
    )
    if table is None:
        return Opened(None, wanted or Mapping({}, subject=source.kind), (), (), faults)
    if mapping is not None:
        return Opened(table, mapping, (), (), faults)
    if wanted is not None:
        fitted, misfits = fit(wanted, table)
        if not misfits:
            return Opened(table, fitted, (), (), faults)
    proposal = guess_mapping(table, subject=source.kind, currency=company.currency)
    return Opened(table, proposal.mapping, proposal.guesses, proposal.ambiguous, faults + proposal.faults)


def _remembered(source: Source) -> Mapping | None:
    plain = remembered_mapping(source=source)
    try:
        return Mapping.from_dict(plain) if plain else None
    except NotAMapping:
        return None


def rows_of_items(opened: Opened) -> tuple[ItemRows | None, Faults]:
    """The open items of an opened file, and everything that could not be read."""
    if opened.table is None or opened.faults.hindering:
        return None, opened.faults
    rows, faults = read_items(opened.table, opened.mapping)
    return rows, opened.faults + faults


def rows_of_customers(opened: Opened) -> tuple[CustomerRows | None, Faults]:
    """The customers of an opened file, and everything that could not be read."""
    if opened.table is None or opened.faults.hindering:
        return None, opened.faults
    rows, faults = read_customers(opened.table, opened.mapping)
    return rows, opened.faults + faults


def fault_row(fault: Fault) -> dict[str, object]:
    """A fault as documents.Fault keeps it."""
    return {
        "code": str(fault.code),
        "line": fault.line or None,
        "column": fault.column[:120],
        "value": fault.value.replace("\0", "\u2400")[:200],
        "params": dict(fault.params),
    }
