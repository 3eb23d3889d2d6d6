"""Reference rates that a company adds: what is refused, what is asked back, what counts afterwards, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from debitora.dunning.actions import RateDoubted, RateWithdrawn, add_rate, add_rate_again, withdraw_rate
from debitora.dunning.models import Rate, RateWithdrawal
from debitora.dunning.queries.interest import interest_card
from debitora.dunning.queries.lawfulness import lawfulness
from debitora.dunning.queries.rates import Using, added_rates, computable, ending, rate_cards, rate_tables
from debitora.dunning.rules.law.rules import Rule
from debitora.dunning.rules.policy import Claims, Interest
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.rates import Doubt, doubts
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_strategy
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User
from debitora.receivables.models import Item
from debitora.trail.models import Record
from debitora.values.rates import RateStep, shipped

ClientOf = Callable[[User], Client]
SOURCE = "oenb.at, Zinssätze"
AUSTRIAN = RateStep(date(2025, 7, 1), 153, date(2025, 12, 31), SOURCE, ON)
AUTUMN = RateStep(date(2026, 7, 1), 178, date(2026, 12, 31), SOURCE, ON)
INTEREST = Claims(interest=Interest.STATUTORY, due_date_agreed=True)


def an_added_rate(company: Company, table: str = "at_base", step: RateStep = AUTUMN, **changes: Any) -> Rate:
    """A rate that somebody confirmed."""
    known: dict[str, Any] = {"sure": True, "on": ON, "by": TESTS, "at": MOMENT, **changes}
    return add_rate(company=company.id, table=table, step=step, **known)


@pytest.mark.parametrize(
    ("table", "changes", "doubted"),
    [
        ("at_base", {}, []),
        ("xx_base", {}, [Doubt.NO_SUCH_TABLE]),
        ("at_base", {"known_to": date(2025, 6, 30)}, [Doubt.ENDS_BEFORE]),
        ("at_base", {"bp": 2500}, [Doubt.NOT_A_RATE]),
        ("at_base", {"bp": -500}, [Doubt.NOT_A_RATE]),
        ("at_base", {"source": " bank "}, [Doubt.NO_SOURCE]),
        ("at_base", {"checked_on": date(2026, 11, 19)}, [Doubt.CHECKED_LATER]),
        ("at_base", {"valid_from": date(2025, 7, 2)}, [Doubt.NO_HALF_YEAR]),
        ("at_base", {"known_to": date(2026, 1, 1)}, [Doubt.BEYOND_HALF_YEAR]),
        ("at_base", {"valid_from": date(2027, 7, 1), "known_to": date(2027, 12, 31)}, [Doubt.TOO_FAR]),
        ("at_base", {"valid_from": date(1998, 7, 1), "known_to": date(1998, 12, 31)}, [Doubt.BEFORE_TABLE]),
        (
            "at_base",
            {"valid_from": date(2025, 1, 1), "known_to": date(2025, 6, 30), "bp": 253},
            [Doubt.NOTHING_NEW],
        ),
        (
            "at_base",
            {"valid_from": date(2025, 1, 1), "known_to": date(2025, 6, 30), "bp": 254},
            [Doubt.KNOWN_OTHERWISE, Doubt.AGAINST_ECB],
        ),
        ("at_base", {"valid_from": date(2026, 1, 1), "known_to": date(2026, 6, 30)}, [Doubt.GAP]),
        ("at_base", {"bp": 135}, [Doubt.AGAINST_ECB]),
        ("at_base", {"bp": 1530}, [Doubt.JUMP, Doubt.AGAINST_ECB]),
        (
            "ecb_mro",
            {"valid_from": date(2026, 9, 16), "bp": 240, "known_to": date(2027, 1, 20)},
            [Doubt.TOO_FAR],
        ),
        ("ecb_mro", {"valid_from": date(2026, 9, 16), "bp": 240, "known_to": date(2026, 12, 22)}, []),
        ("nl_consumer", {"valid_from": date(2025, 1, 1), "bp": 600, "known_to": date(2025, 6, 30)}, []),
    ],
)
def test_what_speaks_against_a_rate(table: str, changes: dict[str, Any], doubted: list[Doubt]) -> None:
    found = doubts(table, replace(AUSTRIAN, **changes), tables=shipped(), on=ON)
    assert [one.doubt for one in found] == doubted
    confirmable = {Doubt.KNOWN_OTHERWISE, Doubt.GAP, Doubt.JUMP, Doubt.AGAINST_ECB}
    assert all(one.refused == (one.doubt not in confirmable) for one in found)


@pytest.mark.parametrize("table", ["de_base", "nl_commercial", "at_base"])
def test_what_is_shipped_would_pass_its_own_look(table: str) -> None:
    """The last step of each table, looked at as if it were typed against the table without it."""
    tables = dict(shipped())
    last = tables[table].steps[-1]
    tables[table] = replace(tables[table], steps=tables[table].steps[:-1])
    assert doubts(table, last, tables=tables, on=date(2026, 11, 23)) == ()


def test_an_added_rate_counts_and_is_told(acme: Company) -> None:
    assert rate_tables() == shipped()
    rate = an_added_rate(acme)
    assert rate_tables()["at_base"].at(date(2026, 12, 31)).bp == 178
    assert rate_tables()["de_base"] == shipped()["de_base"]
    record = Record.objects.get(verb="rate.added")
    assert record.facts == {
        "table": "at_base",
        "from": "2026-07-01",
        "until": "2026-12-31",
        "basis_points": 178,
        "confirmed": ["gap"],
    }
    (card,) = [one for one in rate_cards(on=ON) if one.key == "at_base"]
    assert (card.known_to, card.has_ended, card.ends_soon) == (date(2026, 12, 31), False, True)
    step, added = card.steps[0]
    assert (step.bp, added and added.id) == (178, rate.id)
    assert card.steps[1][1] is None


def test_who_follows_the_central_bank_knows_the_whole_half_year(acme: Company) -> None:
    (card,) = [one for one in rate_cards(on=ON) if one.key == "ecb_mro"]
    assert (card.known_to, card.counts_until) == (date(2026, 9, 15), date(2026, 12, 31))
    assert (card.has_ended, card.ends_soon) == (False, True)
    a_strategy(acme, kind="business", base="be-business", claims=INTEREST)
    assert ending(on=ON) == ["ecb_mro"]
    assert ending(on=date(2026, 10, 1)) == []


def test_a_doubted_rate_waits_for_a_person_and_a_refused_one_never_counts(acme: Company) -> None:
    with pytest.raises(RateDoubted) as told:
        an_added_rate(acme, sure=False)
    assert [one.doubt for one in told.value.doubts] == [Doubt.GAP]
    with pytest.raises(RateDoubted, match="checked_later"):
        an_added_rate(acme, step=replace(AUTUMN, checked_on=date(2026, 11, 19)))
    assert not Rate.objects.exists()
    an_added_rate(acme, step=AUSTRIAN, sure=False)


def test_a_later_row_corrects_an_earlier_one_and_its_withdrawal_brings_that_back(acme: Company) -> None:
    an_added_rate(acme)
    later = an_added_rate(acme, step=replace(AUTUMN, bp=180))
    assert rate_tables()["at_base"].at(ON).bp == 180
    withdraw_rate(company=acme.id, rate=later.id, reason="Misread.", by=TESTS, at=MOMENT)
    assert rate_tables()["at_base"].at(ON).bp == 178
    with pytest.raises(RateWithdrawn):
        withdraw_rate(company=acme.id, rate=later.id, reason="", by=TESTS, at=MOMENT)
    assert [one.reason for one in added_rates()] == ["Misread.", ""]
    add_rate_again(company=acme.id, rate=later.id, on=ON, by=TESTS, at=MOMENT)
    assert rate_tables()["at_base"].at(ON).bp == 180
    with pytest.raises(RateDoubted, match="nothing_new"):
        add_rate_again(company=acme.id, rate=later.id, on=ON, by=TESTS, at=MOMENT)


def test_rows_are_never_changed_and_bad_ones_never_kept(acme: Company) -> None:
    rate = an_added_rate(acme)
    for change in ({"bp": 1}, {"source": "elsewhere"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Rate.objects.filter(id=rate.id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rate.delete()
    for wrong in ({"bp": 2500}, {"source": ""}, {"known_to": date(2026, 6, 30)}):
        fields = {name: getattr(rate, name) for name in ("table_key", "valid_from", "bp", "known_to")}
        kept = {"source": SOURCE, "checked_on": ON, "added_at": MOMENT, "added_by_label": "x"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Rate.objects.create(company_id=acme.id, **{**fields, **kept, **wrong})
    assert not RateWithdrawal.objects.exists()


def test_what_becomes_computable_is_counted(acme: Company) -> None:
    strategy = a_strategy(acme, kind="business", base="at-business", claims=INTEREST)
    a_late_payer(acme, minors=(11_900, 5_000))
    a_late_payer(acme, "10002", kind="consumer")
    after = {**shipped(), "at_base": shipped()["at_base"].with_later([AUTUMN])}
    found = computable(before=shipped(), after=after, on=ON)
    assert found.strategies == (Using(strategy, "Tests business", claims=True, known=True),)
    assert found.items == 2
    assert computable(before=after, after=after, on=ON).items == 0
    assert ending(on=ON) == ["at_base"]


def test_the_linter_and_the_evidence_reckon_with_the_companys_rates(acme: Company) -> None:
    a_strategy(acme, kind="business", base="at-business", claims=INTEREST)
    a_late_payer(acme)
    item = Item.objects.select_related("customer", "state").get()
    policy = replace(preset("at-business"), claims=INTEREST)
    beyond = [one.rule for one in lawfulness(policy=policy, on=ON)]
    assert Rule.INTEREST_BEYOND_TABLE in beyond
    card = interest_card(company=acme, item=item, until=date(2026, 11, 12))
    assert (card.borne, card.horizon) == (None, date(2025, 6, 30))
    an_added_rate(acme)
    assert Rule.INTEREST_BEYOND_TABLE not in [one.rule for one in lawfulness(policy=policy, on=ON)]
    card = interest_card(company=acme, item=item, until=date(2026, 11, 12))
    assert card.borne is not None
    (slice_,) = card.borne.slices
    assert (slice_.bp, slice_.source) == (178 + 920, SOURCE)


@pytest.fixture
def that_day() -> Iterator[None]:
    """The clock of the pages stands on the day of the tests."""
    with clock_at(MOMENT):
        yield


def typed(**changes: str) -> dict[str, str]:
    """The form as a manager fills it."""
    known = {
        "table": "at_base",
        "rate": "1,78 %",
        "valid_from": "1.7.2026",
        "known_to": "31.12.2026",
        "source": SOURCE,
        "checked_on": "18.11.2026",
        "do": "look",
    }
    return {**known, **changes}


@pytest.mark.usefixtures("that_day")
def test_the_page_shows_what_a_rate_makes_computable_before_it_counts(
    acme: Company, client_of: ClientOf, manager: User
) -> None:
    a_strategy(acme, kind="business", base="at-business", claims=INTEREST)
    a_late_payer(acme)
    client, there = client_of(manager), "/c/acme/settings/rates/"
    told = client.get(there).content.decode()
    assert "today's rate is not known: none is reckoned" in told
    assert "known until 30/06/2025 only" in told
    shown = client.post(f"{there}added/", typed(rate="1,8")).content.decode()
    assert "By the rate of the European Central Bank it should be 1.78" in shown
    assert "Today's interest becomes known for 1 strategy: Tests business." in shown
    assert "1 item is overdue under them." in shown
    assert not Rate.objects.exists()
    assert client.post(f"{there}added/", typed(do="add")).status_code == 422  # the gap was not confirmed
    assert client.post(f"{there}added/", typed(do="add", sure="on")).status_code == 303
    rate = Rate.objects.get()
    assert "claims interest by this table" in client.get(there).content.decode()
    assert client.post(f"{there}{rate.id}/withdrawn/").status_code == 303  # without a reason
    assert not RateWithdrawal.objects.exists()
    assert client.post(f"{there}{rate.id}/withdrawn/", {"reason": "Misread."}).status_code == 303
    assert "Misread." in client.get(there).content.decode()
    assert client.post(f"{there}{rate.id}/undone/").status_code == 303
    assert RateWithdrawal.objects.count() == 1
    for _twice in range(2):
        assert client.post(f"{there}{rate.id}/again/").status_code == 303
    assert Rate.objects.count() == 2
    assert client.post(f"{there}4711/undone/").status_code == 404


@pytest.mark.usefixtures("that_day")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rate": "a lot"}, "This is not a rate."),
        ({"rate": "-6"}, "A rate lies above -5 and below 25 per cent."),
        ({"rate": ""}, "This field is required."),
        ({"valid_from": "soon"}, "This is not a day."),
        ({"source": "web"}, "Say where the rate was read"),
        ({"table": "other"}, "Select a valid choice"),
        ({"known_to": "31.1.2027"}, "This rate is known until 31/12/2026"),
        ({"checked_on": "19.11.2026"}, "cannot have been checked"),
    ],
)
def test_a_field_says_what_is_wrong_with_it(
    acme: Company, client_of: ClientOf, manager: User, changes: dict[str, str], said: str
) -> None:
    answer = client_of(manager).post("/c/acme/settings/rates/added/", typed(**changes))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
