"""Numbers as people write them: invoice and customer numbers that match without blanks, case and leading zeros."""

from __future__ import annotations


def number_key(text: str) -> str:
    """The form by which numbers are compared: no blanks, capital letters, no leading zeros ("0" stays "0")."""
    plain = "".join(text.split()).upper()
    return plain.lstrip("0") or plain[:1]
