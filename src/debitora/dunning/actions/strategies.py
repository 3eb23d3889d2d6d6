"""Add and change strategies. A change makes a new version and never alters what was decided before."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction

from debitora.dunning.actions.assignments import assign
from debitora.dunning.models import Strategy, StrategyVersion
from debitora.dunning.queries.lawfulness import lawfulness
from debitora.dunning.rules import presets
from debitora.dunning.rules.law.rules import Finding
from debitora.dunning.rules.policy import DebtorKind, Policy
from debitora.dunning.rules.policy_file import canonical, fingerprint
from debitora.people.models import Company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class StrategyChangedMeanwhile(Exception):
    """Somebody else saved this strategy since the form was opened."""


class StrategyNameTaken(Exception):
    """Another strategy has this name."""


class StrategyUnlawful(Exception):
    """The law forbids what the strategy asks for (docs/decisions/0038); `findings` say what, and also what is to be checked."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(f"{one.place}: {one.rule}" for one in findings if one.unlawful))
        self.findings = findings


def add_strategy(*, company: int, policy: Policy, by: Actor, at: datetime) -> StrategyVersion:
    """Add a strategy by its policy's name, in version 1. Raises StrategyUnlawful and StrategyNameTaken."""
    _refuse_unlawful(policy, at)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company)
        if Strategy.objects.filter(company_id=company, name=policy.name).exists():
            raise StrategyNameTaken(policy.name)
        strategy = Strategy.objects.create(company_id=company, name=policy.name, created_at=at)
        return _save(strategy, 1, policy, by, at)


def change_strategy(
    *, company: int, strategy: int, version: int, policy: Policy, by: Actor, at: datetime
) -> StrategyVersion:
    """Add a version; `version` is the one the form was opened with. An unchanged policy stays as it is.

    Raises StrategyChangedMeanwhile and StrategyUnlawful.
    """
    with transaction.atomic():
        found = Strategy.objects.select_for_update().get(company_id=company, id=strategy)
        newest = StrategyVersion.objects.filter(company_id=company, strategy=found).order_by("-version")[0]
        if newest.version != version:
            raise StrategyChangedMeanwhile
        if newest.digest == fingerprint(policy):
            return newest
        _refuse_unlawful(policy, at)
        return _save(found, version + 1, policy, by, at)


def _refuse_unlawful(policy: Policy, at: datetime) -> None:
    with transaction.atomic():
        found = lawfulness(policy=policy, on=at.date())
    if any(one.unlawful for one in found):
        raise StrategyUnlawful(found)


def _save(strategy: Strategy, number: int, policy: Policy, by: Actor, at: datetime) -> StrategyVersion:
    version = StrategyVersion.objects.create(
        company_id=strategy.company_id,
        strategy=strategy,
        version=number,
        policy=json.loads(canonical(policy)),
        digest=fingerprint(policy),
        made_at=at,
        made_by_id=by.id,
        made_by_label=by.label,
    )
    record(
        company=strategy.company_id,
        by=by,
        at=at,
        verb="strategy.saved",
        subjects=[Subject("strategy", strategy.id)],
        facts={"version": number, "digest": version.digest},
    )
    return version


def install_presets(*, company: Company, by: Actor, at: datetime) -> int:
    """Give a company without strategies the shipped ones of its country, else the fallback; returns how many.

    Nothing is added for customers abroad: docs/decisions/0015.
    """
    with transaction.atomic():
        if Strategy.objects.filter(company_id=company.id).exists():
            return 0
        for kind in DebtorKind:
            policy = presets.preset_for(company.country, kind)
            version = add_strategy(company=company.id, policy=policy, by=by, at=at)
            assign(company=company.id, customer_kind=kind, strategy=version.strategy_id, by=by, at=at)
    return len(DebtorKind)
