"""Read an upload's bytes by its mapping: the table, the rows, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from debitora.documents.models import Source, Upload
from debitora.documents.queries import read_bytes, remembered_mapping
from debitora.exchange.models import ListImport
from debitora.exchange.rules.columns import Layout, pinned, unread
from debitora.exchange.rules.movements import LIST, shape_of
from debitora.formats.customers import CustomerRows, read_customers
from debitora.formats.faults import Faults
from debitora.formats.grid import Table
from debitora.formats.guess import guess_mapping, missing_fields
from debitora.formats.items import SCHEMA, ItemRows, read_items
from debitora.formats.mapping import Guess, Mapping, NotAMapping, fit
from debitora.formats.tables import read_table
from debitora.people.models import Company

_BESIDE: Final = ("kind", "text", "email", "salesperson", "contact_name", "contact_email")
COMPARED: Final = tuple(name for name in SCHEMA if name not in _BESIDE)
"""What of an item's row the ledger is compared with: a million texts that nobody asks for are 16 MB a column."""
NAMING: Final = ("contact_name", "contact_email")
"""Whom an item names as the customer's contact."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file opened: its table if it is one, how it will be read, why, and what stands against it.

    remembered: read as the source's last file was.
    """

    table: Table | None
    mapping: Mapping
    guesses: tuple[Guess, ...] = ()
    ambiguous: tuple[str, ...] = ()
    faults: Faults = field(default_factory=Faults)
    remembered: bool = False


def open_list(*, company: Company, taken: ListImport) -> Opened:
    """Open an import's file as it will be read: its table, and what stands against it."""
    return opened_import(company, taken)


def opened_import(company: Company, taken: ListImport) -> Opened:
    """The file of an import, read by the mapping that is kept with it."""
    mapping = Mapping.from_dict(taken.mapping) if taken.mapping else None
    return open_upload(company=company, upload=taken.upload, source=taken.source, mapping=mapping)


def open_upload(
    *, company: Company, upload: Upload, source: Source, mapping: Mapping | None = None
) -> Opened:
    """Open a file: by the mapping given, else as the source's files were read last, else by what it looks like.

    A mapping without columns says only how bytes become a table; the columns are recognised.
    """
    wanted = mapping or _remembered(source)
    table, faults = _table_of(upload, wanted)
    if table is None:
        return Opened(None, wanted or Mapping({}, subject=source.kind), faults=faults)
    if table.form is not None:
        return _recognised(table, faults, source, company.currency, wanted)
    if wanted is not None and wanted.columns:
        if mapping is not None:
            return Opened(table, mapping, faults=faults)
        fitted, misfits = fit(wanted, table)
        if not misfits:
            return Opened(table, fitted, faults=faults, remembered=True)
        wanted = unread(Layout(encoding=wanted.encoding), wanted.subject)
        table, faults = _table_of(upload, wanted)
        if table is None:
            return Opened(None, wanted, faults=faults)
    return _recognised(table, faults, source, company.currency, wanted)


def _table_of(upload: Upload, wanted: Mapping | None) -> tuple[Table | None, Faults]:
    return read_table(
        read_bytes(upload.blob),
        upload.name,
        encoding=(wanted.encoding if wanted else "") or None,
        delimiter=(wanted.delimiter if wanted else "") or None,
        sheet=(wanted.sheet if wanted else "") or None,
        borders=wanted.borders if wanted else (),
    )


def _recognised(
    table: Table, faults: Faults, source: Source, currency: str, wanted: Mapping | None
) -> Opened:
    """The columns by what they look like; what a person chose about the table stays."""
    proposal = guess_mapping(table, subject=source.kind, currency=currency)
    layout = Layout.of(wanted) if wanted is not None else Layout()
    mapping = pinned(layout.on(proposal.mapping), table)
    doubts = (*_doubts(table, layout), *proposal.ambiguous)
    return Opened(table, mapping, proposal.guesses, doubts, faults + proposal.faults)


def _doubts(table: Table, layout: Layout) -> list[str]:
    """What had to be guessed about the bytes: the code page, the sheet, the borders of columns."""
    guessed = {
        "encoding": bool(table.readings) and not layout.encoding,
        "sheet": len(table.sheets) > 1 and not layout.sheet,
        "borders": bool(table.borders) and not layout.borders,
    }
    return [name for name, is_guessed in guessed.items() if is_guessed]


def _remembered(source: Source) -> Mapping | None:
    plain = remembered_mapping(source=source)
    try:
        return Mapping.from_dict(plain) if plain else None
    except NotAMapping:
        return None


def rows_of_items(*, company: Company, taken: ListImport) -> tuple[ItemRows | None, str, Faults]:
    """(the items of an import's file, its shape, everything that could not be read). The file itself is let go again.

    shape: rules.movements.LIST or MOVEMENTS. Only columns that are compared are read (COMPARED).
    """
    opened = opened_import(company, taken)
    faults = opened.faults + _unmapped(opened)
    if opened.table is None or faults.hindering:
        return None, LIST, faults
    rows, problems = read_items(opened.table, opened.mapping, columns=COMPARED)
    return rows, shape_of(opened.table, rows), faults + problems


def contacts_of_items(*, company: Company, taken: ListImport) -> pl.DataFrame | None:
    """Whom the items of an import's file name: customer_key, number_key, position, currency and NAMING. None: the file names nobody."""
    opened = opened_import(company, taken)
    if opened.table is None or "contact_email" not in opened.mapping.columns:
        return None
    rows, _faults = read_items(opened.table, opened.mapping, columns=("company_code", *NAMING))
    frame = rows.frame.filter(pl.col("contact_email") != "")
    return frame.select("customer_key", "number_key", "position", "currency", *NAMING)


def rows_of_customers(opened: Opened) -> tuple[CustomerRows | None, Faults]:
    """The customers of an opened file, and everything that could not be read."""
    faults = opened.faults + _unmapped(opened)
    if opened.table is None or faults.hindering:
        return None, faults
    rows, problems = read_customers(opened.table, opened.mapping)
    return rows, faults + problems


def _unmapped(opened: Opened) -> Faults:
    """Fields without which the list cannot be read, unless the file's own faults say so already."""
    if opened.table is None or opened.faults.hindering:
        return Faults()
    return Faults.of(missing_fields(opened.mapping))
