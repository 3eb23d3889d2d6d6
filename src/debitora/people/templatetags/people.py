"""The views of a list, for the row of its filters, and the names of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import template
from django.template import Context, Engine
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from debitora.people.queries import View, opened_at, views_of
from debitora.people.rules import MANAGER, ViewTooLong, kept_query, may, mentions

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_views(context: Context, name: str) -> SafeString | str:
    """The menu of views of the list `name`: `{% saved_views "items" %}`. The address tells which one is open (?view=7)."""
    request: Any = context["request"]
    if not may(request.role, "views.keep"):
        return ""
    found = views_of(user=request.person, lists=[name])
    query = _present(request)
    opened = next((view for view in found if str(view.id) == request.GET.get("view")), None)
    said = {
        "list": name,
        "views": [(view, opened_at(request.path, view.query, view.id), view == opened) for view in found],
        "opened": opened,
        "changed": opened is not None and opened.query != query,
        "changeable": opened is not None and _may_change(request, opened),
        "query": query,
        "back": request.path,
    }
    with context.push(**said):  # not a context of its own: that would ask the frame's questions a second time
        return Engine.get_default().get_template("people/_views.html").render(context)


@register.filter
def named(login: str, names: Mapping[str, str]) -> str:
    """The name of the person with this login; the login of anybody who has no role here."""
    return names.get(login, login)


@register.filter
def mentioning(text: str, names: Mapping[str, str]) -> SafeString:
    """A text with the names of the people whom it mentions by @login in place of their logins."""
    return format_html_join("", "{}", ((part,) for part in _parts(text, names)))


def _parts(text: str, names: Mapping[str, str]) -> Iterator[str]:
    known = {login.lower(): name for login, name in names.items()}
    at = 0
    for found in mentions(text, known):
        if name := known.get(found.login.lower()):
            yield text[at : found.begins]
            yield format_html("<strong>{}</strong>", f"@{name}")
            at = found.ends
    yield text[at:]


def _present(request: Any) -> str:
    try:
        return kept_query(request.GET.urlencode())
    except ViewTooLong:
        return ""


def _may_change(request: Any, view: View) -> bool:
    return view.own or request.role == MANAGER
