"""XLS and ODS: the same values as from CSV; bombs, passwords, circles and damage refused before anything parses them."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from debitora.formats.compound import MAGIC, NotACompound, stream_of, wrapped
from debitora.formats.faults import Advice, FaultCode
from debitora.formats.guess import guess_mapping
from debitora.formats.items import read_items
from debitora.formats.spreads import spread_cells
from debitora.formats.tables import read_table
from debitora.formats.tests.old_excel import book, cell, ods, ods_cell, ods_row, record, sheet, xls

HEADER = ("Kunde", "Name", "Belegnummer", "Fällig am", "Offener Betrag")
ROWS = [
    HEADER,
    ("10001", "Müller & Söhne", "R-1", "31.10.2026", 1190.0),
    ("10002", "Ärztehaus", "R-2", "01.11.2026", -50.5),
]
FILLED_FAR = ods_row([ods_cell("a", repeated=16_384)], repeated=1_048_576)


def refused(data: bytes) -> tuple[FaultCode, str]:
    table, faults = read_table(data, "list")
    assert table is None
    (one,) = faults
    assert one.advice in {Advice.SAVE_AS_CSV, Advice.UNPROTECT}
    return one.code, dict(one.params).get("reason", "") or dict(one.params).get("kind", "")


def as_ods(rows: list[tuple[str | float, ...]]) -> str:
    return "".join(
        ods_row(
            ods_cell(value) if isinstance(value, str) else ods_cell(str(value), number=value) for value in row
        )
        for row in rows
    )


@pytest.mark.parametrize("data", [xls({"Liste": ROWS}), ods({"Liste": as_ods(ROWS)})], ids=["xls", "ods"])
def test_a_list_reads_alike_from_both(data: bytes) -> None:
    table, faults = read_table(data, "list.csv")
    assert table is not None
    assert not faults
    rows, faults = read_items(table, guess_mapping(table, currency="EUR").mapping)
    assert not faults
    assert rows.frame.select("number", "customer_name", "open_minor").rows() == [
        ("R-1", "Müller & Söhne", 119_000),
        ("R-2", "Ärztehaus", -5_050),
    ]


@pytest.mark.parametrize(
    "data",
    [
        xls({"Notes": [("a", "b")], "Liste": ROWS}),
        ods({"Notes": as_ods([("a", "b")]), "Liste": as_ods(ROWS)}),
    ],
    ids=["xls", "ods"],
)
def test_one_of_several_sheets_is_chosen(data: bytes) -> None:
    first, _ = read_table(data)
    chosen, _ = read_table(data, sheet="Liste")
    _, faults = read_table(data, sheet="Nobody")
    assert first is not None
    assert chosen is not None
    assert (first.sheet, first.sheets, first.height) == ("Notes", ("Notes", "Liste"), 1)
    assert (chosen.sheet, chosen.height) == ("Liste", 3)
    (fault,) = faults
    assert (fault.code, fault.advice) == (FaultCode.SHEET_UNKNOWN, Advice.CHOOSE_SHEET)


def test_a_day_of_an_open_document_stays_a_day() -> None:
    table, _ = read_table(ods({"T": ods_row([ods_cell(day="2026-10-31", text="31.10.26"), ods_cell("a")])}))
    assert table is not None
    assert table.cells.row(0) == (1, "2026-10-31", "a")


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (ods({"T": FILLED_FAR}), FaultCode.ARCHIVE_TOO_LARGE, "cells"),
        (
            ods({str(n): ods_row([ods_cell("a", repeated=16_000)], repeated=800) for n in range(2)}),
            FaultCode.ARCHIVE_TOO_LARGE,
            "cells",
        ),
        (
            ods({"T": ods_row([ods_cell(repeated=16_383) + ods_cell("a")], repeated=100_000)}),
            FaultCode.ARCHIVE_TOO_LARGE,
            "cells",
        ),
        (
            ods(
                {
                    "T": ods_row(
                        [
                            "<table:table-cell table:number-columns-repeated='&#57;9999999'>x</table:table-cell>"
                        ]
                    )
                }
            ),
            FaultCode.ARCHIVE_TOO_LARGE,
            "cells",
        ),
        (
            ods({"T": as_ods(ROWS)}, prolog='<!DOCTYPE x [<!ENTITY a "b">]>'),
            FaultCode.ARCHIVE_TOO_LARGE,
            "structure",
        ),
        (
            ods({"T": as_ods(ROWS)}, manifest="<manifest:encryption-data/>"),
            FaultCode.WORKBOOK_ENCRYPTED,
            "",
        ),
        (ods({"T": as_ods(ROWS)})[:-40], FaultCode.WORKBOOK_DAMAGED, ""),
    ],
)
def test_an_open_document_that_is_no_list_is_refused(data: bytes, code: FaultCode, reason: str) -> None:
    assert refused(data) == (code, reason)


def test_empty_cells_to_the_end_of_the_sheet_are_no_bomb() -> None:
    rows = as_ods(ROWS) + ods_row([ods_cell(repeated=16_384)], repeated=1_048_573)
    table, faults = read_table(ods({"T": rows}))
    assert not faults
    assert table is not None
    assert (table.height, table.width) == (3, 5)
    assert spread_cells(f"<table:table>{rows}</table:table>".encode()) == 15


CORNER = sheet([cell(0, 0, 1.0), cell(65_535, 255, 2.0)])
STRIPE = sheet([*(cell(0, x, 1.0) for x in range(256)), *(cell(y, 0, 1.0) for y in range(200))])
ENCRYPTED = record(0x2F, b"\1\0" * 27)
MANY_NAMES = {f"s{n}": sheet([]) for n in range(1_200)}


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (wrapped("Workbook", book({"s": CORNER})), FaultCode.ARCHIVE_TOO_LARGE, "cells"),
        (
            wrapped("Workbook", book({"s": sheet([cell(0, 0, 1.0)], said=(2**31, 256))})),
            FaultCode.ARCHIVE_TOO_LARGE,
            "cells",
        ),
        (
            wrapped("Workbook", book({"a": STRIPE, **{f"b{n}": b"" for n in range(900)}}, shared=True)),
            FaultCode.ARCHIVE_TOO_LARGE,
            "cells",
        ),
        (wrapped("Workbook", book(MANY_NAMES)), FaultCode.ARCHIVE_TOO_LARGE, "members"),
        (wrapped("Workbook", book({"s": CORNER}, extra=ENCRYPTED)), FaultCode.WORKBOOK_ENCRYPTED, ""),
        (wrapped("Workbook", book({"s": sheet([])}, all_at=10**6)), FaultCode.WORKBOOK_DAMAGED, ""),
        (wrapped("Workbook", b""), FaultCode.WORKBOOK_DAMAGED, ""),
        (wrapped("WordDocument", b"text"), FaultCode.NOT_A_TABLE, "compound"),
        (MAGIC + bytes(600), FaultCode.WORKBOOK_DAMAGED, ""),
        (xls({"s": ROWS})[:3_000], FaultCode.WORKBOOK_DAMAGED, ""),
    ],
)
def test_an_old_workbook_that_is_no_list_is_refused(data: bytes, code: FaultCode, reason: str) -> None:
    assert refused(data) == (code, reason)


def test_a_chain_that_runs_in_a_circle_ends() -> None:
    data = bytearray(xls({"s": ROWS * 500}))
    (tables,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, (tables + 1) * 4096, 0)
    with pytest.raises(NotACompound, match="circle"):
        stream_of(bytes(data), "Workbook")
    assert refused(bytes(data))[0] is FaultCode.WORKBOOK_DAMAGED


@pytest.mark.parametrize("size", [0, 1, 4_095, 4_096, 4_097, 1_000_000])
def test_a_stream_comes_out_of_its_container_as_it_went_in(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    found = stream_of(wrapped("Book", content), "Book")
    assert found is not None
    assert found[:size] == content
    assert not found[size:].strip(b"\0")
    assert stream_of(wrapped("Book", content), "Workbook") is None


@pytest.mark.parametrize("seed", range(40))
def test_no_damaged_workbook_raises(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(xls({"Liste": ROWS * 20}) if seed % 2 else ods({"Liste": as_ods(ROWS * 20)}))
    for _ in range(chance.choice([1, 4, 16])):
        data[chance.randrange(min(len(data), 6_000))] = chance.randrange(256)
    table, faults = read_table(bytes(data), "list")
    assert (table is None) == bool(faults.hindering), f"seed {seed}"


def test_a_file_of_another_program_reads() -> None:
    """Written by a library of its own (xlwt), with days, a password-free second sheet and small numbers."""
    path = Path(__file__).parent / "files" / "opos.xls"
    table, faults = read_table(path.read_bytes(), path.name)
    assert not faults
    assert table is not None
    assert table.sheets == ("Liste", "Hinweise")
    rows, faults = read_items(table, guess_mapping(table, currency="EUR").mapping)
    assert not faults
    assert rows.frame["due_on"].to_list()[0].isoformat() == "2026-10-31"
    assert rows.frame["open_minor"].to_list() == [119_000, 5_000, -10_000]
    assert rows.skipped.counts == {"totals": 1}
    assert rows.stated_total_minor == 114_000
