"""The texts of a notice: subject, mail, opening and closing; the ones we bring along, and how they are filled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

import yaml

from debitora.messaging.rules.letter import Letter
from debitora.messaging.rules.texts import paragraphs, render_subject, render_text
from debitora.messaging.rules.variables import PRESETS_FOLDER, variables_of
from debitora.messaging.rules.words import written_language


class TextKey(StrEnum):
    """Which of our texts: a word before the due day, a friendly reminder, then notices of rising firmness."""

    UPCOMING = "upcoming"
    REMINDER = "reminder"
    NOTICE1 = "notice1"
    NOTICE2 = "notice2"
    FINAL = "final"


class Tone(StrEnum):
    """To whom it is written; a customer whose kind is unknown is a consumer."""

    BUSINESS = "business"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Liquid sources. Salutation, table, sum with deadline, bank details and greeting are added by letter and mail."""

    subject: str
    mail: str
    opening: str
    closing: str


@dataclass(frozen=True, slots=True)
class FilledText:
    """A notice's texts with all values in place; mail, opening and closing as paragraphs."""

    subject: str
    mail: tuple[str, ...]
    opening: tuple[str, ...]
    closing: tuple[str, ...]


TEXTS_FOLDER: Final = PRESETS_FOLDER / "texts"


@lru_cache(maxsize=64)
def default_text(key: TextKey, *, tone: Tone, language: str) -> NoticeText:
    """The text we bring along for this step, reader and language (English where we do not write the language)."""
    path = TEXTS_FOLDER / written_language(language) / f"{key}.{tone}.yaml"
    return NoticeText(**yaml.safe_load(path.read_text(encoding="utf-8")))


def fill(text: NoticeText, letter: Letter) -> FilledText:
    """The texts with the letter's values. Raises TextNotRenderable."""
    values = variables_of(letter)
    return FilledText(
        subject=render_subject(text.subject, values),
        mail=paragraphs(render_text(text.mail, values)),
        opening=paragraphs(render_text(text.opening, values)),
        closing=paragraphs(render_text(text.closing, values)),
    )


def with_text(letter: Letter, filled: FilledText) -> Letter:
    """The letter, reading as these texts say."""
    return replace(letter, subject=filled.subject, opening=filled.opening, closing=filled.closing)
