"""Table and mapping -> customers as columns: texts cleaned, language and country as codes, kind as a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import polars as pl
from babel import Locale

from debitora.formats import synonyms
from debitora.formats.cells import faults_of, first_of_equal, key_expression, severed_rows, texts_of
from debitora.formats.faults import FaultCode, Faults
from debitora.formats.grid import Table, column
from debitora.formats.headers import key_of
from debitora.formats.mapping import Mapping, columns_beyond
from debitora.formats.profiles import flag_word
from debitora.formats.skipping import Skipped, without_noise
from debitora.values.emails import is_address

BUSINESS: Final = "business"
CONSUMER: Final = "consumer"

SCHEMA: Final = pl.Schema(
    {
        "line": pl.UInt32,
        "customer_number": pl.String,
        "customer_name": pl.String,
        "email": pl.String,
        "street": pl.String,
        "postcode": pl.String,
        "city": pl.String,
        "country": pl.String,
        "language": pl.String,
        "customer_kind": pl.String,
        "salesperson": pl.String,
        "parent_number": pl.String,
        "company_code": pl.String,
        "currency": pl.String,
        "customer_key": pl.String,
        "parent_key": pl.String,
    }
)
"""Columns of CustomerRows.frame: all texts, "" where the list says nothing.

country: ISO 3166 (DE); language: ISO 639 (de); customer_kind: "business", "consumer" or ""; keys as in items.
"""

_LANGUAGES: Final = ("en", "de", "nl", "fr")
_PLATES: Final = {
    "d": "DE",
    "a": "AT",
    "f": "FR",
    "i": "IT",
    "b": "BE",
    "l": "LU",
    "e": "ES",
    "uk": "GB",
    "usa": "US",
    "ger": "DE",
}


@dataclass(frozen=True, slots=True)
class CustomerRows:
    """The customers that could be read, and the rows that are none. read: rows of data, readable or not."""

    frame: pl.DataFrame = field(repr=False)
    read: int
    skipped: Skipped


def read_customers(table: Table, mapping: Mapping) -> tuple[CustomerRows, Faults]:
    """Read a customer list by its mapping. Warnings (a value left out) keep the row, other faults leave it out."""
    beyond = columns_beyond(mapping, table)
    if beyond:
        return CustomerRows(pl.DataFrame(schema=SCHEMA), 0, Skipped()), beyond
    body, _ = table.below(mapping.first_line)
    body, _, skipped = without_noise(body, None, mapping)
    named = {name: column(each.index) for name, each in mapping.columns.items()}
    raw = body.select("line", *(pl.col(place).alias(name) for name, place in named.items()))
    wanted = [name for name in SCHEMA.names() if name not in {"line", "customer_key", "parent_key"}]
    frame = texts_of(raw, wanted, mapping.float_shaped)
    frame, faults = _coded(frame, mapping)
    frame = frame.with_columns(
        customer_key=key_expression("customer_number"),
        parent_key=key_expression("parent_number"),
        no_number=pl.col("customer_number") == "",
        no_name=pl.col("customer_name") == "",
    )
    faults += faults_of(frame, "no_number", FaultCode.CUSTOMER_MISSING, mapping.header("customer_number"))
    faults += faults_of(frame, "no_name", FaultCode.NAME_MISSING, mapping.header("customer_name"))
    sound = frame.filter(~pl.col("no_number") & ~pl.col("no_name")).select(SCHEMA.names())
    faults += severed_rows(table, body)
    header = mapping.header("customer_number")
    faults += first_of_equal(
        sound,
        ["customer_key", "company_code"],
        FaultCode.CUSTOMER_TWICE,
        shown="customer_number",
        column=header,
    )
    return CustomerRows(sound, body.height, skipped), faults


def _coded(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, Faults]:
    """Replace the fields that have codes; a value that is none becomes "" with a warning."""
    faults = Faults()
    readers: tuple[tuple[str, Callable[[str], str | None], FaultCode], ...] = (
        ("email", email_of, FaultCode.EMAIL_UNREADABLE),
        ("country", country_of, FaultCode.COUNTRY_UNKNOWN),
        ("language", language_of, FaultCode.LANGUAGE_UNKNOWN),
        ("customer_kind", kind_of, FaultCode.CUSTOMER_KIND_UNKNOWN),
    )
    for name, read, code in readers:
        given = frame[name].unique().to_list()
        known = {text: (read(text) if text else "") for text in given}
        unread = [text for text, value in known.items() if value is None]
        faults += faults_of(
            frame.with_columns(hit=pl.col(name).is_in(unread)), "hit", code, mapping.header(name), shown=name
        )
        frame = frame.with_columns(
            pl.col(name).replace_strict({text: value or "" for text, value in known.items()})
        )
    if mapping.flag_inverted:
        swapped = {BUSINESS: CONSUMER, CONSUMER: BUSINESS}
        frame = frame.with_columns(pl.col("customer_kind").replace(swapped))
    return frame, faults


def email_of(text: str) -> str | None:
    """The first address of a cell that holds one or several, None where it holds none."""
    for part in (
        text.replace("mailto:", " ")
        .replace("<", " ")
        .replace(">", " ")
        .replace(";", " ")
        .replace(",", " ")
        .split()
    ):
        if is_address(part):
            return part
    return None


def country_of(text: str) -> str | None:
    """ISO 3166 code of a country given by code, licence plate or name in one of our languages."""
    return _countries().get(key_of(text))


def language_of(text: str) -> str | None:
    """ISO 639 code of a language given by code (de, de_DE, DE), name or SAP's letter."""
    key = key_of(text)
    return _languages().get(key) or _languages().get(key_of(text.replace("_", "-").split("-")[0]))


def kind_of(text: str) -> str | None:
    """ "business" or "consumer", None where the word is neither."""
    word = flag_word(text)
    if word in synonyms.CONSUMER_VALUES:
        return CONSUMER
    return BUSINESS if word in synonyms.BUSINESS_VALUES else None


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    names = {key_of(plate): code for plate, code in _PLATES.items()}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names |= {key_of(name): code, code.lower(): code}
    return names | {"holland": "NL", "grossbritannien": "GB", "england": "GB", "tschechien": "CZ"}


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    names = {"d": "de", "e": "en", "f": "fr", "n": "nl", "i": "it", "s": "es"}
    for language in _LANGUAGES:
        for code, name in Locale(language).languages.items():
            if len(code) == 2:
                names |= {key_of(name): code, code: code}
    return names | {
        "at": "de",
        "ch": "de",
        "gb": "en",
        "us": "en",
        "uk": "en",
        "be": "nl",
        "ger": "de",
        "deu": "de",
        "eng": "en",
    }
