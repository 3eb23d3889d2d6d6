"""Tables: what an outcome wants, what of a case is held, and what steps come to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debitora.disputes.rules.outcomes import EFFECTS, Disputed, Outcome, Proposal, refusal, spread
from debitora.disputes.rules.steps import CaseStatus, Standing, Step, StepKind, fold

ON = date(2026, 11, 18)  # a Wednesday
SALES, CLERK = 7, 3


def test_every_outcome_has_an_effect() -> None:
    assert set(EFFECTS) == set(Outcome)


@pytest.mark.parametrize(
    ("outcome", "days", "amount", "wrong"),
    [
        (Outcome.VALID, None, None, None),
        (Outcome.VALID, 1, None, "day_unasked"),
        (Outcome.VALID, None, 100, "amount_unasked"),
        (Outcome.CREDIT_EXPECTED, None, None, "day_missing"),
        (Outcome.CREDIT_EXPECTED, -1, None, "day_past"),
        (Outcome.CREDIT_EXPECTED, 0, 5_000, None),
        (Outcome.CREDIT_EXPECTED, 3, 5_001, "amount_not_open"),
        (Outcome.CREDIT_EXPECTED, 3, 0, "amount_not_open"),
        (Outcome.CREDIT_EXPECTED, 3, -1, "amount_not_open"),
        (Outcome.NEW_DUE_DATE, 3, None, None),
        (Outcome.NEW_DUE_DATE, 3, 100, "amount_unasked"),
        (Outcome.PROMISED, None, None, "day_missing"),
        (Outcome.ALREADY_PAID, 3, None, None),
        (Outcome.WRITE_OFF_PROPOSED, None, 5_000, None),
        (Outcome.WRITE_OFF_PROPOSED, 3, None, "day_unasked"),
    ],
)
def test_what_an_outcome_wants(
    outcome: Outcome, days: int | None, amount: int | None, wrong: str | None
) -> None:
    until = None if days is None else ON + timedelta(days=days)
    assert refusal(Proposal(outcome, until, amount), disputed_minor=5_000, on=ON) == wrong


@pytest.mark.parametrize(
    ("amount", "disputed", "held"),
    [
        (None, [Disputed(1, None, 100)], {1: None}),
        (None, [Disputed(1, 40, 100)], {1: 40}),
        (None, [Disputed(1, 40, 30)], {1: 30}),  # paid in part meanwhile
        (None, [Disputed(1, None, 0), Disputed(2, None, 50)], {2: None}),
        (30, [Disputed(1, None, 100)], {1: 30}),
        (130, [Disputed(1, None, 100), Disputed(2, None, 100)], {1: 100, 2: 30}),
        (50, [Disputed(1, 40, 100), Disputed(2, 40, 100)], {1: 40, 2: 10}),
        (50, [Disputed(1, None, -10)], {}),
    ],
)
def test_what_of_a_case_is_held(
    amount: int | None, disputed: list[Disputed], held: dict[int, int | None]
) -> None:
    assert spread(amount, disputed) == held


@given(
    st.lists(st.tuples(st.none() | st.integers(1, 99), st.integers(-50, 99)), max_size=5),
    st.integers(1, 500),
)
def test_never_more_is_held_than_was_said_nor_than_is_open(
    drawn: list[tuple[int | None, int]], amount: int
) -> None:
    disputed = [Disputed(place, part, open_minor) for place, (part, open_minor) in enumerate(drawn)]
    held = spread(amount, disputed)
    assert sum(minor or 0 for minor in held.values()) == min(amount, sum(one.minor for one in disputed))
    assert all(0 < (minor or 0) <= disputed[item].minor for item, minor in held.items())


DAY = date(2026, 11, 23)
OPENED = Step(StepKind.OPENED, SALES, DAY)
ANSWERED = Step(StepKind.ANSWERED, outcome="promised", until_on=DAY)


@pytest.mark.parametrize(
    ("steps", "standing"),
    [
        ([], None),
        ([OPENED], Standing(CaseStatus.OPEN, SALES, DAY)),
        ([OPENED, ANSWERED], Standing(CaseStatus.ANSWERED, SALES, DAY, "promised", DAY)),
        (
            [OPENED, ANSWERED, Step(StepKind.MOVED, due_on=ON)],
            Standing(CaseStatus.ANSWERED, SALES, ON, "promised", DAY),
        ),
        ([OPENED, ANSWERED, Step(StepKind.ASSIGNED, CLERK)], Standing(CaseStatus.OPEN, CLERK, DAY)),
        (
            [OPENED, Step(StepKind.CLOSED, outcome="valid")],
            Standing(CaseStatus.CLOSED, SALES, DAY, "valid"),
        ),
        (
            [OPENED, Step(StepKind.CLOSED, outcome="valid"), Step(StepKind.REOPENED, due_on=ON)],
            Standing(CaseStatus.OPEN, SALES, ON),
        ),
    ],
)
def test_what_steps_come_to(steps: list[Step], standing: Standing | None) -> None:
    assert fold(steps) == standing
