"""Mappings are remembered as JSON and fitted to the next file of their source."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.customers import read_customers
from debitora.formats.faults import FaultCode
from debitora.formats.guess import guess_mapping, missing_fields
from debitora.formats.items import read_items
from debitora.formats.mapping import Column, DateOrder, Mapping, NotAMapping, Sign, fit, letters
from debitora.formats.synonyms import CUSTOMER_FIELDS, ITEM_FIELDS
from debitora.formats.tables import Table, read_table

LIST = "Kunde;Rechnungsnummer;Fälligkeit;Betrag\n1;A;13.02.2024;1,50\n"


def table_of(text: str) -> Table:
    table, _ = read_table(text.encode())
    assert table is not None
    return table


MAPPINGS = st.sampled_from([("items", ITEM_FIELDS), ("customers", CUSTOMER_FIELDS)]).flatmap(
    lambda subject: st.builds(
        Mapping,
        columns=st.dictionaries(
            st.sampled_from(subject[1]), st.builds(Column, st.integers(0, 499), st.text(max_size=9))
        ),
        subject=st.just(subject[0]),
        header_line=st.integers(0, 60),
        first_line=st.integers(1, 80),
        decimal_mark=st.sampled_from(".,"),
        thousands_mark=st.sampled_from(["", ".", ",", "'", " "]),
        date_order=st.sampled_from(DateOrder),
        sign=st.sampled_from(Sign),
        flag_inverted=st.booleans(),
        float_shaped=st.lists(st.sampled_from(["number", "customer_number"]), unique=True).map(tuple),
        currency=st.sampled_from(["", "EUR"]),
        encoding=st.sampled_from(["", "cp850"]),
    )
)


@settings(deadline=None)
@given(MAPPINGS)
def test_a_mapping_comes_back_from_json(mapping: Mapping) -> None:
    text = json.dumps(mapping.as_dict())
    assert Mapping.from_dict(json.loads(text)) == mapping


@pytest.mark.parametrize(
    "plain",
    [
        [],
        {},
        {**Mapping({}).as_dict(), "version": 2},
        {**Mapping({}).as_dict(), "sign": "sideways"},
        {**Mapping({}).as_dict(), "decimal_mark": "x"},
        Mapping({"colour": Column(0)}).as_dict(),
    ],
)
def test_other_values_are_no_mapping(plain: Any) -> None:
    with pytest.raises(NotAMapping):
        Mapping.from_dict(plain)


def test_columns_are_found_again_where_they_stand_now() -> None:
    mapping = guess_mapping(table_of(LIST), currency="EUR").mapping
    later = table_of(
        "Liste vom 1.3.\n\nBetrag;neu;FÄLLIGKEIT;Rechnungs-Nummer;Kunde\n2,50;x;13.03.2024;B;7\n"
    )
    fitted, faults = fit(mapping, later)
    assert not faults
    rows, faults = read_items(later, fitted)
    assert not faults
    assert rows.frame.select("customer_number", "number", "open_minor").rows() == [("7", "B", 250)]


def test_a_column_that_is_gone_is_named() -> None:
    mapping = guess_mapping(table_of(LIST)).mapping
    _, faults = fit(mapping, table_of("Kunde;Rechnungsnummer;Betrag\n1;A;1,50\n"))
    (one,) = faults
    assert one.code == FaultCode.COLUMN_MISSING
    assert dict(one.params) == {"field": "due_on", "header": "Fälligkeit"}


def test_a_list_without_header_fits_by_place() -> None:
    mapping = Mapping({"number": Column(0), "open": Column(5)}, header_line=0, first_line=1)
    _, faults = fit(mapping, table_of("1;2;3\n"))
    assert [dict(each.params)["field"] for each in faults] == ["open"]


def test_columns_can_be_moved_and_dropped() -> None:
    mapping = Mapping({"number": Column(0, "A"), "open": Column(5, "B")})
    moved = mapping.with_columns({"number": Column(27), "open": None})
    assert (moved.header("number"), moved.header("open")) == ("AB", "")


def test_letters_count_like_a_spreadsheet() -> None:
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


TABLES = st.lists(
    st.lists(
        st.one_of(st.text(max_size=8), st.sampled_from(["1,50", "01.02.2024", "EUR", "S", "ja", "Summe"])),
        min_size=1,
        max_size=6,
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=40, print_blob=True)
@given(TABLES, MAPPINGS)
def test_no_mapping_and_no_table_raise(rows: list[list[str]], mapping: Mapping) -> None:
    width = max(map(len, rows))
    columns = {
        f"c{index}": [row[index] if index < len(row) else None for row in rows] for index in range(width)
    }
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    table = Table("", cells.select(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("line"), pl.all()))
    near = mapping.with_columns({name: Column(each.index % width) for name, each in mapping.columns.items()})
    for each in (mapping, near, guess_mapping(table, subject=mapping.subject, currency="EUR").mapping):
        read = read_items if each.subject == "items" else read_customers
        found, faults = read(table, each)
        assert found.frame.height <= found.read
        assert found.frame.height == found.read or faults


def test_a_mapping_beyond_the_table_is_a_fault() -> None:
    rows, faults = read_items(table_of(LIST), Mapping({"number": Column(7, "Nr")}))
    assert (rows.read, [dict(each.params)["field"] for each in faults]) == (0, ["number"])


def test_a_sign_by_flag_needs_its_column() -> None:
    mapping = replace(guess_mapping(table_of(LIST), currency="EUR").mapping, sign=Sign.FLAG)
    assert [dict(each.params)["field"] for each in missing_fields(mapping)] == ["side"]
    _, faults = read_items(table_of(LIST), mapping)
    assert faults.count(FaultCode.SIDE_UNREADABLE) == 1
