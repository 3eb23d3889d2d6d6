"""Judging of matches: what counts as right, as booked, as calibrated; and cases that show a matcher what was open that morning."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bench import matching, matching_page
from bench.cases import KNOWN, SETTLED, TRUTH, Case, at_once, days, empty_payers, generated, text_alone
from bench.judging import PROPOSALS, Counts, judge, right_lines
from bench.letters import lettered
from debitora.cash.rules.exchanging import TOLD_LINES
from debitora.engine.matching import CUSTOMERS, ITEMS, LINES, PAYERS

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (2, 3, 4))


@pytest.fixture(scope="module")
def case() -> Case:
    return generated(seed=5, customers=120, items=3_000)


def proposals(*rows: tuple[int, int, list[int], list[int], int]) -> pl.DataFrame:
    """(line, rank, items, minors, confidence)"""
    told = [(line, rank, 1, items, minors, sure) for line, rank, items, minors, sure in rows]
    return pl.DataFrame(told, schema=PROPOSALS, orient="row")


def truths(*rows: tuple[int, list[int], list[int]]) -> pl.DataFrame:
    told = [(line, "exact", "numbers", "self", [1], items, minors) for line, items, minors in rows]
    return pl.DataFrame(told, schema=TRUTH, orient="row")


def test_right_is_the_very_sums_of_the_very_items() -> None:
    truth = truths((1, [7], [500]), (2, [7, 8], [500, -20]), (3, [], []))
    right = proposals((1, 1, [7], [500], 9_999), (2, 1, [8, 7], [-20, 500], 9_999), (3, 1, [], [], 9_999))
    found = judge(right, truth)
    assert found.all == Counts(lines=3, paying=2, first_right=2, shown_right=2, booked=2, booked_right=2)
    assert (found.straight_through, found.precision, found.recall) == (1.0, 1.0, 1.0)
    assert right_lines(right, truth) == {1, 2, 3}
    wrong = proposals((1, 1, [7], [499], 9_999), (2, 1, [7], [500], 9_999), (3, 1, [7], [1], 9_999))
    assert judge(wrong, truth).all == Counts(lines=3, paying=2, booked=3)
    assert judge(wrong, truth).precision == 0


def test_what_is_not_sure_is_shown_and_not_booked() -> None:
    truth = truths((1, [7], [500]), (2, [8], [500]))
    found = judge(proposals((1, 1, [6], [500], 9_000), (1, 2, [7], [500], 800)), truth)
    assert found.all == Counts(lines=2, paying=2, shown_right=1)
    assert found.precision is None
    assert judge(proposals((1, 1, [7], [500], 9_000)), truth, sure=9_000).straight_through == 0.5


def test_reliability_holds_confidence_against_what_was_right() -> None:
    truth = truths(*((line, [7], [500]) for line in range(20)))
    told = proposals(*((line, 1, [7 if line < 13 else 8], [500], 6_500) for line in range(20)))
    (bucket,) = judge(told, truth).reliability
    assert (bucket.confidence, bucket.count, bucket.mean, bucket.right) == (6_000, 20, 6_500, 13)


def test_a_day_shows_what_was_open_and_known_that_morning() -> None:
    frames: dict[str, pl.DataFrame] = {
        "lines": pl.DataFrame(
            [(1, "EUR", 300, TUESDAY, "DE1", "Miller", "a"), (2, "EUR", 700, WEDNESDAY, "DE1", "Miller", "b")],
            schema=dict(LINES), orient="row",
        ),
        "items": pl.DataFrame(
            [(7, 1, "EUR", "R7", 1_000, MONDAY, WEDNESDAY), (8, 1, "EUR", "R8", 50, TUESDAY, WEDNESDAY)],
            schema=dict(KNOWN), orient="row",
        ),
        "settled": pl.DataFrame([(7, TUESDAY, 300), (7, WEDNESDAY, 700)], schema=dict(SETTLED), orient="row"),
        "customers": pl.DataFrame([(1, "K1", "Miller")], schema=dict(CUSTOMERS), orient="row"),
        "truth": truths((1, [7], [300]), (2, [7], [700])),
    }  # fmt: skip
    first, second = days(Case("by hand", payers=empty_payers(), **frames))
    assert (first.on, first.items.select("item", "open_minor").rows()) == (TUESDAY, [(7, 1_000)])
    assert first.payers.is_empty()
    assert second.items.select("item", "open_minor").rows() == [(7, 700), (8, 50)]
    assert second.payers.rows() == [("DE1", 1, 1)]
    assert at_once(Case("by hand", payers=empty_payers(), **frames)).items["open_minor"].to_list() == [
        1_000,
        50,
    ]


def test_generated_lines_find_their_items_open(case: Case) -> None:
    """What is true of a line can be proposed: its items are open that morning, with at least the sum."""
    asked = reachable = 0
    for day in days(case):
        for frame, schema in (
            (day.lines, TOLD_LINES),
            (day.items, ITEMS),
            (day.customers, CUSTOMERS),
            (day.payers, PAYERS),
        ):
            assert dict(frame.schema) == dict(schema)
        true = case.truth.join(day.lines.select("line"), on="line").filter(pl.col("kind") != "foreign")
        flat = (
            true.explode("items", "minors")
            .drop_nulls("items")
            .join(day.items, left_on="items", right_on="item", how="left")
        )
        fits = pl.col("open_minor").fill_null(0).abs() >= pl.col("minors").abs()
        asked += len(flat)
        reachable += flat.select(fits.sum()).item()
        assert day.items["item"].is_unique().all()
    assert asked > 100
    assert reachable / asked > 0.99


def test_the_lines_of_a_case_are_money_that_came_in(case: Case) -> None:
    assert (case.lines["minor"] > 0).all()
    assert case.lines["line"].to_list() == case.truth["line"].to_list()
    assert {"exact", "lump"} <= set(case.truth["kind"])
    assert not case.payers.is_empty()


def test_some_invoices_are_cancelled_and_no_payment_is_for_them(case: Case) -> None:
    cancelled = case.items.filter(pl.col("number").str.starts_with("CA-"))
    assert cancelled.height > 10
    assert cancelled["amount_minor"].sum() == 0
    assert case.items["item"].is_unique().all()
    assert not set(cancelled["item"]) & set(case.truth["items"].explode())
    stood = [day.items.filter(pl.col("number").str.starts_with("CA-")).height for day in days(case)]
    assert max(stood) > 2


def test_a_bank_may_tell_a_text_alone(case: Case) -> None:
    """The same lines and the same truth; the payer's name is somewhere in the text, her account nowhere."""
    alone = text_alone(case)
    assert alone.name == "generated 5, text alone"
    assert set(alone.lines["payer"]) | set(alone.lines["name"]) == {""}
    assert alone.lines["text"][0].startswith(case.lines["name"][0])
    assert alone.truth.equals(case.truth)
    assert next(days(alone)).payers.is_empty()


