"""What a notice's mail says, once for both its forms: plain text and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import css_inline
from liquid import BoundTemplate, Environment, StrictUndefined

from debitora.messaging.rules.letter import Letter, LetterLine, LineKind
from debitora.messaging.rules.pdf import LETTERS_FOLDER
from debitora.messaging.rules.sheet import (
    account_rows,
    claims_rows,
    enclosure_sentences,
    payment_reference,
    payment_sentence,
    with_emphasis,
)
from debitora.messaging.rules.words import words, written_language
from debitora.values.locales import colon, format_date, format_money

MailWords = dict[str, Any]

MOST_ITEMS: Final = 12
"""A mail lists so many items; the letter attached has them all."""


def mail_words(letter: Letter, body: tuple[str, ...]) -> MailWords:
    """Everything that stands in the mail, as texts and lists."""
    language = written_language(letter.language)
    say = words(language)
    lines = _listed(letter)
    sentence = payment_sentence(letter, language)
    account = letter.sender.account
    rows = [] if account is None else account_rows(account, reference=payment_reference(letter), say=say)
    return {
        "language": language,
        "subject": letter.subject,
        "sender": letter.sender.name,
        "salutation": letter.salutation,
        "body": [paragraph.split("\n") for paragraph in body],
        "ask": [{"text": text, "strong": strong} for text, strong in with_emphasis(sentence)]
        if sentence
        else [],
        "account": [{"name": name, "value": value} for name, value in rows] if sentence else [],
        "head": dict(say["table"]),
        "items": [_item(line, say["table"], language) for line in lines[:MOST_ITEMS]],
        "more": _more(len(lines) - MOST_ITEMS, say["table"]["more"]),
        "extra": [
            {"name": name, "value": format_money(amount, language)}
            for name, amount in claims_rows(letter, say, language)
        ],
        "total": {"name": say["table"]["total"], "value": format_money(letter.demanded, language)},
        "greeting": say["close"]["greeting"],
        "signature": _signature(letter),
        "enclosures": enclosure_sentences(letter, say),
        "foot": [", ".join((letter.sender.name, *letter.sender.address)), *letter.sender.imprint],
    }


def mail_html(said: MailWords) -> str:
    """The mail for eyes: one column, readable on a phone and in the dark, styles inlined, every name escaped."""
    return _inliner().inline(_template().render(**{"logo": "", "enclosures": [], **said}))


def mail_text(said: MailWords) -> str:
    """The mail for readers without HTML, in the same order."""
    parts = [said["salutation"], *("\n".join(paragraph) for paragraph in said["body"])]
    if said["ask"]:
        parts.append("".join(piece["text"] for piece in said["ask"]))
        parts.append("\n".join(_named(row, said["language"]) for row in said["account"]))
    parts.append("\n".join(_item_lines(said)))
    parts.append("\n".join([said["greeting"], *said["signature"]]))
    parts.append("\n".join(said.get("enclosures", [])))
    parts.append("-- \n" + "\n".join(said["foot"]))
    return "\n\n".join(part for part in parts if part).replace("\u00a0", " ") + "\n"


def _listed(letter: Letter) -> tuple[LetterLine, ...]:
    credit = letter.of_kind(LineKind.CREDIT) if letter.sets_off_credit else ()
    return (*letter.of_kind(LineKind.DUE), *credit)


def _item(line: LetterLine, label: Mapping[str, str], language: str) -> dict[str, str]:
    named = f"{label['credit']} {line.number}" if line.kind is LineKind.CREDIT else line.number
    aside = f" ({label['held']}: {format_money(line.held, language)})" if line.held else ""
    return {
        "number": f"{named}{aside}",
        "due_on": format_date(line.due_on, language) if line.due_on else "",
        "open": format_money(line.open, language).replace("-", "\u2212"),
    }


def _more(count: int, pattern: str) -> str:
    return pattern.format(count=count) if count > 0 else ""


def _signature(letter: Letter) -> list[str]:
    contact, sender = letter.contact, letter.sender
    lines = [contact.name, sender.name, contact.phone or sender.phone, contact.email or sender.email]
    return [line for line in lines if line]


def _item_lines(said: MailWords) -> list[str]:
    due_on = said["head"]["due_on"].lower()
    lines = [
        "  ".join([item["number"], *([f"{due_on} {item['due_on']}"] if item["due_on"] else []), item["open"]])
        for item in said["items"]
    ]
    sums = [*said["extra"], said["total"]]
    return [*lines, *filter(None, [said["more"]]), *(_named(row, said["language"]) for row in sums)]


def _named(row: dict[str, str], language: str) -> str:
    return f"{row['name']}{colon(language)} {row['value']}"


@lru_cache(maxsize=1)
def _template() -> BoundTemplate:
    environment = Environment(undefined=StrictUndefined, strict_filters=True, autoescape=True)
    return environment.from_string((LETTERS_FOLDER / "mail.html").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
