"""Every address of the product, read from the URLconf, so that what is added later is tested without being named here.

An address that no page guards, and that is not on the short list OPEN, fails the build; so does a parameter that nobody
has told what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from debitora.dunning.models import SalesQuestion
from debitora.kit.pg.company import serving
from debitora.messaging.models import Intent
from debitora.people.models import Grant, User

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OPEN = {
    "account_login",
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "messaging:consent",
    "messaging:end_messages",
    "messaging:stop_mails",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "disputes:link",
    "disputes:linked",
    "disputes:linked_withdrawal",
    "mfa_view_recovery_codes",
    "people:companies",
    "people:file",
    "people:language",
    "people:session_end",
    "people:sessions_end",
}
"""Addresses that no role guards: the way in and out, one's own factors and sessions, the choice of a company, and of a
language; a case for whoever comes by the link of her mail (tests/security/test_links.py); the end of mails to oneself; and a customer's
consent by the link of a message (messaging/tests/test_consents.py), or that she wants no more of them (test_optouts.py)."""

VALUES: dict[str, Sequence[object]] = {
    "kind": ("csv", "xlsx"),
    "lesson": ("payers", "habits", "asides"),
    "tab": ("notices", "others"),
    "page": (1,),
    "emblem": ("logo", "signature"),
    "language": ("de", "en", "fr", "nl"),
    "key": ("reminder.business", "notice1.consumer"),
    "attachment": (1,),
    "mark": ("1-aaaaaaaaaaaaaaaaaaaaaaaaaa",),
    "pk": (1,),
    "session": (1,),
    "version": (1,),
    "place": (1,),
    "reason": ("price",),
}
"""Parameters that name no object of a company."""
ALIASES: dict[str, type[models.Model]] = {
    "intent": Intent,
    "delivery": Intent,
    "letter": Intent,
    "question": SalesQuestion,
    "user": User,
}
"""Parameters that are not called like their model."""
MOST = 40
UNKNOWN = 2**40 + 7


@dataclass(frozen=True)
class Address:
    """One address: its route below the company, its parameters in order, and the page that answers."""

    name: str
    route: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def permission(self) -> str:
        """The permission that the page asks for; "" for one that is open."""
        return str(getattr(self.view, "permission", ""))

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the page answers."""
        methods = tuple(getattr(self.view, "methods", ()))
        return (*methods, "HEAD") if "GET" in methods else methods

    def path(self, code: str, values: Sequence[object]) -> str:
        """The path with these parameters, below the company of that code."""
        filled = self.route
        for value in values:
            filled = re.sub(r"<[^>]+>", str(value), filled, count=1)
        return f"/c/{code}/{filled}"

    def __str__(self) -> str:
        return self.name


def _walk(patterns: Sequence[Any], before: str = "", space: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, route, space + inner)
        elif isinstance(pattern, URLPattern):
            parameters = tuple(re.findall(r"<(?:\w+:)?(\w+)>", route))
            yield Address(f"{space}{pattern.name}", route, parameters, pattern.callback)


EVERY = tuple(_walk(get_resolver().url_patterns))
PAGES = tuple(address for address in EVERY if address.permission)
READ = tuple(address for address in PAGES if "GET" in address.methods)
WRITE = tuple(address for address in PAGES if "POST" in address.methods)


def company_models() -> list[type[models.Model]]:
    """Every model of ours whose rows belong to one company."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("debitora.")
        and {"company", "company_id"} & {field.name for field in model._meta.get_fields()}
        and model is not Grant  # read before a company is set: it says which ones a person may enter
    ]


def stands_for(parameter: str) -> type[models.Model] | None:
    """The model that a parameter names; None for a plain value."""
    if parameter in VALUES:
        return None
    named = {re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower(): model for model in company_models()}
    found = ALIASES.get(parameter) or named.get(parameter)
    if found is None:
        raise LookupError(f"tests/security/addresses.py does not know what <{parameter}> stands for")
    return found


@cache
def values_of(parameter: str, company: int) -> list[object]:
    """What a parameter may be in a company, newest objects first. Kept, for the population does not change."""
    model = stands_for(parameter)
    if model is None:
        return list(VALUES[parameter])
    with serving(company), transaction.atomic():
        if model is User:
            people = Grant.objects.filter(company_id=company).order_by("-user_id")
            return list(people.values_list("user_id", flat=True)[:MOST])
        return list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:MOST])


def combinations(address: Address, company: int) -> Iterator[tuple[object, ...]]:
    """The values that an address may be called with in a company."""
    return product(*(values_of(parameter, company) for parameter in address.parameters))
