"""Whether a statement is one that the account has: what balances, amounts, formats and numbers prove."""

from __future__ import annotations

from datetime import date

import pytest

from debitora.cash.rules.twins import Outline, repeats

DAY = date(2026, 11, 2)


def an_outline(
    *minors: int, form: str = "camt.053", number: str = "", opened: int = 2, opening: int | None = 0
) -> Outline:
    return Outline(
        format=form,
        number=number,
        opened_on=DAY.replace(day=opened),
        opening_minor=opening,
        moved_minor=sum(minors),
        amounts={minor: minors.count(minor) for minor in minors},
    )


SWEPT, PAID = (500, -500), (60, 40)


@pytest.mark.parametrize(
    ("told", "known", "continues", "answer"),
    [
        # something moved: another format proves it, the same one tells the same amounts
        (an_outline(*PAID), an_outline(100, form="mt940"), False, True),
        (an_outline(*PAID), an_outline(100, form="mt940"), True, True),
        (an_outline(*PAID, opening=None), an_outline(100, form="mt940", opening=None), False, False),
        (an_outline(*PAID, opening=None), an_outline(*PAID, form="mt940", opening=None), False, True),
        (an_outline(*PAID), an_outline(100), False, False),
        (an_outline(*PAID), an_outline(*PAID), True, True),
        (an_outline(*PAID, number="2"), an_outline(*PAID, number="1"), True, False),
        (an_outline(*PAID, number="2"), an_outline(*PAID, number="1"), False, True),
        # nothing moved: only the amounts say something, unless the bank counts them as two
        (an_outline(*SWEPT), an_outline(), False, False),
        (an_outline(*SWEPT), an_outline(form="mt940"), False, False),
        (an_outline(*SWEPT), an_outline(*SWEPT, form="mt940"), False, True),
        (an_outline(*SWEPT), an_outline(*SWEPT), False, True),
        (an_outline(*SWEPT, number="2"), an_outline(*SWEPT), False, True),
        (an_outline(*SWEPT, number="2"), an_outline(*SWEPT, number="1"), False, False),
        (an_outline(*SWEPT, number="2"), an_outline(*SWEPT, number="1", opened=1), False, True),
    ],
)  # fmt: skip
def test_a_statement_is_known_or_not(told: Outline, known: Outline, continues: bool, answer: bool) -> None:
    assert repeats(told, [known], continues=continues) is answer


def test_without_any_of_the_same_balances_it_is_not_known() -> None:
    assert not repeats(an_outline(100), [], continues=False)
