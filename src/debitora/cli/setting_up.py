"""Commands that set an installation up: migrate, company add, user add."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace

from babel import Locale
from django.core.management import call_command
from django.db import connection, transaction

from debitora.cli.answers import DONE, REFUSED, Refused, UsageError
from debitora.cli.serving import migrate_apart
from debitora.cli.speaking import actor_of, company_of
from debitora.dunning.actions import install_presets, keep_months_ahead
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.messaging.actions import confirm_installation, install_texts
from debitora.messaging.queries import knows_any_installation
from debitora.people.actions import (
    CompanyCodeTaken,
    CompanyCodeUnusable,
    LoginTaken,
    PasswordTooWeak,
    UnknownTimeZone,
    add_company,
    add_user,
    drop_factors,
    end_other_sessions,
    grant,
)
from debitora.people.models import Company
from debitora.people.queries import user_by_login
from debitora.trail.rules import Actor
from debitora.values.emails import is_address
from debitora.values.money import UnknownCurrency


def migrate(args: Namespace) -> int:
    """Bring the database to this version, one process at a time. One that nobody owns yet becomes this installation's.

    A language may have come along since a company was founded: its texts are added.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('debitora migrate'))")
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        if not knows_any_installation():
            confirm_installation(at=now())
    complete_texts(by=actor_of(args))
    keep_months_ahead(at=now())
    return DONE


def complete_texts(*, by: Actor) -> int:
    """Give every company the texts that ship and that it has none of; returns how many that were."""
    given = 0
    for company in Company.objects.order_by("id"):
        with transaction.atomic(), serving(company.id):
            given += install_texts(company=company.id, by=by, at=now())
    return given


def company_add(args: Namespace) -> int:
    """Found a company with the shipped strategies and texts; in an empty database, after making its tables."""
    if args.country not in Locale("en").territories:
        raise UsageError(f"{args.country!r} is no country; write its ISO code, like DE")
    if not connection.introspection.table_names() and migrate_apart() != DONE:
        return REFUSED
    by = actor_of(args)
    try:
        company = found_company(
            code=args.code,
            name=args.name,
            country=args.country,
            currency=args.currency,
            language=args.language,
            time_zone=args.time_zone,
            by=by,
        )
    except CompanyCodeUnusable:
        raise UsageError(
            f"{args.code!r} is no code; take 2 to 20 small letters, digits and hyphens, like acme"
        ) from None
    except UnknownCurrency:
        raise UsageError(
            f"{args.currency!r} is no currency in circulation; write its ISO code, like EUR"
        ) from None
    except UnknownTimeZone:
        raise UsageError(f"{args.time_zone!r} is no time zone; write it like Europe/Berlin") from None
    except CompanyCodeTaken:
        raise Refused(f"a company with the code {args.code!r} exists already") from None
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
    company = company_of(args)
    by = actor_of(args, company=company, permissions=("people.edit",))
    if args.email and not is_address(args.email):
        raise UsageError(f"{args.email!r} is no mail address")
    try:
        with transaction.atomic():
            user = add_user(
                login=args.new_login,
                name=args.name,
                password=_password(),
                email=args.email,
                language=args.language,
                at=now(),
            )
            grant(company=company, user=user, role=args.role, by=by, at=now())
    except LoginTaken:
        raise Refused(f"somebody signs in as {args.new_login!r} already") from None
    except PasswordTooWeak as weakness:
        raise Refused(f"the password will not do: {weakness}") from None
    print(f"{user.login}: {args.role} of {company.code}")
    return DONE


def user_unlock(args: Namespace) -> int:
    """Let somebody in again who has lost phone, keys and recovery codes: her password alone signs her in then."""
    user = user_by_login(login=args.login)
    if user is None:
        raise Refused(f"nobody signs in as {args.login!r}")
    with transaction.atomic():
        factors, sessions = drop_factors(user=user), end_other_sessions(user=user, current="")
    print(f"{user.login}: {factors} second factors removed, {sessions} sessions ended")
    return DONE


def _password() -> str:
    """From the person at the terminal, without echo; else the first line of standard input."""
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
