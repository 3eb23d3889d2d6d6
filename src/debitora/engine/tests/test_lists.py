"""Comparing a list with the ledger: each case by example, and what must hold for every pair of lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.engine.lists import KNOWN, LISTED, ItemListedTwice, ListDiff, diff, number_key
from debitora.values import numbers

DUE = date(2026, 11, 1)


def listed(group: str = "", /, **shown: int) -> pl.DataFrame:
    """A list of one customer: number = open minor units; of one product group."""
    rows = [("7", "Berg", number, "", "EUR", minor, DUE, None, "", group) for number, minor in shown.items()]
    return pl.DataFrame(rows, schema=dict(LISTED), orient="row")


def known(*items: dict[str, Any]) -> pl.DataFrame:
    """Items of that customer: number, raised, open, what lists settled."""
    base = {
        "customer_key": "7",
        "position": "",
        "currency": "EUR",
        "side": 1,
        "settled_per_list_minor": 0,
        "due_on": DUE,
        "list_behind": False,
        "product_group": "",
    }
    rows = [{**base, "item_id": index, **item} for index, item in enumerate(items, start=1)]
    return pl.DataFrame(rows, schema=dict(KNOWN))


def item(number: str, raised: int, open_: int, per_list: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "number_key": number,
        "raised_minor": raised,
        "open_minor": open_,
        "settled_per_list_minor": per_list,
        "side": -1 if raised < 0 else 1,
        **more,
    }


def told(found: ListDiff) -> dict[str, list[tuple[Any, ...]]]:
    """The frames that hold anything, without what was known."""
    frames = {name: getattr(found, name) for name in found.__dataclass_fields__ if name != "unchanged"}
    drop = ("open_minor", "settled_per_list_minor")
    return {
        name: frame.drop(*(column for column in drop if column in frame.columns and name != "to_open")).rows()
        for name, frame in frames.items()
        if frame.height
    }


@pytest.mark.parametrize(
    ("ledger", "shown", "expected"),
    [
        pytest.param(item("A", 100, 100), 100, {}, id="unchanged"),
        pytest.param(item("A", 100, 100), 60, {"to_pay": [(1, 60)]}, id="part paid"),
        pytest.param(item("A", 100, 100), 0, {"to_settle": [(1, 0)]}, id="settled"),
        pytest.param(item("A", 100, 100), 130, {"to_correct": [(1, 130)]}, id="corrected upwards"),
        pytest.param(
            item("A", 100, 60, -40), 100, {"reappeared": [(1, 100)]}, id="payment per list taken back"
        ),
        pytest.param(item("A", 100, 0, -100), 100, {"reappeared": [(1, 100)]}, id="reappeared"),
        pytest.param(item("A", 100, 0, -100), 70, {"reappeared": [(1, 70)]}, id="reappeared in part"),
        pytest.param(item("A", 100, 0), 100, {"behind": [(1, 100)]}, id="paid here, the list is behind"),
        pytest.param(
            item("A", 100, 40), 70, {"behind": [(1, 70)]}, id="part paid here, list behind by a part"
        ),
        pytest.param(item("A", 100, 0, list_behind=True), 100, {}, id="still behind"),
        pytest.param(item("A", 100, 40, list_behind=True), 40, {"caught_up": [(1, 40)]}, id="caught up"),
        pytest.param(
            item("A", 100, 0, list_behind=True), 0, {"caught_up": [(1, 0)]}, id="caught up by settling"
        ),
        pytest.param(
            item("A", 100, 0, -30),
            90,
            {"reappeared": [(1, 20)], "behind": [(1, 90)]},
            id="behind and reappeared",
        ),
        pytest.param(
            item("A", 100, 30),
            120,
            {"to_correct": [(1, 50)], "behind": [(1, 120)]},
            id="behind and corrected",
        ),
        pytest.param(item("A", 0, 0), 100, {"to_reopen": [(1, 100)]}, id="undone before"),
        pytest.param(item("A", -50, -50), -20, {"to_pay": [(1, -20)]}, id="credit used in part"),
        pytest.param(item("A", -50, 0, 50), -50, {"reappeared": [(1, -50)]}, id="credit reappeared"),
        pytest.param(item("A", -50, 0), -50, {"behind": [(1, -50)]}, id="credit used here"),
        pytest.param(
            item("A", 100, 100, due_on=date(2026, 10, 1)),
            100,
            {"terms_changed": [(1, DUE)]},
            id="another due day",
        ),
    ],
)
def test_what_a_list_changes(ledger: dict[str, Any], shown: int, expected: dict[str, Any]) -> None:
    found = diff(listed(A=shown), known(ledger))
    assert told(found) == expected
    assert found.unchanged == (1 if not expected and shown else 0)
    assert found.is_nothing is (not expected)


@pytest.mark.parametrize(
    ("before", "says", "shown", "expected"),
    [
        pytest.param("", "", 100, None, id="nobody says one"),
        pytest.param("20", "", 100, None, id="a list without the column changes nothing"),
        pytest.param("20", "20", 100, None, id="the same"),
        pytest.param("20", "30", 0, None, id="no longer listed"),
        pytest.param("", "20", 100, "20", id="said for the first time"),
        pytest.param("20", "30", 100, "30", id="another"),
        pytest.param("20", "30", 60, "30", id="another, and paid in part"),
    ],
)
def test_what_a_list_says_of_product_groups(before: str, says: str, shown: int, expected: str | None) -> None:
    found = diff(listed(says, A=shown), known(item("A", 100, 100, product_group=before)))
    assert told(found).get("regrouped") == ([(1, expected)] if expected else None)
    assert found.unchanged == (1 if shown == 100 and not expected else 0)


def test_what_a_list_opens_has_its_product_group() -> None:
    assert diff(listed("20", A=100), known()).to_open["product_group"].to_list() == ["20"]


def test_an_invoice_that_turns_into_a_credit_is_another_item() -> None:
    found = diff(listed(A=-20), known(item("A", 100, 100)))
    assert told(found).keys() == {"to_open", "to_settle"}


def test_numbers_match_without_zeros_blanks_and_case() -> None:
    rows = listed(**{"00 a1": 100}).with_columns(customer_number=pl.lit("0007"))
    assert diff(rows, known(item("A1", 100, 100))).is_nothing


def test_an_item_listed_twice_is_refused() -> None:
    with pytest.raises(ItemListedTwice, match="7, A, , EUR"):
        diff(pl.concat([listed(A=100), listed(A=90)]), known())


def test_a_zero_is_no_open_item() -> None:
    assert diff(listed(A=0), known()).is_nothing


@given(st.text())
def test_keys_of_columns_and_of_values_agree(text: str) -> None:
    assert pl.DataFrame({"number": [text]}).select(number_key("number")).item() == numbers.number_key(text)


LISTS = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(-50, 100))
GROUPS = st.sampled_from(["", "20", "30"])


@settings(deadline=None)
@given(first=LISTS, second=LISTS, groups=st.tuples(GROUPS, GROUPS), seed=st.integers(0, 99))
def test_applied_once_nothing_is_left_whatever_the_order(
    first: dict[str, int], second: dict[str, int], groups: tuple[str, str], seed: int
) -> None:
    ledger = applied(known(), diff(listed(groups[0], **first), known()))
    change = diff(listed(groups[1], **second), ledger)
    after = applied(ledger, change)
    assert diff(listed(groups[1], **second), after).is_nothing
    shuffled = diff(listed(groups[1], **second).sample(fraction=1, shuffle=True, seed=seed), ledger.reverse())
    assert told(shuffled) == told(change)
    assert after["open_minor"].sum() == sum(second.values())


def applied(ledger: pl.DataFrame, change: ListDiff) -> pl.DataFrame:
    """What the ledger knows after the change, where nothing but lists ever moved it."""
    moves = pl.concat(
        [change.to_reopen, change.to_pay, change.to_settle, change.to_correct, change.reappeared]
    )
    target = {row["item_id"]: row["target_minor"] for row in moves.iter_rows(named=True)}
    groups = dict(change.regrouped.iter_rows())
    rows = []
    for row in ledger.iter_rows(named=True):
        open_minor = target.get(row["item_id"], row["open_minor"])
        raised = max(row["raised_minor"], open_minor, key=abs)
        rows.append(
            row
            | {
                "open_minor": open_minor,
                "raised_minor": raised,
                "settled_per_list_minor": open_minor - raised,
                "product_group": groups.get(row["item_id"], row["product_group"]),
            }
        )
    for row in change.to_open.iter_rows(named=True):
        minor = row["open_minor"]
        rows.append(
            {name: row[name] for name in ("customer_key", "number_key", "position", "currency", "due_on")}
            | {
                "item_id": len(rows) + 1,
                "side": 1 if minor > 0 else -1,
                "raised_minor": minor,
                "open_minor": minor,
            }
            | {"settled_per_list_minor": 0, "list_behind": False, "product_group": row["product_group"]}
        )
    return pl.DataFrame(rows, schema=dict(KNOWN))
