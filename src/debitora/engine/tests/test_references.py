"""References with check digits give back the numbers that they wrap; without right check digits they carry nothing."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.engine.mentions import mentions
from debitora.engine.references import carried, with_carried


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("RF18539007547034", ["539007547034"]),  # the example of ISO 11649
        ("Rechnung RF18000000000539007547034 danke", ["539007547034"]),
        ("RF19539007547034", []),
        (
            "210000000003139471430009017",
            ["21000000000313947143000901"],
        ),  # the example of the QR-bill guidelines
        ("210000000003139471430009018", []),
        ("+++090/9337/55493+++", ["909337554"]),  # the example of Febelfin
        ("090933755493", ["909337554"]),
        ("***000/0004/71155***", ["4711"]),
        ("090933755494", []),
        ("000000000000", []),
        ("", []),
    ],
)
def test_what_references_carry(text: str, numbers: list[str]) -> None:
    assert list(carried(text)) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "RF714711",
        "Ref. rf71 4711",
        "000000000000000000000047119",
        "+++000/0004/71155+++",
        "paid RF71000004711, thanks",
    ],
)
def test_invoices_are_found_by_their_references(text: str) -> None:
    known = pl.DataFrame({"target": [1, 2], "number": ["4711", "4712"]})
    found = mentions(pl.DataFrame({"line": [1], "text": [text]}), known)
    assert found.select("target", "whole").rows() == [(1, True)]


@given(st.text(max_size=200))
def test_no_text_breaks_it_or_loses_a_word(text: str) -> None:
    told = with_carried(pl.DataFrame({"line": [1], "text": [text]}))
    assert told["text"][0].startswith(text)
