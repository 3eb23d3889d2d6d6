"""What several pages show of an import: its changes by kind, its sums, its faults."""

from __future__ import annotations

from typing import Any

from debitora.exchange import queries
from debitora.exchange.models import ListImport
from debitora.values.money import Money

ITEM_CHANGES = (
    "opened",
    "paid",
    "settled",
    "corrected",
    "reappeared",
    "terms",
    "groups",
    "behind",
    "caught_up",
    "contacts",
)
CUSTOMER_CHANGES = ("created", "changed", "unchanged")
SHOWN_FAULTS = 100


def changes_shown(taken: ListImport) -> list[dict[str, Any]]:
    """Each kind of change that happens: its count, its sums per currency, and examples with their amounts."""
    result = taken.result
    counts: dict[str, int] = result.get("counts", {})
    kinds = ITEM_CHANGES if taken.source.kind == "items" else CUSTOMER_CHANGES
    examples = _examples(taken)
    return [
        {
            "kind": kind,
            "count": counts[kind],
            "sums": totals_shown(result.get("sums", {}).get(kind, {})),
            "examples": examples.get(kind, []),
            "rest": counts[kind] - len(examples.get(kind, [])),
        }
        for kind in kinds
        if counts.get(kind)
    ]


def totals_shown(sums: dict[str, int]) -> list[Money]:
    """Sums per currency as money."""
    return [Money(minor, currency) for currency, minor in sums.items()]


def _examples(taken: ListImport) -> dict[str, list[dict[str, Any]]]:
    """The examples with what the ledger says now of their items and customers."""
    kept: dict[str, list[dict[str, Any]]] = taken.result.get("examples", {})
    ids = [each["item"] for found in kept.values() for each in found if each["item"]]
    items = queries.owned(items=ids) if ids else {}
    new = [each["number"] for each in kept.get("opened", [])] if taken.state in ("applied", "undone") else []
    opened = queries.opened_by(list_import=taken.id, numbers=new) if new else {}
    return {
        kind: [_example(each, items.get(each["item"]) or opened.get(each["number"])) for each in found]
        for kind, found in kept.items()
    }


def _example(example: dict[str, Any], item: queries.Owned | None) -> dict[str, Any]:
    currency = example["currency"]
    return {
        "item": item.id if item else None,
        "number": item.number if item else example["number"],
        "customer": (item.name if item else example["name"]) or example["customer"],
        "customer_id": item.customer if item else None,
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
        "of_file": [fault for fault in faults if not fault.line] if taken.state == "refused" else [],
    }
