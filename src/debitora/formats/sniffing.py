"""What a file is, judged by its first bytes: the name's ending decides nothing."""

from __future__ import annotations

import re
from typing import Final

from debitora.formats.compound import MAGIC

WORKBOOK: Final = "workbook"
TEXT: Final = "text"

_SAMPLE: Final = 64 * 1024
_BEGINNING: Final = 8 * 1024
_LONG_RULE: Final = "-" * 10
_RULE_MARKS: Final = frozenset(" |+-\t")

_MAGIC: Final = (
    (b"PK\x03\x04", WORKBOOK),
    (b"PK\x05\x06", "archive"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"{\\rtf", "rtf"),
)
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_HTML: Final = re.compile(
    r"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|table|meta)\b", re.IGNORECASE | re.DOTALL
)
_XML: Final = re.compile(r"\s*(?:<\?xml\b|<[A-Za-z][\w:.-]*(?:\s+[\w:.-]+=|>))")
_JSON: Final = re.compile(r"\s*(?:\{\s*(?:\"|\})|\[\s*[\[{\"])")
_EMAIL: Final = re.compile(r"(?:Return-Path|Received|MIME-Version|Delivered-To|Message-ID): ", re.IGNORECASE)

_HEADING: Final = re.compile(r"^#{1,6} \S", re.MULTILINE)
_RULE: Final = re.compile(
    r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$", re.MULTILINE
)
_BULLET: Final = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}\.) \S", re.MULTILINE)
_FENCE: Final = re.compile(r"^[ \t]*```", re.MULTILINE)
_EMPHASIS: Final = re.compile(r"\*\*\S[^*\n]*\*\*|\[[^\]\n]+\]\([^)\n]+\)|`[^`\n]+`")


def content_kind(data: bytes) -> str:
    """`workbook`, `encrypted`, `text`, or the name of something that is no list (pdf, image, archive)."""
    if data.startswith(MAGIC):
        return "encrypted" if _ENCRYPTED in data else WORKBOOK
    for magic, kind in _MAGIC:
        if data.startswith(magic) and not (magic == b"BM" and _reads_as_text(data)):
            return kind
    return TEXT


def text_kind(text: str) -> str:
    """`text`, or the name of a notation that is no list: html, xml, json, email, markdown."""
    sample = text[:_SAMPLE]
    for pattern, kind in ((_HTML, "html"), (_XML, "xml"), (_JSON, "json"), (_EMAIL, "email")):
        if pattern.match(sample):
            return kind
    return "markdown" if _is_markdown(sample[:_BEGINNING]) else TEXT


def _is_markdown(sample: str) -> bool:
    """A table rule, a fence, or two other marks of Markdown, one of them a heading or several bullets."""
    headings = len(_HEADING.findall(sample))
    if _RULE.search(sample) and sample.count("|") > 4:
        return bool(headings) or not _is_framed(sample)
    marks = [
        headings > 0,
        len(_BULLET.findall(sample)) > 2,
        bool(_FENCE.search(sample)),
        bool(_EMPHASIS.search(sample)),
    ]
    return sum(marks) >= 2 or headings > 1


def _is_framed(sample: str) -> bool:
    """Whether the rules are those of a printed list (SAP), which draws more than one."""
    rules = [line for line in sample.splitlines() if _LONG_RULE in line and set(line) <= _RULE_MARKS]
    return len(rules) > 1


def _reads_as_text(data: bytes) -> bool:
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", data[:512])
