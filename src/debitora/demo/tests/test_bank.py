"""The demo company's bank: no cent gets lost between movements and lines, and its files are read as they were meant."""

from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from schwifty import IBAN

from debitora.demo.bank import lines as rules
from debitora.demo.bank import mishaps, payers, strangers, transfers
from debitora.demo.bank.accounts import INVENTED, creditor_reference, iban
from debitora.demo.bank.camt import camt053
from debitora.demo.bank.files import ACCOUNTS, OPENING_MINOR, statement_files
from debitora.demo.bank.lines import Banking, bank_lines
from debitora.demo.bank.remittance import SHAPES, in_charset, mistyped, shaped
from debitora.demo.bank.shapes import SCHEMA, BankLine
from debitora.demo.generator import generate
from debitora.demo.truth import Truth
from debitora.formats.bank.recognising import read_bank_file
from debitora.formats.bank.statements import Reading, Statement

DAY = date(2026, 11, 20)
OURS = pl.col("who") != ""
PAID = pl.when(pl.col("original_currency") != "").then("original_minor").otherwise("minor")
FAILED = ("returned", "recalled")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return generate(seed=7, customers=500, items=12_000, months=18, on=DAY, ahead=60)


@pytest.fixture(scope="module")
def banking(truth: Truth) -> Banking:
    return bank_lines(truth)


def settled(lines: pl.DataFrame) -> pl.DataFrame:
    """What lines settle: item, booked_on, minor."""
    parts = lines.filter(pl.col("items").list.len() > 0).explode("items", "minors")
    return parts.select(
        item=pl.col("items").cast(pl.UInt32), booked_on="booked_on", minor="minors", kind="kind"
    )


def of_kind(banking: Banking, *kinds: str) -> pl.DataFrame:
    return banking.lines.filter(pl.col("kind").is_in(kinds))


def test_the_same_truth_gives_the_same_lines() -> None:
    one, two, other = (
        bank_lines(generate(seed=seed, customers=60, items=900, months=6, on=DAY)) for seed in (1, 1, 2)
    )
    assert one.lines.equals(two.lines)
    assert one.payers.equals(two.payers)
    assert not one.lines.equals(other.lines)
    assert dict(one.lines.schema) == dict(SCHEMA)


@settings(max_examples=15, deadline=None)
@example(seed=50, customers=1, items=1, months=1)  # all are insolvent
@given(
    seed=st.integers(0, 10**6),
    customers=st.integers(1, 40),
    items=st.integers(1, 300),
    months=st.integers(1, 14),
)
def test_no_cent_gets_lost(seed: int, customers: int, items: int, months: int) -> None:
    truth = generate(seed=seed, customers=customers, items=items, months=months, on=DAY)
    holds_together(truth, bank_lines(truth))


def test_no_cent_gets_lost_in_many_lines(truth: Truth, banking: Banking) -> None:
    holds_together(truth, banking)


def holds_together(truth: Truth, banking: Banking) -> None:
    """Every line is what it settles, and the lines settle what the movements of the days do."""
    ours = banking.lines.filter(OURS)
    meant = pl.col("minors").list.sum() - pl.col("deducted_minor") + pl.col("excess_minor")
    assert ours.filter(meant != PAID).is_empty()
    lists = [pl.col(name).list.len() for name in ("items", "owners", "minors")]
    assert ours.filter((lists[0] != lists[1]) | (lists[0] != lists[2])).is_empty()
    moved = truth.movements.filter(pl.col("moved_on").is_between(truth.first, truth.on))
    with_offset = moved.filter(pl.col("kind") == "offset").select("item").unique()
    by_lines = settled(ours).group_by("item").agg(pl.col("minor").sum()).filter(pl.col("minor") != 0)
    late = tried_late(ours, truth.on)
    by_moves = moved.group_by("item").agg(minor=-pl.col("minor").sum()).filter(pl.col("minor") != 0)
    apart = pl.concat([with_offset, late]).unique()
    left, right = (frame.join(apart, on="item", how="anti").sort("item") for frame in (by_lines, by_moves))
    assert left.equals(right.select(left.columns))


def tried_late(ours: pl.DataFrame, until: date) -> pl.DataFrame:
    """Items of payments that were tried before the end and came back, or came again, only after it."""
    items = settled(ours.filter(pl.col("booked_on") > until - timedelta(days=40)))
    return items.select("item").unique()


