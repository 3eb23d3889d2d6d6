"""Error pages: what happened, a number for support, the way back. No traceback reaches a user.

They are rendered without the request and its context processors: a page that tells of a broken database asks it nothing.
"""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from debitora.kit.runtime import new_token

_log = logging.getLogger("debitora.errors")


def _answer(request: HttpRequest, status: int, template: str, reason: str = "") -> HttpResponse:
    number = new_token()[:8]
    if status >= 500:
        _log.error("error page %s at %s", number, request.path)
    company = getattr(request, "company", None)
    home = f"/c/{company.code}/" if company else "/"
    context = {"support_number": number, "reason": reason, "home_url": home}
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood."""
    return _answer(request, 400, "400.html")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the role does not permit it."""
    return _answer(request, 403, "403.html")


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form came from elsewhere or is too old."""
    return _answer(request, 403, "403.html", reason="csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown, or not yours; the same page for both."""
    return _answer(request, 404, "404.html")


def too_many(request: HttpRequest) -> HttpResponse:
    """429: the same was tried too often, such as signing in."""
    return _answer(request, 429, "429.html")


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _answer(request, 500, "500.html")
