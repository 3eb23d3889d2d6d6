"""Three shapes of one real open-item list through the command line, and lists that are none.

What Debitora says is held against a reading of the same file by the standard library alone. The corpus is no part of the
repository: `DEBITORA_CORPUS`, by default `../shared/corpus` beside it.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from debitora.exchange.testing import HEADER, a_list_file, a_list_of, a_row
from tests.terminal import Terminal, founding

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")
LISTS = CORPUS / "invoices-highradius"
FILES = ("open_items_full_columns.csv", "open_items_currency.csv", "open_items_raw.csv")
ON = date(2020, 5, 20)
FIRST_STEP_DAYS = 9
"""Customers of unknown kind are consumers: reminded from the seventh day after the due day on, and two days of grace."""

real_lists = pytest.mark.skipif(not LISTS.is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: the customer without leading zeros, and what is open in minor units."""

    customer: str
    currency: str
    due_on: date
    minor: int

    @property
    def days(self) -> int:
        return (ON - self.due_on).days


def independent(name: str) -> list[Line]:
    with (LISTS / name).open(newline="", encoding="utf-8") as stream:
        return [
            Line(
                customer=row["cust_number"].lstrip("0"),
                currency=row.get("invoice_currency") or "USD",
                due_on=date.fromisoformat(row["due_in_date"]),
                minor=_cents(row.get("total_open_amount") or row["converted_usd"]),
            )
            for row in csv.DictReader(stream)
        ]


def _cents(text: str) -> int:
    return int(Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)


