"""`debitora interest` and `debitora rates`: evidence, horizons, and what cannot be understood."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from debitora.cli.answers import REFUSED, USAGE
from debitora.dunning.actions import add_rate
from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.trail.rules import system
from debitora.values.rates import RateStep
from tests.terminal import Terminal, founding

ASKED = ("interest", "1000.00", "--country", "DE", "--debtor", "business")


def test_interest_is_told_slice_by_slice(terminal: Terminal) -> None:
    answer = terminal.ask(*ASKED, "--from", "2023-06-01", "--to", "2023-08-01")
    assert [
        (one["from"], one["to"], one["balance"], one["rate"], one["amount"]) for one in answer["slices"]
    ] == [
        ("2023-06-01", "2023-07-01", 100_000, 1062, 873),
        ("2023-07-01", "2023-08-01", 100_000, 1212, 1029),
    ]
    assert answer["total"] == 1902
    assert all("Bundesbank" in one["source"] for one in answer["slices"])
    assert (answer["law"], answer["provisional"]) == ("§ 288 II BGB", False)


def test_a_payment_lowers_the_balance_from_its_own_day(terminal: Terminal) -> None:
    answer = terminal.ask(
        *ASKED, "--from", "2023-01-01", "--to", "2023-01-11", "--rate", "36.5",
        "--paid", "2023-01-06=400.00", "--paid", "2023-01-03=100.00",
    )  # fmt: skip
    assert [(one["days"], one["balance"], one["amount"]) for one in answer["slices"]] == [
        (2, 100_000, 200),
        (3, 90_000, 270),
        (5, 50_000, 250),
    ]
    assert (answer["total"], answer["balance"], answer["law"]) == (720, 50_000, "agreed")


def test_by_section_367_interest_goes_first(terminal: Terminal) -> None:
    answer = terminal.ask(
        *ASKED, "--from", "2023-01-01", "--to", "2024-01-01", "--rate", "10",
        "--paid", "2023-03-15=150.00", "--order", "367",
    )  # fmt: skip
    assert [one["balance"] for one in answer["slices"]] == [100_000, 87_000]
    assert (answer["total"], answer["unpaid"]) == (8_960, 6_960)


def test_costs_go_before_interest(terminal: Terminal) -> None:
    answer = terminal.ask(
        *ASKED, "--from", "2023-01-01", "--to", "2024-01-01", "--rate", "10",
        "--paid", "2023-03-15=150.00", "--order", "367", "--costs", "30.00",
    )  # fmt: skip
    assert [one["balance"] for one in answer["slices"]] == [100_000, 90_000]
    assert (answer["costs"], answer["checked"]) == (0, True)


def test_what_nobody_read_in_a_source_says_so(terminal: Terminal) -> None:
    words = (
        "interest",
        "1000",
        "--debtor",
        "business",
        "--from",
        "2024-01-01",
        "--to",
        "2024-02-01",
        "--country",
    )
    assert [terminal.ask(*words, country)["checked"] for country in ("FR", "ES", "BE")] == [
        False,
        False,
        True,
    ]


def test_beyond_the_horizon_there_is_no_figure_but_a_provisional_one(terminal: Terminal) -> None:
    words = (
        "interest",
        "1000",
        "--country",
        "AT",
        "--debtor",
        "business",
        "--from",
        "2025-06-01",
        "--to",
        "2025-08-01",
    )
    answer = terminal.ask(*words, code=REFUSED)
    assert (answer["horizon"], answer["table"], answer["total"]) == ("2025-06-30", "at_base", None)
    carried = terminal.ask(*words, "--provisional")
    assert carried["provisional"]
    assert [one["provisional"] for one in carried["slices"]] == [False, True]


def test_leap_years_count_by_choice(terminal: Terminal) -> None:
    words = (*ASKED, "--from", "2024-01-01", "--to", "2025-01-01", "--rate", "10")
    assert terminal.ask(*words)["total"] == 10_027
    assert terminal.ask(*words, "--day-count", "act/act")["total"] == 10_000


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("interest", "x", "--country", "DE"), USAGE, "'x' is no amount in EUR; write it like 1250.00"),
        (("interest", "1.005", "--country", "DE"), USAGE, "no amount"),
        (("interest", "-5", "--country", "DE"), USAGE, ""),
        (("interest", "0", "--country", "DE"), USAGE, "not above zero"),
        (("interest", "5", "--country", "DE", "--currency", "ZZZ"), USAGE, "'ZZZ' is no currency"),
        (("interest", "5", "--country", "DE", "--paid", "4.00"), USAGE, "write the day first"),
        (("interest", "5", "--country", "DE", "--paid", "2024-02-30=4.00"), USAGE, "write the day first"),
        (("interest", "5", "--country", "DE", "--rate", "9,5"), USAGE, "no rate in per cent"),
        (("interest", "5", "--country", "DE", "--to", "2023-01-01"), USAGE, "lies before --from"),
        (("interest", "5", "--country", "US"), REFUSED, "no statutory rate is known for US, business; --rate"),
        (("interest", "5", "--country", "DE", "--from", "2001-01-01"), REFUSED, "begins on 2002-01-01"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(
    terminal: Terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    given = {"--from": "2024-01-01", "--to": "2024-02-01", "--debtor": "business"}
    more = [part for name, value in given.items() if name not in words for part in (name, value)]
    terminal.say(*words, *more, code=code)
    assert said in terminal.complaint


def test_rates_are_told_with_their_sources(terminal: Terminal) -> None:
    tables = terminal.ask("rates")["tables"]
    assert set(tables) == {"de_base", "at_base", "ecb_mro", "nl_commercial", "nl_consumer"}
    assert tables["at_base"]["known_to"] == "2025-06-30"
    assert tables["at_base"]["ends_soon"]
    assert tables["de_base"]["steps"][-1]["rate"] == 152
    assert all(one["source"] and one["checked_on"] for table in tables.values() for one in table["steps"])
    assert "at_base: 2.53 % since 2025-01-01, known to 2025-06-30; has ended" in terminal.say("rates")


def test_rates_of_a_company_are_told_with_what_it_added(
    committed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = founding(capsys)
    company = Company.objects.get(code="acme")
    step = RateStep(date(2025, 7, 1), 153, date(2025, 12, 31), "oenb.at", date(2026, 11, 23))
    with serving(company.id):
        add_rate(
            company=company.id,
            table="at_base",
            step=step,
            sure=False,
            on=date(2026, 11, 23),
            by=system("tests"),
            at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        )
    assert terminal.ask("rates", "--company", "acme")["tables"]["at_base"]["known_to"] == "2025-12-31"
    assert terminal.ask("rates")["tables"]["at_base"]["known_to"] == "2025-06-30"
    assert "at_base: 1.53 % since 2025-07-01" in terminal.say("rates", "--company", "acme")
    terminal.say("rates", "--company", "nobody", code=USAGE)
