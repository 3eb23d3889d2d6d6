"""Strategies and notices at their edges: names taken, forms grown old, work that was done meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from debitora.dunning.actions import install_presets, propose_run, release_notice, withdraw_grounds
from debitora.dunning.actions.release import RunNotApproved
from debitora.dunning.actions.strategies import (
    StrategyChangedMeanwhile,
    StrategyNameTaken,
    add_strategy,
    change_strategy,
)
from debitora.dunning.models import Notice, Strategy
from debitora.dunning.rules.presets import NoSuchPreset, preset, text
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company, a_released_run
from debitora.people.models import Company
from debitora.receivables.models import Item

POLICY = replace(preset("de-business"), name="House strategy")


def test_a_name_is_given_once(company: Company) -> None:
    add_strategy(company=company.id, policy=POLICY, by=TESTS, at=MOMENT)
    with pytest.raises(StrategyNameTaken):
        add_strategy(company=company.id, policy=POLICY, by=TESTS, at=MOMENT)


def test_a_change_makes_a_version_unless_nothing_changed_or_somebody_was_faster(company: Company) -> None:
    first = add_strategy(company=company.id, policy=POLICY, by=TESTS, at=MOMENT)

    def changed(version: int, grace: int) -> int:
        policy = replace(POLICY, grace_days=grace)
        return change_strategy(
            company=company.id,
            strategy=first.strategy_id,
            version=version,
            policy=policy,
            by=TESTS,
            at=MOMENT,
        ).version

    assert changed(1, POLICY.grace_days) == 1
    assert changed(1, 9) == 2
    with pytest.raises(StrategyChangedMeanwhile):
        changed(1, 11)


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("NL", ["Netherlands, business customers", "Netherlands, consumers"]),
        (
            "NZ",
            ["Europe, business customers (check before use)", "Europe, consumers (check before use)"],
        ),
    ],
)
def test_presets_of_the_country_are_installed_once(company: Company, country: str, names: list[str]) -> None:
    company.country = country
    assert install_presets(company=company, by=TESTS, at=MOMENT) == 2
    assert install_presets(company=company, by=TESTS, at=MOMENT) == 0
    assert list(Strategy.objects.order_by("name").values_list("name", flat=True)) == names


def test_a_preset_that_is_not_shipped_is_told() -> None:
    with pytest.raises(NoSuchPreset):
        text("xx-business")


def test_only_notices_of_approved_runs_are_rendered_and_each_once(company: Company) -> None:
    a_late_payer(a_ready_company(company))
    propose_run(company=company, on=ON, by=TESTS, at=MOMENT)
    with pytest.raises(RunNotApproved):
        release_notice(company=company, notice=Notice.objects.get().id, by=TESTS, at=MOMENT)
    run = a_released_run(company)
    found = Notice.objects.get(run_id=run)
    assert release_notice(company=company, notice=found.id, by=TESTS, at=MOMENT) == "rendered"
    items = list(Item.objects.values_list("id", flat=True))
    with transaction.atomic():
        counts = withdraw_grounds(company=company.id, items=items, by=TESTS, at=MOMENT)
    assert counts == {"cancelled": 1, "ground_withdrawn": 0}
    again = withdraw_grounds(company=company.id, items=items, by=TESTS, at=MOMENT)
    assert again == {"cancelled": 0, "ground_withdrawn": 1}
    assert withdraw_grounds(company=company.id, items=[], by=TESTS, at=MOMENT) == dict.fromkeys(counts, 0)
