"""Strategies, their versions, and which of them a run uses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from debitora.dunning.models import Assignment, OwnStrategy, Segment, Strategy, StrategyVersion
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.policy_file import from_document


class PolicyUnreadable(Exception):
    """A stored policy is not understood by this version of the program; the text names the strategy version."""


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """A strategy with its newest version and what gives it to customers.

    `kinds` of customers, the number of rules, and of customers for whom a person chose it.
    """

    id: int
    name: str
    version_id: int
    version: int
    policy: Policy
    kinds: tuple[str, ...]
    made_at: datetime
    made_by: str
    rules: int = 0
    customers: int = 0

    @property
    def used(self) -> bool:
        """Whether anything names it."""
        return bool(self.kinds or self.rules or self.customers)


def strategies() -> list[StrategyRow]:
    """All strategies of the company in their newest versions, by name."""
    newest = (
        StrategyVersion.objects.select_related("strategy")
        .order_by("strategy_id", "-version")
        .distinct("strategy_id")
    )
    uses = _Uses.read()
    rows = [_row(version, uses) for version in newest]
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
    return _row(version, _Uses.read())


def versions_of(*, strategy: int) -> list[StrategyVersion]:
    """All versions of a strategy, newest first."""
    return list(StrategyVersion.objects.filter(strategy_id=strategy).order_by("-version"))


def in_use(strategies: Iterable[int]) -> dict[int, tuple[int, Policy]]:
    """Strategy -> (id of its newest version, policy): what a run of now uses."""
    newest = (
        StrategyVersion.objects.filter(strategy_id__in=list(strategies))
        .order_by("strategy_id", "-version")
        .distinct("strategy_id")
    )
    return {version.strategy_id: (version.id, policy_of(version)) for version in newest}


def policies(ids: Iterable[int]) -> dict[int, Policy]:
    """Policies by strategy version id, as they were."""
    return {version.id: policy_of(version) for version in StrategyVersion.objects.filter(id__in=list(ids))}


def policy_of(version: StrategyVersion) -> Policy:
    """The policy of a version. Raises PolicyUnreadable."""
    policy, faults = from_document(json.loads(json.dumps(version.policy)))
    if policy is None:
        raise PolicyUnreadable(f"strategy version {version.id}: {faults[0]}")
    return policy


@dataclass(frozen=True, slots=True)
class _Uses:
    """What gives strategies to customers, by strategy."""

    kinds: dict[int, tuple[str, ...]]
    rules: dict[int, int]
    customers: dict[int, int]

    @classmethod
    def read(cls) -> _Uses:
        kinds: dict[int, tuple[str, ...]] = {}
        rows = Assignment.objects.order_by("customer_kind").values_list("strategy_id", "customer_kind")
        for strategy_id, kind in rows:
            kinds[strategy_id] = (*kinds.get(strategy_id, ()), kind)
        return cls(kinds, _counted(Segment), _counted(OwnStrategy))


def _counted(model: type[Segment | OwnStrategy]) -> dict[int, int]:
    found = model._default_manager.values_list("strategy_id").annotate(n=Count("id")).order_by("strategy_id")
    return dict(found)


def _row(version: StrategyVersion, uses: _Uses) -> StrategyRow:
    return StrategyRow(
        id=version.strategy_id,
        name=version.strategy.name,
        version_id=version.id,
        version=version.version,
        policy=policy_of(version),
        kinds=uses.kinds.get(version.strategy_id, ()),
        made_at=version.made_at,
        made_by=version.made_by_label,
        rules=uses.rules.get(version.strategy_id, 0),
        customers=uses.customers.get(version.strategy_id, 0),
    )
