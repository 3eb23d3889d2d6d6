"""The question that adds interest up day by day: silent over runs of every kind, loud where the ledger says something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from psycopg.rows import dict_row

from debitora.cli.checks.findings import Finding
from debitora.cli.checks.interest import differing_interest
from debitora.cli.checks.snapshot import Snapshot
from debitora.dunning.actions import approve_run, follow, release_run
from debitora.dunning.models import Notice
from debitora.dunning.rules.policy import Channel, Claims, Interest
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_ready_company, a_run, a_strategy
from debitora.engine.interest import DayCount
from debitora.messaging.actions import mark_printed
from debitora.messaging.models import Intent
from debitora.people.models import Company
from debitora.receivables.actions import allocate, waive_claim
from debitora.receivables.models import Claim, Entry, Item
from debitora.receivables.testing import an_open_item
from debitora.values.money import Money

ADDRESS = {"street": "Weg 1", "postcode": "10115", "city": "Berlin", "email": ""}
EVER = datetime(1970, 1, 1, tzinfo=UTC)
LATER = timedelta(days=40)


@pytest.fixture
def acme(company: Company) -> Company:
    return a_ready_company(company)


def claiming(company: Company, claims: Claims, *, base: str = "de-business") -> None:
    steps = tuple(replace(step, channel=Channel.LETTER, claim_interest=True) for step in preset(base).steps)
    a_strategy(company, kind="business", base=base, steps=steps, claims=claims)


def looked(company: Company, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[Finding]]:
    connection.ensure_connection()
    with monkeypatch.context() as patch:
        patch.setattr(connection.connection, "row_factory", dict_row)
        shot = Snapshot(connection.connection)
        return differing_interest(shot, code="acme", params={"company": company.id, "replay_since": EVER})


def went_out(company: Company, *, after: timedelta = timedelta(0)) -> None:
    at = MOMENT + after
    run = a_run(company, on=ON + after, at=at).run or 0
    approve_run(company=company.id, run=run, by=TESTS, at=at, confirmed=True)
    release_run(company=company, run=run, by=TESTS, clock=lambda: at)
    mark_printed(
        company=company.id,
        intents=list(Intent.objects.filter(state="queued").values_list("id", flat=True)),
        by=TESTS,
        at=at,
    )
    follow(company=company, by=TESTS, at=at)


def paid(company: Company, item: Item, minor: int, *, on: date, at: datetime) -> None:
    credit = an_open_item(
        company.id, item.customer_id, number=f"P-{minor}", kind="payment", minor=-minor, on=on
    )
    allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=item.id,
        amount=Money(minor, "EUR"),
        on=on,
        by=TESTS,
        at=at,
    )


@pytest.mark.parametrize(
    ("base", "claims"),
    [
        ("de-business", Claims(interest=Interest.STATUTORY, due_date_agreed=True)),
        ("de-business", Claims(interest=Interest.STATUTORY)),
        ("fr-business", Claims(interest=Interest.AGREED, agreed_bp=1_234, day_count=DayCount.ACT_ACT)),
        ("be-business", Claims(interest=Interest.AGREED, agreed_bp=977, due_date_agreed=True)),
    ],
)
def test_what_runs_claimed_is_what_the_days_bore(
    acme: Company, monkeypatch: pytest.MonkeyPatch, base: str, claims: Claims
) -> None:
    """Three times, with a payment in between and a part of what was claimed waived."""
    claiming(acme, claims, base=base)
    a_late_payer(acme, minors=(123_457, 98_765), **ADDRESS)
    went_out(acme)
    went_out(acme, after=timedelta(days=19))
    paid(
        acme,
        Item.objects.get(amount_minor=123_457),
        23_456,
        on=ON + timedelta(days=20),
        at=MOMENT + timedelta(days=20),
    )
    for claim in Claim.objects.filter(kind="interest")[:1]:
        waive_claim(
            company=acme.id,
            claim=claim.id,
            amount=Money(100, "EUR"),
            reason="goodwill",
            on=ON,
            by=TESTS,
            at=MOMENT + timedelta(days=21),
        )
    went_out(acme, after=LATER)
    lines = sum(
        len([one for one in notice.line_interest_minor or () if one]) for notice in Notice.objects.all()
    )
    assert lines > 1
    assert looked(acme, monkeypatch) == (lines, [])


def test_a_payment_that_the_run_did_not_count_is_told(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    claiming(acme, Claims(interest=Interest.STATUTORY, due_date_agreed=True))
    a_late_payer(acme, minors=(1_000_000,), **ADDRESS)
    notice = Notice.objects.get(run_id=a_run(acme).run)
    Entry.objects.create(
        company_id=acme.id,
        item=Item.objects.get(),
        kind="paid_per_list",
        amount_minor=-500_000,
        effective_on=ON - timedelta(days=30),
        recorded_at=MOMENT - timedelta(days=1),
    )
    count, (found,) = looked(acme, monkeypatch)
    assert (count, found.invariant, found.object) == (1, "I9", f"notice {notice.id}")
    assert found.difference.startswith(f"claims {notice.interest_minor} of interest")
