"""The day of a statement of account, as people write days that have passed."""

from __future__ import annotations

from datetime import date, timedelta

from debitora.values.typed import typed_day

_A_YEAR = timedelta(days=365)


def past_day(text: str, *, on: date) -> date | None:
    """The day typed, seen from `on`: 31.3. is the last one, -14 two weeks ago, nothing is `on`; None for no day."""
    plain = text.strip()
    if not plain:
        return on
    return typed_day(plain, on=on if plain[0] in "+-" else on - _A_YEAR)
