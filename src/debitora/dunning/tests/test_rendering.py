"""Batches of letters: what changes while they are made, what cannot be made, what the database refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from debitora.dunning.actions import approve_run, release, release_run
from debitora.dunning.actions.rendering import Made, Unmade, make
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.queries.contents import Content, contents
from debitora.dunning.queries.letters import Stock, channels_for
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_released_run, a_run
from debitora.messaging.models import Attempt, Intent, Text
from debitora.people.models import Company
from debitora.receivables.actions import edit_customer
from debitora.receivables.models import Customer


def approved(acme: Company) -> int:
    run = a_run(acme).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    return run


def a_text(acme: Company, **changes: str) -> None:
    """A newer wording of the first step, in whatever it says."""
    for newest in Text.objects.filter(key="reminder.business", language="de").order_by("-version")[:1]:
        fields = {
            "subject": newest.subject,
            "mail": newest.mail,
            "opening": newest.opening,
            "closing": newest.closing,
        }
        Text.objects.create(
            company_id=acme.id,
            key=newest.key,
            language="de",
            version=newest.version + 1,
            made_at=MOMENT,
            made_by_label="tests",
            **{**fields, **changes},
        )


def content_of(notice: int) -> Content:
    return contents(notices=[notice])[notice]


def test_s11_a_dead_address_takes_another_way_or_waits_for_a_clerk(acme: Company) -> None:
    a_late_payer(acme, "1", email="gone@debtor.example")
    a_released_run(acme)
    Attempt.objects.create(
        company_id=acme.id,
        intent=Intent.objects.get(),
        state="refused_perm",
        reason="address_is_dead",
        actor_label="tests",
        recorded_at=MOMENT,
    )
    a_late_payer(acme, "2", email="gone@debtor.example")
    a_late_payer(acme, "3")
    run = a_run(acme, at=MOMENT + timedelta(hours=1)).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT, confirmed=True)
    ended = release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    assert ended == {"no_recipient": 1, "rendered": 1}
    content = content_of(NoticeEvent.objects.get(kind="no_recipient").notice_id)
    assert content.suppressed
    at_home = replace(content.recipient, street="Weg 1", postcode="10115", city="Berlin")
    assert channels_for("mail_else_letter", at_home, suppressed=True) == ("letter",)
    assert channels_for("mail_else_letter", at_home) == ("mail",)
    assert channels_for("mail", at_home, suppressed=True) == ()


def test_s16_a_text_that_fails_on_one_customer_parks_her_notice_only(acme: Company) -> None:
    a_text(acme, opening="Zuerst {{ notice.lines[1].number }}")
    a_late_payer(acme, "1", minors=(11_900, 5_000))
    alone = a_late_payer(acme, "2")
    a_late_payer(acme, "3", minors=(11_900, 5_000))
    run = approved(acme)
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT) == {
        "rendered": 2,
        "render_failed": 1,
    }
    failed = NoticeEvent.objects.get(kind="render_failed")
    assert (failed.notice.customer_id, failed.reason) == (alone, "TextNotRenderable")


def test_a_fault_of_the_program_is_told_and_keeps_nobody_else(acme: Company) -> None:
    a_late_payer(acme)
    a_run(acme)
    content = content_of(Notice.objects.get().id)
    broken = replace(content, facts=replace(content.facts, step={"deadline_days": "soon"}))
    assert isinstance(make(stock=Stock(acme), content=content, at=MOMENT), Made)
    made = make(stock=Stock(acme), content=broken, at=MOMENT)
    assert made == Unmade(broken, "render_failed", "ValueError")


def test_what_the_database_refuses_is_released_alone_and_parked(acme: Company) -> None:
    """A subject that is filled to more than the column holds stands for whatever nobody has thought of."""
    a_text(acme, subject="{% for i in (1..60) %}x{% if notice.count > 1 %}yyyy{% endif %}{% endfor %}")
    a_late_payer(acme, "1")
    poisoned = a_late_payer(acme, "2", minors=(11_900, 5_000))
    a_late_payer(acme, "3")
    run = approved(acme)
    ended = release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    assert ended == {"rendered": 2, "render_failed": 1}
    failed = NoticeEvent.objects.get(kind="render_failed")
    assert (failed.notice.customer_id, failed.reason) == (poisoned, "DataError")
    assert not Intent.objects.filter(customer_id=poisoned).exists()


def test_an_address_that_changes_while_its_letter_is_made_is_the_one_written_to(
    acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = a_late_payer(acme, "1", email="old@debtor.example")
    a_late_payer(acme, "2")
    run = approved(acme)
    locked = release._locked

    def a_moment_later(company: Company, notices: Sequence[int], at: datetime) -> Any:
        """Somebody enters another address before the batch has its locks."""
        found = Customer.objects.select_related("party").get(id=customer)
        if found.party.email == "old@debtor.example":
            edit_customer(
                company=acme.id,
                customer=customer,
                version=found.version,
                changes={"email": "new@debtor.example"},
                by=TESTS,
                at=MOMENT,
            )
        return locked(company, notices, at)

    monkeypatch.setattr(release, "_locked", a_moment_later)
    ended = release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    assert ended == {"rendered": 2}
    recipients = set(Intent.objects.values_list("recipient", flat=True))
    assert recipients == {"new@debtor.example", "payer2@debtor.example"}


def test_a_run_of_many_batches_leaves_nobody_out(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "CHUNK", 3)
    for number in range(8):
        a_late_payer(acme, str(1000 + number))
    assert release_run(company=acme, run=approved(acme), by=TESTS, clock=lambda: MOMENT) == {"rendered": 8}
    assert Intent.objects.count() == NoticeEvent.objects.filter(kind="rendered").count() == 8