def test_each_movement_is_settled_on_its_day(truth: Truth, banking: Banking) -> None:
    ours = banking.lines.filter(OURS)
    failing = settled(ours.filter(pl.col("kind").is_in(FAILED))).select("item").unique()
    money = truth.movements.filter((pl.col("kind") != "offset") & (pl.col("moved_on") <= truth.on))
    lines = (
        settled(ours)
        .group_by("item", "booked_on")
        .agg(pl.col("minor").sum(), pl.len(), pl.col("kind").first())
    )
    both = money.join(lines, left_on=["item", "moved_on"], right_on=["item", "booked_on"], how="left")
    plain = both.join(failing, on="item", how="anti")
    recent = plain["moved_on"] > truth.on - timedelta(days=30)  # what came back only later is tried before
    assert plain["minor_right"].null_count() == 0
    assert ((plain["len"] == 1) | (plain["kind_right"] == "twin") | recent).all()


def test_offsets_are_deducted_from_the_payment_of_their_invoice(banking: Banking) -> None:
    net = of_kind(banking, "net")
    assert len(net) > 50
    assert (net["minors"].list.min() < 0).all()
    assert (net["minor"] > 0).all()


def test_twins_come_in_pairs_that_no_bank_tells_apart(banking: Banking) -> None:
    pairs = banking.lines.drop_nulls("pair")
    said = list(SCHEMA)[1 : list(SCHEMA).index("kind")]
    assert len(pairs) >= 40
    assert (pairs.group_by("pair").len()["len"] == 2).all()
    assert (pairs.group_by("pair", *said).len()["len"] == 2).all()
    assert set(pairs["kind"]) >= {"twin", "double"}


def test_what_comes_back_has_a_reason_and_comes_again(banking: Banking) -> None:
    for kind, reasons in (("returned", mishaps.RETURN_REASONS), ("recalled", mishaps.RECALL_REASONS)):
        back = of_kind(banking, kind)
        assert len(back) > 10
        assert (back["minor"] < 0).all()
        assert set(back["return_reason"]) <= set(reasons)
    fees = of_kind(banking, "returned")["fee_minor"]
    assert 0 < (fees > 0).sum() < len(fees)


@pytest.mark.parametrize(
    ("kinds", "of", "promised"),
    [
        (("twin",), None, rules.ACCIDENTS["twin"] * 2 * 0.45 / 1_000),  # even amounts of single items only
        (("double",), None, rules.ACCIDENTS["double"] / 1_000),
        (("rounded",), None, rules.ACCIDENTS["rounded"] / 1_000),
        (("transposed",), None, rules.ACCIDENTS["transposed"] * 0.9 / 1_000),  # equal neighbours change nothing
        (("returned",), ("debit",), mishaps.RETURNED / 1_000),
        (("double_refund",), ("double",), mishaps.GIVEN_BACK / 1_000),
    ],
)  # fmt: skip
def test_shares_are_as_promised(
    banking: Banking, kinds: tuple[str, ...], of: tuple[str, ...] | None, promised: float
) -> None:
    whole = (
        of_kind(banking, *of)
        if of
        else banking.lines.filter(OURS & ~pl.col("kind").is_in(["debit", *FAILED]))
    )
    found = len(of_kind(banking, *kinds)) / len(whole)
    error = 4 * (promised / len(whole)) ** 0.5
    assert abs(found - promised) < 0.25 * promised + error


def test_payers_are_as_promised() -> None:
    drawn = payers.payers(generate(seed=3, customers=4_000, items=1, months=18, on=DAY))
    german = [one for one in drawn if one.account.startswith("DE")]
    found = {
        "holding": (sum(one.who == "holding" for one in drawn), 0.9 * len(drawn) * payers.STAND_INS["holding"] / 1_000),
        "adviser": (sum(one.who == "adviser" for one in drawn), 0.9 * len(drawn) * payers.STAND_INS["adviser"] / 1_000),
        "spouse": (sum(one.who == "spouse" for one in drawn), 0.1 * len(drawn) * payers.SPOUSES / 1_000),
        "group": (sum(one.who == "group" for one in drawn), 0.9 * 0.04 * len(drawn) * payers.CENTRAL / 1_000),
        "debited": (sum(one.is_debited for one in german), len(german) * payers.DEBITED / 1_000),
        "discount": (sum(one.discount_percent > 0 for one in drawn), 0.9 * len(drawn) * payers.DISCOUNTED / 1_000),
        "moves": (sum(one.moves_on < DAY for one in drawn), len(drawn) * payers.MOVES / 1_000),
    }  # fmt: skip
    off = {
        name: counts for name, counts in found.items() if abs(counts[0] - counts[1]) > 4 * counts[1] ** 0.5
    }
    assert not off


