"""A notice claims a fee, booked on the account: the payment of invoice and fee is found, and what comes back is taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from debitora.cash.actions import Part, Share, book, decide_policy, match
from debitora.cash.models import EntryState
from debitora.cash.tests.test_booking import lines
from debitora.dunning.actions import follow
from debitora.dunning.actions.charging import charge, uncharge
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.rules.policy import Channel, Claims, Keep
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import (
    MOMENT,
    ON,
    TESTS,
    a_late_payer,
    a_ready_company,
    a_released_run,
    a_run,
    a_strategy,
)
from debitora.messaging.actions import mark_printed
from debitora.messaging.models import Intent
from debitora.people.models import Company
from debitora.receivables.models import Entry, Item, ItemState
from debitora.trail.models import Record
from debitora.values.money import Money
from tests.ledger_oracle import findings

ADDRESS = {"street": "Weg 1", "postcode": "10115", "city": "Berlin", "email": ""}
FEE = 250


@pytest.fixture
def reminded(company: Company) -> Company:
    """Acme, whose notices ask for a fee where the due day was agreed, booked on the account; one has been printed."""
    return a_reminded(company, Keep.ACCOUNT)


def a_reminded(company: Company, keep: Keep) -> Company:
    a_strategy_with_fee(company, keep)
    a_late_payer(company, **ADDRESS)
    a_released_run(company)
    printed = list(Intent.objects.values_list("id", flat=True))
    mark_printed(company=company.id, intents=printed, by=TESTS, at=MOMENT)
    assert follow(company=company, by=TESTS, at=MOMENT) == {"printed": 1}
    return company


def a_strategy_with_fee(company: Company, keep: Keep) -> None:
    a_ready_company(company)
    for kind in ("business", "consumer"):
        steps = tuple(
            replace(step, channel=Channel.LETTER, fee=(Money(FEE, "EUR"),))
            for step in preset("de-business").steps
        )
        a_strategy(company, kind=kind, steps=steps, claims=Claims(due_date_agreed=True, keep=keep))


def the_fee() -> Item:
    return Item.objects.get(kind="charge")


def test_the_fee_stands_on_the_account_due_on_the_notices_deadline(reminded: Company) -> None:
    notice, fee = Notice.objects.get(), the_fee()
    assert (fee.number, fee.position, fee.amount_minor) == (notice.number, "fee", FEE)
    assert fee.customer_id == notice.customer_id
    assert fee.state.due_on == NoticeEvent.objects.get(kind="rendered").deadline_on
    assert notice.total_minor == 11_900 + FEE
    assert findings() == []


def test_it_is_booked_once(reminded: Company) -> None:
    notice = Notice.objects.get()
    assert follow(company=reminded, by=TESTS, at=MOMENT) == {}
    assert not charge(company=reminded.id, notice=notice, on=ON, by=TESTS, at=MOMENT)
    assert Item.objects.filter(kind="charge").count() == 1


def test_a_memo_stays_on_the_notice(company: Company) -> None:
    a_reminded(company, Keep.MEMO)
    assert Notice.objects.get().fee_minor == FEE
    assert not Item.objects.filter(kind="charge").exists()
    assert uncharge(company=company.id, notice=Notice.objects.get(), on=ON, by=TESTS, at=MOMENT) == 0


def test_a_payment_of_invoice_and_fee_is_found_and_settles_both(reminded: Company) -> None:
    usual = {
        "by_itself": True,
        "care": 20,
        "most_minor": None,
        "discount_bp": 0,
        "discount_days": 0,
        "grace_days": 0,
    }
    decide_policy(company=reminded.id, by=TESTS, at=MOMENT, write_off_minor=0, **usual)
    notice = Notice.objects.get()
    (entry,) = lines(
        reminded, 11_900 + FEE, text=f"Rechnung R-10001-1 Mahnung {notice.number}", name="Payer 10001"
    )
    match(company=reminded.id, by=TESTS, at=MOMENT)
    assert EntryState.objects.get(entry_id=entry).open_minor == 0
    assert [state.open_minor for state in ItemState.objects.order_by("item_id")] == [0, 0, 0]
    assert findings() == []


def test_what_is_open_of_it_goes_with_a_notice_that_came_back(reminded: Company) -> None:
    notice = Notice.objects.get()
    assert uncharge(company=reminded.id, notice=notice, on=ON, by=TESTS, at=MOMENT) == FEE
    assert uncharge(company=reminded.id, notice=notice, on=ON, by=TESTS, at=MOMENT) == 0
    state = ItemState.objects.get(item=the_fee())
    assert (state.raised_minor, state.open_minor) == (0, 0)
    assert list(Entry.objects.filter(item=the_fee()).order_by("id").values_list("kind", "amount_minor")) == [
        ("opened", FEE),
        ("corrected", -FEE),
    ]
    assert Record.objects.get(verb="charges.cancelled").facts == {"number": notice.number, "minor": FEE}
    assert findings() == []


def test_what_was_paid_of_it_stays_paid(reminded: Company) -> None:
    notice, fee = Notice.objects.get(), the_fee()
    (entry,) = lines(reminded, 100, text="Mahngebühr", name="Payer 10001")
    share = Share(customer=notice.customer_id, minor=100, parts=(Part(fee.id, 100),))
    book(company=reminded.id, entry=entry, shares=(share,), by=TESTS, at=MOMENT, note="said on the phone")
    assert uncharge(company=reminded.id, notice=notice, on=ON, by=TESTS, at=MOMENT) == FEE - 100
    state = ItemState.objects.get(item=fee)
    assert (state.raised_minor, state.open_minor) == (100, 0)
    assert findings() == []


def test_without_a_deadline_it_is_due_at_once(company: Company) -> None:
    """A notice that nobody has rendered yet has none."""
    a_strategy_with_fee(company, Keep.ACCOUNT)
    a_late_payer(company, **ADDRESS)
    a_run(company)
    assert charge(company=company.id, notice=Notice.objects.get(), on=ON, by=TESTS, at=MOMENT)
    assert the_fee().state.due_on == ON
