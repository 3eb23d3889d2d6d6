"""Found companies, add people, grant and revoke."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from debitora.kit.pg.company import serving
from debitora.people.models import Company, Grant, User
from debitora.people.rules import ROLES
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import UnknownCurrency, is_currency

TIME_ZONES = {
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "CH": "Europe/Zurich",
    "NL": "Europe/Amsterdam",
    "BE": "Europe/Brussels",
    "FR": "Europe/Paris",
}


class CompanyCodeTaken(Exception):
    """Another company has this code."""


class CompanyCodeUnusable(Exception):
    """A code is 2 to 20 small letters, digits and hyphens, and begins with a letter or digit."""


class UnknownTimeZone(Exception):
    """No such IANA time zone."""


class LoginTaken(Exception):
    """Another person signs in with this name."""


class PasswordTooWeak(Exception):
    """The password is too short, too common or too like the login."""


class UnknownRole(Exception):
    """No such role."""


class LastManager(Exception):
    """The company would be left without a manager."""


def add_company(
    *,
    code: str,
    name: str,
    country: str,
    currency: str,
    by: Actor,
    at: datetime,
    language: str = "de",
    time_zone: str = "",
    subdivision: str = "",
) -> Company:
    """Found a company. The code is lowered, stands in addresses and never changes. ISO codes for country and currency."""
    slug = code.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,19}", slug):
        raise CompanyCodeUnusable(code)
    if not is_currency(currency):
        raise UnknownCurrency(currency)
    if Company.objects.filter(code=slug).exists():
        raise CompanyCodeTaken(slug)
    with transaction.atomic():
        company = Company.objects.create(
            code=slug,
            name=name.strip() or slug,
            country=country.upper(),
            subdivision=subdivision,
            currency=currency,
            language=language,
            time_zone=_zone(time_zone or TIME_ZONES.get(country.upper(), "Europe/Berlin")),
            created_at=at,
        )
        with serving(company.id):
            record(
                company=company.id,
                by=by,
                at=at,
                verb="company.added",
                subjects=[Subject("company", company.id)],
            )
    return company


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownTimeZone(name) from None


def add_user(*, login: str, name: str, password: str, email: str, language: str, at: datetime) -> User:
    """Add a person who can sign in; what she may do is granted per company."""
    if User.objects.filter(login=login).exists():
        raise LoginTaken(login)
    user = User(login=login, name=name, email=email, language=language, created_at=at)
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise PasswordTooWeak("; ".join(problem.messages)) from None
    user.set_password(password)
    user.save()
    return user


def grant(*, company: Company, user: User, role: str, by: Actor, at: datetime) -> Grant:
    """Give a person her role in a company, in place of an earlier one."""
    if role not in ROLES:
        raise UnknownRole(role)
    with transaction.atomic(), serving(company.id):
        _keep_a_manager(company, user, role)
        given, _made = Grant.objects.update_or_create(
            company=company, user=user, defaults={"role": role, "granted_at": at}
        )
        record(
            company=company.id,
            by=by,
            at=at,
            verb="grant.given",
            subjects=[Subject("user", user.id)],
            facts={"user": user.id, "role": role},
        )
    return given


def revoke(*, company: Company, user: User, by: Actor, at: datetime) -> None:
    """Take a person's role in a company away; her next request there is refused."""
    with transaction.atomic(), serving(company.id):
        _keep_a_manager(company, user, "")
        Grant.objects.filter(company=company, user=user).delete()
        record(
            company=company.id,
            by=by,
            at=at,
            verb="grant.revoked",
            subjects=[Subject("user", user.id)],
            facts={"user": user.id},
        )


def _keep_a_manager(company: Company, user: User, role: str) -> None:
    Company.objects.select_for_update().get(pk=company.pk)
    managers = Grant.objects.filter(company=company, role="manager")
    if role != "manager" and managers.filter(user=user).exists() and managers.count() == 1:
        raise LastManager(company.code)
