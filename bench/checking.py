"""`debitora check` over so many bank lines, nine in ten of them booked, and ten times as many items: everything is looked at.

Ledger and lines are those of `applying_cash`, booked by matching. `fast_s` is what `--fast` took beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

from bench import applying_cash, ground
from bench.planting import AT

if TYPE_CHECKING:
    from debitora.people.models import Company

SIZES = applying_cash.SIZES
UNIT = "lines"
_FOUND: dict[str, float] = {}


class NotClean(RuntimeError):
    """The checker found something: the ground is not sound, so its seconds say nothing."""


def prepare(size: int) -> Callable[[], object]:
    """Plant, take the statement, match and book, and let the trail know of what was planted."""
    applying_cash.prepare(size)()
    from django.db import connection

    from debitora.cli.checks.examination import Depth, Report, examine
    from debitora.kit.runtime import now
    from debitora.people.models import Company

    _tell(Company.objects.get())
    ground.tidy()
    database = str(connection.settings_dict["NAME"])

    def look(depth: Depth) -> Report:
        report = examine(database=database, now=now(), depth=depth)
        if report.findings:
            raise NotClean(str(report.findings[:3]))
        return report

    begun = perf_counter()
    look(Depth.FAST)
    _FOUND["fast_s"] = round(perf_counter() - begun, 2)

    def work() -> None:
        _FOUND["objects"] = sum(look(Depth.FULL).checked.values())

    return work


def also() -> dict[str, float]:
    """How many objects were looked at, and the seconds of `--fast`."""
    return {**ground.server_peak(), **_FOUND}


def _tell(company: Company) -> None:
    """Record what was planted as an import would have, and seal."""
    from django.db import transaction

    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.receivables.models import Customer, Hold
    from debitora.trail.actions import record, seal
    from debitora.trail.rules import Subject, system

    planted, by = datetime.fromisoformat(AT), system("bench")
    with serving(company.id), transaction.atomic():
        about = [
            Subject("customer", one, customer=one) for one in Customer.objects.values_list("id", flat=True)
        ]
        holds = Hold.objects.values_list("id", "customer_id")
        about += [Subject("hold", hold, customer=customer) for hold, customer in holds]
        record(company=company.id, by=by, at=planted, verb="hold.placed", subjects=about)
    with serving(company.id):
        while seal(company=company.id, at=now()):
            pass
