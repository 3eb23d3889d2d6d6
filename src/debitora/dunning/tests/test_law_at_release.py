"""Notices held against the law before they are made: what was stored before there were rules asks for nothing forbidden."""

from __future__ import annotations

import json
from dataclasses import replace

from debitora.dunning.actions import approve_run, release_run
from debitora.dunning.models import NoticeEvent, StrategyVersion
from debitora.dunning.rules.policy import Claims, Policy
from debitora.dunning.rules.policy_file import canonical, fingerprint
from debitora.dunning.rules.presets import preset
from debitora.dunning.templatetags.dunning import stop_word
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_run, a_strategy
from debitora.messaging.models import Intent
from debitora.people.models import Company
from debitora.values.money import Money


def stored_before(acme: Company, policy: Policy) -> None:
    """A version from before the law was asked."""
    StrategyVersion.objects.create(
        company_id=acme.id,
        strategy_id=a_strategy(acme, kind="business"),
        version=2,
        policy=json.loads(canonical(policy)),
        digest=fingerprint(policy),
        made_at=MOMENT,
        made_by_label="tests",
    )


def with_fee(claims: Claims) -> Policy:
    policy = preset("de-business")
    first = replace(policy.steps[0], fee=(Money(250, "EUR"),))
    return replace(policy, claims=claims, steps=(first, *policy.steps[1:]))


def released(acme: Company) -> dict[str, int]:
    run = a_run(acme).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    return release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)


def test_a_notice_that_the_law_forbids_waits_and_says_which_rule(acme: Company) -> None:
    stored_before(acme, with_fee(Claims()))
    a_late_payer(acme)
    assert released(acme) == {"render_failed": 1}
    reason = NoticeEvent.objects.get(kind="render_failed").reason
    assert reason == "de_cost_causes_default"
    assert "rule de_cost_causes_default (§ 286 BGB; BGH VIII ZR 95/18)" in stop_word(reason)
    assert not Intent.objects.exists()


def test_the_same_notice_leaves_where_default_was_there_before(acme: Company) -> None:
    stored_before(acme, with_fee(Claims(due_date_agreed=True)))
    a_late_payer(acme)
    assert released(acme) == {"rendered": 1}


def test_a_notice_for_the_sum_alone_is_not_kept_back_for_its_strategys_claims(acme: Company) -> None:
    policy = preset("de-business")
    last = replace(policy.steps[1], fee=(Money(250, "EUR"),))
    stored_before(acme, replace(policy, steps=(policy.steps[0], last, policy.steps[2])))
    a_late_payer(acme)
    assert released(acme) == {"rendered": 1}
