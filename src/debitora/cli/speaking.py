"""What all commands share: who acts, for which company, on which day, and how an answer is printed."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import date

from debitora.kit.runtime import today
from debitora.people.models import Company
from debitora.people.queries import company_by_code, user_by_login
from debitora.trail.rules import Actor, operating_system_account


class UsageError(Exception):
    """What was asked for cannot be understood; the text says why."""


def company_of(args: Namespace) -> Company:
    """The company named by --company. Raises UsageError."""
    found = company_by_code(code=args.company)
    if found is None:
        raise UsageError(f"no company has the code {args.company!r}; `debitora company add` founds one")
    return found


def actor_of(args: Namespace) -> Actor:
    """Who acts: --as LOGIN, else the account of the operating system, recorded as such. Raises UsageError."""
    login = getattr(args, "login", None)
    if not login:
        return operating_system_account()
    user = user_by_login(login=login)
    if user is None:
        raise UsageError(f"nobody signs in as {login!r}")
    return Actor(id=user.id, kind="user", label=user.login)


def day_of(text: str | None, company: Company) -> date:
    """A day written 2026-11-18; without one, today in the company's time zone. Raises UsageError."""
    if not text:
        return today(company.time_zone)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day; write it like 2026-11-18") from None


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
        return "; ".join(_plain(one) for one in value) or "-"
    return str(round(value, 3)) if isinstance(value, float) else str(value)


def complain(problem: object) -> None:
    """Say on the error channel what is wrong."""
    print(f"debitora: {problem}", file=sys.stderr)
