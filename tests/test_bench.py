"""The benchmarks measure what they say: lists of the exact size, medians, failed commands."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from bench import million, pages, peer
from bench.lists import DAY, write_lists
from bench.measure import CommandFailed, machine, measure, measure_command, write
from bench.report import PAGE, page, tables


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


def test_results_with_a_table_of_their_own_are_told(tmp_path: Path) -> None:
    told = [
        pages.Told("items", True, 60, 30.0, 80.4, 95.0, 60),
        pages.Told("aging", False, 60, 9.0, 12.0, 13.0, 9),
    ]
    pages.write(1_000_000, told, folder=tmp_path)
    side = peer.Side("Debitora", (1.1, 1.0, 1.2), 1.1, {"propose": 1.0}, 90_909)
    result = {"name": "peer", "machine": machine(), "peer": "Tryton 8.2.1", "ratio": 103.6, "checks": peer.CHECKS,
              "asked": {"items": 100_000, "customers": 10_000}, "sides": [asdict(side)]}  # fmt: skip
    (tmp_path / "peer.json").write_text(json.dumps(result), "utf-8")
    text = tables(tmp_path)
    assert "| items | yes | 30 | 80 | 95 | 60 |" in text
    assert "beside Tryton 8.2.1: **104 times** as fast" in text
    assert "- Checked by peer only: " in text


def test_the_pages_promised_are_asked_for() -> None:
    known = million.Million("acme", *range(1, 12))
    asked = pages.addresses(known, deep="place")
    assert set(pages.COUNTED) <= set(asked)
    assert len(pages.COUNTED) >= 10


def test_both_sides_get_the_same_items() -> None:
    made = list(peer.rows(25))
    assert len({number for _customer, number, *_rest in made}) == 25
    assert len({customer for customer, *_rest in made}) == 3
    assert all(minor >= 5_000 and due_on < DAY for _customer, _number, minor, _issued, due_on in made)


def test_the_page_of_figures_is_that_of_the_results() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "write it anew: python -m bench.report"
    assert "| running |" in text
