"""The why-card in words, for every reason there is: the rule, and what would have changed the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from debitora.dunning.rules.facts import Facts, Gate, Hold, Pause
from debitora.dunning.rules.policy import Upcoming
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.rules.why import explain
from debitora.dunning.templatetags.why_words import change_words, changes_said, facts_of, rule_words
from debitora.dunning.tests.drawn import TODAY
from debitora.dunning.tests.test_why import POLICY, item

FRIDAY = TODAY + timedelta(days=4)
"""20 March 2026."""
ASKING = replace(POLICY, steps=(replace(POLICY.steps[0], ask_sales_days=3), *POLICY.steps[1:]))
EARLY = replace(POLICY, upcoming=Upcoming(days_before=5, text="upcoming"))
CASES: dict[Reason, tuple[dict[str, Any], list[str]]] = {
    Reason.NOTICE: ({"items": (item(1_740),)}, ["If EUR 7.41 of it is paid.", "If it is put on hold"]),
    Reason.UPCOMING: (
        {"items": (item(days=-3),), "policy": EARLY},
        ["If EUR 90.01 of it is paid.", "If it is put on hold"],
    ),
    Reason.LIST_BEHIND: ({"items": (item(list_behind=True),)}, ["If the next list agrees"]),
    Reason.PARKED: ({"parked": True}, ["lets the customer be written to again"]),
    Reason.HELD_CUSTOMER: (
        {"holds": (Hold(TODAY, FRIDAY),)},
        ["it ends by itself on 20/03/2026", "in 5 days, on 21/03/2026"],
    ),
    Reason.HELD_ITEM: ({"holds": (Hold(TODAY, None, 1),)}, ["it has no end of its own"]),
    Reason.NO_STRATEGY: ({"policy": None}, ["If a strategy is assigned"]),
    Reason.PENDING_NOTICE: ({"items": (item(pending=True),)}, ["If the earlier notice is sent or dropped"]),
    Reason.LAST_STEP_DONE: ({"items": (item(days=90, level=2),)}, ["a person decides what follows"]),
    Reason.PAUSED: (
        {"pauses": (Pause(TODAY, FRIDAY),)},
        ["is lifted; it ends by itself on 20/03/2026", "in 5 days, on 21/03/2026"],
    ),
    Reason.GRACE: ({"items": (item(days=4),)}, ["Nothing but time: in 3 days, on 19/03/2026."]),
    Reason.GAP: (
        {"items": (item(days=30, level=1, last_reminded_on=TODAY - timedelta(days=13)),)},
        ["Nothing but time: in 1 day, on 17/03/2026."],
    ),
    Reason.HELD_AMOUNT: (
        {"holds": (Hold(TODAY, FRIDAY, 1, 9_900),)},
        ["it ends by itself on 20/03/2026"],
    ),
    Reason.BELOW_MINIMUM: (
        {"items": (item(400), item(2_000, item_id=2))},
        ["minimum for an item in step 1 is at most EUR 4.00"],
    ),
    Reason.BELOW_NOTICE_MINIMUM: ({"items": (item(900),)}, ["notice in step 1 is at most EUR 9.00"]),
    Reason.CREDIT_COVERS: (
        {"items": (item(), item(-9_500, item_id=2))},
        ["If the credits of EUR 95.00 are put against other items"],
    ),
    Reason.SALES_ASKED: (
        {"policy": ASKING, "gates": (Gate(1, FRIDAY),)},
        ["If the customer's salesperson releases the notice of level 1.", "in 5 days, on 21/03/2026"],
    ),
    Reason.CONTACT_CAP: ({"touched_on": (TODAY,)}, ["If the strategy allows 2 contacts.", "in 7 days"]),
}


def facts(**changes: Any) -> Facts:
    known: dict[str, Any] = {"customer_id": 7, "items": (item(),), "policy": POLICY, **changes}
    return Facts(**known)


def test_every_reason_is_told() -> None:
    assert set(CASES) == set(Reason)


@pytest.mark.parametrize("reason", CASES, ids=lambda reason: reason.code)
def test_each_card_names_its_rule_and_what_would_have_changed_the_answer(reason: Reason) -> None:
    given, told = CASES[reason]
    card = explain(facts(**given), 1, on=TODAY)
    assert card.reason is reason
    said = " ".join(changes_said(card, currency="EUR")).replace("\u00a0", " ")
    for words in told:
        assert words in said
    if reason is not Reason.NO_STRATEGY:
        assert rule_words(card, currency="EUR")
    assert facts_of(card)


def test_where_two_things_are_needed_they_are_told_one_after_the_other() -> None:
    card = explain(facts(parked=True, holds=(Hold(TODAY),)), 1, on=TODAY)
    assert changes_said(card, currency="EUR") == []
    assert [change_words(one, "EUR") for one in card.together] == [
        "If a person lets the customer be written to again.",
        "If the hold is lifted; it has no end of its own.",
    ]
