"""What documents decide without a database: a file's name is a label, never a path."""

from __future__ import annotations

import unicodedata


def clean_name(name: str) -> str:
    """The last part of what the file was called, without control characters, at most 200 characters; "file" if none is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return plain.strip(" .")[:200] or "file"
