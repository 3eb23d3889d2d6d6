"""Saved views: kept from a list, opened there, and looked after on a page of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from debitora.kit.runtime import now
from debitora.kit.ways import see
from debitora.people import gates, queries
from debitora.people.actions import (
    UnknownList,
    ViewNameTaken,
    clear_default_view,
    delete_view,
    rename_view,
    replace_view,
    save_view,
    set_default_view,
)
from debitora.people.forms import ViewForm
from debitora.people.gates import CompanyRequest, actor, page
from debitora.people.models import SavedView
from debitora.people.queries import LIST_NAMES, View, views_of
from debitora.people.rules import LISTS, MANAGER, ViewTooLong, may

_ADDRESSES = {
    "items": "receivables:items",
    "customers": "receivables:customers",
    "deliveries": "messaging:deliveries",
    "segments": "messaging:segments",
    "statements": "cash:statements",
    "files": "cash:files",
    "lines": "cash:review",
    "differences": "cash:differences",
    "runs": "dunning:runs",
    "calls": "dunning:calls",
    "pauses": "dunning:pauses",
    "inbox": "disputes:inbox",
    "limitation": "dunning:limitation",
    "write_offs": "receivables:write_offs",
    "cases": "disputes:cases",
    "records": "desk:records",
}
"""Where the list of a view is; the notices of a run and the customers of a message have none of their own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A view on the page that looks after them; `url` is empty where a view needs a run to be opened in."""

    view: View
    list_name: str
    url: str
    changeable: bool


@page("views.keep")
def views(request: CompanyRequest) -> HttpResponse:
    """All views that the person can open, by list."""
    lists = [name for name, permission in LISTS.items() if may(request.role, permission)]
    order = {name: place for place, name in enumerate(LISTS)}
    found = sorted(views_of(user=request.person, lists=lists), key=lambda view: order[view.list])
    context = {"shown": [_shown(request, view) for view in found]}
    return render(request, "people/views.html", context)


@page("views.keep", methods=("POST",))
def new_view(request: CompanyRequest) -> HttpResponse:
    """Keep the list as it is shown, and go back to it under its new name."""
    form, back = ViewForm(request.POST), _back(request)
    if not form.is_valid() or not may(request.role, LISTS[form.cleaned_data["list"]]):
        messages.warning(request, _("The view was not saved. Give it a name of up to 60 characters."))
        return see(f"{back}?{request.POST.get('query', '')[:2000]}")
    given = form.cleaned_data
    try:
        view = save_view(
            company=request.company, owner=request.person, name=given["name"], of=given["list"],
            query=given["query"], shared=given["shared"], by=actor(request), at=now(),
        )  # fmt: skip
    except (ViewNameTaken, ViewTooLong, UnknownList) as problem:
        messages.warning(request, _refusal(problem))
        return see(f"{back}?{given['query'][:2000]}")
    if given["default"]:
        set_default_view(user=request.person, view=view)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return see(_opened(back, view))


@page("views.keep", methods=("GET", "POST"))
def rename(request: CompanyRequest, saved_view: int) -> HttpResponse:
    """Another name, shared or not."""
    view = gates.changeable_view(request, saved_view)
    initial = {"name": view.name, "shared": view.shared_at is not None, "list": view.list}
    form = ViewForm(
        {**request.POST.dict(), "list": view.list} if request.method == "POST" else None, initial=initial
    )
    if request.method == "POST" and form.is_valid() and _renamed(request, view, form):
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
        return see(reverse("people:views"))
    context = {"form": form, "view": view, "list_name": LIST_NAMES[view.list]}
    return render(request, "people/view.html", context, status=422 if form.errors else 200)


@page("views.keep", methods=("POST",))
def replace(request: CompanyRequest, saved_view: int) -> HttpResponse:
    """Let the view show what the list shows now."""
    view, back = gates.changeable_view(request, saved_view), _back(request)
    try:
        replace_view(view=view, query=request.POST.get("query", ""), by=actor(request), at=now())
    except ViewTooLong as problem:
        messages.warning(request, _refusal(problem))
        return see(back)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return see(_opened(back, view))


@page("views.keep", methods=("POST",))
def delete(request: CompanyRequest, saved_view: int) -> HttpResponse:
    """Delete the view. Nothing that it showed is touched."""
    view = gates.changeable_view(request, saved_view)
    name = view.name
    delete_view(view=view, by=actor(request), at=now())
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": name})
    return see(reverse("people:views"))


@page("views.keep", methods=("POST",))
def make_default(request: CompanyRequest, saved_view: int) -> HttpResponse:
    """Let the person's list open in this view."""
    view = gates.saved_view(request, saved_view)
    set_default_view(user=request.person, view=view)
    messages.success(request, _("Your list opens in “%(name)s” from now on.") % {"name": view.name})
    return see(reverse("people:views"))


@page("views.keep", methods=("POST",))
def end_default(request: CompanyRequest, saved_view: int) -> HttpResponse:
    """Let the person's list open plainly again."""
    clear_default_view(user=request.person, view=gates.saved_view(request, saved_view))
    messages.success(request, _("Your list opens with everything again."))
    return see(reverse("people:views"))


def _renamed(request: CompanyRequest, view: SavedView, form: ViewForm) -> bool:
    given = form.cleaned_data
    try:
        rename_view(view=view, name=given["name"], shared=given["shared"], by=actor(request), at=now())
    except ViewNameTaken as problem:
        form.add_error("name", _refusal(problem))
    return form.is_valid()


def _refusal(problem: Exception) -> str:
    if isinstance(problem, ViewNameTaken):
        return _("You have a view of this name for this list already. Choose another name.")
    return _("This view cannot be kept: it has too many filters.")


def _shown(request: CompanyRequest, view: View) -> Shown:
    changeable = view.own or request.role == MANAGER
    return Shown(
        view,
        str(LIST_NAMES[view.list]),
        queries.opened_at(_address(view.list), view.query, view.id),
        changeable,
    )


def _address(name: str) -> str:
    try:
        return reverse(_ADDRESSES[name])
    except (KeyError, NoReverseMatch):
        return ""


def _opened(path: str, view: SavedView) -> str:
    return queries.opened_at(path, view.query, view.id)


def _back(request: Any) -> str:
    """The list that was left: a path of this company, else the page of views."""
    path = str(request.POST.get("back", ""))
    mine = path.startswith(reverse("desk:today")) and url_has_allowed_host_and_scheme(
        path, allowed_hosts=None
    )
    return path.partition("?")[0] if mine else reverse("people:views")
