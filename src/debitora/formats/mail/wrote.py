"""What a person wrote in a mail: its text without what it quotes, and without the signature.

Nothing is guessed where the mail does not say so: a line counts as quoted by its mark, by the sentence that mail programs put
before a quotation, or by the block of headers that they put there. What is in doubt is kept.
"""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import Final

from debitora.formats.mail.opening import Part, kind_of, own_parts, text_of

MOST_TEXT: Final = 20_000
"""Characters of the text that are looked at."""
_HTML: Final = "text/html"
_SIGNATURE: Final = re.compile(r"^--[ \t]*$")
_DEVICE: Final = re.compile(
    r"(?i)^(?:sent (?:from (?:my|outlook|mail|yahoo)|with)|get outlook for|gesendet (?:von|mit)|von meinem \S+ gesendet"
    r"|envoyé (?:de(?:puis)? mon|à partir)|verzonden (?:vanaf|met|vanuit)|verstuurd vanaf)\b.{0,80}$"
)
_SEPARATOR: Final = re.compile(
    r"(?i)^[-_]{2,} ?(?:original message|reply message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d['\u2019]origine|message original|oorspronkelijk bericht)\b.{0,40}$"
)
_ATTRIBUTION: Final = re.compile(
    r"(?i)^(?:(?:on|am|le|op)\b.{6,400}\b(?:wrote|schrieb(?: .{1,200})?|a écrit|schreef(?: .{1,200})?)\s?:"
    r"|on\b.{6,200}@.{2,200}\bwrote)$"
)
_DATED: Final = re.compile(r"^.{0,40}\b\d{4}\b.{1,120}<[^\s<>@]{1,64}@[^\s<>]{1,253}>.{0,40}:$")
"""The same in any language, on one line: a year, an address, a colon."""
_FROM: Final = re.compile(r"(?i)^\*?(?:from|von|de|van) ?:")
_OTHER_HEAD: Final = re.compile(
    r"(?i)^\*?(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé(?: le)?|à|objet|verzonden|aan|onderwerp) ?:"
)
_BESIDE: Final = frozenset({"script", "style", "head", "title", "blockquote"})
_LINES: Final = frozenset({"br", "p", "div", "tr", "li", "hr", "h1", "h2", "h3"})


def written(mail: Part) -> str:
    """The words of the mail's author, lines ending in \\n; "" where there are none. Plain text before HTML."""
    parts = [part for part in own_parts(mail) if kind_of(part) in ("text/plain", _HTML)]
    parts.sort(key=lambda part: kind_of(part) == _HTML)
    texts = (_plain(part) for part in parts)
    return own_words(next((text for text in texts if text.strip()), ""))


def _plain(part: Part) -> str:
    text = text_of(part)[:MOST_TEXT]
    return text if kind_of(part) != _HTML else text_in_html(text)


def text_in_html(html: str) -> str:
    """The text of HTML, without quotations, scripts and styles. Whatever the markup, no markup is left."""
    reader = _Text()
    with suppress(AssertionError):  # the library's word for a declaration that it does not know
        reader.feed(html[:MOST_TEXT])
        reader.close()
    return "".join(reader.pieces)


class _Text(HTMLParser):
    """Collects the text outside of elements that are not the author's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._beside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of another's, or a new line."""
        if tag in _BESIDE:
            self._beside.append(tag)
        elif tag in _LINES and not self._beside:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of an element of another's, with those in it that were left open."""
        if tag in self._beside:
            del self._beside[self._beside.index(tag) :]

    def handle_data(self, data: str) -> None:
        """Text; line ends in HTML are blanks."""
        if not self._beside:
            self.pieces.append(data.replace("\n", " "))


def own_words(text: str) -> str:
    """The text without lines that are quoted, up to a signature or to a quotation that has no marks."""
    lines = [line.strip() for line in text[:MOST_TEXT].replace("\u00a0", " ").split("\n")]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        spans = _attribution(lines, at)
        if spans:
            if not _is_quoted(_next_said(lines, at + spans)):
                break
            at += spans
            continue
        if _ends(lines, at):
            break
        if not _is_quoted(lines[at]):
            kept.append(lines[at])
        at += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n").rstrip("\n_- ")


def _attribution(lines: list[str], at: int) -> int:
    """How many lines the sentence before a quotation takes, which programs break; 0 where none begins."""
    if _DATED.match(lines[at]) and (not at or not lines[at - 1]):
        return 1
    for spans in (1, 2, 3):
        begun = lines[at : at + spans]
        if all(begun) and _ATTRIBUTION.match(" ".join(begun)) and not _ATTRIBUTION.match(" ".join(begun[1:])):
            apart = not at or not lines[at - 1] or _is_quoted(lines[at - 1])
            return spans if apart or _is_quoted(_next_said(lines, at + spans)) else 0
    return 0


def _ends(lines: list[str], at: int) -> bool:
    """Whether the author's words end before the line."""
    line = lines[at]
    if _SIGNATURE.match(line) or _SEPARATOR.match(line):
        return True
    if _DEVICE.match(line):
        return not (at and lines[at - 1])
    said = [one for one in lines[at + 1 : at + 6] if one][:3]
    return bool(_FROM.match(line)) and sum(bool(_OTHER_HEAD.match(one)) for one in said) >= 2


def _next_said(lines: list[str], at: int) -> str:
    return next((line for line in lines[at:] if line), "")


def _is_quoted(line: str) -> bool:
    return line.startswith(">")
