"""Payers' names held against customers': rare words, also misspelt ones."""

from __future__ import annotations

import polars as pl
import pytest

from debitora.engine.names import RARE, likenesses

CUSTOMERS = ["Müller & Söhne GmbH", "Brandquist Werkzeuge AG", "Nordwind Logistik BV", "Werkzeuge Nord OHG"]


def like(payer: str, customers: list[str] = CUSTOMERS) -> list[tuple[int, int]]:
    """(customer, percent) whom the payer's name resembles."""
    found = likenesses(
        pl.DataFrame({"line": [1], "name": [payer]}),
        pl.DataFrame({"customer": list(range(len(customers))), "name": customers}),
    )
    return sorted(found.select("customer", "name_percent").rows())


@pytest.mark.parametrize(
    ("payer", "found"),
    [
        ("Mueller und Soehne", [(0, 100)]),
        ("MÜLLER SOHNE GMBH", [(0, 100)]),
        ("Brandquist", [(1, 50)]),
        ("Brandqiust Werkzeuge", [(1, 95), (3, 50)]),  # two letters changed places in ten
        ("Brandkuist", [(1, 45)]),
        ("Brendkuist", []),  # two are wrong
        ("Nordwint Logistic", [(2, 88)]),
        ("Nora", []),  # too short to guess at
        ("Nordwind2 Logistik", [(2, 50)]),
        ("GmbH und Co", []),
        ("", []),
    ],
)
def test_a_payer_resembles_a_customer(payer: str, found: list[tuple[int, int]]) -> None:
    assert like(payer) == found


def test_a_word_of_many_tells_nothing_and_is_not_guessed_at() -> None:
    many = [f"Stadtwerke {chr(65 + place // 26)}{chr(65 + place % 26)}ingen" for place in range(RARE + 1)]
    assert like("Stadtwerke", many) == []
    assert like("Stadtwerken", many) == []


def test_a_word_is_counted_once_though_two_are_like_it() -> None:
    assert like("Nordwind Nordwint", ["Nordwind"]) == [(0, 100)]
