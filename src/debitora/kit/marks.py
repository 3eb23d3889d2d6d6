"""Numbers that only we can have written down: for links and addresses in mails, with nothing kept that could be stolen.

A mark is `NUMBER-SIGNATURE` in lower-case letters and digits, 128 bits of HMAC-SHA-256 (RFC 2104) over what the number is
about; a mark for one purpose or company is none for another. It stays good as long as the secret key: whoever takes it
back looks at what the number names.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from typing import Final

from django.conf import settings
from django.utils.encoding import force_bytes

MARK: Final = r"[0-9]{1,19}-[a-z2-7]{26}"
"""What a mark looks like; mail servers may have changed its letters to capitals."""
_WHOLE: Final = re.compile(MARK, re.IGNORECASE)


def marked(number: int, *, about: str) -> str:
    """The mark of a number for what it is about ("case.answer/17")."""
    return f"{number}-{_signature(number, about, settings.SECRET_KEY)}"


def number_in(mark: str, *, about: str) -> int | None:
    """The number of a mark made with the key of today or one of SECRET_KEY_FALLBACKS; None for what we have not made."""
    if not _WHOLE.fullmatch(mark):
        return None
    text, _, given = mark.lower().partition("-")
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    known = [hmac.compare_digest(_signature(int(text), about, key), given) for key in keys]
    return int(text) if any(known) else None


def _signature(number: int, about: str, key: str | bytes) -> str:
    said = f"debitora.marks.v1/{about}/{number}".encode()
    return b32encode(hmac.digest(force_bytes(key), said, hashlib.sha256)[:16]).decode().rstrip("=").lower()