FEC = """JournalCode|EcritureDate|CompteNum|CompAuxNum|CompteLib|CompAuxLib|PieceRef|EcritureLib|Debit|Credit|EcritureLet|DateLet
VE|20220901|411000|DUPONT|CLIENTS|DUPONT|F4711|FACTURE 4711|232,10|0,00|A|20230512
VE|20220906|411000|DUPONT|CLIENTS|DUPONT|A4712|AVOIR 4712|0,00|232,10|A|20230512
VE|20221001|411000|DUPONT|CLIENTS|DUPONT|F4713|FACTURE 4713|578,48|0,00|B|20230512
VE|20221003|411000|DURAND|CLIENTS|DURAND|F4714|FACTURE 4714|10,00|0,00||
BQ|20221129|411000|DUPONT|CLIENTS|DUPONT|BQ1|VIR DUPONT|0,00|578,48|B|20230512
BQ|20221129|512000||BANQUE||BQ1|VIR DUPONT|578,48|0,00||
"""


def test_what_letters_settle_without_a_payment_is_open_until_the_letter_was_set(tmp_path: Path) -> None:
    """An invoice and its credit note of the same letter stand beside the payment that they are no part of."""
    path = tmp_path / "1FEC.txt"
    path.write_text(FEC, "utf-8")
    case = lettered(path, prefix="411").case
    (day,) = days(case)
    assert day.items["open_minor"].to_list() == [23_210, -23_210, 57_848, 1_000]
    assert case.truth.select("items", "minors").rows() == [([2], [57_848])]
    (first,) = matching.proposed(day).filter(pl.col("rank") == 1).to_dicts()
    assert (first["items"], first["minors"]) == ([2], [57_848])
    offset = case.settled.filter(pl.col("settled_on") == date(2023, 5, 12))
    assert offset.select("item", "minor").rows() == [(0, 23_210), (1, -23_210)]


def test_results_are_written_with_the_machine(case: Case, tmp_path: Path) -> None:
    told = matching.judged(case)
    result = json.loads(matching.write([told], folder=tmp_path).read_text("utf-8"))
    (one,) = result["cases"]
    assert one["case"] == "generated 5"
    assert one["lines"] == one["all"]["lines"] == sum(counts["lines"] for counts in one["kinds"].values())
    assert 0.5 < one["recall"] <= 1
    assert {"cores", "python"} <= set(result["machine"])
    assert not set(matching.FITTED) & set(matching.PUBLISHED)


def test_the_page_of_matching_is_that_of_the_results() -> None:
    text = matching_page.PAGE.read_text("utf-8")
    assert matching_page.page(text) == text, "write it anew: python -m bench.matching_page"


def test_tables_tell_cases_and_ledgers(case: Case, tmp_path: Path) -> None:
    assert matching_page.tables(tmp_path) == "Nothing was measured yet.\n"
    told = matching.judged(case)
    ledger = told | {
        "case": "a.txt 411",
        "names_customer": True,
        "letters": 40,
        "not_findable": 1,
        "found_again": 30,
    }
    alone = told | {"case": "generated 5, text alone", "text_alone": True}
    matching.write([told, told, alone, ledger], folder=tmp_path)
    text = matching_page.tables(tmp_path)
    assert f"| generated 5, text alone | {len(case.lines):,} |" in text
    assert f"| all | {2 * len(case.lines):,} | {2 * len(case.items):,} |" in text
    assert "| a.txt 411 | yes | 40 | 1 | 30 | 75.0 % |" in text
    assert "| nobody's |" in text
    assert "| what the text told |" in text
