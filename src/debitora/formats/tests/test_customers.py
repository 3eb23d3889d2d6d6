"""Customer lists: addresses, codes for country and language, business or consumer."""

from __future__ import annotations

import pytest

from debitora.formats.customers import SCHEMA, country_of, email_of, kind_of, language_of, read_customers
from debitora.formats.faults import FaultCode
from debitora.formats.guess import guess_mapping
from debitora.formats.tables import read_table

GERMAN = """Kundenliste
Kundennummer;Name;E-Mail;Straße;PLZ;Ort;Land;Sprache;B2B/B2C;Vertrieb;Konzern
0010;Müller GmbH;a@example.org;Weg 1;01234;Köln;Deutschland;Deutsch;B2B;Meier;
0011;=HYPERLINK("x");nix;Weg 2;01234;Köln;Österreich;EN;privat;Meier;0010
0012;Ute 😀 Ŵ;"b@example.org; c@example.org";;;;Atlantis;Klingonisch;vielleicht;;
"""
ENGLISH = "customer id,company name,email address,street,zip code,city,country code,language,customer type,sales rep\n7,ACME,x@example.org,1 Road,90210,Town,US,en,business,Ann\n"


def test_a_german_list() -> None:
    table, _ = read_table(GERMAN.encode())
    assert table is not None
    rows, faults = read_customers(table, guess_mapping(table, subject="customers").mapping)
    assert rows.frame.schema == SCHEMA
    wanted = rows.frame.select(
        "customer_number",
        "customer_name",
        "email",
        "postcode",
        "country",
        "language",
        "customer_kind",
        "parent_key",
    )
    assert wanted.rows() == [
        ("0010", "Müller GmbH", "a@example.org", "01234", "DE", "de", "business", ""),
        ("0011", '=HYPERLINK("x")', "", "01234", "AT", "en", "consumer", "10"),
        ("0012", "Ute 😀 Ŵ", "b@example.org", "", "", "", "", ""),
    ]
    assert [(each.code, each.line, each.value) for each in faults] == [
        (FaultCode.EMAIL_UNREADABLE, 4, "nix"),
        (FaultCode.CUSTOMER_KIND_UNKNOWN, 5, "vielleicht"),
        (FaultCode.COUNTRY_UNKNOWN, 5, "Atlantis"),
        (FaultCode.LANGUAGE_UNKNOWN, 5, "Klingonisch"),
    ]
    assert faults.hindering == 0


def test_an_english_list() -> None:
    table, _ = read_table(ENGLISH.encode())
    assert table is not None
    mapping = guess_mapping(table, subject="customers").mapping
    rows, faults = read_customers(table, mapping)
    assert not faults
    assert rows.frame.row(0)[1:11] == (
        "7",
        "ACME",
        "x@example.org",
        "1 Road",
        "90210",
        "Town",
        "US",
        "en",
        "business",
        "Ann",
    )


def test_a_customer_twice_or_without_number_or_name_is_refused() -> None:
    table, _ = read_table(b"Kundennummer;Name;Ort\n01;A;X\n1;B;X\n;C;X\n3;;X\n")
    assert table is not None
    rows, faults = read_customers(table, guess_mapping(table, subject="customers").mapping)
    assert [(each.code, each.line) for each in faults] == [
        (FaultCode.CUSTOMER_TWICE, 3),
        (FaultCode.CUSTOMER_MISSING, 4),
        (FaultCode.NAME_MISSING, 5),
    ]
    assert rows.read == 4


def test_a_column_may_say_consumer_by_yes() -> None:
    table, _ = read_table(b"Kundennummer;Name;Privatkunde\n1;A;ja\n2;B;nein\n")
    assert table is not None
    rows, _ = read_customers(table, guess_mapping(table, subject="customers").mapping)
    assert rows.frame["customer_kind"].to_list() == ["consumer", "business"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        ("Deutschland", "DE"),
        ("D", "DE"),
        ("Allemagne", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("The Moon", None),
    ],
)
def test_countries(text: str, code: str | None) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de_AT", "de"),
        ("German", "de"),
        ("Français", "fr"),
        ("N", "nl"),
        ("xx-yy", None),
    ],
)
def test_languages(text: str, code: str | None) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(("text", "kind"), [("B2C", "consumer"), ("Firma", "business"), ("perhaps", None)])
def test_kinds(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


def test_the_first_of_several_addresses_is_taken() -> None:
    assert email_of("Ann <ann@example.org>, ben@example.org") == "ann@example.org"
    assert email_of("nobody") is None
