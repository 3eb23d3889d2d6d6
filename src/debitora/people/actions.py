"""Actions of people: found companies, add people, grant and revoke, and tell how far long work is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from debitora.kit.pg.aside import aside
from debitora.kit.pg.company import serving
from debitora.people.models import Company, DefaultView, Grant, Progress, ReadMark, SavedView, User
from debitora.people.rules import LISTS, ROLES, kept_query
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject
from debitora.values.money import UnknownCurrency, is_currency

MOST_SESSIONS = 10
"""So many browsers stay signed in as one person; one more ends the one that was longest unseen."""
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


class UnknownList(Exception):
    """No list of that name has views."""


class ViewNameTaken(Exception):
    """The person has another view of that name for this list."""


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


def save_view(
    *, company: Company, owner: User, name: str, of: str, query: str, shared: bool, by: Actor, at: datetime
) -> SavedView:
    """Keep a list as it is shown now. Raises UnknownList, ViewNameTaken and ViewTooLong."""
    if of not in LISTS:
        raise UnknownList(of)
    view = SavedView(
        company=company, owner=owner, list=of, name=name.strip(), query=kept_query(query),
        shared_at=at if shared else None, created_at=at,
    )  # fmt: skip
    return _written(view, "view.saved", by, at)


def replace_view(*, view: SavedView, query: str, by: Actor, at: datetime) -> SavedView:
    """Let a view show what the list shows now. Raises ViewTooLong."""
    view.query = kept_query(query)
    return _written(view, "view.changed", by, at)


def rename_view(*, view: SavedView, name: str, shared: bool, by: Actor, at: datetime) -> SavedView:
    """Give a view another name, share it or keep it to oneself. Raises ViewNameTaken.

    Lists of others that opened in a view which is no longer shared open plainly again.
    """
    view.name = name.strip()
    view.shared_at = (view.shared_at or at) if shared else None
    with transaction.atomic():
        if not shared:
            DefaultView.objects.filter(view=view).exclude(user=view.owner_id).delete()
        return _written(view, "view.changed", by, at)


def delete_view(*, view: SavedView, by: Actor, at: datetime) -> None:
    """Delete a view; lists that opened in it open plainly again."""
    with transaction.atomic():
        DefaultView.objects.filter(view=view).delete()
        _record_view(view, "view.deleted", by, at)
        view.delete()


def set_default_view(*, user: User, view: SavedView) -> None:
    """Let the person's list open in the view. Her own preference: the trail does not keep it."""
    DefaultView.objects.update_or_create(
        company_id=view.company_id, user=user, list=view.list, defaults={"view": view}
    )


def clear_default_view(*, user: User, view: SavedView) -> None:
    """Let the person's list open plainly again, if it opens in this view."""
    DefaultView.objects.filter(user=user, view=view).delete()


def mark_news_read(*, company: Company, user: User, up_to: int, at: datetime) -> None:
    """Note that the person has read her notifications up to a record; never back. Her own affair: no trail."""
    with transaction.atomic():
        mark, made = ReadMark.objects.select_for_update().get_or_create(
            company=company, user=user, defaults={"up_to": up_to, "read_at": at}
        )
        if not made and up_to > mark.up_to:
            ReadMark.objects.filter(id=mark.id).update(up_to=up_to, read_at=at)


def _written(view: SavedView, verb: str, by: Actor, at: datetime) -> SavedView:
    view.changed_at = at
    try:
        with transaction.atomic():
            view.save()
            _record_view(view, verb, by, at)
    except IntegrityError:
        raise ViewNameTaken(view.name) from None
    return view


def _record_view(view: SavedView, verb: str, by: Actor, at: datetime) -> None:
    record(company=view.company_id, by=by, at=at, verb=verb, subjects=[Subject("view", view.id)])


def note_presence(*, user: User, session_key: str, address: str, browser: str, at: datetime) -> None:
    """Remember that the person was here with this browser; end what is more than MOST_SESSIONS."""
    UserSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "ip": address, "user_agent": browser[:200], "last_seen_at": at},
    )
    for surplus in UserSession.objects.filter(user=user).order_by("-last_seen_at", "-id")[MOST_SESSIONS:]:
        surplus.end()


def drop_factors(*, user: User) -> int:
    """Remove everything a person shows beside her password, recovery codes too; how many there were."""
    removed, _each = Authenticator.objects.filter(user=user).delete()
    return int(removed)


def end_session(*, user: User, session: int) -> bool:
    """Sign one of the person's browsers out; whether there was such a one."""
    found = UserSession.objects.filter(user=user, id=session).first()
    if found is not None:
        found.end()
    return found is not None


def end_other_sessions(*, user: User, current: str) -> int:
    """Sign all of the person's browsers out but the one with this key; how many there were."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=current))
    for other in others:
        other.end()
    return len(others)


def begin_progress(*, company: int, kind: str, subject: int, total: int, by: Actor, at: datetime) -> Progress:
    """Announce a long piece of work; its page polls the row."""
    progress, _made = Progress.objects.update_or_create(
        company_id=company,
        kind=kind,
        subject_id=subject,
        defaults={
            "state": "waiting",
            "done": 0,
            "total": total,
            "problem": "",
            "started_by_id": by.id,
            "created_at": at,
            "changed_at": at,
        },
    )
    return progress


def tell_progress(
    *,
    company: int,
    kind: str,
    subject: int,
    at: datetime,
    state: str = "running",
    done: int | None = None,
    total: int | None = None,
    problem: str = "",
) -> None:
    """Say how far the work is, or that it is done or failed (with a code of what went wrong)."""
    changes: dict[str, object] = {"state": state, "changed_at": at, "problem": problem}
    if done is not None:
        changes["done"] = done
    if total is not None:
        changes["total"] = total
    Progress.objects.filter(company_id=company, kind=kind, subject_id=subject).update(**changes)


@contextmanager
def progress_aside(
    *, kind: str, subject: int, clock: Callable[[], datetime]
) -> Iterator[Callable[[int, int], None]]:
    """Tell how far one long transaction is while it lasts: call the answer with (done, total)."""
    with aside() as say:

        def tell(done: int, total: int) -> None:
            say(
                """update people_progress set state = 'running', done = %(done)s, total = %(total)s, changed_at = %(at)s
                   where kind = %(kind)s and subject_id = %(subject)s""",
                {"done": done, "total": total, "at": clock(), "kind": kind, "subject": subject},
            )

        yield tell
