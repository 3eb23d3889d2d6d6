"""What the frame of every page shows: navigation by role, companies, search, and whether sending is locked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.people.queries import ROLE_NAMES, companies_of
from debitora.people.rules import may

# label, icon, name of the address, permission, first words of the addresses below it
_MAIN = (
    (gettext_lazy("Today"), "home", "desk:today", "home.view", ""),
    (gettext_lazy("Open items"), "list-details", "receivables:items", "items.view", "items"),
    (gettext_lazy("Customers"), "users", "receivables:customers", "customers.view", "customers"),
    (gettext_lazy("Lists"), "file-import", "exchange:imports", "imports.view", "imports"),
    (gettext_lazy("Dunning"), "send", "dunning:runs", "runs.view", "runs"),
    (gettext_lazy("Deliveries"), "mail", "messaging:deliveries", "deliveries.view", "deliveries"),
    (gettext_lazy("Settings"), "settings", "desk:settings", "settings.view", "settings"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of kit/frame.html. Empty for visitors and outside a company."""
    person, company = getattr(request, "person", None), getattr(request, "company", None)
    if person is None:
        return {"base_title": "Debitora"}
    context: dict[str, Any] = {
        "companies": [
            {
                "name": one.name,
                "code": one.code,
                "url": f"/c/{one.code}/",
                "active": bool(company and one.id == company.id),
            }
            for one in companies_of(user=person)
        ],
        "person_links": [{"label": _("Change the password"), "url": "/account/password/", "icon": "key"}],
        "sign_out_url": "/account/logout/",
        "language_url": "/language/",
        "home_url": f"/c/{company.code}/" if company else "/",
    }
    if company is not None:
        context |= {
            "navigation": [{"label": "", "links": _links(request)}],
            "role_name": ROLE_NAMES[request.role],  # type: ignore[attr-defined]
            "search_url": _address("desk:search"),
            "create_links": _create_links(request),
        }
    return context


def _links(request: Any) -> list[dict[str, Any]]:
    here = request.path_info.strip("/").split("/")[0]
    return [
        {"label": label, "icon": icon, "url": url, "count": None, "active": here == first}
        for label, icon, name, permission, first in _MAIN
        if may(request.role, permission) and (url := _address(name))
    ]


def _create_links(request: Any) -> list[dict[str, Any]]:
    wanted = (
        (_("Import a list"), "file-import", "exchange:upload", "imports.run"),
        (_("Start a dunning run"), "send", "dunning:start", "runs.start"),
    )
    return [
        {"label": label, "icon": icon, "url": url}
        for label, icon, name, permission in wanted
        if may(request.role, permission) and (url := _address(name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
