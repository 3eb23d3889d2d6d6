"""Commands that set an installation up: migrate, company add, user add."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace

from django.core.management import call_command
from django.db import transaction

from debitora.cli.main import DONE, REFUSED, USAGE
from debitora.cli.speaking import UsageError, actor_of, company_of, complain
from debitora.dunning.actions import install_presets
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.messaging.actions import confirm_installation, install_texts
from debitora.messaging.queries import knows_any_installation
from debitora.people.actions import (
    CompanyCodeTaken,
    CompanyCodeUnusable,
    LoginTaken,
    PasswordTooWeak,
    UnknownRole,
    UnknownTimeZone,
    add_company,
    add_user,
    grant,
)
from debitora.people.models import Company
from debitora.trail.rules import Actor
from debitora.values.money import UnknownCurrency


def migrate(_args: Namespace) -> int:
    """Bring the database to this version. A database that no installation owns yet becomes this one's."""
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        if not knows_any_installation():
            confirm_installation(at=now())
    return DONE


def company_add(args: Namespace) -> int:
    """Found a company with the shipped strategies and texts."""
    try:
        company = found_company(
            code=args.code,
            name=args.name,
            country=args.country,
            currency=args.currency,
            language=args.language,
            time_zone=args.time_zone,
            by=actor_of(args),
        )
    except (CompanyCodeUnusable, UnknownCurrency, UnknownTimeZone, UsageError) as problem:
        complain(f"{type(problem).__name__}: {problem}")
        return USAGE
    except CompanyCodeTaken:
        complain(f"a company with the code {args.code!r} exists already")
        return REFUSED
    print(f"{company.code}: {company.name}")
    return DONE


def found_company(*, by: Actor, **facts: str) -> Company:
    """A company that can begin at once: with presets of its country and the texts that ship."""
    with transaction.atomic():
        company = add_company(by=by, at=now(), **facts)
        with serving(company.id):
            install_presets(company=company, by=by, at=now())
            install_texts(company=company.id, by=by, at=now())
    return company


def user_add(args: Namespace) -> int:
    """Add a person with a role; the password is asked for, or read from standard input."""
    try:
        company = company_of(args)
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        with transaction.atomic():
            user = add_user(
                login=args.name_of_login,
                name=args.name,
                password=password,
                email=args.email,
                language=args.language,
                at=now(),
            )
            grant(company=company, user=user, role=args.role, by=actor_of(args), at=now())
    except (UsageError, UnknownRole) as problem:
        complain(f"{type(problem).__name__}: {problem}")
        return USAGE
    except (LoginTaken, PasswordTooWeak) as problem:
        complain(f"{type(problem).__name__}: {problem}")
        return REFUSED
    print(f"{user.login}: {args.role} of {company.code}")
    return DONE
