"""Default in frames says the same as the rule for one debt, and interest in frames the same as slice by slice."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from debitora.dunning.rules.default import Debt, Reminded, default_of, is_free_reminder_asked
from debitora.engine.accruing import PAID
from debitora.engine.claims import DEBTS, LUMP_SUM_MINOR, Terms, claimed, defaulted
from debitora.engine.interest import DayCount, Payment, interest
from debitora.values.days import next_working_day
from debitora.values.statutes import RatePeriod

FIRST = date(2026, 1, 1)
ON = date(2026, 6, 15)
RATES = {
    0: (RatePeriod(FIRST, date(2026, 4, 1), 952, "a"), RatePeriod(date(2026, 4, 1), ON, 1_052, "b")),
    1: (RatePeriod(FIRST, ON, 500, "c"),),
}
COUNTRIES = ("DE", "AT", "CH", "NL", "BE", "FR", "ES")


def working(day: date) -> date:
    return next_working_day(day, "DE")


def a_day(random: Random) -> date:
    return FIRST + timedelta(days=random.randrange(165))


def drawn(
    seed: int,
) -> tuple[dict[int, Terms], dict[int, Debt], dict[int, list[Payment]], list[dict[str, object]]]:
    """Terms, debts as values, their payments, and the debts as rows."""
    random = Random(seed)
    terms = {
        key: Terms(
            random.choice(COUNTRIES),
            random.choice(("business", "consumer")),
            random.random() < 0.3,
            random.random() < 0.5,
            random.choice(list(DayCount)),
        )
        for key in range(3)
    }
    debts, payments, rows = {}, {}, []
    for item in range(12):
        key, due_on = random.randrange(3), a_day(random)
        issued_on = a_day(random) if random.random() < 0.6 else None
        reminded = tuple(
            Reminded(a_day(random), random.random() < 0.5, random.random() < 0.7)
            for _one in range(random.randrange(3))
        )
        stated = terms[key]
        counts = [
            one for one in reminded if one.demands or is_free_reminder_asked(stated.country, stated.kind)
        ]
        late = [one.received_on for one in counts if one.received_on > due_on]
        debts[item] = Debt(
            stated.country, stated.kind, due_on, issued_on, stated.agreed, stated.told, reminded
        )
        principal = random.randrange(1, 2_000_000)
        payments[item] = [
            Payment(a_day(random), random.randrange(1, principal // 3 + 2)) for _one in range(2)
        ]
        payments[item] = payments[item] if sum(one.minor for one in payments[item]) <= principal else []
        rows.append(
            {
                "item_id": item,
                "terms": key,
                "due_on": due_on,
                "issued_on": issued_on,
                "received_on": min(late, default=None),
                "principal_minor": principal,
                "rates": random.choice((0, 1, None)),
                "rated_from": FIRST,
                "lump_sum": random.random() < 0.5,
                "lump_sum_minor": random.choice((None, 0, 1_500)),
                "settled_minor": random.choice((0, 0, 300)),
            }
        )
    return terms, debts, payments, rows


def as_frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(DEBTS))


@given(st.integers(0, 2**32 - 1))
def test_default_in_frames_agrees_with_the_rule(seed: int) -> None:
    terms, debts, _payments, rows = drawn(seed)
    found = defaulted(as_frame(rows), terms=terms, working=working)
    expected = {item: default_of(debt, working=working) for item, debt in debts.items()}
    assert dict(found.select("item_id", "from_on").iter_rows()) == {
        item: one.from_on if one else None for item, one in expected.items()
    }


@given(st.integers(0, 2**32 - 1))
def test_claims_in_frames_agree_with_the_slices(seed: int) -> None:
    terms, debts, payments, rows = drawn(seed)
    paid = pl.DataFrame(
        [(item, one.on, one.minor) for item, many in payments.items() for one in many],
        schema=dict(PAID),
        orient="row",
    )
    found = claimed(as_frame(rows), paid, terms=terms, rates=RATES, working=working, on=ON)
    for row, told in zip(rows, found.iter_rows(named=True), strict=True):
        item = told["item_id"]
        default = default_of(debts[item], working=working)
        begun = default is not None and default.from_on <= ON
        borne = 0
        if default and begun and row["rates"] is not None:
            borne = interest(
                int(str(row["principal_minor"])),
                start=default.from_on,
                end=ON,
                periods=RATES[int(str(row["rates"]))],
                payments=sorted(payments[item], key=lambda one: one.on),
                day_count=terms[int(str(row["terms"]))].day_count,
            ).total_minor
        lump_sum = row["lump_sum_minor"] if row["lump_sum_minor"] is not None else LUMP_SUM_MINOR
        assert told["interest_minor"] == max(borne - int(str(row["settled_minor"])), 0)
        assert told["lump_sum_minor"] == (lump_sum if begun and row["lump_sum"] else 0)


def test_nothing_asked_is_nothing_claimed() -> None:
    found = claimed(as_frame([]), pl.DataFrame(schema=dict(PAID)), terms={}, rates={}, working=working, on=ON)
    assert found.is_empty()


def test_interest_before_its_rates_are_known_is_not_claimed() -> None:
    terms = {0: Terms("DE", "business", agreed=True)}
    row = {
        "item_id": 1,
        "terms": 0,
        "due_on": FIRST,
        "principal_minor": 100_000,
        "rates": 0,
        "rated_from": date(2026, 1, 5),
        "lump_sum": False,
        "settled_minor": 0,
    }
    found = claimed(
        as_frame([row]), pl.DataFrame(schema=dict(PAID)), terms=terms, rates=RATES, working=working, on=ON
    )
    assert found.row(0, named=True) == {
        "item_id": 1,
        "from_on": date(2026, 1, 3),
        "interest_minor": 0,
        "lump_sum_minor": 0,
    }
