"""The whole examination: every question for the installation and for each company, in one snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from debitora.cli.checks.chain import Chain, Head
from debitora.cli.checks.digests import differing_lists
from debitora.cli.checks.documents import differing_documents
from debitora.cli.checks.findings import Finding
from debitora.cli.checks.interest import differing_interest
from debitora.cli.checks.questions import Question, questions
from debitora.cli.checks.references import broken_keys, homeless_rows
from debitora.cli.checks.sent import Line, differing_journal, journal
from debitora.cli.checks.snapshot import Snapshot, snapshot

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_KEYS = "I41_keys"
_NO_LONGER_KEPT = """
    select count(*) from dunning_run r
    where r.company_id = %(company)s and exists (
        select from trail_record t
        where t.company_id = r.company_id and t.verb = 'decisions.dropped'
          and t.facts ->> 'month' = to_char(r.created_at at time zone 'UTC', 'YYYY-MM')
    )"""
_COMPANIES = "select id, code from people_company where %(code)s::text is null or code = %(code)s order by id"


class Depth(StrEnum):
    """How far back goes what is dear: replaying runs, reading documents."""

    FAST = "fast"
    """A day; dear questions, and keys that the database holds itself, are left out."""
    USUAL = "usual"
    """Runs are replayed for a month, the rest is whole."""
    FULL = "full"
    """Everything."""


class UnknownCompany(Exception):
    """No company has this code."""


@dataclass(slots=True)
class Report:
    """What was looked at, by invariant, what is wrong, and where each company's chain ends (id -> head)."""

    checked: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    heads: dict[int, Head] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    no_longer_kept: int = 0
    """Runs whose decisions were dropped after the time they are kept: nothing of them can be recomputed."""
    left_out: list[str] = field(default_factory=list)
    """Names of what was not asked, because it should be fast."""

    def add(self, invariant: str, looked: int, findings: list[Finding]) -> None:
        """Note the answer to one question."""
        self.checked[invariant] += looked
        self.findings += findings


def examine(
    *, database: str, now: datetime, company: str | None = None, depth: Depth = Depth.USUAL
) -> Report:
    """Ask everything of a database as of one moment. Raises UnknownCompany and psycopg.Error where it cannot be asked."""
    with snapshot(database) as shot:
        before = {row["id"]: journal(row["id"]) for row in _companies(shot, company)}
    with snapshot(database) as shot:
        return look(shot, now=now, company=company, depth=depth, before=before)


def look(
    shot: Snapshot, *, now: datetime, company: str | None, depth: Depth, before: Mapping[int, list[Line]]
) -> Report:
    """Ask everything of a snapshot; `before` are the lines that the sent journals had before it was taken."""
    found = _companies(shot, company)
    report = Report(companies={row["code"]: row["id"] for row in found})
    asked = _asked(depth, report)
    _of_installation(shot, asked, report)
    for row in found:
        params = _params(row["id"], now, depth)
        _ask(shot, [one for one in asked if not one.of_installation], row["code"], params, report)
        report.no_longer_kept += shot.number(_NO_LONGER_KEPT, params)
        _recompute(shot, row["code"], params, before.get(row["id"], []), report)
    return report


def _companies(shot: Snapshot, code: str | None) -> list[dict[str, Any]]:
    found = list(shot.rows(_COMPANIES, {"code": code}))
    if code is not None and not found:
        raise UnknownCompany(code)
    return found


def _params(company: int, now: datetime, depth: Depth) -> dict[str, Any]:
    day, month = now - timedelta(days=1), now - timedelta(days=31)
    return {
        "company": company,
        "now": now,
        "since": day if depth is Depth.FAST else _EVER,
        "replay_since": {Depth.FAST: day, Depth.USUAL: month, Depth.FULL: _EVER}[depth],
    }


def _asked(depth: Depth, report: Report) -> list[Question]:
    every = questions()
    if depth is not Depth.FAST:
        return every
    report.left_out = [*(one.name for one in every if one.dear), _KEYS]
    return [one for one in every if not one.dear]


def _of_installation(shot: Snapshot, asked: list[Question], report: Report) -> None:
    _ask(shot, [one for one in asked if one.of_installation], "", {}, report)
    if _KEYS not in report.left_out:
        report.add("I41", *broken_keys(shot, companies=list(report.companies.values())))
        report.add("I41", *homeless_rows(shot))


def _ask(shot: Snapshot, asked: list[Question], code: str, params: dict[str, Any], report: Report) -> None:
    for question in asked:
        findings = list(_answers(shot, question, code, params))
        report.add(question.invariant, shot.number(question.checked, params), findings)


def _answers(shot: Snapshot, question: Question, code: str, params: dict[str, Any]) -> Iterator[Finding]:
    for row in shot.rows(question.broken, params):
        yield Finding(
            invariant=question.invariant,
            company=code,
            object=row["object"],
            difference=row["difference"],
            advice=question.advice,
            customer=row["customer"],
        )


def _recompute(shot: Snapshot, code: str, params: dict[str, Any], before: list[Line], report: Report) -> None:
    """What SQL alone cannot say: hashes, files, the journal."""
    chain = Chain(shot, company=params["company"], code=code, now=params["now"])
    findings = list(chain.findings())
    report.add("I43", chain.length, findings)
    if not findings:
        report.heads[params["company"]] = chain.head
    report.add("I43", *differing_lists(shot, code=code, params=params))
    report.add("I9", *differing_interest(shot, code=code, params=params))
    report.add("I23", *differing_documents(shot, code=code, params=params))
    report.add("I28", *differing_journal(shot, code=code, params=params, before=before))
