"""How a command ends: its exit code, and what it says where it could not do what was asked."""

from __future__ import annotations

DONE, REFUSED, USAGE = 0, 1, 2


class UsageError(Exception):
    """What was asked for cannot be understood or does not exist; the text says why. Ends with 2."""


class Refused(Exception):
    """What was asked for is understood and not done; the text says why. Ends with 1."""
