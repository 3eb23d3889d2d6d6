"""What documents decide without a database: a file's name is a label, never a path."""

from __future__ import annotations

import unicodedata

from debitora.formats.faults import Fault


def clean_name(name: str) -> str:
    """The last part of what the file was called, without control characters, at most 200 characters; "file" if none is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return plain.strip(" .")[:200] or "file"


def fault_row(fault: Fault) -> dict[str, object]:
    """A fault as documents.Fault keeps it."""
    return {
        "code": str(fault.code),
        "line": fault.line or None,
        "column": fault.column.replace("\0", "\u2400")[:120],
        "value": fault.value.replace("\0", "\u2400")[:200],
        "params": {name: word.replace("\0", "\u2400") for name, word in fault.params},
    }
