"""Files become tables of text, whatever their dialect; what is no table is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.delimited import _cut_plain, _cut_quoted, _width
from debitora.formats.faults import FaultCode
from debitora.formats.guess import guess_mapping
from debitora.formats.items import read_items
from debitora.formats.tables import Table, read_table

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
MARKDOWN = b"# Open items\n\nA list of **things**, with a table:\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"
PROSE = b"Dear Sir or Madam,\nplease find below what is open, as of today.\nKind regards, yours, truly, me.\n"


def rows_of(table: Table | None) -> list[tuple[object, ...]]:
    assert table is not None
    return table.cells.rows()


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", FaultCode.EMPTY_FILE, 0),
        (b"\xef\xbb\xbf \r\n\r\n", FaultCode.EMPTY_FILE, 0),
        (PNG, FaultCode.NOT_A_TABLE, 0),
        (b"%PDF-1.7\n1 0 obj", FaultCode.NOT_A_TABLE, 0),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, FaultCode.WORKBOOK_DAMAGED, 0),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            FaultCode.WORKBOOK_ENCRYPTED,
            0,
        ),
        (b"<!DOCTYPE html><html><table><tr><td>1", FaultCode.NOT_A_TABLE, 0),
        (b"<html><body>1;2;3", FaultCode.NOT_A_TABLE, 0),
        (b'<?xml version="1.0"?><Workbook/>', FaultCode.NOT_A_TABLE, 0),
        (b'[{"number": 1, "open": 2}, {"number": 2, "open": 3}]', FaultCode.NOT_A_TABLE, 0),
        (MARKDOWN, FaultCode.NOT_A_TABLE, 0),
        (PROSE, FaultCode.NOT_A_TABLE, 0),
        (b"a;b\n1;2\n3;\x004\n", FaultCode.NUL_BYTES, 3),
        (b"a;b\n1;2\n3;" + b"x" * 1_000_000 + b"\n", FaultCode.LINE_TOO_LONG, 3),
        (b"x" * 1_000_000, FaultCode.LINE_TOO_LONG, 1),
        (b'a;b\n1;2\n3;"never closed\n5;6\n7;8\n', FaultCode.QUOTE_UNCLOSED, 3),
        (b'a;b\n1;"' + b"line\n" * 300, FaultCode.QUOTE_UNCLOSED, 2),
        (b'a;b\n1;"' + b"line\n" * 90_000, FaultCode.QUOTE_UNCLOSED, 2),
        (b";".join([b"x"] * 501) + b"\n", FaultCode.TOO_MANY_COLUMNS, 0),
        (b'"' + b'";"'.join([b"x"] * 501) + b'"\n', FaultCode.TOO_MANY_COLUMNS, 0),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(data: bytes, code: FaultCode, line: int) -> None:
    table, faults = read_table(data, "list.csv")
    assert table is None
    assert [(each.code, each.line) for each in faults] == [(code, line)]


def test_too_many_rows_are_refused_in_both_ways_of_cutting() -> None:
    for row in (b"1;2\n", b'"1";2\n'):
        table, faults = read_table(row * 2_000_200)
        assert table is None
        assert faults.count(FaultCode.TOO_MANY_ROWS) == 1


def test_two_million_rows_are_read() -> None:
    table, faults = read_table(b"1;2\n" * 2_000_000)
    assert table is not None
    assert (table.height, table.width, bool(faults)) == (2_000_000, 2, False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859-15", "cp850"])
def test_encodings_are_recognised(encoding: str) -> None:
    text = "Nr;Größe;Ort\n1;Müller & Söhne;Köln\n2;Café Gérard;Besançon\n"
    table, _ = read_table(text.encode(encoding))
    assert rows_of(table)[1:] == [(2, "1", "Müller & Söhne", "Köln"), (3, "2", "Café Gérard", "Besançon")]


def test_the_euro_sign_tells_latin_9_from_windows() -> None:
    for encoding in ("cp1252", "iso8859-15"):
        table, _ = read_table("Nr;Betrag in €\n1;2\n".encode(encoding))
        assert rows_of(table)[0] == (1, "Nr", "Betrag in €")
        assert table is not None
        assert table.encoding == encoding


def test_encoding_and_delimiter_can_be_chosen() -> None:
    data = "Nr,x;Größe,y\n".encode("cp850")
    table, _ = read_table(data, encoding="cp850", delimiter=",")
    assert rows_of(table) == [(1, "Nr", "x;Größe", "y")]
    assert read_table(data, encoding="klingon")[1].count(FaultCode.ENCODING_UNKNOWN) == 1
    assert read_table(data, encoding="utf-8")[1].count(FaultCode.ENCODING_UNFIT) == 1


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters_are_recognised_beside_decimal_commas(delimiter: str) -> None:
    cells = [["Nr", "Name", "Betrag"], ["1", "A B", "1,50"], ["2", "C D", "2,50"], ["3", "E", "1.003,50"]]
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in cells]
    table, _ = read_table("\n".join(delimiter.join(row) for row in quoted).encode())
    assert [row[1:] for row in rows_of(table)] == [tuple(row) for row in cells]


def test_titles_above_and_quoted_line_breaks_keep_the_lines() -> None:
    table, _ = read_table(b'Open items\n\nNr;Text;Sum\n1;"two\nlines";5\n2;"say ""hi""; you";6\n')
    assert rows_of(table) == [
        (1, "Open items", None, None),
        (2, None, None, None),
        (3, "Nr", "Text", "Sum"),
        (4, "1", "two\nlines", "5"),
        (6, "2", 'say "hi"; you', "6"),
    ]


def test_line_ends_of_old_and_new_systems() -> None:
    for end in ("\n", "\r\n", "\r"):
        table, _ = read_table(end.join(["a;b", "1;2", "3;4"]).encode())
        assert rows_of(table) == [(1, "a", "b"), (2, "1", "2"), (3, "3", "4")]


def test_the_hint_of_spreadsheets_names_the_delimiter() -> None:
    table, _ = read_table(b"sep=|\r\na;x|b\r\n1|2\r\n")
    assert rows_of(table) == [(2, "a;x", "b"), (3, "1", "2")]


def test_a_wider_line_below_the_beginning_is_kept_whole() -> None:
    table, _ = read_table(b"a;b\n" * 5000 + b"1;2;3;4\n")
    assert rows_of(table)[-1] == (5001, "1", "2", "3", "4")


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters='";\r\n\x00\x1e\x1f')),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_both_ways_of_cutting_agree(rows: list[list[str]]) -> None:
    text = "".join(";".join(row) + "\n" for row in rows)
    plain = _cut_plain(text.encode(), ";", _width(text, ";"))
    quoted, _ = _cut_quoted(text.encode(), ";")
    assert plain is not None
    assert quoted is not None
    assert plain.rows() == quoted.rows()


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    table, faults = read_table(data)
    assert (table is None) == bool(faults)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    table, faults = read_table(text.encode())
    assert (table is None) == bool(faults)


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 64_000 + "a;b\n1;2\n",
        "-" * 60_000 + "x\n" * 3,
        "[" * 60_000 + "\n",
        "T" * 99_000 + ";b\n1;2\n",
        "a;b\n" + " " * 99_000 + "x;" + "(" * 99_0 + "\n",
    ]
    + [
        "Kunde;Rechnung;fällig;Betrag\n" + f"{cell};{cell};{cell};{cell}\n"
        for cell in ("1.111" * 4_000, " T" * 10_000, "((" * 10_000, "9" * 20_000)
    ],
)
def test_hostile_texts_cost_no_more_than_others(text: str) -> None:
    """Patterns that look back over and over would take minutes here; the test's own time limit is the check."""
    for encoding in ("utf-8", "cp1252"):
        table, _ = read_table(text.replace("b\n", "bä\n").encode(encoding))
        if table is not None:
            read_items(table, guess_mapping(table, currency="EUR").mapping)


def test_an_umlaut_far_behind_is_found_quickly() -> None:
    line = b"x" * 98 + b";y\n"
    table, _ = read_table(line * 200_000 + "ä;b\n".encode("cp1252"))
    assert rows_of(table)[-1][1:] == ("ä", "b")
