"""Default is derived: which ground gives which day, in which country, for whom; and interest on an item as evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from debitora.dunning.actions import follow
from debitora.dunning.models import Notice
from debitora.dunning.queries.interest import interest_card
from debitora.dunning.rules.default import Debt, Default, Ground, Reminded, default_of
from debitora.dunning.rules.policy import Channel, Claims, Interest, Step
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import (
    MOMENT,
    ON,
    TESTS,
    a_late_payer,
    a_ready_company,
    a_released_run,
    a_strategy,
)
from debitora.kit.runtime import clock_at
from debitora.messaging.actions import mark_printed
from debitora.messaging.models import Intent
from debitora.people.models import Company, User
from debitora.receivables.actions import allocate, withdraw_levels
from debitora.receivables.models import Entry, Item
from debitora.receivables.testing import an_open_item
from debitora.values.days import next_working_day
from debitora.values.money import Money

DUE = date(2026, 3, 2)  # a Monday
MAIL = Reminded(date(2026, 3, 20), by_post=False)
LETTER = Reminded(date(2026, 3, 20), by_post=True)
FRIENDLY_WORD = Reminded(date(2026, 3, 10), by_post=False, demands=False)


def german(day: date) -> date:
    return next_working_day(day, "DE")


def found(country: str, kind: str, *, due_on: date = DUE, **facts: object) -> Default | None:
    return default_of(Debt(country, kind, due_on, **facts), working=german)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "kind", "facts", "from_on", "ground"),
    [
        ("DE", "business", {"agreed": True}, date(2026, 3, 3), Ground.AGREED_DAY),
        ("DE", "consumer", {"agreed": True}, date(2026, 3, 3), Ground.AGREED_DAY),
        ("DE", "business", {"reminded": (MAIL,)}, date(2026, 3, 21), Ground.NOTICE),
        ("DE", "business", {"reminded": (LETTER,)}, date(2026, 3, 24), Ground.NOTICE),
        ("DE", "business", {"issued_on": date(2026, 2, 1)}, date(2026, 4, 2), Ground.THIRTY_DAYS),
        ("DE", "business", {"issued_on": date(2026, 3, 10)}, date(2026, 4, 14), Ground.THIRTY_DAYS),
        ("DE", "consumer", {"issued_on": date(2026, 2, 1), "told": True}, date(2026, 4, 2), Ground.THIRTY_DAYS),
        ("DE", "business", {"issued_on": date(2026, 2, 1), "reminded": (MAIL,)}, date(2026, 3, 21), Ground.NOTICE),
        ("AT", "business", {"reminded": (MAIL,)}, date(2026, 3, 21), Ground.NOTICE),
        ("AT", "business", {"reminded": (FRIENDLY_WORD, MAIL)}, date(2026, 3, 21), Ground.NOTICE),
        ("NL", "consumer", {"reminded": (FRIENDLY_WORD, MAIL)}, date(2026, 3, 25), Ground.TERM_OF_REMINDER),
        ("CH", "consumer", {"agreed": True}, date(2026, 3, 3), Ground.AGREED_DAY),
        ("NL", "business", {}, date(2026, 3, 3), Ground.DUE_DAY),
        ("BE", "business", {}, date(2026, 3, 3), Ground.DUE_DAY),
        ("FR", "business", {}, date(2026, 3, 3), Ground.DUE_DAY),
        ("NL", "consumer", {"agreed": True, "reminded": (MAIL,)}, date(2026, 4, 4), Ground.TERM_OF_REMINDER),
        ("BE", "consumer", {"reminded": (LETTER,)}, date(2026, 4, 7), Ground.TERM_OF_REMINDER),
        ("ES", "business", {"agreed": True}, date(2026, 3, 3), Ground.AGREED_DAY),
    ],
)  # fmt: skip
def test_a_ground_gives_its_day(
    country: str, kind: str, facts: dict[str, object], from_on: date, ground: Ground
) -> None:
    default = found(country, kind, **facts)
    assert default is not None
    assert (default.from_on, default.ground) == (from_on, ground)
    assert default.law


@pytest.mark.parametrize(
    ("country", "kind", "facts"),
    [
        ("DE", "consumer", {}),
        ("DE", "consumer", {"issued_on": date(2026, 2, 1)}),
        ("DE", "business", {"reminded": (Reminded(DUE, by_post=False),)}),
        ("NL", "consumer", {"agreed": True}),
        ("BE", "consumer", {"reminded": (Reminded(date(2026, 2, 1), by_post=False),)}),
        ("CH", "business", {}),
        ("DE", "consumer", {"reminded": (FRIENDLY_WORD,)}),
        ("FR", "consumer", {}),
    ],
)
def test_the_due_day_alone_puts_nobody_in_default(country: str, kind: str, facts: dict[str, object]) -> None:
    assert found(country, kind, **facts) is None


def test_a_due_day_on_a_saturday_moves_default_and_not_the_item() -> None:
    saturday = date(2026, 3, 7)
    default = found("DE", "business", due_on=saturday, agreed=True)
    assert default == Default(date(2026, 3, 10), Ground.AGREED_DAY, "§ 286 II Nr. 1 BGB")


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
notices = st.lists(st.builds(Reminded, on=days, by_post=st.booleans()), max_size=3).map(tuple)


@given(
    st.sampled_from(["DE", "AT", "CH", "NL", "BE", "FR", "ES"]),
    st.sampled_from(["business", "consumer"]),
    days,
    st.none() | days,
    st.booleans(),
    st.booleans(),
    notices,
)
def test_default_never_begins_before_the_debt_is_due_and_more_facts_never_delay_it(
    country: str,
    kind: str,
    due_on: date,
    issued_on: date | None,
    agreed: bool,
    told: bool,
    reminded: tuple[Reminded, ...],
) -> None:
    debt = Debt(country, kind, due_on, issued_on, agreed, told, reminded)
    default = default_of(debt, working=german)
    if default is not None:
        assert default.from_on > due_on
    fewer = default_of(replace(debt, agreed=False, reminded=reminded[:-1]), working=german)
    if fewer is not None:
        assert default is not None
        assert default.from_on <= fewer.from_on


# ------------------------------------------------------------------------------------------ on a real ledger


@pytest.fixture
def owing(company: Company) -> Item:
    """119.00 due on 1 November 2026, reminded of by a letter of 18 November."""
    a_ready_company(company)
    a_strategy(company, kind="business", steps=letters("notice1"))
    a_late_payer(company, street="Weg 1", postcode="10115", city="Berlin", email="")
    return Item.objects.select_related("customer", "state").get()


def letters(first: str) -> tuple[Step, ...]:
    """The German steps as letters, the first with this text."""
    begins, *others = (replace(step, channel=Channel.LETTER) for step in preset("de-business").steps)
    return replace(begins, text=first), *others


def reminded(company: Company) -> None:
    a_released_run(company)
    mark_printed(
        company=company.id, intents=list(Intent.objects.values_list("id", flat=True)), by=TESTS, at=MOMENT
    )
    follow(company=company, by=TESTS, at=MOMENT)


def test_a_friendly_word_puts_nobody_in_default(company: Company, owing: Item) -> None:
    a_strategy(company, kind="business", steps=letters("reminder"), name="Friendly")
    reminded(company)
    owing.state.refresh_from_db()
    assert owing.state.level == 1
    assert interest_card(company=company, item=owing, until=ON + timedelta(days=30)).default is None


def test_without_ground_there_is_no_interest(company: Company, owing: Item) -> None:
    card = interest_card(company=company, item=owing, until=ON)
    assert (card.kind, card.country, card.default, card.borne) == ("business", "DE", None, None)


def test_an_agreed_day_bears_interest_and_a_payment_lowers_it(company: Company, owing: Item) -> None:
    a_strategy(company, kind="business", claims=Claims(due_date_agreed=True), name="Agreed")
    paid = an_open_item(company.id, owing.customer_id, number="P-1", minor=-1_900, kind="payment")
    allocate(
        company=company.id,
        credit_item=paid.id,
        debit_item=owing.id,
        amount=Money(1_900, "EUR"),
        on=date(2026, 11, 20),
        by=TESTS,
        at=MOMENT,
    )
    card = interest_card(company=company, item=owing, until=date(2026, 12, 31))
    assert card.default is not None
    assert (card.default.from_on, card.default.ground) == (date(2026, 11, 3), Ground.AGREED_DAY)
    assert card.borne is not None
    assert [one.balance_minor for one in card.borne.slices] == [11_900, 10_000]
    assert {one.bp for one in card.borne.slices} == {1052}
    assert card.law == "§ 288 II BGB"
    assert card.borne.total_minor == sum(one.minor for one in card.borne.slices)


def test_beyond_the_table_there_is_no_figure(company: Company, owing: Item) -> None:
    a_strategy(company, kind="business", claims=Claims(due_date_agreed=True), name="Agreed")
    card = interest_card(company=company, item=owing, until=date(2027, 2, 1))
    assert (card.borne, card.horizon) == (None, date(2026, 12, 31))


def test_an_agreed_rate_needs_no_table(company: Company, owing: Item) -> None:
    claims = Claims(interest=Interest.AGREED, agreed_bp=700, due_date_agreed=True)
    a_strategy(company, kind="business", claims=claims, name="Agreed")
    card = interest_card(company=company, item=owing, until=date(2027, 2, 1))
    assert card.borne is not None
    assert (card.law, card.sure, card.borne.slices[0].bp) == ("", True, 700)


def test_where_no_rate_is_known_nothing_is_reckoned(company: Company, owing: Item) -> None:
    a_strategy(
        company,
        kind="business",
        base="eu-business",
        country="US",
        claims=Claims(due_date_agreed=True),
        name="US",
    )
    card = interest_card(company=company, item=owing, until=ON)
    assert card.default is not None
    assert (card.borne, card.horizon) == (None, None)


def test_a_letter_puts_in_default_and_one_that_came_back_does_not(company: Company, owing: Item) -> None:
    reminded(company)
    card = interest_card(company=company, item=owing, until=ON + timedelta(days=10))
    assert card.default == Default(ON + timedelta(days=4), Ground.NOTICE, "§ 286 I BGB")
    withdraw_levels(company=company.id, notice=Notice.objects.get().id, on=ON, at=MOMENT, by=TESTS)
    assert interest_card(company=company, item=owing, until=ON + timedelta(days=10)).default is None


def test_what_was_charged_more_and_settled_per_list_counts(company: Company, owing: Item) -> None:
    for kind, minor, day in (("corrected", 1_000, 4), ("paid_per_list", -2_900, 10)):
        Entry.objects.create(
            company_id=company.id,
            item=owing,
            kind=kind,
            amount_minor=minor,
            effective_on=date(2026, 11, day),
            recorded_at=MOMENT,
        )
    a_strategy(company, kind="business", claims=Claims(due_date_agreed=True), name="Agreed")
    card = interest_card(company=company, item=owing, until=ON)
    assert card.borne is not None
    assert [one.balance_minor for one in card.borne.slices] == [12_900, 10_000]


def test_the_page_tells_slices_ground_and_law(
    company: Company, owing: Item, clerk: User, client_of: Callable[[User], Client]
) -> None:
    a_strategy(company, kind="business", claims=Claims(due_date_agreed=True), name="Agreed")
    with clock_at(MOMENT):
        client = client_of(clerk)
        item = client.get(f"/c/acme/items/{owing.id}/").content.decode()
        page = client.get(f"/c/acme/items/{owing.id}/interest/").content.decode()
        later = client.get(f"/c/acme/items/{owing.id}/interest/?on=01/02/2027").content.decode()
        wrong = client.get(f"/c/acme/items/{owing.id}/interest/?on=soon").content.decode()
    assert f'href="/c/acme/items/{owing.id}/interest/"' in item
    for said in (
        "In default from",
        "The day of payment was agreed by the calendar.",
        "§ 288 II BGB",
        "10.52",
    ):
        assert said in page
    assert "The reference rate is known until" in later
    assert "This is not a day." in wrong


def test_the_page_says_where_there_is_no_default(
    owing: Item, clerk: User, client_of: Callable[[User], Client]
) -> None:
    with clock_at(MOMENT):
        page = client_of(clerk).get(f"/c/acme/items/{owing.id}/interest/").content.decode()
    assert "Nothing that is known has put the customer in default" in page
