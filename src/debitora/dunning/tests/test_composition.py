"""What stands in the address window and in the lines of a letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from debitora.dunning.rules.composition import LineFacts, NoticeFacts, Recipient, lines_of

RECIPIENT = Recipient(
    party=1,
    name="Pelfetal Matériaux SARL",
    contact_name="",
    street="13 rue du Moulin",
    postcode="96284",
    city="Keldzell",
    country="FR",
    email="",
    language="en",
)


@pytest.mark.parametrize(
    ("country", "language", "last"),
    [
        ("FR", "de", "FRANKREICH"),
        ("FR", "en", "FRANCE"),
        ("GB", "de", "VEREINIGTES KÖNIGREICH"),
        ("DE", "de", "96284 Keldzell"),
        ("", "de", "96284 Keldzell"),
        ("QQ", "de", "QQ"),
    ],
)
def test_an_address_abroad_ends_in_its_country(country: str, language: str, last: str) -> None:
    lines = replace(RECIPIENT, country=country).address(home="DE", language=language)
    assert lines[:2] == ("Pelfetal Matériaux SARL", "13 rue du Moulin")
    assert lines[-1] == last


def test_no_country_stands_where_no_place_is_known() -> None:
    assert replace(RECIPIENT, street="", postcode="", city="").address(home="DE", language="de") == (
        "Pelfetal Matériaux SARL",
    )


def test_an_invoice_is_overdue_and_a_credit_never_is() -> None:
    due = LineFacts(
        item=1,
        number="RE-1",
        kind="due",
        issued_on=date(2026, 9, 1),
        due_on=date(2026, 10, 1),
        original_minor=11_900,
        open_minor=11_900,
    )
    credit = replace(due, item=2, number="RG-1", kind="credit", original_minor=-2_000, open_minor=-2_000)
    notice = NoticeFacts(
        id=1,
        number="M26-1",
        customer=1,
        customer_number="10001",
        currency="EUR",
        level=1,
        fee_minor=0,
        total_minor=9_900,
        step={},
        strategy_version=1,
        as_of=date(2026, 11, 1),
        lines=(due, credit),
    )
    assert [line.days_overdue for line in lines_of(notice, date(2026, 11, 2))] == [32, 0]
