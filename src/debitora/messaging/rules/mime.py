"""A mail's bytes (RFC 5322, 2045): headers by the standard library, parts put together here.

The library's own assembly copies and searches each part once per level of nesting and parses each header anew; for a mail
with a letter of 40 kB that takes four times as long as everything else that a mail needs.
"""

from __future__ import annotations

import hashlib
from binascii import b2a_base64
from collections.abc import Sequence
from email.headerregistry import Address
from email.policy import SMTP
from email.quoprimime import body_encode
from functools import lru_cache
from typing import Final

LOGO_ID: Final = "logo@debitora"
_END: Final = b"\r\n"
_SHORT: Final = 76
"""Characters of a header line that needs no folding."""


def assemble(
    heads: Sequence[bytes],
    *,
    text: str,
    html: str,
    pdfs: Sequence[tuple[str, bytes]],
    logo: bytes,
    seed: str,
) -> bytes:
    """The mail: plain text and HTML as alternatives, `logo` (PNG, may be empty) beside the HTML, `pdfs` attached by their names.

    `heads` are whole header lines of `header`. Boundaries come from `seed`, so that the same input gives the same bytes.
    """
    page = _part(['text/html; charset="utf-8"', "quoted-printable"], _quoted(html))
    if logo:
        picture = _part(
            ["image/png", "base64", "inline"], _base64(logo), more=[f"Content-ID: <{LOGO_ID}>".encode()]
        )
        page = _parts("related", [page, picture], _boundary(2, seed))
    words = _part(['text/plain; charset="utf-8"', "quoted-printable"], _quoted(text))
    said = _parts("alternative", [words, page], _boundary(1, seed))
    attached = [
        _part(["application/pdf", "base64", f'attachment; filename="{name}"'], _base64(pdf))
        for name, pdf in pdfs
    ]
    mixed = _parts("mixed", [said, *attached], _boundary(0, seed))
    return b"".join([*heads, b"MIME-Version: 1.0\r\n", mixed])


def header(name: str, value: str) -> bytes:
    """A header line with its line end; folded and encoded by the library where it is long or not plain."""
    if value.isascii() and value.isprintable() and len(name) + len(value) + 2 <= _SHORT and "=?" not in value:
        return f"{name}: {value}\r\n".encode()
    return _folded(name, value)


def ending_headers(link: str) -> bytes:
    """The headers by which a mail program offers to end such mails, with one click (RFC 8058).

    The link stands on one line: folded, the library encodes it (RFC 2047), and no mail program looks into that.
    """
    return f"List-Unsubscribe: <{link}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode(
        "ascii"
    )


@lru_cache(maxsize=64)
def sender_header(name: str, display_name: str, address: str) -> bytes:
    """A header with one address of the company's own and the name that is shown for it."""
    return _folded(name, Address(display_name=display_name, addr_spec=address))


def _folded(name: str, value: object) -> bytes:
    line: str = SMTP.header_store_parse(name, value)[1].fold(policy=SMTP)
    return line.encode()


def _part(kind: Sequence[str], body: bytes, *, more: Sequence[bytes] = ()) -> bytes:
    """A part of a content type, an encoding and, where it has one, a disposition."""
    names = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")
    lines = [f"{name}: {value}".encode() for name, value in zip(names, kind, strict=False)]
    return _END.join([*lines, *more, b"", body])


def _parts(kind: str, parts: Sequence[bytes], boundary: str) -> bytes:
    mark = f"--{boundary}".encode()
    opened = b"".join(mark + _END + part + _END for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"'.encode()
    return head + _END + _END + opened + mark + b"--" + _END


def _boundary(number: int, seed: str) -> str:
    return "=_" + hashlib.sha256(f"{number} {seed}".encode()).hexdigest()[:40]


def _quoted(text: str) -> bytes:
    """Quoted-printable, with CRLF."""
    lines = b"\n".join(text.encode().splitlines()) + b"\n"
    return body_encode(lines.decode("latin-1"), eol="\r\n").encode("ascii")


def _base64(data: bytes) -> bytes:
    """In lines of 76 characters (RFC 2045, 6.8)."""
    text = b2a_base64(data, newline=False)
    return b"".join(text[place : place + 76] + _END for place in range(0, len(text), 76))
