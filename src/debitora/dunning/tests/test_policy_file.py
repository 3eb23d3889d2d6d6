"""Policies as files: what is shipped, what comes back unchanged, and what is refused with its place."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.dunning.rules import presets
from debitora.dunning.rules.policy import (
    Channel,
    Claims,
    ContactCap,
    Copy,
    DebtorKind,
    Interest,
    Keep,
    Policy,
    Step,
    Upcoming,
    debtor_kind,
)
from debitora.dunning.rules.policy_file import (
    as_document,
    canonical,
    fingerprint,
    from_document,
    read,
    write,
)
from debitora.dunning.rules.policy_node import FaultCode
from debitora.dunning.tests.drawn import SEEDS, ledger
from debitora.engine.interest import DayCount
from debitora.values.money import Money

SMALLEST = """
policy: 1
name: Smallest
debtor: business
country: "NO"
language: "no"
steps:
  - text: reminder
    days_after_due: 7
"""


def faults_of(text: str) -> dict[str, FaultCode]:
    """Path and code of every fault of a text that is refused."""
    policy, faults = read(text)
    assert policy is None
    return {fault.path: fault.code for fault in faults}


def changed(**values: Any) -> dict[str, FaultCode]:
    """The faults of the smallest policy with other values at its top."""
    document = {**as_document(smallest()), **values}
    return {fault.path: fault.code for fault in from_document(document)[1]}


def stepped(**values: Any) -> dict[str, FaultCode]:
    """The faults of the smallest policy with other values in its one step."""
    document = as_document(smallest())
    return changed(steps=[{**document["steps"][0], **values}])


def smallest() -> Policy:
    policy, faults = read(SMALLEST)
    assert policy is not None, faults
    return policy


# ------------------------------------------------------------------------------------------------- what is shipped


@pytest.mark.parametrize("name", ["de-business", "de-consumer"])
def test_a_preset_claims_no_cost(name: str) -> None:
    policy = presets.preset(name)
    assert all(step.fee == () for step in policy.steps)
    assert policy.steps[0].text == "reminder"
    assert policy.steps[-1].text == "final"
    assert policy.country == "DE"


def test_presets_are_found_by_country_and_kind() -> None:
    assert presets.preset_for("DE", DebtorKind.CONSUMER) == presets.preset("de-consumer")
    assert presets.preset_for("FR", DebtorKind.BUSINESS) == presets.preset("fr-business")
    assert presets.preset_for("PT", DebtorKind.BUSINESS) == presets.preset("eu-business")
    with pytest.raises(presets.NoSuchPreset):
        presets.preset("../secrets")


def test_consumers_are_given_more_time_than_businesses() -> None:
    business, consumer = presets.preset("de-business"), presets.preset("de-consumer")
    assert consumer.steps[0].days_after_due + consumer.grace_days > business.steps[0].days_after_due
    assert min(step.deadline_days for step in consumer.steps) > max(
        step.deadline_days for step in business.steps
    )


# ---------------------------------------------------------------------------------------------- there and back


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_comes_back_unchanged(name: str) -> None:
    policy = presets.preset(name)
    assert read(write(policy)) == (policy, ())
    assert from_document(json.loads(canonical(policy))) == (policy, ())


def test_every_field_comes_back_unchanged() -> None:
    amounts = (Money(500, "EUR"), Money(500, "JPY"), Money(5_000, "KWD"))
    policy = Policy(
        name="Übung: none",
        debtor=DebtorKind.CONSUMER,
        country="NO",
        language="no",
        grace_days=3,
        contact_cap=ContactCap(touches=2, days=9),
        consider_credits=False,
        send_on_working_days=False,
        upcoming=Upcoming(days_before=3, text="upcoming", channel=Channel.LETTER),
        steps=(
            Step(
                text="1", days_after_due=7, minimum_item=amounts, minimum_notice=amounts[:1], fee=amounts[1:]
            ),
            Step(
                text="2", days_after_due=7, min_gap_days=1, channel=Channel.LETTER, copy_to=Copy.SALESPERSON
            ),
        ),
    )
    assert read(write(policy)) == (policy, ())
    assert from_document(json.loads(canonical(policy))) == (policy, ())


@settings(max_examples=15, deadline=None, print_blob=True)
@given(SEEDS)
def test_two_policies_differ_exactly_if_their_fingerprints_do(seed: int) -> None:
    policies = [facts.policy for facts in ledger(seed, customers=12) if facts.policy]
    for one in policies:
        for other in policies:
            assert (one == other) == (fingerprint(one) == fingerprint(other))


def test_a_fingerprint_is_stable() -> None:
    policy = presets.preset("de-business")
    assert fingerprint(policy) == fingerprint(replace(policy)) != fingerprint(replace(policy, grace_days=1))
    assert len(fingerprint(policy)) == 64


@st.composite
def claims(draw: st.DrawFn) -> Claims:
    """Any claims that a policy may make."""
    interest = draw(st.sampled_from(Interest))
    return Claims(
        interest=interest,
        agreed_bp=draw(st.integers(1, 5_000)) if interest is Interest.AGREED else None,
        day_count=draw(st.sampled_from(DayCount)),
        lump_sum=draw(st.booleans()),
        keep=draw(st.sampled_from(Keep)),
        due_date_agreed=draw(st.booleans()),
        invoice_told_default=draw(st.booleans()),
        costs_agreed=draw(st.booleans()),
        invoice_names_claims=draw(st.booleans()),
    )


@settings(deadline=None, print_blob=True)
@given(claims(), st.booleans(), st.booleans())
def test_claims_come_back_unchanged(claimed: Claims, interest: bool, lump_sum: bool) -> None:
    step = Step(text="reminder", days_after_due=7, claim_interest=interest, claim_lump_sum=lump_sum)
    policy = replace(smallest(), claims=claimed, steps=(step,))
    assert read(write(policy)) == (policy, ())
    assert from_document(json.loads(canonical(policy))) == (policy, ())
    assert (fingerprint(policy) == fingerprint(smallest())) is (policy == smallest())


def test_what_was_stored_before_there_were_claims_keeps_its_fingerprint() -> None:
    assert fingerprint(smallest()) == "3992e157525e38def86bf892e2d0b9e125630e43d1945a14779cc1993bf92141"
    assert not {"claims", "claim_interest", "claim_lump_sum"} & set(canonical(smallest()).split('"'))


def test_the_smallest_file_has_careful_defaults() -> None:
    policy = smallest()
    assert (policy.country, policy.language) == ("NO", "no")
    assert policy.approval == "person"
    assert policy.consider_credits
    assert policy.send_on_working_days
    assert policy.contact_cap is None
    assert policy.steps[0] == Step(text="reminder", days_after_due=7)


def test_a_form_may_hand_in_text() -> None:
    document = as_document(smallest())
    document |= {"grace_days": "2", "consider_credits": "false", "upcoming": "", "policy": "1"}
    policy, faults = from_document(document)
    assert policy is not None, faults
    assert (policy.grace_days, policy.consider_credits, policy.upcoming) == (2, False, None)


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("", "", FaultCode.NOT_A_MAPPING),
        ("just words", "", FaultCode.NOT_A_MAPPING),
        ("steps: [", "line 1", FaultCode.NOT_YAML),
        ("name: one\nname: two", "line 2", FaultCode.NOT_YAML),
        ("name: !!python/object:os.system x", "line 1", FaultCode.NOT_YAML),
        ("[" * 5_000, "", FaultCode.NOT_YAML),
        ("name: a\0b", "", FaultCode.NOT_YAML),
        ("#" * 100_001, "", FaultCode.TOO_LONG),
        (SMALLEST + "colour: red", "colour", FaultCode.UNKNOWN_KEY),
        (SMALLEST.replace("policy: 1", "policy: 2"), "policy", FaultCode.OUT_OF_RANGE),
        (SMALLEST.replace("name: Smallest", ""), "name", FaultCode.MISSING),
        (SMALLEST.replace("days_after_due: 7", "days: 7"), "steps[1].days", FaultCode.UNKNOWN_KEY),
        (SMALLEST.replace("days_after_due: 7", "days: 7"), "steps[1].days_after_due", FaultCode.MISSING),
        (SMALLEST.split("steps")[0] + "steps: []", "steps", FaultCode.NOT_A_LIST),
        (SMALLEST.split("steps")[0] + "steps: [7]", "steps[1]", FaultCode.NOT_A_MAPPING),
    ],
)
def test_a_file_that_is_not_understood_is_refused(text: str, path: str, code: FaultCode) -> None:
    assert faults_of(text).get(path) is code


@pytest.mark.parametrize(
    ("values", "path", "code"),
    [
        ({"name": ""}, "name", FaultCode.NOT_A_TEXT),
        ({"name": "two\nlines"}, "name", FaultCode.NOT_A_TEXT),
        ({"name": ["a"]}, "name", FaultCode.NOT_A_TEXT),
        ({"country": "Germany"}, "country", FaultCode.NOT_A_TEXT),
        ({"language": "DE"}, "language", FaultCode.NOT_A_TEXT),
        ({"debtor": "government"}, "debtor", FaultCode.NOT_ONE_OF),
        ({"grace_days": -1}, "grace_days", FaultCode.OUT_OF_RANGE),
        ({"grace_days": 1.5}, "grace_days", FaultCode.NOT_A_WHOLE_NUMBER),
        ({"grace_days": True}, "grace_days", FaultCode.NOT_A_WHOLE_NUMBER),
        ({"consider_credits": "perhaps"}, "consider_credits", FaultCode.NOT_A_FLAG),
        ({"contact_cap": {"touches": 0, "days": 7}}, "contact_cap.touches", FaultCode.OUT_OF_RANGE),
        ({"contact_cap": {"touches": 1}}, "contact_cap.days", FaultCode.MISSING),
        ({"contact_cap": 3}, "contact_cap", FaultCode.NOT_A_MAPPING),
        ({"run_bound": {"factor": 0, "floor": 1}}, "run_bound.factor", FaultCode.OUT_OF_RANGE),
        ({"upcoming": {"days_before": 3, "text": "A B"}}, "upcoming.text", FaultCode.NOT_A_TEXT),
        ({"quiet_days": "12-24"}, "quiet_days", FaultCode.NO_QUIET_DAY),
        ({"quiet_days": ["fri", "02-30/03-01"]}, "quiet_days", FaultCode.NO_QUIET_DAY),
        ({"quiet_days": "01-01/03-05"}, "quiet_days", FaultCode.NO_QUIET_DAY),
        ({"quiet_days": ["mon", "tue", "wed", "thu", "fri"]}, "quiet_days", FaultCode.TOO_QUIET),
        (
            {"quiet_days": ["01-01/03-01", "03-02/05-01", "05-02/07-01", "07-02/07-10"]},
            "quiet_days",
            FaultCode.TOO_QUIET,
        ),
        ({"approval_above": "much"}, "approval_above", FaultCode.NOT_AN_AMOUNT),
        ({"claims": {"interest": "high"}}, "claims.interest", FaultCode.NOT_ONE_OF),
        ({"claims": {"interest": "agreed"}}, "claims.agreed_bp", FaultCode.MISSING),
        ({"claims": {"agreed_bp": 900}}, "claims.agreed_bp", FaultCode.RATE_NOT_USED),
        ({"claims": {"interest": "agreed", "agreed_bp": 0}}, "claims.agreed_bp", FaultCode.OUT_OF_RANGE),
        (
            {"claims": {"interest": "agreed", "agreed_bp": "9.5"}},
            "claims.agreed_bp",
            FaultCode.NOT_A_WHOLE_NUMBER,
        ),
        ({"claims": {"fine": True}}, "claims.fine", FaultCode.UNKNOWN_KEY),
    ],
)
def test_a_wrong_value_is_named_by_its_path(values: dict[str, Any], path: str, code: FaultCode) -> None:
    assert changed(**values) == {path: code}


@pytest.mark.parametrize(
    ("values", "path", "code"),
    [
        ({"days_after_due": 0}, "steps[1].days_after_due", FaultCode.OUT_OF_RANGE),
        ({"deadline_days": 0}, "steps[1].deadline_days", FaultCode.OUT_OF_RANGE),
        ({"channel": "pigeon"}, "steps[1].channel", FaultCode.NOT_ONE_OF),
        ({"minimum_item": "5,00 EUR"}, "steps[1].minimum_item", FaultCode.NOT_AN_AMOUNT),
        ({"minimum_item": "5.00"}, "steps[1].minimum_item", FaultCode.NOT_AN_AMOUNT),
        ({"minimum_item": "-5.00 EUR"}, "steps[1].minimum_item", FaultCode.NOT_AN_AMOUNT),
        ({"minimum_item": "5.001 EUR"}, "steps[1].minimum_item", FaultCode.NOT_AN_AMOUNT),
        ({"minimum_item": "5.50 JPY"}, "steps[1].minimum_item", FaultCode.NOT_AN_AMOUNT),
        ({"minimum_item": "5.00 XXX"}, "steps[1].minimum_item", FaultCode.NOT_AN_AMOUNT),
        ({"minimum_item": "9999999999999999 EUR"}, "steps[1].minimum_item", FaultCode.NOT_AN_AMOUNT),
        ({"minimum_item": ["5 EUR", "6 EUR"]}, "steps[1].minimum_item", FaultCode.CURRENCY_TWICE),
        ({"min_gap_days": 5}, "steps[1].min_gap_days", FaultCode.FIRST_STEP_HAS_NO_GAP),
    ],
)
def test_a_wrong_value_in_a_step_is_named_by_its_path(
    values: dict[str, Any], path: str, code: FaultCode
) -> None:
    assert stepped(**values) == {path: code}


def test_the_steps_must_climb() -> None:
    first = as_document(smallest())["steps"][0]
    assert changed(steps=[first, {**first, "days_after_due": 6}]) == {
        "steps[2].min_gap_days": FaultCode.GAP_NEEDED,
        "steps[2].days_after_due": FaultCode.DAYS_FALL,
    }


def test_every_fault_has_a_remedy_and_says_what_was_read() -> None:
    assert all(code.remedy for code in FaultCode)
    _, (fault,) = from_document({**as_document(smallest()), "grace_days": 99})
    assert (fault.found, fault.expected) == ("99", "0-60")


def test_zero_is_no_minimum() -> None:
    document = as_document(smallest())
    document["steps"][0]["minimum_item"] = "0.00 EUR"
    policy, _ = from_document(document)
    assert policy == smallest()


@pytest.mark.parametrize(
    ("text", "kind"),
    [("business", "business"), ("consumer", "consumer"), ("", "consumer"), (None, "consumer")],
)
def test_an_unknown_kind_is_a_consumer(text: str | None, kind: str) -> None:
    assert debtor_kind(text) == kind
