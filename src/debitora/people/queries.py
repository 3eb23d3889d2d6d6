"""Reads of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from debitora.kit.pg.bulk import number, rows
from debitora.people.models import Absence, Company, Progress, SavedView, User
from debitora.people.rules import (
    AUDITOR,
    CLERK,
    MANAGER,
    MENTIONS,
    PERMISSIONS,
    SALES,
    browser_named,
    told_of,
)
from debitora.trail.queries import News, news

ROLE_NAMES = {
    CLERK: _("Clerk"),
    MANAGER: _("Credit manager"),
    SALES: _("Salesperson"),
    AUDITOR: _("Auditor"),
}
"""What a role is called."""


LIST_NAMES = {
    "items": _("Open items"),
    "customers": _("Customers"),
    "deliveries": _("Deliveries"),
    "segments": _("Messages to many customers"),
    "receivers": _("Customers of a message"),
    "statements": _("Bank statements"),
    "files": _("Bank files"),
    "lines": _("Bank lines"),
    "differences": _("Difference report"),
    "runs": _("Dunning runs"),
    "notices": _("Notices of a run"),
    "calls": _("Calls"),
    "sales": _("Customers due"),
    "pauses": _("Pauses"),
    "limitation": _("Limitation"),
    "write_offs": _("Write-offs"),
    "cases": _("Clarification"),
    "inbox": _("Inbox"),
    "records": _("Record"),
}
"""What a list with views is called."""


@dataclass(frozen=True, slots=True)
class GrantedCompany:
    """A company as somebody knows it who has a role in it; `time_zone` is where its clock hangs."""

    id: int
    code: str
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person with a role in a company."""

    user_id: int
    login: str
    name: str
    email: str
    role: str
    granted_at: datetime
    is_active: bool


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key of a person: what she calls it, since when, and when it was last used."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None
    alone: bool
    """It signs in without a password."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can show beside her password."""

    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int | None
    """Recovery codes that are not used; None before there were any."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which a person is signed in. `browser` and `system` are what it says of itself, "" for nothing."""

    id: int
    browser: str
    system: str
    address: str
    began_at: datetime
    seen_at: datetime
    current: bool


def companies_of(*, user: User) -> list[GrantedCompany]:
    """The companies in which the person has a role, by name."""
    found = rows(
        """select c.id, c.code, c.name, c.time_zone from people_company c
           where c.id in (select g.company_id from people_grant g where g.user_id = %(user)s)
           order by c.name, c.id""",
        user=user.id,
    )
    return [GrantedCompany(**row) for row in found]


def all_companies() -> list[Company]:
    """Every company of the installation, for jobs that go round."""
    return list(Company.objects.order_by("id"))


def company_by_id(*, company: int) -> Company:
    """The company of that id. Raises Company.DoesNotExist."""
    return Company.objects.get(id=company)


def company_by_code(*, code: str) -> Company | None:
    """The company of that code, or None."""
    return Company.objects.filter(code=code.strip().lower()).first()


def user_by_login(*, login: str) -> User | None:
    """The person who signs in with that name, or None."""
    return User.objects.filter(login=login).first()


def user_by_email(*, email: str) -> User | None:
    """The one active person with that address; None if there is none, or more than one."""
    found = list(User.objects.filter(email__iexact=email, is_active=True).order_by("id")[:2])
    return found[0] if len(found) == 1 else None


def are_one_person(*, user: int, other: int) -> bool:
    """Whether two accounts are one person's: the same, or with the same address."""
    if user == other:
        return True
    addresses = [
        email.casefold()
        for email in User.objects.filter(id__in=(user, other)).values_list("email", flat=True)
    ]
    return len(addresses) == 2 and addresses[0] == addresses[1] != ""


def has_second_factor(*, user: User) -> bool:
    """Whether signing in asks the person for more than her password."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def factors_of(*, user: User) -> Factors:
    """A person's second factors, passkeys in the order in which they came."""
    found = list(Authenticator.objects.filter(user=user).order_by("created_at", "id"))
    apps = [one for one in found if one.type == Authenticator.Type.TOTP]
    codes = [one for one in found if one.type == Authenticator.Type.RECOVERY_CODES]
    return Factors(
        app_since=apps[0].created_at if apps else None,
        passkeys=tuple(_passkey(one) for one in found if one.type == Authenticator.Type.WEBAUTHN),
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
    )


def _passkey(found: Authenticator) -> Passkey:
    key = found.wrap()
    return Passkey(found.pk, key.name, found.created_at, found.last_used_at, bool(key.is_passwordless))


def sessions_of(*, user: User, current: str) -> list[OwnSession]:
    """Where the person is signed in, this browser first, then by when it was last seen. Forgets those that ended.

    `current` is the key of the session that asks.
    """
    found = [
        OwnSession(
            one.pk,
            *browser_named(one.user_agent),
            address=one.ip,
            began_at=one.created_at,
            seen_at=one.last_seen_at,
            current=one.session_key == current,
        )
        for one in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda one: (not one.current, -one.seen_at.timestamp(), one.id))


