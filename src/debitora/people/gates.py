"""Gates of people: from a person and a word to what she may use. "Not yours" equals "not there"."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from debitora.people.models import Company, Grant, User
from debitora.people.rules import PERMISSIONS, UnknownPermission, may
from debitora.trail.rules import Actor


class CompanyRequest(HttpRequest):
    """A request as every guarded page gets it: the signed-in person, the company she works for, her role there."""

    person: User
    company: Company
    role: str


Page = Callable[..., HttpResponseBase]


def granted_company(*, person: User, code: str) -> tuple[Company, str] | None:
    """The company of that code and the person's role in it; None if it is unknown or not granted to her."""
    grant = Grant.objects.select_related("company").filter(user=person, company__code=code).first()
    return (grant.company, grant.role) if grant else None


def page(permission: str, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[Page], Page]:
    """Let a page in: signed in, within a company, with the permission, by one of the methods.

    The decorated page carries `permission` and `methods`, from which the tests make the matrix of URL x role x company.
    """
    if permission not in PERMISSIONS:
        raise UnknownPermission(permission)

    def guard(view: Page) -> Page:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _refusal(request, permission, methods)
            if request.method == "HEAD":
                request.method = (
                    "GET"  # so that no page takes it for a POST, which it never looks like to csrf checks
                )
            return refusal or view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return guard


def _refusal(request: Any, permission: str, methods: tuple[str, ...]) -> HttpResponse | None:
    if request.person is None:
        return redirect_to_login(request.get_full_path())
    if request.company is None:
        return redirect("people:companies")
    if not may(request.role, permission):
        raise PermissionDenied(permission)
    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
        return HttpResponseNotAllowed(methods)
    return None


def member(request: Any, user: int) -> tuple[User, str]:
    """A person with a role in the request's company, and that role. Raises Http404, the same for unknown and foreign."""
    found = Grant.objects.filter(company=request.company, user_id=user).select_related("user").first()
    if found is None:
        raise Http404
    return found.user, found.role


def actor(request: Any) -> Actor:
    """The signed-in person as the actor of what she does."""
    return Actor(id=request.person.id, kind="user", label=request.person.login)