def test_one_pays_for_others_and_in_other_money(banking: Banking) -> None:
    group = banking.lines.filter(pl.col("who") == "group")
    assert (group["owners"].list.n_unique() > 1).any()
    foreign = banking.lines.filter(pl.col("original_currency") != "")
    assert set(foreign["original_currency"]) == set(transfers.RATES)
    assert set(foreign["currency"]) == {"EUR"}


def test_deductions_are_of_the_size_told(banking: Banking) -> None:
    fees = of_kind(banking, "bank_fee")
    assert fees["deducted_minor"].is_between(150, 1_500).all()
    taken = of_kind(banking, "discount", "late_discount")
    percent = taken["deducted_minor"] * 1_000 / taken["minors"].list.sum()
    assert percent.is_between(15, 35).all()
    assert of_kind(banking, "rounded")["excess_minor"].is_between(1, 999).all()
    assert set(of_kind(banking, "advance", "double")["items"].list.len()) == {0}


def test_strangers_are_nobodys(banking: Banking) -> None:
    nobodys = banking.lines.filter(~OURS)
    assert abs(len(nobodys) / (len(banking.lines) - len(nobodys)) - rules.STRANGERS / 1_000) < 0.001
    assert nobodys["customer"].null_count() == len(nobodys)
    assert set(nobodys["kind"]) == {one.kind for one in strangers.STRANGERS}
    assert (nobodys["items"].list.len() == 0).all()


def test_lines_stand_on_bank_days_in_their_order(banking: Banking) -> None:
    assert banking.lines["booked_on"].is_sorted()
    assert (banking.lines["booked_on"].dt.weekday() <= 5).all()
    assert banking.lines["line"].to_list() == list(range(len(banking.lines)))


def test_texts_are_of_the_length_that_banks_carry(banking: Banking) -> None:
    assert banking.lines["text"].str.len_chars().max() <= 146  # line ends come as blanks
    assert banking.lines["payer_name"].str.len_chars().max() <= 70
    told = set(banking.lines["told"])
    assert told == {
        "numbers",
        "both",
        "customer",
        "nothing",
        "some",
        "mistyped",
        "order",
        "reference",
        "ours",
    }


def test_part_of_the_time_is_part_of_the_lines(truth: Truth) -> None:
    since, until = DAY - timedelta(days=30), DAY + timedelta(days=30)
    lines = bank_lines(truth, since=since, until=until).lines
    assert lines["booked_on"].is_between(since, until).all()
    moved = truth.movements.filter(pl.col("moved_on").is_between(since, until) & (pl.col("kind") != "offset"))
    items = settled(lines).select("item").unique()
    assert moved.join(items, on="item", how="anti").is_empty()


@pytest.mark.parametrize("country", INVENTED)
def test_accounts_have_right_check_digits(country: str) -> None:
    for serial in (0, 1, 4_711, 99_999_999):
        assert str(IBAN(iban(country, serial))).startswith(country)


def test_nobody_can_be_paid_by_mistake(banking: Banking) -> None:
    accounts = set(banking.lines["payer_iban"]) | set(ACCOUNTS.values())
    german = {account for account in accounts if account.startswith("DE")}
    assert all(account[4] == "9" for account in german)
    assert all(IBAN(account) for account in accounts - {""})
    assert iban("US", 5) == ""


def test_references_follow_the_standard() -> None:
    assert creditor_reference("539007547034") == "RF18539007547034"  # the example of ISO 11649
    assert creditor_reference("RE26-00471") == creditor_reference("re26 00471")


@pytest.mark.parametrize(
    ("shape", "written"),
    [
        ("printed", "RE26-00471"), ("spaced", "RE 26-00471"), ("slashed", "re26/00471"), ("bare", "26-00471"),
        ("short", "471"), ("padded", "RE26-000471"), ("run_together", "RE2600471"),
    ],
)  # fmt: skip
def test_numbers_are_written_in_many_ways(shape: str, written: str) -> None:
    assert shaped("RE26-00471", shape) == written
    assert shape in SHAPES


