"""Commands about dunning: run, why."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from django.db import transaction

from debitora.cli.answers import DONE, REFUSED, UsageError
from debitora.cli.speaking import actor_of, company_of, complain, day_or_today, say
from debitora.dunning.actions import (
    Proposed,
    ProposerApproves,
    RunNeedsConfirmation,
    SenderUnproven,
    approve_run,
    follow,
    propose_run,
    release_run,
)
from debitora.dunning.queries.why import Card, ItemUnknown, SeveralItems, why_item
from debitora.dunning.rules.changes import Change
from debitora.dunning.rules.why import Rule
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now
from debitora.messaging.actions import send_due
from debitora.messaging.queries import missing_before_sending
from debitora.people.models import Company
from debitora.trail.rules import Actor


def run(args: Namespace) -> int:
    """Decide for a day; approve and send where asked."""
    if args.send and not args.approve:
        raise UsageError("only an approved run is sent: say --approve --send")
    company = company_of(args)
    permissions = ("runs.start", "runs.approve") if args.approve else ("runs.start",)
    by = actor_of(args, company=company, permissions=permissions)
    day = day_or_today(args.on, company)
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
        approve_run(
            company=company.id, run=run_id, by=by, at=now(), confirmed=args.confirm, despite=args.confirm
        )
    except RunNeedsConfirmation:
        complain("the run is unlikely large; look at it, then approve it with --confirm")
        return REFUSED
    except SenderUnproven as lacking:
        named = ", ".join(lacking.args).upper()
        complain(f"the sender's domain does not publish {named}; --confirm sends nevertheless")
        return REFUSED
    except ProposerApproves:
        complain("a strategy of this run asks for two people: somebody else has to approve it")
        return REFUSED
    return _send(company, run_id, by, answer) if args.send else DONE


def _send(company: Company, run_id: int, by: Actor, answer: dict[str, object]) -> int:
    """Make the notices and send what is due; REFUSED, with what is missing, while sending is locked."""
    answer["released"] = release_run(company=company, run=run_id, by=by, clock=now)
    with transaction.atomic():
        missing = missing_before_sending(company=company.id)
    if missing:
        answer["missing_before_sending"] = [str(what) for what in missing]
        complain(f"nothing was sent; first these are needed: {', '.join(missing)}")
        return REFUSED
    answer["sent"] = send_due(company=company.id, clock=now)
    answer["followed"] = follow(company=company, by=by, at=now())
    return DONE


def why(args: Namespace) -> int:
    """Explain the decision about an item on a day: its facts, the rule, and what would change it."""
    company = company_of(args)
    day = day_or_today(args.on, company)
    try:
        with serving(company.id), transaction.atomic():
            card = why_item(company=company, item=args.item, on=day)
    except SeveralItems as several:
        raise UsageError(
            f"several items have the number {args.item!r}; name one by its id: {several}"
        ) from None
    except ItemUnknown:
        raise UsageError(f"no item has the number {args.item!r}") from None
    say(_plain_card(card), as_json=args.json)
    return DONE


def _plain_card(card: Card) -> dict[str, object]:
    found = card.why
    return {
        "item": card.item,
        "number": card.number,
        "customer": card.customer,
        "on": card.on.isoformat(),
        "decision": found.reason.code if found.reason else None,
        "strategy": card.strategy,
        "strategy_version": card.strategy_version,
        "facts": _plain(found.facts),
        "rule": _plain_rule(found.rule),
        "would_change": [_plain_change(change) for change in found.changes],
        "would_change_together": [_plain_change(change) for change in found.together],
        "last_run": _plain(asdict(card.decided).items()) if card.decided else None,
    }


def _plain_rule(rule: Rule | None) -> dict[str, object] | None:
    return {"code": rule.code, "level": rule.level, **_plain(rule.values)} if rule else None


def _plain_change(change: Change) -> dict[str, object]:
    return {"code": str(change.code), **_plain(change.params)}


def _plain(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Named values as JSON knows them; days as ISO 8601 writes them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in pairs}
