"""Where pages lead, and the numbers they are asked with: what the pages of every room share."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.http import content_disposition_header

MOST_DIGITS = 18
"""Of a whole number in an address or a form: so many fit the database's largest integer."""


def elsewhere(name: str, *args: object) -> str:
    """The address of a page of another room, or "" where there is none: rooms compose by address, not by import."""
    return _found(get_script_prefix(), name, *args)


@lru_cache(maxsize=1024)
def _found(_mounted_at: str, name: str, *args: object) -> str:
    """The address below where the company is mounted: a page asks for a dozen, each of them every time."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def see(then: str) -> HttpResponse:
    """Show another page after a POST (303, See Other)."""
    answer = redirect(then)
    answer.status_code = 303
    return answer


def handed_out(data: bytes, media_type: str, name: str, *, shown: bool = True) -> HttpResponse:
    """Bytes as a file that is harmless to the browser, whatever they claim to be: shown in its window, or only saved."""
    answer = HttpResponse(data, content_type=media_type)
    disposition = content_disposition_header(as_attachment=not shown, filename=name)
    answer.headers["Content-Disposition"] = disposition or ""
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def whole_number(text: str) -> int | None:
    """A whole number that the database can hold, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
