"""The wording of steps, by key, language and version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from debitora.messaging.models import Text
from debitora.messaging.rules.notice_texts import NoticeText


@dataclass(frozen=True, slots=True)
class TextVersion:
    """What a step says in one language (Liquid sources)."""

    key: str
    language: str
    version: int
    subject: str
    mail: str
    opening: str
    closing: str
    made_at: datetime
    made_by: str

    @property
    def parts(self) -> dict[str, str]:
        """The four parts by name."""
        return {
            "subject": self.subject,
            "mail": self.mail,
            "opening": self.opening,
            "closing": self.closing,
        }

    @property
    def sources(self) -> NoticeText:
        """The wording as the rules fill it."""
        return NoticeText(subject=self.subject, mail=self.mail, opening=self.opening, closing=self.closing)


class NoSuchText(Exception):
    """No wording of this key exists in this language nor in English."""


def current_text(*, key: str, language: str) -> TextVersion:
    """The newest wording of a key in a language, else in English. Raises NoSuchText."""
    for wanted in (language, "en"):
        found = Text.objects.filter(key=key, language=wanted).order_by("-version").first()
        if found:
            return _version(found)
    raise NoSuchText(f"{key} ({language})")


def text_versions(*, key: str, language: str) -> list[TextVersion]:
    """All versions of a wording, newest first."""
    return [_version(text) for text in Text.objects.filter(key=key, language=language).order_by("-version")]


def text_version(*, key: str, language: str, version: int) -> TextVersion | None:
    """One version of a wording, if it was ever made."""
    found = Text.objects.filter(key=key, language=language, version=version).first()
    return _version(found) if found else None


def texts_of_key(*, key: str) -> dict[str, TextVersion]:
    """The newest version of a wording in each language that has one."""
    newest = Text.objects.filter(key=key).order_by("language", "-version").distinct("language")
    return {text.language: _version(text) for text in newest}


def texts_overview() -> list[TextVersion]:
    """The newest version of every wording, by key and language."""
    newest = Text.objects.order_by("key", "language", "-version").distinct("key", "language")
    return [_version(text) for text in newest]


def _version(text: Text) -> TextVersion:
    return TextVersion(
        key=text.key,
        language=text.language,
        version=text.version,
        subject=text.subject,
        mail=text.mail,
        opening=text.opening,
        closing=text.closing,
        made_at=text.made_at,
        made_by=text.made_by_label,
    )
