"""What changes between approval and sending (H06 to H14), and bounds.

The sink is the scripted SMTP server: what it kept is the truth of what left the house.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from debitora.kit.store import place_of
from debitora.messaging.actions import try_server
from debitora.messaging.models import Intent, Sender
from debitora.messaging.testing import MOMENT, TESTS, a_queued_mail
from debitora.people.models import Company
from debitora.receivables.actions import allocate, edit_customer, park_customer, place_hold
from debitora.receivables.models import Customer, Item
from debitora.receivables.testing import ON, a_customer, a_listed, apply_listed
from debitora.values.money import Money
from tests.sending.scenes import (
    Start,
    a_credit,
    a_debtor,
    a_mail,
    hold_invariants,
    reading,
    reasons_of,
    send,
    state_of,
)
from tests.smtp_server import Gate, Reply, Script, SmtpServer


def pay(acme: Company, credit: Item, item: Item, minor: int) -> None:
    allocate(
        company=acme.id,
        credit_item=credit.id,
        debit_item=item.id,
        amount=Money(minor, "EUR"),
        on=ON,
        by=TESTS,
        at=MOMENT,
    )


@contextmanager
def at_the_edge(worker: Start, sink: SmtpServer) -> Iterator[None]:
    """A worker stands directly before its last look (RCPT is not answered yet) while the block happens."""
    gate = Gate(then=Reply(250))
    sink.play(Script(rcpt=gate), Script())
    process = worker()
    gate.wait_reached()
    yield
    gate.open()
    process.ended()


def test_h06_a_payment_at_the_last_moment_stops_the_mail(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    credit = a_credit(acme, customer, 10_000)
    with at_the_edge(worker, sink):
        pay(acme, credit, item, 10_000)
    assert (state_of(intent), reasons_of(intent)) == ("stopped", ["paid"])
    assert not sink.mails
    hold_invariants(acme, sink)


def test_h06_a_part_payment_stops_it_too(acme: Company, sink: SmtpServer, worker: Start) -> None:
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    credit = a_credit(acme, customer, 2_500)
    with at_the_edge(worker, sink):
        pay(acme, credit, item, 2_500)
    assert (state_of(intent), reasons_of(intent)) == ("stopped", ["changed"])


@pytest.mark.parametrize(
    ("reason", "whole_customer"),
    [("clarification", True), ("clarification", False), ("promise", False), ("agreement", False)],
)
def test_h07_h08_a_hold_at_the_last_moment_stops_the_mail(
    acme: Company, sink: SmtpServer, worker: Start, reason: str, whole_customer: bool
) -> None:
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    with at_the_edge(worker, sink):
        place_hold(
            company=acme.id, customer=customer, reason=reason, from_on=ON, by=TESTS, at=MOMENT,
            item=None if whole_customer else item.id,
        )  # fmt: skip
    assert (state_of(intent), reasons_of(intent)) == ("stopped", ["held"])
    assert not sink.mails
    hold_invariants(acme, sink)


def test_h08_a_customer_who_is_parked_at_the_last_moment_gets_no_mail(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    with at_the_edge(worker, sink):
        park_customer(company=acme.id, customer=customer, reason="address", by=TESTS, at=MOMENT)
    assert (state_of(intent), reasons_of(intent)) == ("queued", ["customer_parked"])
    assert not sink.mails
    hold_invariants(acme, sink)


def test_h10_an_invoice_that_is_credited_at_the_last_moment_stops_the_mail(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    with at_the_edge(worker, sink):
        credit = a_credit(acme, customer, 10_000)  # credit note and allocation come in the gap
        pay(acme, credit, item, 10_000)
    assert (state_of(intent), reasons_of(intent)) == ("stopped", ["paid"])
    assert not sink.mails
    hold_invariants(acme, sink)


@pytest.mark.parametrize(("left", "reason"), [(0, "paid"), (4_000, "changed")])
def test_h10_an_invoice_that_a_list_cancels_or_lowers_at_the_last_moment_stops_the_mail(
    acme: Company, sink: SmtpServer, worker: Start, left: int, reason: str
) -> None:
    with transaction.atomic():
        customer = a_customer(acme.id, email="k@kunde.example")
        apply_listed(acme.id, a_listed([("R-1", 10_000), ("R-2", 5_000)]))
        item = Item.objects.get(number="R-1")
    intent = a_queued_mail(acme.id, customer, [item])
    with at_the_edge(worker, sink), transaction.atomic():
        shown = [("R-1", left)] if left else []
        apply_listed(acme.id, a_listed([*shown, ("R-2", 5_000)]), list_import=2, on=ON + timedelta(days=1))
    assert (state_of(intent), reasons_of(intent)) == ("stopped", [reason])
    assert not sink.mails
    hold_invariants(acme, sink)


def test_h09_a_new_address_at_the_last_moment_stops_the_mail_to_the_old_one(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    with reading():
        version = Customer.objects.get(id=customer).version
    with at_the_edge(worker, sink):
        edit_customer(
            company=acme.id, customer=customer, version=version, changes={"email": "neu@kunde.example"},
            by=TESTS, at=MOMENT,
        )  # fmt: skip
    assert (state_of(intent), reasons_of(intent)) == ("stopped", ["recipient_changed"])
    assert not sink.mails


def test_h14_a_payment_after_the_last_look_does_not_call_the_mail_back(
    acme: Company, sink: SmtpServer, worker: Start
) -> None:
    """The window that no lock can close: the mail is accepted, and carries the moment its data were read."""
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    credit = a_credit(acme, customer, 10_000)
    gate = Gate()
    sink.play(Script(data=gate))
    process = worker()
    gate.wait_reached()
    pay(acme, credit, item, 10_000)
    gate.open()
    assert process.ended() == {"accepted": 1}
    with reading():
        assert Intent.objects.get(id=intent.id).data_as_of == MOMENT
    hold_invariants(acme, sink)


def test_i27_the_daily_bound_holds_with_two_workers(acme: Company, sink: SmtpServer, worker: Start) -> None:
    with transaction.atomic():
        Sender.objects.update(daily_bound=6)
    for number in range(14):
        a_mail(acme, str(10001 + number))
    workers = [worker(), worker()]
    for one in workers:
        one.ended()
    assert len(sink.mails) == 6
    assert send(acme, MOMENT + timedelta(days=1)) == {"accepted": 6, "queued": 2}
    hold_invariants(acme, sink)


def test_a_customer_gets_at_most_three_mails_a_day(acme: Company, sink: SmtpServer) -> None:
    customer, item = a_debtor(acme)
    for subject in range(5):
        a_queued_mail(acme.id, customer, [item], subject=subject)
    assert send(acme) == {"accepted": 3, "queued": 2}
    assert send(acme, MOMENT + timedelta(days=1)) == {"accepted": 2}
    hold_invariants(acme, sink)


def test_missing_or_changed_bytes_stop_the_mail_before_anything_is_said(
    acme: Company, sink: SmtpServer
) -> None:
    intent, other = a_mail(acme), a_mail(acme, "10002")
    with reading():
        bodies = [one.body.sha256 for one in Intent.objects.select_related("body").order_by("id") if one.body]
    places = [place_of(company=acme.id, digest=digest) for digest in bodies]
    places[0].unlink()
    places[1].write_bytes(places[1].read_bytes() + b"!")
    assert send(acme) == {"stopped": 2}
    assert {reason for one in (intent, other) for reason in reasons_of(one)} == {"document_missing"}
    assert not any(line.startswith("DATA") for line in sink.commands())
    for place in places:
        place.unlink(missing_ok=True)


def test_the_mail_server_is_tested_without_sending(acme: Company, sink: SmtpServer) -> None:
    with transaction.atomic():
        Sender.objects.update(smtp_tested_at=None)
    a_mail(acme)
    assert send(acme) == {}
    try_server(company=acme.id, by=TESTS, at=MOMENT)
    assert not sink.mails
    assert send(acme) == {"accepted": 1}
