"""What several pages show of an import: its changes by kind, its sums, its faults."""

from __future__ import annotations

from typing import Any

from debitora.exchange import queries
from debitora.exchange.models import ListImport
from debitora.values.money import Money

ITEM_CHANGES = ("opened", "paid", "settled", "corrected", "reappeared", "terms", "behind", "caught_up")
CUSTOMER_CHANGES = ("created", "changed", "unchanged")
SHOWN_FAULTS = 100


def changes_shown(taken: ListImport) -> list[dict[str, Any]]:
    """Each kind of change that happens: its count, its sums per currency, and examples with their amounts."""
    result = taken.result
    counts: dict[str, int] = result.get("counts", {})
    kinds = ITEM_CHANGES if taken.source.kind == "items" else CUSTOMER_CHANGES
    return [
        {
            "kind": kind,
            "count": counts[kind],
            "sums": totals_shown(result.get("sums", {}).get(kind, {})),
            "examples": [_example(each) for each in result.get("examples", {}).get(kind, [])],
            "rest": counts[kind] - len(result.get("examples", {}).get(kind, [])),
        }
        for kind in kinds
        if counts.get(kind)
    ]


def totals_shown(sums: dict[str, int]) -> list[Money]:
    """Sums per currency as money."""
    return [Money(minor, currency) for currency, minor in sums.items()]


def _example(example: dict[str, Any]) -> dict[str, Any]:
    currency = example["currency"]
    return {
        **example,
        "before": Money(example["before"], currency),
        "after": Money(example["after"], currency),
        "due": queries.day_of(example["due"]),
    }


def faults_shown(taken: ListImport) -> dict[str, Any]:
    """The first faults of a file, and how many there are."""
    counts: dict[str, int] = taken.result.get("faults", {})
    total = sum(counts.values())
    faults = queries.faults_in(taken, most=SHOWN_FAULTS) if total else []
    return {
        "faults": faults,
        "faults_total": total,
        "faults_hidden": max(0, total - len(faults)),
        "hinders": taken.state == "refused",
    }
