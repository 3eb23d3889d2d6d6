"""What the rules of lists say, without a database."""

from __future__ import annotations

import pytest

from debitora.exchange.rules.columns import Layout, Reading, corrected, unread
from debitora.exchange.rules.guards import Codes
from debitora.formats.mapping import DateOrder, Mapping, Sign
from debitora.formats.tables import read_table

TWO = {"1000": 5, "2000": 3}


@pytest.mark.parametrize(
    ("answer", "codes", "asked"),
    [
        (Codes(), {"": 9}, []),
        (Codes(), {"1000": 9}, []),
        (Codes(), TWO, ["1000", "2000"]),
        (Codes(), {"": 1, "1000": 2}, ["", "1000"]),
        (Codes(("1000",), ("2000",)), TWO, []),
        (Codes(("1000",)), TWO, ["2000"]),
        (Codes(("1000",), ("2000",)), {"1000": 1}, []),
        (Codes(("1000",), ("2000",)), {"2000": 3}, ["2000"]),
        (Codes(("1000",)), {"": 4}, []),
    ],
)
def test_company_codes_are_asked_about_when_nobody_has_answered(
    answer: Codes, codes: dict[str, int], asked: list[str]
) -> None:
    assert answer.open_questions(codes) == asked


def test_an_answer_keeps_what_was_said_of_other_codes() -> None:
    before = Codes(("1000", "3000"), ("4000",))
    after = before.answered(["2000"], TWO)
    assert after == Codes(("2000", "3000"), ("1000", "4000"))
    assert Codes.from_dict(after.as_dict()) == after


def test_a_list_without_codes_is_not_narrowed() -> None:
    assert Codes(("1000",)).chosen({"": 4}) == ()
    assert Codes(("1000",)).chosen(TWO) == ("1000",)


CSV = b"Report of today;;\nNr;Kunde;Betrag\n4711.0;10.0;5,00\n4712.0;11.0;6,00\n"


def a_reading(**changes: object) -> Reading:
    facts: dict[str, object] = {
        "fields": {"number": 0, "customer_number": 1, "open": 2},
        "header_line": 2,
        "decimal_mark": ",",
        "thousands_mark": "",
        "date_order": DateOrder.DMY,
        "sign": Sign.DEBIT_POSITIVE,
        "currency": "EUR",
        "flag_inverted": False,
    }
    return Reading(**{**facts, **changes})


def test_a_person_names_the_line_of_the_headings() -> None:
    table, _faults = read_table(CSV, "list.csv")
    assert table is not None
    mapping = corrected(Mapping({}, header_line=1, first_line=2), table, a_reading())
    assert mapping.header("number") == "Nr"
    assert (mapping.header_line, mapping.first_line) == (2, 3)
    assert mapping.float_shaped == ("number", "customer_number")
    without = corrected(mapping, table, a_reading(header_line=0))
    assert (without.header("number"), without.first_line) == ("A", 1)


def test_a_layout_alone_asks_to_recognise_the_columns() -> None:
    mapping = unread(Layout(delimiter="|"), "customers")
    assert (mapping.subject, mapping.delimiter, dict(mapping.columns)) == ("customers", "|", {})
    assert Layout.of(Mapping.from_dict(mapping.as_dict())) == Layout(delimiter="|")
