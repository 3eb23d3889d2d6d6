"""The preview of an unsaved strategy: right about whom it changes, the same as the run that follows, and without a trace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection, transaction

from debitora.dunning.actions import change_strategy, propose_run
from debitora.dunning.models import Decision, Notice
from debitora.dunning.queries.preview import SHOWN, Preview, preview
from debitora.dunning.queries.strategies import StrategyRow, strategies
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company
from debitora.people.models import Company
from debitora.values.money import Money


@pytest.fixture
def acme(company: Company) -> Company:
    """Two businesses and a consumer, all seventeen days late."""
    a_ready_company(company)
    a_late_payer(company, "1", minors=(100_00, 3_00))
    a_late_payer(company, "2", minors=(50_00,))
    a_late_payer(company, "3", kind="consumer")
    return company


def business() -> StrategyRow:
    return next(row for row in strategies() if "business" in row.kinds)


def later(policy: Policy, **changes: object) -> Policy:
    """The policy with another first step."""
    return replace(policy, steps=(replace(policy.steps[0], **changes), *policy.steps[1:]))


def seen(company: Company, policy: Policy, row: StrategyRow | None = None) -> Preview:
    return preview(company=company, row=row or business(), policy=policy, on=ON)


def test_an_unchanged_strategy_changes_nothing(acme: Company) -> None:
    told = seen(acme, business().policy)
    assert (told.in_use, told.customers, told.differing, told.rows) == (True, 2, 0, ())
    assert told.levels == ((1, 2, 2),)
    assert told.sums == ((Money(150_00, "EUR"), Money(150_00, "EUR")),)
    assert told.reasons == (("notice", 2, 2), ("below_minimum", 1, 1))


def test_a_later_step_says_whom_it_spares_and_why(acme: Company) -> None:
    told = seen(acme, later(business().policy, days_after_due=20))
    assert told.levels == ((1, 2, 0),)
    assert told.sums == ((Money(150_00, "EUR"), Money(0, "EUR")),)
    assert {reason: (old, new) for reason, old, new in told.reasons}["grace"] == (0, 3)
    first, second = told.rows
    assert (first.number, first.before.total, first.after.total) == ("1", Money(100_00, "EUR"), None)
    assert (first.after.reason, first.items, second.number) == ("grace", 2, "2")


def test_a_notice_that_only_grows_is_a_difference_too(acme: Company) -> None:
    (row,) = seen(acme, later(business().policy, minimum_item=())).rows
    assert (row.before.total, row.after.total) == (Money(100_00, "EUR"), Money(103_00, "EUR"))


def test_a_strategy_that_nobody_has_is_tried_on_all_of_its_kind(acme: Company) -> None:
    new = later(preset("nl-business"), days_after_due=20)
    told = preview(company=acme, row=None, policy=new, on=ON)
    assert (told.in_use, told.customers, told.differing) == (False, 2, 2)


def test_nothing_is_written(acme: Company) -> None:
    """The database itself would refuse."""
    policy, row = later(business().policy, days_after_due=20), business()
    before = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("set local transaction_read_only = on")
    assert preview(company=acme, row=row, policy=policy, on=ON).differing == 2
    transaction.savepoint_rollback(before)


@pytest.mark.parametrize("days", [5, 17, 18])
def test_the_run_that_follows_does_what_the_preview_said(acme: Company, days: int) -> None:
    row = business()
    policy = later(row.policy, days_after_due=days, minimum_item=())
    told = seen(acme, policy)
    change_strategy(company=acme.id, strategy=row.id, version=row.version, policy=policy, by=TESTS, at=MOMENT)
    version = business().version_id
    propose_run(company=acme, on=ON, by=TESTS, at=MOMENT)
    decided = Decision.objects.filter(strategy_version_id=version).values_list("reason", flat=True)
    counted = {code: new for code, _old, new in told.reasons if new}
    assert counted == {code: [Reason(one).code for one in decided].count(code) for code in counted}
    assert sum(counted.values()) == len(decided)
    asked = sum(Notice.objects.filter(strategy_version_id=version).values_list("total_minor", flat=True))
    assert asked == sum(new.minor for _old, new in told.sums)


def test_only_the_first_customers_are_listed(acme: Company) -> None:
    for number in range(100, 100 + SHOWN):
        a_late_payer(acme, str(number))
    told = seen(acme, later(business().policy, days_after_due=20))
    assert (told.differing, len(told.rows)) == (SHOWN + 2, SHOWN)
