"""The table behind a chart: the same numbers, written out for those who read rather than look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from debitora.values.locales import format_money, format_number, format_share
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class Row:
    """One place of the axis and the value of each series there, as text."""

    label: str
    values: tuple[str, ...]


def rows(data: Mapping[str, Any], language: str) -> list[Row]:
    """The chart's values by place of the axis.

    `data` holds `unit` (money, count, days, percent, share), `currency` (for money), `x` (labels) and `series` (mappings
    of `name` and `values`; money in minor units, shares in basis points, None where there is no value).
    """
    columns = [series["values"] for series in data["series"]]
    return [
        Row(str(label), tuple(_written(column[at], data, language) for column in columns))
        for at, label in enumerate(data["x"])
    ]


def _written(value: Any, data: Mapping[str, Any], language: str) -> str:
    if value is None:
        return "–"
    if data["unit"] == "money":
        return format_money(Money(value, data["currency"]), language)
    if data["unit"] == "share":
        return format_share(value, language)
    return format_number(value, language) + (" %" if data["unit"] == "percent" else "")
