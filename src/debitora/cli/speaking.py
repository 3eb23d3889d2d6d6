"""What all commands share: for which company, who acts, on which day, and how an answer is printed."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from debitora.cli.answers import Refused, UsageError
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now, today
from debitora.people.models import Company
from debitora.people.queries import company_by_code, members, user_by_login
from debitora.people.rules import may
from debitora.trail.actions import seal
from debitora.trail.rules import Actor, operating_system_account


def company_of(args: Namespace) -> Company:
    """The company named by --company. Raises UsageError."""
    found = company_by_code(code=args.company)
    if found is None:
        raise UsageError(f"no company has the code {args.company!r}; `debitora company add` founds one")
    return found


def actor_of(args: Namespace, *, company: Company | None = None, permissions: tuple[str, ...] = ()) -> Actor:
    """Who acts: --as LOGIN, else the account of the operating system, recorded as such.

    A person who is named has to hold the permissions in the company. Raises UsageError and Refused.
    """
    if not getattr(args, "login", ""):  # `up` and `demo`, which migrate too, ask for none
        return operating_system_account()
    user = user_by_login(login=args.login)
    if user is None:
        raise UsageError(f"nobody signs in as {args.login!r}")
    role = _role(company, user.id) if company else ""
    if not user.is_active or not all(role and may(role, permission) for permission in permissions):
        raise Refused(f"{args.login} may not do this in this company")
    return Actor(id=user.id, kind="user", label=user.login)


def _role(company: Company, user: int) -> str:
    return next((member.role for member in members(company=company) if member.user_id == user), "")


def day_or_today(day: date | None, company: Company) -> date:
    """The day that was given; without one, today in the company's time zone."""
    return day or today(company.time_zone)


def seal_written(args: Namespace) -> None:
    """Seal what a command has written for its company: where no worker runs, nobody else does."""
    company = company_of(args)
    with serving(company.id):
        while seal(company=company.id, at=now()):
            pass


def bytes_of(file: str) -> bytes:
    """What a file holds. Raises UsageError."""
    try:
        return Path(file).read_bytes()
    except OSError as problem:
        raise UsageError(f"{file}: {problem.strerror}") from None


def say(answer: Mapping[str, object], *, as_json: bool) -> None:
    """Print an answer: one JSON object, or a line per figure."""
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, default=str))
        return
    for name, value in answer.items():
        print(f"{name}: {_plain(value)}")


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items()) or "-"
    if isinstance(value, list):
        return "".join(f"\n  {_plain(one)}" for one in value) or "-"
    return "-" if value is None or value == "" else str(value)


def complain(text: object) -> None:
    """Say on the error channel what belongs beside the answer."""
    print(f"debitora: {text}", file=sys.stderr)
