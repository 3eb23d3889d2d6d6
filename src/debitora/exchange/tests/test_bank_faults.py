"""Faults of bank files, in words: sums in the reader's notation, rules and missing parts by name."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from debitora.documents.queries.wording import MISSING, fault_advice, fault_text
from debitora.formats.faults import HOLDING, FaultCode, fault


def test_a_difference_is_told_as_money() -> None:
    untied = fault(FaultCode.STATEMENT_UNTIED, line=3, difference="-1234.50 EUR")
    with override("de"):
        assert "-1.234,50\xa0EUR" in fault_text(untied)


@pytest.mark.parametrize(("told", "found"), [("12", "11"), ("12.40 EUR", "11.40 EUR")])
def test_a_total_may_be_a_count_or_a_sum(told: str, found: str) -> None:
    wrong = fault(FaultCode.TOTAL_WRONG, line=3, total="lines", told=told, found=found)
    assert told.split(".")[0] in fault_text(wrong)
    assert found.split(".")[0] in fault_text(wrong)


@pytest.mark.parametrize("part", MISSING)
def test_a_fragment_names_what_is_missing(part: str) -> None:
    assert str(MISSING[part]) in fault_text(fault(FaultCode.STATEMENT_FRAGMENT, missing=part))


@pytest.mark.parametrize("code", sorted(HOLDING))
def test_what_holds_a_statement_does_not_refuse_its_file(code: FaultCode) -> None:
    assert (
        fault_advice(fault(code))
        == "Bring the statement that is missing, or accept the difference with a reason."
    )
