"""One raw mail (RFC 5322, 2045) taken apart within bounds: its headers as they stand, its parts, its texts.

The library's lenient policy is used: it parses a header only when asked, and nothing of a broken header makes it fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import Compat32, Policy
from typing import Any, Final, TypeAlias

MAX_BYTES: Final = 25_000_000
"""Mail servers take hardly more. Of a larger mail the beginning is read."""
BEGINNING: Final = 1_000_000
"""So much of a mail that is too large: headers and texts stand in front of what is attached."""
HEAD_BYTES: Final = 250_000
"""The headers of a mail end before."""
MOST_PARTS: Final = 300
"""Parts, and parts of parts. The library goes one call deeper for each level."""
LONGEST: Final = 4_000
"""Characters of a header that are looked at: the library takes parameters apart in a time that grows with the square."""
_NOT_SHOWN: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_IN_BRACKETS: Final = re.compile(r"<([^\s<>@]{1,64}@[^\s<>@]{1,253})>")
_BARE: Final = re.compile(r"[^\s<>()@,;:\"]{1,64}@[^\s<>()@,;:\"]{1,253}")
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_BLANKS: Final = re.compile(r"\s+")

Part: TypeAlias = "Message[str, str]"


class MailUnreadable(Exception):
    """The mail cannot be taken apart; carries a code: empty, too_large, too_many_parts."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Short(Compat32):
    """The library's lenient policy, with headers cut to a bearable length when they are read."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """The header as the lenient policy gives it, cut."""
        return super().header_fetch_parse(name, value[:LONGEST])


_LENIENT: Final = _Short()


class _Counting:
    """Makes the parts of one mail, and not too many of them."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self, policy: Policy[Part] = _LENIENT) -> Part:
        self._made += 1
        if self._made > MOST_PARTS:
            raise MailUnreadable("too_many_parts")
        return Message(policy=policy)


def opened(data: bytes) -> Part:
    """The mail as a tree of parts. Raises MailUnreadable."""
    if len(data) > MAX_BYTES or (len(data) > HEAD_BYTES and not _END_OF_HEAD.search(data, 0, HEAD_BYTES)):
        raise MailUnreadable("too_large")
    if not data.strip():
        raise MailUnreadable("empty")
    return BytesParser(_Counting(), policy=_LENIENT).parsebytes(data)


def heads_in(text: str) -> Part:
    """The headers that a text begins with."""
    return HeaderParser(policy=_LENIENT).parsestr(text.lstrip())


def value(part: Part, name: str) -> str:
    """The first header of the name, as it stands, in one line; "" where there is none."""
    found: Any = part.get(name)
    return one_line(str(found)) if found is not None else ""


def shown(part: Part, name: str) -> str:
    """The header for people: encoded words (RFC 2047) are decoded; what cannot be decoded stays as it stands."""
    text = value(part, name)
    try:
        pieces = decode_header(text)
        return one_line("".join(_decoded(piece, charset) for piece, charset in pieces))
    except (ValueError, LookupError):
        return text


def _decoded(piece: bytes | str, charset: str | None) -> str:
    return piece.decode(charset or "ascii", "replace") if isinstance(piece, bytes) else piece


def address(text: str) -> str:
    """The address in a header's value, that in angle brackets before all others; "" where there is none."""
    found = _IN_BRACKETS.findall(text)[-1:] or _BARE.findall(text)[:1]
    return "".join(found)


def one_line(text: str) -> str:
    """The text without control characters and with single blanks."""
    return _BLANKS.sub(" ", _NOT_SHOWN.sub(" ", text)).strip()


def own_parts(mail: Part) -> Iterator[Part]:
    """The parts of the mail itself in their order, not those of mails and reports that it carries."""
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from own_parts(part)
    else:
        yield mail


def text_of(part: Part) -> str:
    """The text of a part, whatever it says of its characters; lines end in \\n."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        text = data.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, UnicodeError):
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def kind_of(part: Part) -> str:
    """The content type, in lower case."""
    return part.get_content_type()
