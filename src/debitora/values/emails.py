"""E-mail addresses: one field holds exactly one address that can be delivered to."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u00a1-\U0010ffff]+\Z")
_LABEL = re.compile(r"^(?!-)[A-Za-z0-9\-\u00a1-\U0010ffff]{1,63}(?<!-)\Z")


def is_address(text: str) -> bool:
    """Whether the text is exactly one address (RFC 5321 lengths; no quoted local part, no comments, no list)."""
    local, at, domain = text.rpartition("@")
    if not at or not local or len(local.encode()) > 64 or len(text.encode()) > 254:
        return False
    labels = domain.split(".")
    dots_fit = not (local.startswith(".") or local.endswith(".") or ".." in local)
    return dots_fit and bool(_LOCAL.match(local)) and len(labels) > 1 and all(map(_LABEL.match, labels))