@given(st.integers(0, 10**6), st.integers(0, 99_999))
def test_a_mistyped_number_is_another(seed: int, serial: int) -> None:
    number = f"RE26-{serial:05d}"
    wrong = mistyped(Random(seed), number)
    assert wrong != number
    assert len(wrong) in (len(number), len(number) - 1)


@pytest.mark.parametrize(
    ("charset", "told"),
    [("as_written", "Müller Straße"), ("capitals_ae", "MUELLER STRASSE"), ("ae", "Mueller Strasse"), ("lost", "M ller Stra e")],
)  # fmt: skip
def test_banks_have_few_letters(charset: str, told: str) -> None:
    assert in_charset("Müller Straße", charset) == told


def test_files_are_read_as_they_were_meant(truth: Truth, banking: Banking) -> None:
    for _name, data in statement_files(banking, since=truth.first, until=truth.on):
        read = read_bank_file(data)
        assert (read.reading, list(read.faults)) == (Reading.CAMT053, [])
        assert chained(read.statements, OPENING_MINOR)
        currency = read.statements[0].currency
        assert {one.account for one in read} == {ACCOUNTS[currency]}
        meant = banking.lines.filter(pl.col("currency") == currency)
        assert [told(line) for one in read for line in one.lines] == [
            as_told(row) for row in meant.iter_rows(named=True)
        ]


def test_files_go_on_where_the_last_ones_ended(truth: Truth, banking: Banking) -> None:
    halfway = truth.first + timedelta(days=200)
    week = timedelta(days=7)
    first = dict(statement_files(banking, since=halfway - week, until=halfway))
    second = dict(statement_files(banking, since=halfway + timedelta(days=1), until=halfway + week))
    assert len(first) == len(second) == len(ACCOUNTS)
    for one, two in zip(first.values(), second.values(), strict=True):
        assert (
            read_bank_file(one).statements[-1].closing_minor
            == read_bank_file(two).statements[0].opening_minor
        )


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc", "Zs", "Cf"]), max_size=60))
def test_no_letter_breaks_a_file(text: str) -> None:
    line = BankLine(DAY, "EUR", -123, text, "", text, "stray", end_to_end=text[:30])
    row = {"line": 0} | {name: getattr(line, name) for name in BankLine.__dataclass_fields__}
    frame = pl.DataFrame([row], schema=dict(SCHEMA))
    (statement,) = read_bank_file(
        camt053(frame, account=ACCOUNTS["EUR"], currency="EUR", opening_minor=100)
    ).statements
    assert (statement.opening_minor, statement.closing_minor) == (100, -23)
    assert (statement.lines[0].name, statement.lines[0].text) == (text, text)


def chained(statements: tuple[Statement, ...], opening: int | None) -> bool:
    """Every statement ties, and opens where the last one closed."""
    for one in statements:
        if one.opening_minor != opening or one.difference_minor:
            return False
        opening = one.closing_minor
    return True


def told(line: Any) -> tuple[object, ...]:
    return (
        line.booked_on, line.minor, line.name, line.account, line.text, line.end_to_end, line.reference, line.mandate,
        line.code, line.return_reason, line.fee_minor, line.original_minor, line.original_currency,
    )  # fmt: skip


def as_told(row: dict[str, Any]) -> tuple[object, ...]:
    names = (
        "booked_on", "minor", "payer_name", "payer_iban", "text", "end_to_end", "reference", "mandate", "code",
        "return_reason", "fee_minor", "original_minor", "original_currency",
    )  # fmt: skip
    return tuple(row[name] for name in names)


def test_every_kind_and_habit_is_there(banking: Banking) -> None:
    kinds = set(banking.lines.filter(OURS)["kind"])
    assert kinds == {
        "exact", "lump", "net", "part", "rest", "twin", "double", "double_refund", "transposed", "rounded", "bank_fee",
        "recalled", "discount", "late_discount", "debit", "returned", "advance", "refund",
    }  # fmt: skip
    assert set(banking.lines.filter(OURS)["who"]) == {"self", "group", *payers.STAND_INS, "spouse"}
