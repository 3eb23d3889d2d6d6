"""Mappings are remembered as JSON and fitted to the next file of their source."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.faults import FaultCode
from debitora.formats.guess import guess_mapping
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
    text = mapping.to_json()
    assert Mapping.from_json(text) == mapping
    assert Mapping.from_json(text).to_json() == text
    assert Mapping.from_dict(json.loads(text)) == mapping


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        Mapping({}).to_json().replace('"version": 1', '"version": 2'),
        Mapping({}).to_json().replace("debit_positive", "sideways"),
        Mapping({}).to_json().replace('"decimal_mark": "."', '"decimal_mark": "x"'),
        Mapping({"colour": Column(0)}).to_json(),
    ],
)
def test_other_texts_are_no_mapping(text: str) -> None:
    with pytest.raises(NotAMapping):
        Mapping.from_json(text)


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
