"""A mail that goes to a person once a day: its day is kept in the transaction in which it goes."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction


class DidNotGo(Exception):
    """The mail may not leave now, so that the day is not taken."""


def once_a_day(tell: Callable[[], bool]) -> bool:
    """Do what keeps the day and mails; False where nothing went.

    Of two at once the second waits and finds the day taken, and what fails leaves it free for the next round.
    """
    try:
        with transaction.atomic():
            return tell()
    except (IntegrityError, DidNotGo):
        return False
