"""Commands about money in: import statements, match."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from django.db import transaction
from django.utils.translation import override

from debitora.cash.actions import Matched, Taken, match, take_file
from debitora.cash.queries import ignored_lines, statements_of
from debitora.cash.queries.proposals import ProposalRow, proposals_made
from debitora.cash.queries.wording import explained, in_percent
from debitora.cli.answers import DONE, REFUSED
from debitora.cli.speaking import actor_of, bytes_of, company_of, say
from debitora.formats.faults import Fault
from debitora.kit.pg.company import serving
from debitora.kit.runtime import now

AT_ONCE = 2_000
"""Of so many lines items and customers are looked up at once."""


def import_statements(args: Namespace) -> int:
    """Take files of a bank, one after the other, each as a whole or not at all."""
    company = company_of(args)
    by = actor_of(args, company=company, permissions=("statements.take",))
    files = [(Path(file).name, bytes_of(file)) for file in args.files]
    answers = []
    with serving(company.id):
        for name, data in files:
            taken = take_file(
                company=company.id, data=data, name=name, by=by, at=now(), new_accounts=args.new_accounts
            )
            answers.append({"name": name, **_answer(taken)})
    say({"files": answers}, as_json=args.json)
    return REFUSED if any(one["status"] in ("held", "refused") for one in answers) else DONE


def match_lines(args: Namespace) -> int:
    """Hold every open line against the ledger; what is sure enough by the company's policy is booked, the rest proposed."""
    company = company_of(args)
    by = actor_of(args, company=company, permissions=("payments.book",))
    with serving(company.id):
        done = match(company=company.id, by=by, at=now(), dry_run=args.dry_run)
        with transaction.atomic():
            ignored = ignored_lines()
        with override(args.language):
            told = _told(done, as_json=args.json)
    say(
        {
            "lines": done.lines,
            "booked": done.booked,
            "proposed": done.proposed,
            "open": done.open,
            "ignored": ignored,
            "dry_run": args.dry_run,
            "proposals": told,
        },
        as_json=args.json,
    )
    return DONE


def _told(done: Matched, *, as_json: bool) -> list[object]:
    """What became of each line: the surest proposals, then the lines without any; as facts, or in words."""
    first = [proposals[0] for proposals in done.proposals.values()]
    told: list[object] = []
    for place in range(0, len(first), AT_ONCE):
        with transaction.atomic():
            rows = proposals_made(first[place : place + AT_ONCE])
        for line, best in rows.items():
            status = "booked" if line in done.booked_entries else "proposed"
            told.append(_first(best, status) if as_json else _in_words(best, status))
    return told + [_unexplained(line) if as_json else f"line {line}: open" for line in done.unexplained]


def _in_words(best: ProposalRow, status: str) -> str:
    whose = f"{best.customer.number} {best.customer.name}, " if best.customer else ""
    return f"line {best.entry}: {status}, {whose}{in_percent(best.confidence)}: {explained(best)}"


def _first(best: ProposalRow, status: str) -> dict[str, object]:
    """The surest proposal of a line. Amounts are minor units, confidence basis points."""
    return {
        "line": best.entry,
        "status": status,
        "customer": best.customer.id if best.customer else None,
        "customer_number": best.customer.number if best.customer else None,
        "kind": best.kind,
        "ignored_for": best.ignored_for,
        "confidence": best.confidence,
        "evidence": list(best.evidence),
        "explanation": explained(best),
        "items": [
            {
                "item": part.item.id,
                "number": part.item.number,
                "minor": part.money.minor,
                "discount": part.discount.minor,
                "written_off": part.written_off.minor,
            }
            for part in best.parts
        ],
        "exchanged": [best.worth.minor, best.worth.currency] if best.worth else None,
    }


def _unexplained(line: int) -> dict[str, object]:
    """A line without any proposal, with the same names."""
    return {
        "line": line,
        "status": "open",
        "customer": None,
        "customer_number": None,
        "kind": "",
        "ignored_for": "",
        "confidence": None,
        "evidence": [],
        "explanation": "",
        "items": [],
        "exchanged": None,
    }


def _answer(taken: Taken) -> dict[str, object]:
    """What became of a file. Amounts are minor units; opening and closing are those of an only statement, else of each."""
    with transaction.atomic():
        statements = statements_of(file=taken.file.id)
    told = [
        {
            "account": one.account.account,
            "currency": one.account.currency,
            "number": one.number,
            "opening": one.opening_minor,
            "closing": one.closing_minor,
            "lines": one.line_count,
            "new": 0 if taken.known else one.new_count,
            "status": one.state,
            "held_for": one.held_for,
            "missing": one.missing_minor,
        }
        for one in statements
    ]
    only = told[0] if len(told) == 1 else {}
    return {
        "status": _status(taken, [one.state for one in statements]),
        "format": taken.file.format,
        "account": only.get("account"),
        "currency": only.get("currency"),
        "opening": only.get("opening"),
        "closing": only.get("closing"),
        "lines": taken.file.line_count,
        "new": sum(one.new_count for one in statements) if not taken.known else 0,
        "statements": told,
        "faults": [_plain(fault) for fault in taken.faults],
    }


def _status(taken: Taken, states: list[str]) -> str:
    if taken.file.state == "refused":
        return "refused"
    if "held" in states:
        return "held"
    return "known" if taken.known or set(states) <= {"known"} else "done"


def _plain(fault: Fault) -> dict[str, object]:
    return {
        "line": fault.line or None,
        "value": fault.value,
        "code": str(fault.code),
        "advice": str(fault.advice),
        **dict(fault.params),
    }
