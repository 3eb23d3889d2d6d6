"""Where pages lead, and the numbers they are asked with: what the pages of every room share."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

MOST_DIGITS = 18
"""Of a whole number in an address or a form: so many fit the database's largest integer."""


def elsewhere(name: str, *args: object) -> str:
    """The address of a page of another room, or "" where there is none: rooms compose by address, not by import."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def see(then: str) -> HttpResponse:
    """Show another page after a POST (303, See Other)."""
    answer = redirect(then)
    answer.status_code = 303
    return answer


def whole_number(text: str) -> int | None:
    """A whole number that the database can hold, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
