"""The form of strategies: nothing typed is lost, every fault stands at its field, every change is a version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import clear_script_prefix, reverse

from debitora.dunning.actions import StrategyUnlawful, add_strategy
from debitora.dunning.queries.strategies import strategies
from debitora.dunning.rules.policy import Claims, Grouping, Interest, Keep
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import a_late_payer
from debitora.engine.interest import DayCount
from debitora.kit.runtime import now
from debitora.people.models import Company, User
from debitora.trail.rules import Actor
from debitora.values.money import Money

ClientOf = Callable[[User], Client]


def here(name: str, *args: object) -> str:
    clear_script_prefix()  # an earlier request has left its company there
    return f"/c/acme{reverse(f'dunning:{name}', args=args)}"


def typed(client: Client, strategy: int) -> dict[str, object]:
    """The form as a browser would send it back."""
    context = client.get(here("strategy", strategy)).context
    sent: dict[str, object] = {"do": "save", "step": [place for place, _form in context["steps"]]}
    for form in (context["head"], *(form for _place, form in context["steps"])):
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False:
                sent[field.html_name] = value
    return sent


@pytest.fixture
def business(acme: Company) -> int:
    return next(row.id for row in strategies() if "business" in row.kinds)


def test_the_form_gives_a_strategy_back_unchanged(business: int, manager: User, client_of: ClientOf) -> None:
    client = client_of(manager)
    answer = client.post(here("strategy_saved", business), typed(client, business), follow=True)
    assert "Nothing had to be changed" in answer.content.decode()
    row = next(row for row in strategies() if row.id == business)
    assert (row.version, row.policy) == (1, preset("de-business"))


def test_a_presets_name_is_said_in_the_readers_language_and_kept_as_shipped(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    for page in (here("strategies"), here("strategy", business), here("versions", business)):
        text = client.get(page).content.decode()
        assert "Deutschland, Unternehmen" in text
        assert "Germany" not in text
    sent = typed(client, business)
    assert sent["name"] == "Deutschland, Unternehmen"
    answer = client.post(here("strategy_saved", business), sent, follow=True)
    assert "Es war nichts zu ändern" in answer.content.decode()
    assert next(row for row in strategies() if row.id == business).name == "Germany, business customers"


def test_a_change_makes_a_version_and_the_versions_can_be_compared(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    sent = {**typed(client, business), "step-1-days_after_due": "9", "step-3-fee": "2,50"}
    client.post(here("strategy_saved", business), sent)
    row = next(row for row in strategies() if row.id == business)
    assert (row.version, row.policy.steps[0].days_after_due) == (2, 9)
    assert row.policy.steps[2].fee == (Money(250, "EUR"),)
    context = client.get(here("versions", business)).context
    assert {(one.before, one.after) for one in context["differences"]} == {("7", "9"), ("", "2.50 EUR")}


def test_what_the_law_forbids_stands_at_its_field_and_is_not_kept(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    sent = {**typed(client, business), "step-2-fee": "2,50"}
    answer = client.post(here("strategy_saved", business), sent)
    assert answer.status_code == 422
    errors = dict(answer.context["steps"])["2"].errors
    assert "A notice that first causes default may carry no cost" in errors["fee"][0]
    assert "(de_cost_causes_default · §\xa0286 BGB; BGH VIII ZR 95/18)" in errors["fee"][0]
    assert next(row for row in strategies() if row.id == business).version == 1
    lawful = client.post(here("strategy_saved", business), {**sent, "due_date_agreed": "on"})
    assert lawful.status_code == 303
    assert next(row for row in strategies() if row.id == business).policy.claims.due_date_agreed


def test_how_it_gathers_and_when_it_sends_is_typed_kept_and_read(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    changed = {"grouping": "level", "upcoming_days": "5", "quiet_days": "12-24/01-01; Fri"}
    changed |= {"approval": "automatic", "approval_above": "10.000,00", "step-2-month_end": "on"}
    sent = {**typed(client, business), **changed}
    assert client.post(here("strategy_saved", business), sent).status_code == 303
    policy = next(row for row in strategies() if row.id == business).policy
    assert (policy.grouping, policy.upcoming_days) == (Grouping.LEVEL, 5)
    assert [one.text for one in policy.quiet_days] == ["12-24/01-01", "fri"]
    assert policy.approval_above == (Money(10_000_00, "EUR"),)
    assert [step.month_end for step in policy.steps] == [False, True, False]
    page = client.get(here("strategy", business)).content.decode()
    for sentence in ("für jede Mahnstufe eine eigene Mahnung", "Bis zu 5 Tage vor", "12-24/01-01; fri."):
        assert sentence in page
    again = client.post(here("strategy_saved", business), typed(client, business), follow=True)
    assert "Es war nichts zu ändern" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("quiet_days", "24.12."), ("upcoming_days", "40"), ("approval_above", "much")],
)
def test_what_is_not_understood_of_it_stands_at_its_field(
    business: int, manager: User, client_of: ClientOf, field: str, value: str
) -> None:
    client = client_of(manager)
    answer = client.post(here("strategy_saved", business), {**typed(client, business), field: value})
    assert answer.status_code == 422
    assert answer.context["head"].errors[field]


def test_claims_are_typed_kept_and_read_as_prose(business: int, manager: User, client_of: ClientOf) -> None:
    client = client_of(manager)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    changed = {"interest": "agreed", "agreed_rate": "9,5 %", "day_count": "act/act", "keep": "account"}
    changed |= {"lump_sum": "on", "step-3-claim_interest": "on", "step-3-claim_lump_sum": "on"}
    sent = {**typed(client, business), **changed}
    assert client.post(here("strategy_saved", business), sent).status_code == 303
    row = next(row for row in strategies() if row.id == business)
    assert row.policy.claims == Claims(
        interest=Interest.AGREED, agreed_bp=950, day_count=DayCount.ACT_ACT, lump_sum=True, keep=Keep.ACCOUNT
    )
    assert (row.policy.steps[2].claim_interest, row.policy.steps[2].claim_lump_sum) == (True, True)
    answer = client.post(here("strategy_saved", business), typed(client, business), follow=True)
    assert "Es war nichts zu ändern" in answer.content.decode()
    assert "9,5\xa0%" in answer.content.decode()


@pytest.mark.parametrize(
    ("rate", "wrong"), [("much", True), ("", True), ("0", True), ("9.555", True), ("9.55", False)]
)
def test_a_rate_is_typed_in_per_cent(
    rate: str, wrong: bool, business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    sent = {**typed(client, business), "interest": "agreed", "agreed_rate": rate}
    answer = client.post(here("strategy_saved", business), sent)
    assert (answer.status_code == 422) is wrong
    assert not wrong or "agreed_rate" in answer.context["head"].errors


def test_an_action_refuses_what_the_law_forbids(acme: Company) -> None:
    with pytest.raises(StrategyUnlawful, match=r"claims\.lump_sum: lump_sum_consumer"):
        add_strategy(
            company=acme.id,
            policy=replace(preset("de-consumer"), name="Bad", claims=Claims(lump_sum=True)),
            by=Actor(id=None, kind="system", label="test"),
            at=now(),
        )


def test_versions_are_compared_in_the_words_of_the_reader(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    changed = {"step-1-minimum_item": "1.250", "step-1-text": "notice1", "step-1-channel": "letter"}
    changed |= {"consider_credits": "", "approval": "automatic"}
    client.post(here("strategy_saved", business), {**typed(client, business), **changed})
    page = client.get(here("versions", business), headers={"accept-language": "de"})
    assert {(one.before, one.after) for one in page.context["differences"]} == {
        ("5,00 EUR", "1.250,00 EUR"),
        ("Zahlungserinnerung", "Erste Mahnung"),
        ("E-Mail", "Brief"),
        ("ja", "nein"),
        (
            "Eine Person prüft jeden Lauf und gibt ihn frei",
            "Der tägliche Lauf gibt sich selbst frei, solange ihn die Sicherheitsgrenze nicht anhält",
        ),
    }


@pytest.mark.parametrize(
    ("written", "understood"), [("7,00 €", True), ("EUR 7,00", True), ("€7", True), ("EUR 7,00 EUR", False)]
)
def test_a_currency_may_stand_before_or_behind_its_amount(
    written: str, understood: bool, business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    sent = {**typed(client, business), "step-1-minimum_item": written}
    answer = client.post(here("strategy_saved", business), sent)
    assert answer.status_code == (303 if understood else 422)
    row = next(row for row in strategies() if row.id == business)
    assert (row.policy.steps[0].minimum_item == (Money(700, "EUR"),)) is understood


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    wrong = {
        "name": "",
        "step-2-min_gap_days": "0",
        "step-3-days_after_due": "tomorrow",
        "step-1-fee": "much",
        "cap_days": "",
        "grace_days": "-1",
    }
    answer = client.post(here("strategy_saved", business), {**typed(client, business), **wrong})
    assert answer.status_code == 422
    steps = [form for _place, form in answer.context["steps"]]
    assert {"name", "cap_days", "grace_days"} == set(answer.context["head"].errors)
    assert [set(form.errors) for form in steps] == [{"fee"}, {"min_gap_days"}, {"days_after_due"}]
    assert 'value="tomorrow"' in answer.content.decode()
    assert 'value="much"' in answer.content.decode()


def test_a_stale_form_changes_nothing_and_keeps_what_was_typed(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    stale = typed(client, business)
    client.post(here("strategy_saved", business), {**stale, "step-1-days_after_due": "9"})
    answer = client.post(here("strategy_saved", business), {**stale, "step-1-deadline_days": "21"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'value="21"' in text
    assert "7 → 9" in text
    assert next(row for row in strategies() if row.id == business).version == 2


def test_steps_are_added_and_removed_without_being_kept(
    business: int, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    sent = typed(client, business)
    more = client.post(here("strategy_saved", business), {**sent, "do": "add"})
    assert more.status_code == 200
    assert [place for place, _form in more.context["steps"]] == ["1", "2", "3", "4"]
    less = client.post(here("strategy_saved", business), {**sent, "do": "remove-2"})
    assert [place for place, _form in less.context["steps"]] == ["1", "3"]
    assert next(row for row in strategies() if row.id == business).version == 1


def test_a_strategy_begins_with_a_preset_and_is_assigned(
    acme: Company, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    page = client.get(f"{here('new_strategy')}?preset=de-business")
    sent: dict[str, object] = {"do": "save", "step": [place for place, _form in page.context["steps"]]}
    for form in (page.context["head"], *(form for _place, form in page.context["steps"])):
        sent |= {
            field.html_name: "on" if field.value() is True else field.value()
            for field in form
            if field.value() is not None and field.value() is not False
        }
    assert client.post(f"{here('new_strategy')}?preset=de-business", sent).status_code == 303
    twice = client.post(f"{here('new_strategy')}?preset=de-business", sent)
    assert twice.status_code == 422
    made = next(row for row in strategies() if not row.kinds)
    assert made.policy == replace(preset("de-business"), name=made.name)
    client.post(here("assigned"), {"business": made.id, "consumer": "rubbish"})
    assert next(row for row in strategies() if row.id == made.id).kinds == ("business",)


def test_a_preset_may_begin_with_what_the_law_allows_beside_the_sum(
    acme: Company, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    plain = client.get(f"{here('new_strategy')}?preset=de-business")
    assert "preset=de-business&amp;claims=1" in plain.content.decode()
    assert plain.context["head"]["interest"].value() == "none"
    claiming = client.get(f"{here('new_strategy')}?preset=de-business&claims=1")
    assert claiming.context["head"]["interest"].value() == "statutory"
    assert [form["claim_lump_sum"].value() for _place, form in claiming.context["steps"]] == [
        False,
        False,
        True,
    ]
    assert "Begin with these claims" not in claiming.content.decode()
    nothing = client.get(f"{here('new_strategy')}?preset=nl-consumer")
    assert "Begin with these claims" not in nothing.content.decode()


def test_a_preview_shows_what_would_change_and_keeps_what_was_typed(
    acme: Company, business: int, manager: User, client_of: ClientOf
) -> None:
    a_late_payer(acme)
    client = client_of(manager)
    sent = {**typed(client, business), "step-1-days_after_due": "399", "do": "preview"}
    sent |= {"step-2-days_after_due": "399", "step-3-days_after_due": "400"}
    answer = client.post(here("strategy_saved", business), sent)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "1 customer would be treated differently." in text
    assert 'value="399"' in text
    assert next(row for row in strategies() if row.id == business).version == 1
    wrong = client.post(here("strategy_saved", business), {**sent, "grace_days": "-1"})
    assert wrong.status_code == 422
    assert "would be treated differently" not in wrong.content.decode()
