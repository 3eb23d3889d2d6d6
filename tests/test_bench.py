"""The benchmarks measure what they say: lists of the exact size, medians, failed commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bench.lists import write_lists
from bench.measure import CommandFailed, measure, measure_command, write
from bench.report import PAGE, page


def test_lists_have_the_size_asked_for(tmp_path: Path) -> None:
    made = write_lists(tmp_path, rows=500, dialect="plain_en")
    assert len(made.first.read_text("utf-8").splitlines()) == 501
    assert 0 < made.settled < 100
    assert len(made.second.read_text("utf-8").splitlines()) > 501 - made.settled
    again = write_lists(tmp_path / "again", rows=500, dialect="plain_en")
    assert again.first.read_bytes() == made.first.read_bytes()
    assert again.totals == made.totals


def test_a_measurement_is_written_with_the_facts_of_the_machine(tmp_path: Path) -> None:
    calls: list[int] = []
    done = measure(lambda: calls.append(1), sizes={"items": 7}, times=3)
    told = json.loads(write("nothing", [done], folder=tmp_path).read_text("utf-8"))
    assert len(calls) == len(done.seconds) == 3
    assert told["measurements"][0]["sizes"] == {"items": 7}
    assert {"cores", "python", "postgresql"} <= set(told["machine"])


def test_a_failed_command_is_no_measurement() -> None:
    done = measure_command([sys.executable, "-c", "x = bytearray(80_000_000)"], sizes={}, times=1)
    assert done.peak_mib > 75
    with pytest.raises(CommandFailed):
        measure_command([sys.executable, "-c", "raise SystemExit(3)"], sizes={})


def test_the_page_of_figures_is_that_of_the_results() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "write it anew: python -m bench.report"
    assert "| running |" in text
