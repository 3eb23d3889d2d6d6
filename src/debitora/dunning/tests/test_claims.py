"""Claims on notices: computed from default on, once per item, added up everywhere, kept as claims or booked, looked at again at release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from debitora.dunning.actions import approve_run, follow, release_run
from debitora.dunning.actions.charging import charge, uncharge
from debitora.dunning.models import Notice, NoticeEvent, Run, Strategy
from debitora.dunning.queries.contents import Claimable
from debitora.dunning.queries.interest import InterestCard, interest_card
from debitora.dunning.queries.preview import preview
from debitora.dunning.queries.runs import run_row
from debitora.dunning.queries.strategies import strategy_row
from debitora.dunning.queries.why import why_item
from debitora.dunning.rules.policy import Channel, Claims, Interest, Keep
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run, a_strategy
from debitora.messaging.actions import mark_printed
from debitora.messaging.models import Intent
from debitora.people.models import Company
from debitora.receivables.actions import allocate, place_hold, waive_claim
from debitora.receivables.actions.claims import open_of
from debitora.receivables.models import Claim, ClaimEntry, Item
from debitora.receivables.testing import an_open_item
from debitora.values.money import Money

ADDRESS = {"street": "Weg 1", "postcode": "10115", "city": "Berlin", "email": ""}
LATER, LATER_ON = MOMENT + timedelta(days=20), ON + timedelta(days=20)
WHOLE = 100_000


def a_claiming_strategy(company: Company, *, kind: str = "business", **changes: object) -> int:
    """Every step asks for interest and lump sum, the second for a fee; default needs no notice."""
    claims = {"interest": Interest.STATUTORY, "lump_sum": True, "due_date_agreed": True, **changes}
    steps = tuple(
        replace(step, channel=Channel.LETTER, claim_interest=True, claim_lump_sum=claims["lump_sum"] is True)
        for step in preset("de-business").steps
    )
    second = replace(steps[1], fee=(Money(250, "EUR"),))
    return a_strategy(
        company,
        kind=kind,
        steps=(steps[0], second, steps[2]),
        claims=Claims(**claims),  # type: ignore[arg-type]
    )


@pytest.fixture
def claiming(acme: Company) -> Company:
    a_claiming_strategy(acme)
    return acme


def approved(company: Company, *, on: date = ON, at: object = MOMENT) -> int:
    run = a_run(company, on=on, at=at).run or 0  # type: ignore[arg-type]
    approve_run(company=company.id, run=run, by=TESTS, at=at, confirmed=True)  # type: ignore[arg-type]
    return run


def released(company: Company, run: int, at: object = MOMENT) -> dict[str, int]:
    return release_run(company=company, run=run, by=TESTS, clock=lambda: at)  # type: ignore[arg-type,return-value]


def printed(company: Company, at: object = MOMENT) -> None:
    waiting = Intent.objects.filter(state="queued").values_list("id", flat=True)
    mark_printed(company=company.id, intents=list(waiting), by=TESTS, at=at)  # type: ignore[arg-type]
    follow(company=company, by=TESTS, at=at)  # type: ignore[arg-type]


def the_notice() -> Notice:
    return Notice.objects.latest("id")


def told(card: InterestCard) -> tuple[date | None, int]:
    """Since when the item is in default, and what it bore, told as evidence."""
    return (card.default.from_on if card.default else None, card.borne.total_minor if card.borne else 0)


def open_claims() -> dict[str, int]:
    return {one.kind: open_of(one) for one in Claim.objects.order_by("kind")}


def test_a_notice_asks_for_interest_since_default_and_the_lump_sum(claiming: Company) -> None:
    a_late_payer(claiming, minors=(WHOLE,), **ADDRESS)
    assert released(claiming, approved(claiming)) == {"rendered": 1}
    notice, item = the_notice(), Item.objects.get()
    # Due on a Sunday, so in default from Tuesday, 3 November: 15 days at 10.52 %.
    card = interest_card(company=claiming, item=item, until=ON)
    assert told(card) == (date(2026, 11, 3), 432)
    assert notice.interest_minor == 432
    assert (notice.lump_sum_minor, notice.total_minor) == (4_000, WHOLE + 432 + 4_000)
    assert (notice.line_interest_minor, notice.line_lump_sum_minor) == ([432], [4_000])
    assert open_claims() == {}


def test_card_run_and_preview_name_what_the_notice_claims(claiming: Company) -> None:
    a_late_payer(claiming, minors=(WHOLE,), **ADDRESS)
    item = Item.objects.get()
    card = why_item(company=claiming, item=item.id, on=ON)
    assert card.claims == Claimable(date(2026, 11, 3), 432, 4_000)
    run = run_row(Run.objects.get(id=a_run(claiming).run))
    assert (run.sums, run.claims) == ({"EUR": WHOLE + 4_432}, {"EUR": 4_432})
    strategy = Strategy.objects.get(name="Tests business")
    row = strategy_row(strategy=strategy.id)
    silent = replace(row.policy, claims=Claims())
    told = preview(company=claiming, row=row, policy=silent, on=ON)
    assert told.claims == ((Money(4_432, "EUR"), Money(0, "EUR")),)


def test_a_card_names_no_claims_where_no_notice_is_made_or_nothing_is_claimed(acme: Company) -> None:
    a_late_payer(acme, minors=(WHOLE,), **ADDRESS)
    item = Item.objects.get()
    assert why_item(company=acme, item=item.id, on=ON).claims is None
    assert why_item(company=acme, item=item.id, on=date(2026, 1, 1)).claims is None


def test_e2_interest_and_fee_are_added_to_what_is_open(acme: Company) -> None:
    """ERPNext: 100.00 for 15 days at 10 per cent, a fee of 10.00. Ours counts from the first day of default to the day before."""
    first, *others = (
        replace(step, channel=Channel.LETTER, claim_interest=True) for step in preset("de-business").steps
    )
    a_strategy(
        acme,
        kind="business",
        steps=(replace(first, fee=(Money(1_000, "EUR"),)), *others),
        claims=Claims(interest=Interest.AGREED, agreed_bp=1_000, due_date_agreed=True),
    )
    a_late_payer(acme, minors=(10_000,), **ADDRESS)
    released(acme, approved(acme))
    notice = the_notice()
    assert (notice.interest_minor, notice.fee_minor, notice.total_minor) == (41, 1_000, 11_041)


def test_what_left_the_house_is_claimed_and_grows_with_the_next_notice(claiming: Company) -> None:
    a_late_payer(claiming, minors=(WHOLE,), **ADDRESS)
    released(claiming, approved(claiming))
    printed(claiming)
    assert open_claims() == {"interest": 432, "lump_sum": 4_000}
    released(claiming, approved(claiming, on=LATER_ON, at=LATER), LATER)
    notice = the_notice()
    assert (notice.interest_minor, notice.lump_sum_minor, notice.fee_minor) == (1_009, 4_000, 250)
    printed(claiming, LATER)
    printed(claiming, LATER)
    charge(company=claiming.id, notice=notice, on=LATER_ON, by=TESTS, at=LATER)
    assert open_claims() == {"fee": 250, "interest": 1_009, "lump_sum": 4_000}


def test_m08_a_fee_is_charged_once_by_its_notice_whatever_is_done_again(acme: Company) -> None:
    """Two levels ask for a fee; each notice charges its own once, also by two hands, by a second look and by a second run."""
    first = replace(preset("de-business").steps[0], channel=Channel.LETTER)
    steps = tuple(
        replace(step, channel=Channel.LETTER, fee=(Money(250, "EUR"),))
        for step in preset("de-business").steps[1:]
    )
    agreed = Claims(due_date_agreed=True)
    a_strategy(acme, kind="business", steps=(first, *steps), claims=agreed)
    a_late_payer(acme, minors=(WHOLE,), **ADDRESS)
    for days in (0, 20, 40):
        at, on = MOMENT + timedelta(days=days), ON + timedelta(days=days)
        run = approved(acme, on=on, at=at)
        released(acme, run, at)
        released(acme, run, at)
        for _again in range(2):
            printed(acme, at)
            charge(company=acme.id, notice=the_notice(), on=on, by=TESTS, at=at)
    assert [notice.fee_minor for notice in Notice.objects.order_by("id")] == [0, 250, 250]
    fees = ClaimEntry.objects.filter(claim__kind="fee", kind="accrued").order_by("id")
    assert [(one.minor, one.notice_id) for one in fees] == [
        (250, notice.id) for notice in Notice.objects.order_by("id") if notice.fee_minor
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimEntry.objects.create(
            company_id=acme.id,
            claim=fees[0].claim,
            kind="accrued",
            minor=250,
            notice_id=fees[0].notice_id,
            effective_on=ON,
            recorded_at=MOMENT,
            actor_label="tests",
        )


def test_a_waiver_lowers_what_the_next_notice_asks_for(claiming: Company) -> None:
    a_late_payer(claiming, minors=(WHOLE,), **ADDRESS)
    released(claiming, approved(claiming))
    printed(claiming)
    for kind, minor in (("interest", 432), ("lump_sum", 1_000)):
        waive(claiming, kind, minor)
    released(claiming, approved(claiming, on=LATER_ON, at=LATER), LATER)
    assert (the_notice().interest_minor, the_notice().lump_sum_minor) == (1_009 - 432, 3_000)


def waive(company: Company, kind: str, minor: int) -> None:
    waive_claim(
        company=company.id,
        claim=Claim.objects.get(kind=kind).id,
        amount=Money(minor, "EUR"),
        reason="goodwill",
        on=ON,
        by=TESTS,
        at=MOMENT,
    )


def test_a_part_payment_lowers_the_interest_from_its_own_day(claiming: Company) -> None:
    customer = a_late_payer(claiming, minors=(), **ADDRESS)
    an_open_item(claiming.id, customer, minor=WHOLE, due_on=date(2026, 11, 1), on=date(2026, 10, 2))
    pay(claiming, customer, 40_000, date(2026, 11, 8))
    released(claiming, approved(claiming))
    card = interest_card(company=claiming, item=Item.objects.get(kind="invoice"), until=ON)
    assert told(card) == (date(2026, 11, 3), 317)
    assert the_notice().interest_minor == 317


def pay(company: Company, customer: int, minor: int, on: date) -> None:
    credit = an_open_item(company.id, customer, number=f"Z-{on}", minor=-minor, kind="payment", on=on)
    allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=Item.objects.get(kind="invoice").id,
        amount=Money(minor, "EUR"),
        on=on,
        by=TESTS,
        at=MOMENT,
    )


def test_a_waiver_between_run_and_release_stops_the_notice(claiming: Company) -> None:
    a_late_payer(claiming, minors=(WHOLE,), **ADDRESS)
    released(claiming, approved(claiming))
    printed(claiming)
    run = approved(claiming, on=LATER_ON, at=LATER)
    waive(claiming, "lump_sum", 4_000)
    assert released(claiming, run, LATER) == {"stopped": 1}
    assert NoticeEvent.objects.get(kind="stopped").reason == "claims_changed"


def test_nothing_is_claimed_of_what_is_not_in_default_yet(acme: Company) -> None:
    a_claiming_strategy(acme, due_date_agreed=True)
    strategy = preset("de-business")
    claims = Claims(interest=Interest.STATUTORY, lump_sum=True)
    steps = (*strategy.steps[:2], replace(strategy.steps[2], claim_interest=True, claim_lump_sum=True))
    a_strategy(acme, kind="business", name="No day agreed", steps=steps, claims=claims)
    a_late_payer(acme, minors=(WHOLE,), **ADDRESS)
    approved(acme)
    notice = the_notice()
    assert (notice.interest_minor, notice.lump_sum_minor, notice.line_interest_minor) == (0, 0, None)


def test_of_a_part_that_is_held_no_interest_is_claimed(claiming: Company) -> None:
    customer = a_late_payer(claiming, minors=(WHOLE, 50_000), **ADDRESS)
    held = Item.objects.get(number="R-10001-1")
    place_hold(
        company=claiming.id,
        customer=customer,
        item=held.id,
        amount=Money(10_000, "EUR"),
        reason="complaint",
        from_on=ON,
        by=TESTS,
        at=MOMENT,
    )
    approved(claiming)
    assert (the_notice().line_interest_minor, the_notice().line_lump_sum_minor) == ([0, 216], [4_000, 4_000])


def test_a_charge_bears_neither_interest_nor_a_lump_sum(claiming: Company) -> None:
    customer = a_late_payer(claiming, minors=(), **ADDRESS)
    an_open_item(claiming.id, customer, number="M-1", minor=2_500, kind="charge", due_on=date(2026, 11, 1))
    approved(claiming)
    assert (the_notice().interest_minor, the_notice().lump_sum_minor) == (0, 0)


def test_no_interest_is_claimed_where_its_rate_is_not_known_yet(claiming: Company) -> None:
    a_late_payer(claiming, minors=(WHOLE,), **ADDRESS)
    approved(claiming, on=date(2027, 8, 2), at=MOMENT + timedelta(days=257))
    assert (the_notice().interest_minor, the_notice().lump_sum_minor) == (0, 4_000)


def test_booked_claims_are_items_of_their_own_and_never_claimed_twice(acme: Company) -> None:
    a_claiming_strategy(acme, keep=Keep.ACCOUNT)
    a_late_payer(acme, minors=(WHOLE,), **ADDRESS)
    released(acme, approved(acme))
    printed(acme)
    charges = {one.position: one.amount_minor for one in Item.objects.filter(kind="charge")}
    assert charges == {"interest": 432, "lump_sum": 4_000}
    assert open_claims() == {"interest": 0, "lump_sum": 0}
    approved(acme, on=LATER_ON, at=LATER)
    notice = the_notice()
    assert (notice.interest_minor, notice.lump_sum_minor) == (1_009 - 432, 0)


def test_a_notice_that_came_back_claims_nothing_any_more(claiming: Company) -> None:
    a_late_payer(claiming, minors=(WHOLE,), **ADDRESS)
    released(claiming, approved(claiming))
    printed(claiming)
    uncharge(company=claiming.id, notice=the_notice(), on=LATER_ON, by=TESTS, at=LATER)
    assert open_claims() == {"interest": 0, "lump_sum": 0}
