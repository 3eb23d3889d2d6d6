"""Frames come back from the database as they went in, whatever stands in their texts."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.db import DataError, ProgrammingError, transaction

from debitora.kit.pg.bulk import array_text, execute, frame, frames, rows, stage

ODD = ["", None, "\\N", "null", 'a "quoted" one', "a, b; c", "two\nlines", " blanks ", "\\.", "ÄÖ€ 𝄞"]
SCHEMA = {
    "id": pl.Int64,
    "text": pl.String,
    "small": pl.Int16,
    "number": pl.Int64,
    "day": pl.Date,
    "flag": pl.Boolean,
}
EVERYTHING = "select id, text, small, number, day, flag from odd"


@pytest.fixture
def odd(db: None) -> pl.DataFrame:
    """A frame of odd texts, every third value missing, staged as the table `odd`."""
    count = len(ODD)
    whole = pl.DataFrame(
        {
            "id": range(count),
            "text": ODD,
            "small": [None if place % 3 == 0 else place for place in range(count)],
            "number": [None if place % 3 == 1 else -(10**15) + place for place in range(count)],
            "day": [None if place % 3 == 2 else date(2026, 11, 1 + place) for place in range(count)],
            "flag": [None if place % 3 == 0 else place % 2 == 0 for place in range(count)],
        },
        schema=SCHEMA,
    )
    stage(whole, "odd")
    return whole


def test_what_went_in_comes_back(odd: pl.DataFrame) -> None:
    assert frame(f"{EVERYTHING} order by id", SCHEMA).equals(odd)
    assert [row["text"] for row in rows("select text from odd order by id")] == ODD


def test_parts_of_one_statement_come_back_in_order_and_apart(odd: pl.DataFrame) -> None:
    few = {"id": pl.Int64, "text": pl.String}
    whole, some, none = frames(
        [
            (f"{EVERYTHING} order by id desc", SCHEMA),
            ("select id, text from odd where id < %(below)s", few),
            ("select id, text from odd where id < 0", few),
        ],
        below=3,
    )
    assert whole.equals(odd)
    assert some.equals(odd.select("id", "text").head(3))
    assert none.equals(pl.DataFrame(schema=few))


def test_a_table_of_before_is_replaced_and_may_fill_further_columns(odd: pl.DataFrame) -> None:
    stage(odd.select("id").head(2), "odd", more="fresh bigint generated always as identity")
    assert rows("select id, fresh from odd order by id") == [{"id": 0, "fresh": 1}, {"id": 1, "fresh": 2}]
    assert execute("delete from odd where id = %(id)s", id=1) == 1


def test_an_empty_frame_makes_an_empty_table(db: None) -> None:
    stage(pl.DataFrame(schema=SCHEMA), "odd")
    assert frame(EVERYTHING, SCHEMA).equals(pl.DataFrame(schema=SCHEMA))


def test_lists_of_whole_numbers_become_arrays(db: None) -> None:
    lists = [[7, -(10**15)], [], None]
    stage(
        pl.DataFrame({"id": [1, 2, 3], "many": lists}, schema_overrides={"many": pl.List(pl.Int64)}), "listed"
    )
    assert [row["many"] for row in rows("select many from listed order by id")] == lists


def test_an_array_is_written_as_one_reads_it(db: None) -> None:
    (row,) = rows(
        "select %(numbers)s::bigint[] as numbers, %(words)s::text[] as words, %(none)s::bigint[] as none",
        numbers=array_text([1, None, -(10**15)]),
        words=array_text(["run", "list_import"]),
        none=array_text([]),
    )
    assert row == {"numbers": [1, None, -(10**15)], "words": ["run", "list_import"], "none": []}


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("select id from nowhere", ProgrammingError),
        ("select 1 / (id - 5000) from generate_series(1, 10000) id", DataError),
    ],
)
def test_what_the_server_refuses_is_an_error_and_no_end(db: None, sql: str, error: type[Exception]) -> None:
    with pytest.raises(error), transaction.atomic():
        frame(sql, {"id": pl.Int64})
    assert rows("select 7 as still") == [{"still": 7}]


def test_an_answer_that_nobody_can_read_closes_the_connection(committed: str) -> None:
    """Half an answer left on the wire would be taken for that of the next question."""
    with pytest.raises(pl.exceptions.ComputeError), transaction.atomic():
        frame("select 'x' || repeat('y', 1000) from generate_series(1, 40000)", {"id": pl.Int64})
    assert rows("select 7 as still") == [{"still": 7}]
