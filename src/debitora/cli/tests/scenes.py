"""What the tests of the checker share: reading reports, and finding what to plant a fault in."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

import psycopg

from debitora.cli.checks.examination import Report

Scene = psycopg.Connection[dict[str, Any]]
Look = Callable[[Scene], Report]


def words(**given: object) -> Namespace:
    """The arguments of `debitora check`."""
    usual = {"company": None, "json": False, "fast": False, "full": False, "no_park": False, "anchor": False}
    return Namespace(**{**usual, **given})


def told(report: Report) -> str:
    """All findings, one per line."""
    return "\n".join(
        f"{one.invariant} {one.company} {one.object}: {one.difference}" for one in report.findings
    )


def named(report: Report, invariant: str, thing: str) -> bool:
    """Whether a finding of the invariant names the thing, or a part of it."""
    return any(
        one.invariant == invariant
        and (one.object == thing or one.object.startswith((f"{thing} ", f"{thing},")))
        for one in report.findings
    )


def one(scene: Scene, sql: str) -> int:
    """The first number of a query's first row: there has to be one, else the road no longer leads there."""
    row = scene.execute(sql.encode()).fetchone()
    assert row is not None, f"the road left nothing for: {sql}"
    return int(next(iter(row.values())))
