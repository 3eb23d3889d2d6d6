"""The rules of law on notices bite at release: a notice with lawful claims passes, each unlawful twin is kept by its rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from debitora.dunning.actions import approve_run
from debitora.dunning.models import Notice
from debitora.dunning.queries.claims import with_claimable
from debitora.dunning.queries.contents import Claimable, Content, contents
from debitora.dunning.queries.lawfulness import forbidden
from debitora.dunning.queries.letters import Stock, compose
from debitora.dunning.rules.law.rules import Rule
from debitora.dunning.rules.policy import Claims, DebtorKind, Interest, Policy
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_run, a_strategy
from debitora.people.models import Company
from debitora.values.money import Money


def asking(**more: object) -> Callable[[Content], Content]:
    """The notice with other sums, as if it had been made so."""
    return lambda content: replace(content, facts=replace(content.facts, **more))  # type: ignore[arg-type]


def never_in_default(content: Content) -> Content:
    known = {item: Claimable(None, 0, 0) for item in content.claimable}
    asked = asking(interest_minor=0, lump_sum_minor=0)(content)
    return replace(asked, claimable=known)


@pytest.mark.parametrize(
    ("changed", "policy", "rule"),
    [
        (asking(), {}, ""),
        (asking(interest_minor=433), {}, Rule.INTEREST_ABOVE_STATUTORY),
        (asking(lump_sum_minor=8_000), {}, Rule.LUMP_SUM_TWICE),
        (asking(), {"debtor": DebtorKind.CONSUMER}, Rule.LUMP_SUM_CONSUMER),
        (never_in_default, {}, Rule.COST_CAUSES_DEFAULT),
    ],
)
def test_each_rule_keeps_the_notice_that_breaks_it(
    acme: Company, changed: Callable[[Content], Content], policy: dict[str, object], rule: str
) -> None:
    first, *others = preset("de-business").steps
    claiming = replace(first, claim_interest=True, claim_lump_sum=True, fee=(Money(100, "EUR"),))
    a_strategy(
        acme,
        kind="business",
        steps=(claiming, *others),
        claims=Claims(interest=Interest.STATUTORY, lump_sum=True, due_date_agreed=True),
    )
    a_late_payer(acme, minors=(100_000,))
    approve_run(company=acme.id, run=a_run(acme).run or 0, by=TESTS, at=MOMENT, confirmed=True)
    notice = Notice.objects.get()
    content = with_claimable(company=acme, contents=contents(notices=[notice.id]))[notice.id]
    stock = Stock(acme)
    composed = compose(stock=stock, content=content, at=MOMENT)
    kept: Policy = stock.policy(notice.strategy_version_id)
    stock._policies[notice.strategy_version_id] = replace(kept, **policy)  # type: ignore[arg-type]
    assert forbidden(stock=stock, content=changed(content), composed=composed) == rule