def bands(lines: list[Line]) -> dict[str, dict[str, int]]:
    """Sums by currency and age, each as `aging` names it."""
    names = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "total")
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for line in lines:
        band = names[0 if line.days <= 0 else min((line.days + 29) // 30, 4)]
        sums[line.currency][band] += line.minor
        sums[line.currency]["total"] += line.minor
    return dict(sums)


@pytest.fixture
def terminal(
    database: None,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    """A terminal in an installation with one fresh company, and with a journal that knows of no other test."""
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    return founding(capsys)


@real_lists
@pytest.mark.corpus
@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("name", FILES)
def test_a_real_list_walks_the_road_untouched(terminal: Terminal, name: str) -> None:
    lines = independent(name)
    words = ("import", "items", LISTS / name, "--company", "acme", "--as-of", ON.isoformat(), "--confirm")

    first = terminal.ask(*words)
    assert (first["status"], first["read"], first["opened"]) == ("done", len(lines), len(lines))
    assert (first["changed"], first["settled"], first["faults"]) == (0, 0, [])
    again = terminal.ask(*words)
    assert (again["status"], again["opened"], again["changed"], again["settled"]) == ("nothing", 0, 0, 0)

    aging = terminal.ask("aging", "--company", "acme", "--as-of", ON.isoformat())["currencies"]
    assert aging == bands(lines)
    items = terminal.ask("items", "--company", "acme")["items"]
    totals = Counter[str]()
    for item in items:
        totals[item["currency"]] += item["open_minor"]
    assert totals == {currency: found["total"] for currency, found in bands(lines).items()}

    overdue = [line for line in lines if line.days > 0 and line.minor > 0]
    noticed = [line for line in overdue if line.days >= FIRST_STEP_DAYS]
    run = terminal.ask("run", "--company", "acme", "--on", ON.isoformat())
    assert run["overdue_items"] == len(overdue) == sum(run["decisions"].values())
    assert run["decisions"] == {"notice": len(noticed), "grace": len(overdue) - len(noticed)}
    assert run["notices"] == len({(line.customer, line.currency) for line in noticed})
    assert terminal.ask("check", "--company", "acme")["findings"] == []


# ------------------------------------------------------------------------------------- lists that are none


def _bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return data.getvalue()


def _with(*rows: str) -> bytes:
    """A list that is sound but for these rows, which begin on its fourth line."""
    return a_list_file([a_row("R-1", "100,00"), a_row("R-2", "100,00"), *rows])


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20
NOTE = b"# Minutes of the meeting\n\n- call the customer\n- **important**: the list\n\nSee [here](x).\n" * 5

NOT_LISTS: dict[str, tuple[str, bytes, str, int | None]] = {
    "an empty file": ("list.csv", b"", "empty_file", None),
    "a note named .csv": ("list.csv", NOTE, "not_a_table", None),
    "a picture named .csv": ("list.csv", PICTURE, "not_a_table", None),
    "a line of a million characters": ("list.csv", a_list_of([1]) + b"x" * 1_000_000, "line_too_long", 3),
    "zero bytes": ("list.csv", a_list_of([1]) + b"1;a\0;b", "nul_bytes", 3),
    "formulas": ("list.csv", _with(a_row("R-3", "=1+1")), "amount_unreadable", 4),
    "a zip bomb": ("list.xlsx", _bomb(), "archive_too_large", None),
    "an impossible day": ("list.csv", _with(a_row("R-3", "1,00", due="31.02.2026")), "date_impossible", 4),
    "mixed decimals": ("list.csv", _with(a_row("R-3", "1.190,00"), a_row("R-4", "1,190.00")), "", 5),
    "an amount of 10^15": ("list.csv", _with(a_row("R-3", "1" + "0" * 15)), "amount_too_large", 4),
    "an unknown currency": (
        "list.csv", _with(a_row("R-3", "1,00").replace("EUR", "QQQ")), "currency_unknown", 4,
    ),
    "a number twice": ("list.csv", _with(a_row("R-1", "5,00")), "number_twice", 4),
}  # fmt: skip


@pytest.fixture
def standing(terminal: Terminal, tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    """A company whose last list, of 18 November 2026, brought ten items; asks what is open."""
    (tmp_path / "first.csv").write_bytes(a_list_of(range(1, 11)))
    words = ("import", "items", tmp_path / "first.csv", "--company", "acme", "--as-of", "2026-11-18")
    assert terminal.ask(*words)["opened"] == 10
    return lambda: terminal.ask("items", "--company", "acme")["items"]


@pytest.mark.parametrize("what", NOT_LISTS)
def test_bad_input_changes_nothing_and_is_named_with_place_and_advice(
    terminal: Terminal, standing: Callable[[], list[dict[str, Any]]], tmp_path: Path, what: str
) -> None:
    name, data, code, line = NOT_LISTS[what]
    before = standing()
    (tmp_path / name).write_bytes(data)
    words = ("import", "items", tmp_path / name, "--company", "acme", "--as-of", "2026-11-19", "--confirm")
    for more in ((), ("--dry-run",)):
        answer = terminal.ask(*words, *more, code=1)
        assert (answer["status"], answer["opened"], answer["settled"]) == ("refused", 0, 0)
        fault = next((one for one in answer["faults"] if one["code"] == code or not code), None)
        assert fault is not None, answer["faults"]
        assert fault["advice"]
        assert fault["line"] == line
    assert standing() == before
    assert code in terminal.say(*words, code=1)


@pytest.mark.parametrize(
    ("data", "guard"),
    [
        (a_list_of(range(1, 11), euros="150,00").replace(b"10.11.2026", b"10.10.2026"), "looks_old"),
        (a_list_of(range(1, 6)), "settles_many"),
        (HEADER.encode(), "settles_many"),
    ],
    ids=["a list from last month", "half of the rows missing", "headings alone"],
)
def test_an_unlikely_list_is_held(
    terminal: Terminal, standing: Callable[[], list[dict[str, Any]]], tmp_path: Path, data: bytes, guard: str
) -> None:
    before = standing()
    (tmp_path / "list.csv").write_bytes(data)
    words = ("import", "items", tmp_path / "list.csv", "--company", "acme", "--as-of", "2026-11-19")
    answer = terminal.ask(*words, code=1)
    assert answer["status"] == "held"
    assert guard in [raised["guard"] for raised in answer["guards"]]
    assert standing() == before
