"""`debitora prune`: what is old goes and is told, the checker knows of it, and nothing goes by itself unseen."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import transaction

from debitora.cli.checks.examination import Depth, Report, examine
from debitora.dunning.models import Decision
from debitora.dunning.testing import a_late_payer, a_ready_company, a_run
from debitora.kit.postgres import Server
from debitora.kit.runtime import now
from debitora.people.models import Company
from debitora.trail.models import Record
from tests.terminal import in_a_process

OLD = datetime(2020, 1, 31, 23, 0, tzinfo=UTC)


@pytest.fixture
def runs(committed: str, company: Company) -> list[int]:
    """A run of January 2020, and one of now."""
    with transaction.atomic():
        a_ready_company(company)
        a_late_payer(company, minors=(400,))  # below any notice, so decided by a row
        return [a_run(company, at=at).run or 0 for at in (OLD, now())]


def looked(database: str) -> Report:
    return examine(database=database, now=now(), depth=Depth.FULL)


def about_runs(report: Report) -> set[tuple[str, str]]:
    """(invariant, run or notice) of the findings that a month without decisions could cause.

    That the run of 2020 decided on items of which the ledger learned later is not meant.
    """
    return {
        (one.invariant, one.object.partition(",")[0])
        for one in report.findings
        if (one.invariant in ("D5", "I43") and one.object.startswith("run"))
        or (one.invariant == "I23" and one.object.startswith("notice"))
    }


def test_old_months_go_are_told_and_are_no_findings(committed: str, runs: list[int]) -> None:
    assert about_runs(looked(committed)) == set()
    told = in_a_process("prune", "--dry-run", "--json")
    wanted = {"kept_months": 24, "dropped": [{"month": "2020-01", "companies": 1, "decisions": 1}]}
    assert json.loads(told.stdout) == {"dry_run": True, **wanted}
    done = in_a_process("prune", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"dry_run": False, **wanted})
    assert json.loads(in_a_process("prune", "--json").stdout)["dropped"] == []
    with transaction.atomic():
        assert list(Decision.objects.values_list("run_id", flat=True)) == runs[1:]
        assert Record.objects.get(verb="decisions.dropped").facts == {"month": "2020-01", "count": 1}
    report = looked(committed)
    assert about_runs(report) == set()
    assert report.no_longer_kept == 1


def test_a_month_that_is_gone_without_a_record_is_found(
    committed: str, runs: list[int], server: Server
) -> None:
    with psycopg.connect(**server.credentials("owner", committed).kwargs()) as owner:
        owner.execute("drop table dunning_decision_2020_01")
    report = looked(committed)
    assert {("D5", f"run {runs[0]}"), ("I43", f"run {runs[0]}")} <= about_runs(report)
    assert report.no_longer_kept == 0


def test_a_setting_that_keeps_too_little_is_refused(committed: str, runs: list[int]) -> None:
    told = in_a_process("prune", DEBITORA_KEEP_DECISIONS="2")
    assert told.returncode == 2
    assert "the fewest months are 3" in told.stderr
