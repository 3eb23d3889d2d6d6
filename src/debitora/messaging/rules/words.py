"""The fixed words of letters and mails in the language of the debtor, kept as data beside the letter's layout."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

WORDS_FOLDER: Final = Path(__file__).parent.parent / "letters" / "words"
DEFAULT_LANGUAGE: Final = "en"

Words = Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """All fixed words of a language, by section and name; English where we do not write the language yet."""
    path = WORDS_FOLDER / f"{written_language(language)}.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {name: MappingProxyType(table) for name, table in tables.items() if name != "language"}
    )


def written_language(language: str) -> str:
    """The language in which a debtor with this language code is written to: "de-AT" is written in "de"."""
    base = language[:2].lower()
    return base if base in written_languages() else DEFAULT_LANGUAGE


@lru_cache(maxsize=1)
def written_languages() -> frozenset[str]:
    """Languages that letters and mails are written in."""
    return frozenset(path.stem for path in WORDS_FOLDER.glob("*.toml"))


def salutation(language: str, *, person: str = "") -> str:
    """How a letter addresses its reader: the person where one is known, else everybody."""
    close = words(language)["close"]
    return close["to_person"].format(name=person) if person else close["to_everybody"]
