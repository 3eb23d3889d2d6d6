"""The command `check`: recompute what must be true, park whom a finding concerns, never repair."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

import psycopg
from django.db import connection

from debitora.cli.checks.chain import drop_anchor
from debitora.cli.checks.examination import Depth, Report, UnknownCompany, examine
from debitora.cli.checks.findings import Finding
from debitora.cli.main import DONE, REFUSED, USAGE
from debitora.cli.speaking import complain, say
from debitora.kit.pg.company import serving
from debitora.kit.postgres import DatabaseProblem
from debitora.kit.runtime import now
from debitora.receivables.actions import CustomerUnknown, park_customer
from debitora.trail.rules import system

_SHOWN = 20
"""So many findings of an invariant are printed in sentences; --json gives all."""


def check(args: Namespace) -> int:
    """Look at everything that must hold: 0 it holds, 1 findings, 2 could not look."""
    depth = Depth.FAST if args.fast else Depth.FULL if args.full else Depth.USUAL
    try:
        report = examine(
            database=str(connection.settings_dict["NAME"]), now=now(), company=args.company, depth=depth
        )
    except UnknownCompany as problem:
        complain(f"no company has the code {str(problem)!r}")
        return USAGE
    except (DatabaseProblem, psycopg.Error) as problem:
        complain(f"could not check: {problem}")
        return USAGE
    parked = [] if args.no_park else _park(report)
    if args.anchor:
        _anchor(report)
    if args.json:
        say(answer(report), as_json=True)
    else:
        print("\n".join(sentences(report, parked)))
    return REFUSED if report.findings else DONE


def answer(report: Report) -> dict[str, object]:
    """The report as --json gives it."""
    return {
        "checked": dict(sorted(report.checked.items(), key=lambda pair: _order(pair[0]))),
        "findings": [
            {
                "invariant": one.invariant,
                "company": one.company,
                "object": one.object,
                "difference": one.difference,
                "advice": one.advice,
            }
            for one in report.findings
        ],
        "no_longer_kept": report.no_longer_kept,
        "left_out": report.left_out,
    }


def sentences(report: Report, parked: list[str]) -> Iterator[str]:
    """The report in sentences, findings grouped by invariant and advice."""
    by_kind = sorted(report.findings, key=lambda one: (_order(one.invariant), one.advice))
    for (invariant, advice), findings in groupby(by_kind, key=lambda one: (one.invariant, one.advice)):
        yield from _of_kind(invariant, advice, list(findings))
    if parked:
        yield f"Parked, so that nothing is sent to them until a person has looked: {', '.join(parked)}."
    if report.no_longer_kept:
        yield f"Decisions of {report.no_longer_kept} runs are no longer kept: those were not recomputed."
    if report.left_out:
        names = ", ".join(name.replace("_", " ") for name in sorted(report.left_out, key=_place))
        yield f"Left out, to be fast: {names}. Without --fast, or with --full, they are looked at."
    looked = sum(report.checked.values())
    outcome = f"{len(report.findings)} findings" if report.findings else "everything holds"
    yield f"{len(report.checked)} invariants, {looked} objects looked at: {outcome}."


def _of_kind(invariant: str, advice: str, findings: list[Finding]) -> Iterator[str]:
    for one in findings[:_SHOWN]:
        place = f"{one.company}, {one.object}" if one.company else one.object
        wrong = f"differs by {one.difference}" if isinstance(one.difference, int) else one.difference
        yield f"{invariant}: {place}: {wrong}."
    if len(findings) > _SHOWN:
        yield f"{invariant}: and {len(findings) - _SHOWN} more; --json gives all."
    yield f"    {advice}"


def _order(invariant: str) -> tuple[str, int]:
    """I before D, by number."""
    return "" if invariant[0] == "I" else invariant[0], int(invariant[1:])


def _place(name: str) -> tuple[tuple[str, int], str]:
    return _order(name.partition("_")[0]), name


def _park(report: Report) -> list[str]:
    """Park every customer whom a finding concerns; returns those who were not parked already, as `company/id`."""
    at = now()
    return [
        f"{company}/{customer}"
        for company, customer in _concerned(report.findings)
        if _parked_now(report.companies[company], customer, at)
    ]


def _parked_now(company: int, customer: int, at: datetime) -> bool:
    """Park one customer; False if she was parked before, or is none of this company (then her own finding says so)."""
    with serving(company):
        try:
            row = park_customer(company=company, customer=customer, reason="check", by=system("check"), at=at)
        except CustomerUnknown:
            return False
    return row.parked_at == at


def _concerned(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    return sorted(
        {(one.company, one.customer) for one in findings if one.company and one.customer is not None}
    )


def _anchor(report: Report) -> None:
    """Note the end of each sound chain outside the database."""
    for company, head in report.heads.items():
        if head.sequence:
            drop_anchor(company=company, head=head, at=now())
