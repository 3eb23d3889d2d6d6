"""Where things stand in order: places in lists, and the days between two stretches of an account."""

from __future__ import annotations

from datetime import date

from debitora.cash.rules.chain import Span


def place_of(day: date, key: int) -> str:
    """The place of a row in a list by day and id, as addresses carry it: `2026-11-05.42`."""
    return f"{day.isoformat()}.{key}"


def placed(text: str | None) -> tuple[date, int] | None:
    """Day and id of a place; None for what is no place."""
    day, _dot, key = (text or "").partition(".")
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        return None
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None


def between(known: Span, statement: Span) -> tuple[date, date] | None:
    """The day that one of two stretches of an account ends, and the day that the other begins; None where they overlap."""
    first, last = sorted((known, statement), key=lambda span: (span.opened_on, span.closed_on))
    return (first.closed_on, last.opened_on) if first.closed_on <= last.opened_on else None
