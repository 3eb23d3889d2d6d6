"""Writing open-item lists of an exact size: the lists of a day and of the day after, and the customers.

An ERP's list holds what is open, so a list of a million rows needs a company with many young items. The
generator is asked for three months, and the newest open items are left out until the list has the size asked
for. Somewhat more than a third of the rows is overdue.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

import polars as pl

from debitora.demo import lists
from debitora.demo.generator import generate
from debitora.demo.truth import Truth

DAY = date(2026, 11, 19)
MONTHS = 3
ITEMS_PER_ROW = 2.4
"""How many items of three months leave one open row; a little more than enough."""
SPARE = 400


class TooFewOpenItems(RuntimeError):
    """The generated company has fewer open items than rows were asked for."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Files of one size; `totals` are minor units of `first`, `settled` its rows that `second` lacks."""

    first: Path
    second: Path
    customers: Path
    rows: int
    totals: Mapping[str, int]
    settled: int


def write_lists(
    folder: Path, *, rows: int, seed: int = 1, dialect: str = "datev_de", workbook: bool = False
) -> Lists:
    """Write `items-ROWS.csv` (of DAY), `items-ROWS-next.csv` (of the day after) and `customers-ROWS.csv`.

    workbook: the first of them as `items-ROWS.xlsx` too. Raises TooFewOpenItems.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = int(rows * ITEMS_PER_ROW) + SPARE
    truth = generate(seed=seed, customers=max(10, rows // 10), items=count, months=MONTHS, on=_next_day())
    first = _oldest(truth.list_on(DAY), rows)
    second = _following(truth, first)
    if workbook:
        sheet = lists.xlsx_file(first, lists.DIALECTS[dialect], day=DAY, company=truth.creditor.name)
        _write_bytes(folder / f"items-{rows}.xlsx", sheet)
    return Lists(
        first=_write(folder / f"items-{rows}.csv", truth, first, DAY, dialect),
        second=_write(folder / f"items-{rows}-next.csv", truth, second, _next_day(), dialect),
        customers=_write_bytes(folder / f"customers-{rows}.csv", truth.customers_csv()),
        rows=rows,
        totals=dict(first.group_by("currency").agg(pl.col("open_minor").sum()).sort("currency").iter_rows()),
        settled=len(first.join(second, on="item", how="anti")),
    )


def _next_day() -> date:
    return DAY + timedelta(days=1)


def _oldest(open_rows: pl.DataFrame, rows: int) -> pl.DataFrame:
    if len(open_rows) < rows:
        raise TooFewOpenItems(f"{len(open_rows)} of {rows}")
    kept = open_rows.select("item").bottom_k(rows, by="item")
    return open_rows.join(kept, on="item", how="semi", maintain_order="left")


def _following(truth: Truth, first: pl.DataFrame) -> pl.DataFrame:
    """The next day's list: what is still open of the first one, and what is new."""
    rows = truth.list_on(_next_day())
    old = rows["item"].is_in(first["item"].to_list())
    return rows.filter(old | (pl.col("issued_on") == _next_day()))


def _write(path: Path, truth: Truth, rows: pl.DataFrame, day: date, dialect: str) -> Path:
    data = lists.csv_file(rows, lists.DIALECTS[dialect], day=day, company=truth.creditor.name)
    return _write_bytes(path, data)


def _write_bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Write lists of the sizes asked for and print what is in them, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.lists", description=main.__doc__)
    parser.add_argument("--rows", type=int, action="append", help="may be given several times; default 10000")
    parser.add_argument("--folder", type=Path, help="default: a new temporary folder")
    parser.add_argument("--dialect", choices=sorted(lists.DIALECTS), default="datev_de")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workbook", action="store_true", help="the list of the day as XLSX, too")
    asked = parser.parse_args(arguments)
    folder = asked.folder or Path(mkdtemp(prefix="debitora-lists-"))
    for rows in asked.rows or [10_000]:
        made = write_lists(folder, rows=rows, seed=asked.seed, dialect=asked.dialect, workbook=asked.workbook)
        print(json.dumps(asdict(made), default=str))


if __name__ == "__main__":
    main()
