"""Middleware that mounts a company at /c/<code>/, serves it to whom it is granted, and sets language and headers.

None of it decides business: which objects a person may reach is decided by the rooms' gates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import set_script_prefix
from django.utils import timezone, translation
from psycopg.errors import DeadlockDetected, SerializationFailure

from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.people.actions import note_presence
from debitora.people.gates import granted_company
from debitora.people.models import Company, User

Handler = Callable[[HttpRequest], HttpResponse]
_MOUNT = re.compile(r"^/c/([a-z0-9][a-z0-9-]*)(/.*)$")


class MountedRequest(HttpRequest):
    """A request on its way to a page: the company that its address names, and what the person is there."""

    company_code: str
    person: User | None
    company: Company | None
    role: str | None
    unknown_company: bool


class CompanyMount:
    """Take `/c/<code>` off the path and make it the script prefix, so that every address reversed later carries it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: MountedRequest) -> HttpResponse:
        request.company_code = ""
        mounted = _MOUNT.match(request.path_info)
        set_script_prefix(f"/c/{mounted[1]}/" if mounted else request.META.get("SCRIPT_NAME") or "/")
        if mounted:
            request.company_code = mounted[1]
            request.path_info = mounted[2]
        return self.get_response(request)


class ServedCompany:
    """Resolve the mounted company for the signed-in person. One not granted to her is as unknown as one that is not there."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: MountedRequest) -> HttpResponse:
        request.company = request.role = None
        request.unknown_company = False
        request.person = request.user if request.user.is_authenticated else None
        if not request.company_code or request.person is None:
            return self.get_response(request)
        found = granted_company(person=request.person, code=request.company_code)
        if found is None:
            request.unknown_company = True
            return self.get_response(request)
        request.company, request.role = found
        with serving(request.company.id), timezone.override(request.company.time_zone):
            return self.get_response(request)

    def process_view(self, request: MountedRequest, *_rest: object) -> None:
        """Answer 404 below an unknown company, whatever the page."""
        if request.unknown_company:
            raise Http404


class BoundedSession:
    """End a session SESSION_COOKIE_AGE after it began, however busy it is; note now and then that its person was here."""

    NOTED_EVERY = 300
    """Seconds between two notes, so that reading costs no write."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._bound(request, request.user)
        return self.get_response(request)

    def _bound(self, request: HttpRequest, person: User) -> None:
        session, at = request.session, now()
        if "began" not in session:
            session["began"] = at.timestamp()
        if at.timestamp() - session["began"] >= settings.SESSION_COOKIE_AGE:
            logout(request)
        elif at.timestamp() - session.get("seen", 0) >= self.NOTED_EVERY:
            session["seen"] = at.timestamp()
            note_presence(
                user=person,
                session_key=str(session.session_key),
                address=get_adapter().get_client_ip(request),
                browser=request.headers.get("User-Agent", ""),
                at=at,
            )


class Language:
    """Speak the language the person chose, else the first of hers that we have."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.session.get("language") or translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response


class AfterDeadlock:
    """Ask a page again, twice at most, whose transaction was broken off because two waited for each other; nothing of it was kept."""

    TRIES = 3

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """The page's answer at last; None where it was another problem, or stays one."""
        for _again in range(1, self.TRIES):
            if not _was_broken_off(problem):
                return None
            try:
                return _asked_again(request)
            except OperationalError as another:
                problem = another
        return None


def _was_broken_off(problem: Exception) -> bool:
    return isinstance(problem, OperationalError) and isinstance(
        problem.__cause__, (DeadlockDetected, SerializationFailure)
    )


def _asked_again(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    if match is None:
        raise Http404
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            file.seek(0)
    with transaction.atomic():
        return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))


class BaselineHeaders:
    """The baseline of TRUST section 4 that Django does not set: nothing stored, nothing shared, nothing permitted."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response
