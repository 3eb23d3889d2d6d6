"""The command that lets a restored or copied installation send again."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence

from django.db import transaction

from debitora.cli.answers import DONE, REFUSED
from debitora.cli.speaking import actor_of, complain, say
from debitora.kit.journal import folder
from debitora.kit.runtime import now
from debitora.messaging.actions import Replayed, confirm_restored
from debitora.messaging.queries import is_home
from debitora.people.models import Company
from debitora.people.queries import all_companies
from debitora.trail.rules import Actor

_ASK = (
    "nothing was changed. Make sure that no other installation sends from this data, and that the journal is the newest"
    " one, then say the same with --confirm"
)


def confirm_installation(args: Namespace) -> int:
    """Say what the sent journal knows and the database has forgotten; with --confirm replay it and give sending free."""
    companies = all_companies()
    by = _operator(args, companies)
    with transaction.atomic():
        known = is_home()
    if known:
        say({"status": "nothing", "journal": str(folder()), "companies": []}, as_json=args.json)
        return DONE
    ids = [company.id for company in companies]
    told = confirm_restored(companies=ids, by=by, at=now(), dry=not args.confirm)
    status = "done" if args.confirm else "held"
    answer = {"status": status, "journal": str(folder()), "companies": list(_answers(companies, told))}
    say(answer, as_json=args.json)
    if not args.confirm:
        complain(_ASK)
    return DONE if args.confirm else REFUSED


def _operator(args: Namespace, companies: Sequence[Company]) -> Actor:
    """Who confirms: it concerns every company, so a person who is named must be allowed to give sending free in each."""
    actors = [actor_of(args, company=company, permissions=("sending.lock",)) for company in companies]
    return actors[0] if actors else actor_of(args)


def _answers(companies: Sequence[Company], told: Sequence[Replayed]) -> Iterator[dict[str, object]]:
    for company, replayed in zip(companies, told, strict=True):
        yield {
            "company": company.code,
            "lines": replayed.lines,
            "adopted": len(replayed.adopted),
            "left": list(replayed.left),
            "unknown": replayed.unknown,
            "parked": list(replayed.parked),
            "not_in_journal": list(replayed.not_in_journal),
        }
