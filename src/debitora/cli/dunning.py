"""Commands about dunning: run, why."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date

from django.db import transaction

from debitora.cli.main import DONE, REFUSED, USAGE
from debitora.cli.speaking import UsageError, actor_of, company_of, complain, day_of, say
from debitora.dunning.actions import (
    Proposed,
    RunNeedsConfirmation,
    approve_run,
    follow,
    propose_run,
    release_run,
)
from debitora.dunning.queries.why import ItemUnknown, why_item
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.messaging.actions import send_due
from debitora.messaging.queries import missing_before_sending
from debitora.people.models import Company
from debitora.trail.rules import Actor


def run(args: Namespace) -> int:
    """Decide for a day; approve and send where asked."""
    try:
        company, by = company_of(args), actor_of(args)
        day = day_of(args.on, company)
    except UsageError as problem:
        complain(problem)
        return USAGE
    with serving(company.id):
        proposed = propose_run(company=company, on=day, by=by, at=now(), dry=args.dry_run)
        answer = _answer(proposed)
        code = DONE
        if args.approve and proposed.run is not None:
            code = _approve(company, proposed.run, args, by, answer)
        say(answer, as_json=args.json)
    return code


def _answer(proposed: Proposed) -> dict[str, object]:
    return {
        "run": proposed.run,
        "overdue_items": proposed.overdue_items,
        "decisions": dict(proposed.decisions),
        "upcoming": proposed.upcoming_items,
        "notices": proposed.notices,
        "seconds": {name: round(value, 3) for name, value in proposed.seconds.items()},
        "stopped_by_bound": proposed.stopped_by_bound,
    }


def _approve(company: Company, run_id: int, args: Namespace, by: Actor, answer: dict[str, object]) -> int:
    try:
        approve_run(company=company.id, run=run_id, by=by, at=now(), confirmed=args.confirm)
    except RunNeedsConfirmation:
        complain("the run is unlikely large; look at it, then approve it with --confirm")
        return REFUSED
    if args.send:
        return _send(company, run_id, by, answer)
    return DONE


def _send(company: Company, run_id: int, by: Actor, answer: dict[str, object]) -> int:
    answer["released"] = release_run(company=company, run=run_id, by=by, clock=now)
    with transaction.atomic():
        missing = missing_before_sending(company=company.id)
    if missing:
        answer["missing_before_sending"] = [str(what) for what in missing]
        return REFUSED
    answer["sent"] = send_due(company=company.id, clock=now)
    answer["followed"] = follow(company=company, by=by, at=now())
    return DONE


def why(args: Namespace) -> int:
    """Explain the decision about an item on a day."""
    try:
        company = company_of(args)
        day = day_of(args.on, company)
        with serving(company.id), transaction.atomic():
            card = why_item(company=company, item=args.item, on=day)
    except (UsageError, ItemUnknown) as problem:
        complain(problem)
        return USAGE
    say(_plain(asdict(card)), as_json=args.json)
    return DONE


def _plain(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        return {}
    return {name: one.isoformat() if isinstance(one, date) else one for name, one in value.items()}