def members(*, company: Company) -> list[Member]:
    """Everybody with a role in the company, by name."""
    found = rows(
        """select u.id as user_id, u.login, coalesce(nullif(u.name, ''), u.login) as name, u.email, g.role,
                  g.granted_at, u.is_active
           from people_grant g join people_user u on u.id = g.user_id
           where g.company_id = %(company)s
           order by u.name, u.id""",
        company=company.id,
    )
    return [Member(**row) for row in found]


def names_by_login(*, company: Company) -> dict[str, str]:
    """What the people of a company are called, by the login that records and lists keep of them."""
    return {member.login: member.name for member in members(company=company)}


def salespeople(*, company: Company) -> dict[int, str]:
    """The company's salespeople: user id -> name."""
    return {member.user_id: member.name for member in members(company=company) if member.role == "sales"}


def away(*, on: date) -> dict[int, int]:
    """Who of the company that is served is away on the day -> who stands in for her, if that one is still there."""
    found = rows(
        """select a.user_id, a.stand_in_id from people_absence a
           join people_grant g on g.company_id = a.company_id and g.user_id = a.stand_in_id and g.role = any(%(roles)s)
           join people_user u on u.id = a.stand_in_id and u.is_active
           where a.from_on <= %(on)s and (a.until_on is null or a.until_on >= %(on)s)
             and (a.back_on is null or a.back_on > %(on)s)""",
        on=on,
        roles=sorted(PERMISSIONS["cases.answer"]),
    )
    return {row["user_id"]: row["stand_in_id"] for row in found}


def absences(*, since: date) -> list[Absence]:
    """The absences that were not over on a day, the earliest first."""
    found = Absence.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=since))
    return list(
        found.filter(back_on__isnull=True).select_related("user", "stand_in").order_by("from_on", "id")
    )


def progress_of(*, kind: str, subject: int) -> Progress | None:
    """How far a piece of work is; None if it was never begun."""
    return Progress.objects.filter(kind=kind, subject_id=subject).first()


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as a person sees it: `own` or another's, `default` when her list opens in it."""

    id: int
    list: str
    name: str
    query: str
    owner: str
    own: bool
    shared: bool
    default: bool


def visible_views(*, user: User) -> QuerySet[SavedView]:
    """The person's own views and the shared ones of the company that is served."""
    return SavedView.objects.filter(Q(owner=user) | Q(shared_at__isnull=False))


def views_of(*, user: User, lists: Iterable[str]) -> list[View]:
    """The views a person can open of these lists, her own in front, then by name."""
    found = rows(
        """select v.id, v.list, v.name, v.query, coalesce(nullif(u.name, ''), u.login) as owner,
                  v.owner_id = %(user)s as own, v.shared_at is not null as shared, d.id is not null as "default"
           from people_savedview v
           join people_user u on u.id = v.owner_id
           left join people_defaultview d
             on d.company_id = v.company_id and d.user_id = %(user)s and d.list = v.list and d.view_id = v.id
           where v.list = any(%(lists)s) and (v.owner_id = %(user)s or v.shared_at is not null)
           order by own desc, v.name, v.id""",
        user=user.id,
        lists=list(lists),
    )
    return [View(**row) for row in found]


def default_queries(*, user: User) -> dict[str, str]:
    """How a person's lists open: list -> query string with the view's id; lists without a default are absent."""
    found = rows(
        """select d.list, d.view_id, v.query from people_defaultview d
           join people_savedview v on v.company_id = d.company_id and v.id = d.view_id
           where d.user_id = %(user)s""",
        user=user.id,
    )
    return {row["list"]: opened_at("?", row["query"], row["view_id"]) for row in found}


def opened_at(path: str, query: str, view: int) -> str:
    """The address that opens a view on the list at `path`, or "" without a path; the list then knows its name."""
    if not path:
        return ""
    return f"{path.rstrip('?')}?{query}{'&' if query else ''}view={view}"


NEWS_DAYS = 30
MOST_NEWS = 100


def read_up_to(*, user: User) -> int:
    """The record up to which the person has read her notifications; 0 before the first time."""
    return number(
        "select coalesce((select up_to from people_readmark where user_id = %(user)s), 0)", user=user.id
    )


def news_for(*, user: User, role: str, at: datetime) -> list[News]:
    """What the person is told of: the last NEWS_DAYS, newest first, at most MOST_NEWS."""
    verbs, own = told_of(role)
    since = at - timedelta(days=NEWS_DAYS)
    return news(verbs=verbs, own_verbs=own, named_verbs=MENTIONS, actor=user.id, since=since, size=MOST_NEWS)


def unread_news(*, user: User, role: str, at: datetime) -> int:
    """How much of it is new to her, counted up to MOST_NEWS."""
    verbs, own = told_of(role)
    since, after = at - timedelta(days=NEWS_DAYS), read_up_to(user=user)
    found = news(
        verbs=verbs,
        own_verbs=own,
        named_verbs=MENTIONS,
        actor=user.id,
        since=since,
        after=after,
        size=MOST_NEWS,
    )
    return len(found)
