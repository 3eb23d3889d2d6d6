"""The demo company: the same seed gives the same company, no cent gets lost, and it looks like a company."""

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import polars as pl
import pytest

from debitora.demo import names
from debitora.demo.customers import PAYERS, TooManyCustomers
from debitora.demo.generator import CREDITOR, NothingToDraw, demo_company, generate
from debitora.demo.truth import Truth, write_files
from debitora.engine import aging
from debitora.values.emails import is_address

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def truth() -> Truth:
    return demo_company(on=DAY)


def overdue(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    return rows.filter((pl.col("open_minor") > 0) & (pl.col("due_on") < day))


def test_the_same_seed_gives_the_same_company() -> None:
    one, two, other = (generate(seed=seed, customers=50, items=400, months=6, on=DAY) for seed in (1, 1, 2))
    for frame in ("customers", "items", "movements"):
        assert getattr(one, frame).equals(getattr(two, frame))
        assert not getattr(one, frame).equals(getattr(other, frame))
    assert one.list_csv(DAY) == two.list_csv(DAY)
    assert one.list_xlsx(DAY) == two.list_xlsx(DAY)
    assert one.customers_csv() == two.customers_csv()


@pytest.mark.parametrize("size", [(1, 1, 1), (2, 7, 1), (400, 6_000, 18)])
def test_sizes_are_as_asked(size: tuple[int, int, int]) -> None:
    customers, items, months = size
    truth = generate(seed=3, customers=customers, items=items, months=months, on=DAY)
    assert (len(truth.customers), len(truth.items)) == (customers, items)
    assert truth.items["issued_on"].is_between(truth.first, DAY).all()


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(NothingToDraw):
        generate(seed=1, customers=0, items=10, months=1, on=DAY)
    with pytest.raises(TooManyCustomers):
        generate(seed=1, customers=names.VARIETY + 1, items=10, months=1, on=DAY)


@pytest.mark.parametrize(
    ("on", "months", "first"),
    [
        (date(2026, 11, 20), 18, date(2025, 5, 21)),
        (date(2026, 3, 31), 1, date(2026, 3, 1)),
        (date(2026, 1, 15), 12, date(2025, 1, 16)),
    ],
)
def test_the_period_ends_on_the_day(on: date, months: int, first: date) -> None:
    assert generate(seed=1, customers=3, items=3, months=months, on=on).first == first


@pytest.mark.parametrize("week", range(0, 104, 13))
def test_any_day_is_a_good_demo_day(week: int) -> None:
    day = date(2026, 1, 3) + timedelta(weeks=week)
    company = demo_company(on=day)
    rows = company.list_on(day)
    assert 400 <= len(rows) <= 800
    assert 0.25 <= len(overdue(rows, day)) / len(rows) <= 0.45
    assert min(company.aging(day)["EUR"].values()) > 0


def test_the_demo_day_has_something_for_every_page(truth: Truth) -> None:
    rows = truth.list_on(DAY)
    assert set(truth.aging(DAY)) == {"CHF", "EUR", "USD"}
    assert {"invoice", "credit_note", "on_account"} == set(rows["kind"])
    assert (rows["open_minor"].abs() < rows["amount_minor"].abs()).any()
    assert (rows["position"] == 2).any()
    missing = truth.customers["email"].null_count()
    assert 10 <= missing <= 50
    assert {"de", "en", "nl", "fr"} == set(truth.customers["language"])
    assert 0.05 <= (truth.customers["kind"] == "consumer").mean() <= 0.15
    assert set(PAYERS) == set(truth.customers["payer"])
    assert truth.customers["parent"].drop_nulls().is_in(truth.customers["number"].to_list()).all()


@pytest.mark.parametrize("ahead", [-200, -30, 0, 1, 90])
def test_opening_and_movements_are_what_is_open(truth: Truth, ahead: int) -> None:
    day = DAY + timedelta(days=ahead)
    known = truth.items.filter(pl.col("issued_on") <= day)
    moved = truth.movements.filter(pl.col("moved_on") <= day).join(known, on="item", how="semi")
    rows = truth.list_on(day)
    assert rows["open_minor"].sum() == known["amount_minor"].sum() + moved["minor"].sum()
    for currency, bands in truth.aging(day).items():
        assert bands["total"] == rows.filter(pl.col("currency") == currency)["open_minor"].sum()


def test_tomorrow_opens_changes_and_settles(truth: Truth, tmp_path: Path) -> None:
    files = write_files(truth, tmp_path / "lists")
    assert files["tomorrow"].name == "open-items-2026-11-23.csv"  # the 20th is a Friday
    assert files["today"].read_bytes() == truth.list_csv(DAY)
    today, tomorrow = truth.list_on(DAY), truth.list_on(date(2026, 11, 23))
    both = today.join(tomorrow, on="item")
    assert len(tomorrow) > len(both)
    assert len(today) > len(both)
    assert (both["open_minor"] != both["open_minor_right"]).any()


def test_no_item_crosses_zero(truth: Truth) -> None:
    course = (
        truth.movements.join(truth.items, on="item")
        .sort("item", "moved_on")
        .with_columns(left=pl.col("amount_minor") + pl.col("minor").cum_sum().over("item"))
    )
    assert (course["left"] * course["amount_minor"].sign() >= 0).all()
    assert (course["moved_on"] >= course["issued_on"]).all()
    offsets = truth.movements.filter(pl.col("kind") == "offset")
    assert len(offsets) > 0
    assert offsets["minor"].sum() == 0


def test_settled_on_is_the_day_on_which_the_list_forgets_an_item(truth: Truth) -> None:
    issued = truth.items.filter(pl.col("issued_on") <= DAY)
    settled = issued.drop_nulls("settled_on").filter(pl.col("settled_on") <= DAY)
    assert settled.join(truth.list_on(DAY), on="item", how="semi").is_empty()
    assert len(issued) - len(settled) == len(truth.list_on(DAY))


def test_numbers_are_unique_within_their_positions(truth: Truth) -> None:
    assert truth.items.select("number", "position").is_duplicated().sum() == 0
    assert truth.customers["number"].is_unique().all()
    assert truth.customers["name"].n_unique() > 0.98 * len(truth.customers)


def test_habits_show_in_the_days_late() -> None:
    truth = generate(seed=11, customers=500, items=20_000, months=24, on=DAY)
    paid = truth.items.filter(pl.col("kind") == "invoice").drop_nulls("settled_on")
    late = (pl.col("settled_on") - pl.col("due_on")).dt.total_days().median()
    habits = dict(
        paid.join(truth.customers, on="customer", suffix="_of").group_by("payer").agg(late).iter_rows()
    )
    assert -3 <= habits["punctual"] <= 3
    assert 9 <= habits["slow"] <= 20
    assert 45 <= habits["very_slow"] <= 70
    assert habits["part_payer"] > habits["punctual"] + 10
    unpaid = truth.items.filter(pl.col("settled_on").is_null() & (pl.col("kind") == "invoice"))
    payers = unpaid.join(truth.customers, on="customer", suffix="_of")["payer"]
    assert set(payers) == {"insolvent", "disputer"}


def test_seasons_and_weekends(truth: Truth) -> None:
    assert (truth.items["issued_on"].dt.weekday() <= 5).all()
    assert (truth.movements["moved_on"].dt.weekday() <= 5).all()
    big = generate(seed=2, customers=100, items=24_000, months=24, on=date(2026, 12, 31))
    months = dict(big.items.group_by(pl.col("issued_on").dt.month()).len().iter_rows())
    assert months[8] < 0.8 * months[10]


def test_everything_is_visibly_invented(truth: Truth) -> None:
    mails = truth.customers["email"].drop_nulls().to_list()
    assert all(mail.endswith(".example") and is_address(mail) for mail in mails)
    german = truth.customers.filter(pl.col("country") == "DE")["postcode"]
    assert german.str.slice(0, 2).is_in(["05", "43", "62"]).all()
    assert CREDITOR.iban[4] == "9"
    assert int(f"{CREDITOR.iban[4:]}1314{CREDITOR.iban[2:4]}") % 97 == 1


def test_the_work_grows_with_the_items() -> None:
    def seconds(items: int) -> float:
        start = process_time()
        generate(seed=1, customers=1_000, items=items, months=18, on=DAY)
        return process_time() - start

    seconds(1_000)
    small, large = seconds(20_000), seconds(80_000)
    assert large < 8 * small + 0.5


def test_the_truth_and_the_engine_agree_on_aging(truth: Truth) -> None:
    for ahead in (-300, 0, 45):
        day = DAY + timedelta(days=ahead)
        engine = {code: asdict(found) for code, found in aging.bands(truth.list_on(day), on=day).items()}
        assert engine == truth.aging(day)
