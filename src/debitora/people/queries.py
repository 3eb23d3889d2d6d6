"""Reads of people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from debitora.people.models import Company, Grant, Progress, User
from debitora.people.rules import AUDITOR, CLERK, MANAGER, SALES

ROLE_NAMES = {
    CLERK: _("Clerk"),
    MANAGER: _("Credit manager"),
    SALES: _("Salesperson"),
    AUDITOR: _("Auditor"),
}
"""What a role is called."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person with a role in a company."""

    user_id: int
    login: str
    name: str
    email: str
    role: str
    is_active: bool


def companies_of(*, user: User) -> list[Company]:
    """The companies in which the person has a role, by name."""
    return list(
        Company.objects.filter(id__in=Grant.objects.filter(user=user).values("company_id")).order_by(
            "name", "id"
        )
    )


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


def user_of_company(*, company: Company, user: int) -> User | None:
    """The person, if she has a role in the company."""
    granted = Grant.objects.filter(company=company, user_id=user).select_related("user").first()
    return granted.user if granted else None


def members(*, company: Company) -> list[Member]:
    """Everybody with a role in the company, by name."""
    grants = Grant.objects.filter(company=company).select_related("user").order_by("user__name", "user_id")
    return [
        Member(
            user_id=grant.user_id,
            login=grant.user.login,
            name=str(grant.user),
            email=grant.user.email,
            role=grant.role,
            is_active=grant.user.is_active,
        )
        for grant in grants
    ]


def names_by_login(*, company: Company) -> dict[str, str]:
    """What the people of a company are called, by the login that records and lists keep of them."""
    return {member.login: member.name for member in members(company=company)}


def salespeople(*, company: Company) -> dict[int, str]:
    """The company's salespeople: user id -> name."""
    return {member.user_id: member.name for member in members(company=company) if member.role == "sales"}


def progress_of(*, kind: str, subject: int) -> Progress | None:
    """How far a piece of work is; None if it was never begun."""
    return Progress.objects.filter(kind=kind, subject_id=subject).first()


def running_progress() -> list[Progress]:
    """Long work of the company that has not ended."""
    return list(Progress.objects.filter(state__in=("waiting", "running")).order_by("-id")[:20])
