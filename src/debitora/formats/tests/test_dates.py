"""Days: every way of writing them, and what no calendar has."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.formats.dates import day_of, looks_like_day, order_evidence, read_days
from debitora.formats.faults import FaultCode
from debitora.formats.mapping import DateOrder

DAY = date(2020, 2, 7)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2020-02-07", DateOrder.MDY),
        ("2020/2/7", DateOrder.DMY),
        ("2020.02.07", DateOrder.YMD),
        ("20200207", DateOrder.DMY),
        ("20200207.0", DateOrder.YMD),
        ("2020-02-07 00:00:00", DateOrder.YMD),
        ("2020-02-07T10:11:12Z", DateOrder.YMD),
        ("07.02.2020", DateOrder.DMY),
        ("7.2.20", DateOrder.DMY),
        ("7. 2. 2020", DateOrder.DMY),
        ("07/02/2020 09:40", DateOrder.DMY),
        ("02/07/2020", DateOrder.MDY),
        ("20/02/07", DateOrder.YMD),
        ("7-Feb-20", DateOrder.YMD),
        ("7. Februar 2020", DateOrder.YMD),
        ("7 février 2020", DateOrder.YMD),
        ("Feb 7, 2020", DateOrder.YMD),
        ("43868", DateOrder.YMD),
        ("43868.0", DateOrder.YMD),
        ("  07.02.2020  ", DateOrder.DMY),
    ],
)
def test_one_day_in_many_notations(text: str, order: DateOrder) -> None:
    assert day_of(text, order) == DAY


@pytest.mark.parametrize("text", ["", "  ", "-", "00.00.0000", "0000-00-00", "NaT", "null", "0"])
def test_no_day(text: str) -> None:
    assert day_of(text, DateOrder.DMY) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.02.2024", FaultCode.DATE_IMPOSSIBLE),
        ("29.02.2023", FaultCode.DATE_IMPOSSIBLE),
        ("2024-13-01", FaultCode.DATE_IMPOSSIBLE),
        ("01.01.0024", FaultCode.DATE_IMPOSSIBLE),
        ("01.01.9999", FaultCode.DATE_IMPOSSIBLE),
        ("20241301", FaultCode.DATE_IMPOSSIBLE),
        ("02/27/2020", FaultCode.DATE_IMPOSSIBLE),
        ("soon", FaultCode.DATE_UNREADABLE),
        ("7.2.", FaultCode.DATE_UNREADABLE),
        ("1234", FaultCode.DATE_UNREADABLE),
        ("7 Foo 2020", FaultCode.DATE_UNREADABLE),
    ],
)
def test_what_is_no_day(text: str, code: FaultCode) -> None:
    assert day_of(text, DateOrder.DMY) == code


@settings(deadline=None)
@given(
    st.dates(date(1970, 1, 1), date(2069, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%y"]),
)
def test_days_come_back(day: date, notation: str) -> None:
    text = day.strftime(notation)
    assert day_of(text, DateOrder.DMY) == day
    assert looks_like_day(text)


def test_the_order_shows_where_a_part_is_beyond_twelve() -> None:
    assert order_evidence(["27/02/2020", "01/02/2020", "02/02/2020", "2020-02-02"]) == (1, 0, 1)
    assert order_evidence(["02/27/2020", "01/02/2020 10:00"]) == (0, 1, 1)


def test_a_column_keeps_its_rows() -> None:
    read = read_days(pl.Series(["07.02.2020", None, "31.02.2020", "x", "07.02.2020"]), DateOrder.DMY)
    assert read["day"].to_list() == [DAY, None, None, None, DAY]
    assert read["code"].to_list() == [None, None, "date_impossible", "date_unreadable", None]
