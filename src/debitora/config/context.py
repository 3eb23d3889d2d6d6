"""What the frame of every page shows: navigation by role, what waits there, companies, search, a lock of sending.

What costs a query is handed over as a function, which the template calls: a panel or an error page that shows no
frame asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.cash.queries import waiting_statements
from debitora.dunning.queries.runs import runs_to_approve
from debitora.exchange.queries import waiting_imports
from debitora.kit.runtime import now
from debitora.kit.ways import elsewhere
from debitora.messaging.models import SendLock
from debitora.messaging.queries import lock_in_force, waiting_counts
from debitora.messaging.queries.sender import who_locked
from debitora.people.queries import ROLE_NAMES, companies_of, default_queries, names_by_login, unread_news
from debitora.people.rules import may

# label, icon, name of the address, permission, first word of the addresses below it
_MAIN = (
    (gettext_lazy("Today"), "home", "desk:today", "home.view", ""),
    (gettext_lazy("Open items"), "list-details", "receivables:items", "items.view", "items"),
    (gettext_lazy("Customers"), "users", "receivables:customers", "customers.view", "customers"),
    (gettext_lazy("Lists"), "file-import", "exchange:imports", "imports.view", "imports"),
    (gettext_lazy("Bank"), "building-bank", "cash:statements", "statements.view", "bank"),
    (gettext_lazy("Dunning"), "send", "dunning:runs", "runs.view", "runs"),
    (gettext_lazy("Customers due"), "hand-stop", "dunning:sales", "notices.answer", "sales"),
    (gettext_lazy("Clarification"), "message-question", "disputes:cases", "cases.view", "clarification"),
    (gettext_lazy("Deliveries"), "mail", "messaging:deliveries", "deliveries.view", "deliveries"),
    (gettext_lazy("Settings"), "settings", "desk:settings", "settings.view", "settings"),
)

_BELOW: Mapping[str, str] = {
    "aging": "items",
    "limitation": "items",
    "claims": "items",
    "write-offs": "items",
    "why": "items",
    "notices": "runs",
    "pauses": "runs",
    "settings/sending": "deliveries",
}
"""Addresses that belong to a place of the navigation with another first word: the send lock is nobody's setting."""


def _deliveries() -> int:
    """Mails whose end a person has to settle, and letters to print. A mail refused for now tries again by itself."""
    counts = waiting_counts()
    return counts.get("uncertain", 0) + counts["letters"]


_WAITING: Mapping[str, tuple[str, Callable[[], int]]] = {
    "exchange:imports": ("imports.run", waiting_imports),
    "cash:statements": ("statements.take", waiting_statements),
    "dunning:runs": ("runs.start", runs_to_approve),
    "messaging:deliveries": ("deliveries.settle", _deliveries),
}
"""Name of the address -> who may do the work that waits there, and how much of it there is."""


def frame(request: Any) -> dict[str, Any]:
    """Context of kit/frame.html. Empty for visitors and outside a company."""
    person, company = getattr(request, "person", None), getattr(request, "company", None)
    if person is None:
        return {"base_title": "Debitora", "sign_in_providers": partial(_providers, request)}
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
        "person_links": [{"label": _("Sign-in and devices"), "url": "/account/security/", "icon": "key"}],
        "sign_out_url": "/account/logout/",
        "language_url": "/language/",
        "home_url": f"/c/{company.code}/" if company else "/",
    }
    if company is not None:
        context |= {
            "navigation": partial(_navigation, request),
            "send_lock": partial(_send_lock, request),
            "role_name": ROLE_NAMES[request.role],
            "search_url": elsewhere("desk:search"),
            "create_links": _create_links(request),
            "person_links": [
                *context["person_links"],
                {"label": _("Mails to me"), "url": elsewhere("messaging:own_mails"), "icon": "mail"},
                *_absences(request),
            ],
            "notifications_url": elsewhere("people:notifications"),
            "notifications_count": cache(partial(_unread, request)),
        }
    return context


def _absences(request: Any) -> list[dict[str, str]]:
    if not may(request.role, "absences.enter"):
        return []
    return [{"label": _("Absences"), "url": elsewhere("people:absences"), "icon": "calendar-off"}]


def _providers(request: HttpRequest) -> list[dict[str, str]]:
    """Who else can say who one is: name, and address outside of companies, for the provider knows one way back."""
    there = {"next": request.GET["next"]} if "next" in request.GET else {}
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [
        {
            "name": app["name"],
            "url": f"/account/{app['provider_id']}/login/?{urlencode(there)}",
        }
        for app in apps
    ]


def _navigation(request: Any) -> list[dict[str, Any]]:
    return [{"label": "", "links": _links(request)}]


def _links(request: Any) -> list[dict[str, Any]]:
    here = _place(request.path_info)
    opens = default_queries(user=request.person)
    return [
        {
            "label": label,
            "icon": icon,
            "url": url + opens.get(name.partition(":")[2], ""),
            "count": _waiting(request.role, name),
            "active": here == first,
        }
        for label, icon, name, permission, first in _MAIN
        if may(request.role, permission) and (url := elsewhere(name))
    ]


def _place(path: str) -> str:
    """The first word of the place of the navigation that an address belongs to."""
    words = path.strip("/").split("/")
    return _BELOW.get("/".join(words[:2])) or _BELOW.get(words[0], words[0])


def _waiting(role: str, name: str) -> int | None:
    permission, count = _WAITING.get(name, ("", None))
    return count() if count and may(role, permission) else None


def _send_lock(request: Any) -> dict[str, Any] | None:
    lock: SendLock | None = lock_in_force(company=request.company.id)
    if lock is None:
        return None
    url = elsewhere("messaging:sending") if may(request.role, "deliveries.view") else ""
    who = names_by_login(company=request.company).get(label := who_locked(lock), label)
    return {"at": lock.recorded_at, "by": who, "url": url}


def _unread(request: Any) -> int:
    """What is new to the person. Cached within one page, which asks for it three times."""
    return unread_news(user=request.person, role=request.role, at=now())


def _create_links(request: Any) -> list[dict[str, Any]]:
    wanted = (
        (_("Import a list"), "file-import", "exchange:upload", "imports.run"),
        (_("Take bank files"), "building-bank", "cash:take", "statements.take"),
        (_("Start a dunning run"), "send", "dunning:start", "runs.start"),
    )
    return [
        {"label": label, "icon": icon, "url": url}
        for label, icon, name, permission in wanted
        if may(request.role, permission) and (url := elsewhere(name))
    ]
