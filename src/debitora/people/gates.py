"""Gates of people: from a person and a word to what she may use. "Not yours" equals "not there"."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from debitora.kit.pg.bulk import rows
from debitora.kit.runtime import now
from debitora.people.models import Absence, Company, Grant, SavedView, User
from debitora.people.queries import has_second_factor, visible_views
from debitora.people.rules import LISTS, MANAGER, PERMISSIONS, UnknownPermission, may
from debitora.trail.rules import Actor


class CompanyRequest(HttpRequest):
    """A request as every guarded page gets it: the signed-in person, the company she works for, her role there."""

    person: User
    company: Company
    role: str


Page = Callable[..., HttpResponseBase]


def granted_company(*, person: User, code: str) -> tuple[Company, str] | None:
    """The company of that code and the person's role in it; None if it is unknown or not granted to her."""
    columns = [field.attname for field in Company._meta.concrete_fields]
    found = rows(
        f"""select {", ".join(f"c.{column}" for column in columns)}, g.role
            from people_company c join people_grant g on g.company_id = c.id
            where c.code = %(code)s and g.user_id = %(user)s""",  # noqa: S608 - columns of the model
        code=code,
        user=person.id,
    )
    if not found:
        return None
    role = found[0].pop("role")
    return Company.from_db(DEFAULT_DB_ALIAS, columns, list(found[0].values())), role


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

        vars(guarded).update(permission=permission, methods=methods)
        return guarded

    return guard


def _refusal(request: Any, permission: str, methods: tuple[str, ...]) -> HttpResponse | None:
    if request.person is None:
        return redirect_to_login(request.get_full_path())
    if request.company is None:
        return redirect("people:companies")
    if not may(request.role, permission):
        raise PermissionDenied(permission)
    if lacks_second_factor(request):
        return _lead(request, reverse("mfa_index"))
    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
        return _not_this_way(methods, home=f"/c/{request.company.code}/")
    return None


def posted(view: Page) -> Page:
    """Let only what was posted into a page outside of companies; who opens its address is told what it is for."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (
            view(request, *args, **kwargs) if request.method == "POST" else _not_this_way(("POST",), home="/")
        )

    return guarded


def _not_this_way(methods: tuple[str, ...], *, home: str) -> HttpResponse:
    return HttpResponseNotAllowed(methods, render_to_string("405.html", {"home_url": home}))


def lacks_second_factor(request: Any) -> bool:
    """Whether the installation asks the person's role for a second factor that she has not set up yet."""
    return request.role in settings.SECOND_FACTOR_ROLES and not has_second_factor(user=request.person)


def fresh(view: Page) -> Page:
    """Let into a page only who signed in, or confirmed who she is, in the last FRESH_MINUTES; ask others again.

    Stands below `page`. What was posted is kept in the session and done after the confirmation; uploaded files are not.
    A file to fetch is fetched through a page that can say so.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if confirmed_recently(request) else _ask_again(request)

    vars(guarded).update(fresh=True)
    return guarded


def fetched(view: Page) -> Page:
    """`fresh` for a file: after the confirmation a page of its own hands it out, and leads back to where one was."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if confirmed_recently(request):
            return view(request, *args, **kwargs)
        came_from = urlsplit(request.headers.get("Referer", ""))
        back = f"{came_from.path}?{came_from.query}" if came_from.netloc == request.get_host() else "/"
        asked = urlencode({"file": request.get_full_path(), "back": back})
        return _lead(request, _again(f"{reverse('people:file')}?{asked}"))

    vars(guarded).update(fresh=True)
    return guarded


def confirm(request: Any) -> None:
    """Note in the session that the person has just shown who she is."""
    request.session["confirmed"] = now().timestamp()


def confirmed_recently(request: Any) -> bool:
    """Whether the person showed who she is in the last FRESH_MINUTES."""
    age = now().timestamp() - request.session.get("confirmed", 0)
    return bool(age < settings.FRESH_MINUTES * 60)


def _ask_again(request: HttpRequest) -> HttpResponse:
    forgotten = request.session.pop(STATE_SESSION_KEY, None)
    if forgotten and (request.method != "POST" or forgotten["state"]["path"] != request.path):
        messages.warning(
            request,
            _(
                "A form that waited for this confirmation in another tab was not sent. Please send it once more."
            ),
        )
    if request.method != "POST":
        return _lead(request, _again(request.get_full_path()))
    posted = {
        "path": request.path,
        "path_info": request.path_info,
        "query": request.GET.urlencode(),
        "posted": request.POST.urlencode(),
    }
    request.session[STATE_SESSION_KEY] = {"callback": "debitora.people.gates.resume", "state": posted}
    return _lead(request, _again(request.path))


def resume(request: Any, state: Any) -> HttpResponseBase:
    """Do what was posted before the confirmation, unless another page asked for it meanwhile; allauth calls this.

    The request that confirmed becomes the one that was kept: same browser, same person, same company in the path.
    """
    there = local(request, request.POST.get("next") or request.GET.get("next", "/"))
    if there != state["path"]:
        return redirect(there)
    request.GET, request.POST = QueryDict(state["query"]), QueryDict(state["posted"])
    request.path, request.path_info = state["path"], state["path_info"]
    found = request.resolver_match = resolve(request.path_info)
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return answer


def _again(there: str) -> str:
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': there})}"


def _lead(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser elsewhere, also when only a piece of a page was asked for."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def local(request: HttpRequest, url: str) -> str:
    """The address if it is one of this house, else the front door."""
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else "/"


def member(request: Any, user: int) -> tuple[User, str]:
    """A person with a role in the request's company, and that role. Raises Http404, the same for unknown and foreign."""
    found = Grant.objects.filter(company=request.company, user_id=user).select_related("user").first()
    if found is None:
        raise Http404
    return found.user, found.role


def saved_view(request: Any, view: int) -> SavedView:
    """A view that the person may open: hers, or one of the company, of a list she may see. Raises Http404."""
    found = visible_views(user=request.person).filter(id=view).first()
    if found is None or not may(request.role, LISTS[found.list]):
        raise Http404
    return found


def changeable_view(request: Any, view: int) -> SavedView:
    """A view that the person may change: hers, or as a manager any that is shared. Raises Http404."""
    found = saved_view(request, view)
    if found.owner_id != request.person.id and request.role != MANAGER:
        raise Http404
    return found


def absence(request: Any, absence: int) -> Absence:
    """An absence that the person may end: her own, or as one who looks after people anybody's. Raises Http404."""
    found = Absence.objects.filter(id=absence).select_related("user", "stand_in").first()
    if found is None or not (found.user_id == request.person.id or may(request.role, "people.edit")):
        raise Http404
    return found


def actor(request: Any) -> Actor:
    """The signed-in person as the actor of what she does."""
    return Actor(id=request.person.id, kind="user", label=request.person.login)
