"""Strategies, their versions, and which of them a run uses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from debitora.dunning.models import Assignment, Strategy, StrategyVersion
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.policy_file import from_document


class PolicyUnreadable(Exception):
    """A stored policy is not understood by this version of the program; the text names the strategy version."""


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """A strategy with its newest version and the kinds of customers that get it."""

    id: int
    name: str
    version_id: int
    version: int
    policy: Policy
    kinds: tuple[str, ...]
    made_at: datetime
    made_by: str


def strategies() -> list[StrategyRow]:
    """All strategies of the company in their newest versions, by name."""
    newest = (
        StrategyVersion.objects.select_related("strategy")
        .order_by("strategy_id", "-version")
        .distinct("strategy_id")
    )
    kinds = _kinds()
    rows = [_row(version, kinds.get(version.strategy_id, ())) for version in newest]
    return sorted(rows, key=lambda row: (row.name, row.id))


def strategy_row(*, strategy: int) -> StrategyRow:
    """One strategy in its newest version. Raises Strategy.DoesNotExist."""
    version = (
        StrategyVersion.objects.select_related("strategy")
        .filter(strategy_id=strategy)
        .order_by("-version")
        .first()
    )
    if version is None:
        raise Strategy.DoesNotExist
    return _row(version, _kinds().get(strategy, ()))


def versions_of(*, strategy: int) -> list[StrategyVersion]:
    """All versions of a strategy, newest first."""
    return list(StrategyVersion.objects.filter(strategy_id=strategy).order_by("-version"))


def assigned() -> dict[str, tuple[int, Policy]]:
    """Kind of customer -> (strategy version id, policy) that a run of now uses."""
    rows = {row.id: row for row in strategies()}
    return {
        kind: (rows[strategy_id].version_id, rows[strategy_id].policy)
        for kind, strategy_id in Assignment.objects.values_list("customer_kind", "strategy_id")
    }


def policies(ids: Iterable[int]) -> dict[int, Policy]:
    """Policies by strategy version id, as they were."""
    return {version.id: policy_of(version) for version in StrategyVersion.objects.filter(id__in=list(ids))}


def policy_of(version: StrategyVersion) -> Policy:
    """The policy of a version. Raises PolicyUnreadable."""
    policy, faults = from_document(json.loads(json.dumps(version.policy)))
    if policy is None:
        raise PolicyUnreadable(f"strategy version {version.id}: {faults[0]}")
    return policy


def _kinds() -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for strategy_id, kind in Assignment.objects.order_by("customer_kind").values_list(
        "strategy_id", "customer_kind"
    ):
        found[strategy_id] = (*found.get(strategy_id, ()), kind)
    return found


def _row(version: StrategyVersion, kinds: tuple[str, ...]) -> StrategyRow:
    return StrategyRow(
        id=version.strategy_id,
        name=version.strategy.name,
        version_id=version.id,
        version=version.version,
        policy=policy_of(version),
        kinds=kinds,
        made_at=version.made_at,
        made_by=version.made_by_label,
    )
