"""Judging of proposals for money that went out: each kind of line has its truth, and what is nobody's is never booked."""

from __future__ import annotations

from pathlib import Path

from bench import matching_page, outflows


def test_what_came_back_and_what_was_paid_back_is_found(tmp_path: Path) -> None:
    case = outflows.case_of(5, customers=400, items=6_000, lines_of=120)
    kinds = case["kinds"]
    assert {"returned", "supplier"} <= kinds.keys()
    returned = kinds["returned"]
    assert returned["about"] == returned["first_right"] > 0
    assert all(counts["booked"] == counts["booked_right"] for counts in kinds.values())
    assert kinds["supplier"]["about"] == kinds["supplier"]["booked"] == 0
    outflows.write([case, case], folder=tmp_path)
    (tmp_path / "matching.json").write_text('{"cases": []}')
    text = matching_page.tables(tmp_path)
    assert f"| returned | {2 * returned['lines']} |" in text


def test_patterns_are_counted_with_what_they_lean_on() -> None:
    lines = list(outflows.judged(seed=5, customers=400, items=6_000, lines_of=120, counted={}))
    found = outflows.counted(iter(lines))
    assert found["return|r=|s1"][0] <= found["return|r="][0] <= found["return"][0]
    assert found["refund"][1] == 0
