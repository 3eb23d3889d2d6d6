"""Mails that come back (S08 to S10): the delivery, the address, which reports are believed, and when there are too many."""

from __future__ import annotations

import socket
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import transaction

from debitora.documents.queries import read_bytes
from debitora.kit.abreast import abreast
from debitora.kit.failpoints import FailpointReached
from debitora.messaging.actions import lock_sending, unlock_sending
from debitora.messaging.models import Attempt, IncomingMail, Intent, SendLock
from debitora.messaging.queries import lock_in_force
from debitora.messaging.queries.incoming import mailbox
from debitora.messaging.testing import SENDER, TESTS, a_queued_mail, a_report
from debitora.people.models import Company
from debitora.trail.models import Record
from tests.sending.arriving import LATER, bounced, dropped, fetch, name_of
from tests.sending.scenes import a_debtor, a_mail, hold_invariants, reading, reasons_of, send, state_of
from tests.smtp_server import Cut, Script, SmtpServer


def a_sent_mail(company: Company, number: str = "10001") -> Intent:
    intent = a_mail(company, number)
    assert send(company) == {"accepted": 1}
    return intent


def only_mail() -> IncomingMail:
    with reading():
        return IncomingMail.objects.get()


def test_s08_a_mail_that_comes_back_is_returned_with_the_servers_words(
    acme: Company, sink: SmtpServer, inbox: Path
) -> None:
    intent = a_sent_mail(acme)
    path = bounced(inbox, intent)
    data = path.read_bytes()
    assert fetch(acme) == {"returned": 1}
    assert state_of(intent) == "returned"
    with reading():
        last = Attempt.objects.filter(intent_id=intent.id).order_by("-id")[0]
        assert (last.reason, last.reply) == ("address_is_dead", "550 5.1.1 no such user here")
        assert read_bytes(IncomingMail.objects.select_related("document").get().document) == data
        assert Record.objects.filter(verb="delivery.returned").count() == 1
    assert not path.exists()
    assert (inbox / "done" / "1.eml").read_bytes() == data
    hold_invariants(acme, sink)


def test_s08_after_a_hard_failure_nobody_writes_there_again(
    acme: Company, sink: SmtpServer, inbox: Path
) -> None:
    customer, item = a_debtor(acme)
    first = a_queued_mail(acme.id, customer, [item], subject=1)
    assert send(acme) == {"accepted": 1}
    bounced(inbox, first)
    fetch(acme)
    second = a_queued_mail(acme.id, customer, [item], subject=2)
    assert send(acme, LATER) == {"stopped": 1}
    assert reasons_of(second) == ["suppressed"]


@pytest.mark.parametrize(
    ("status", "words", "reason"), [("5.7.1", "spam", "not_accepted"), ("4.4.7", "expired", "in_vain")]
)
def test_what_came_back_for_another_reason_leaves_the_address_alone(
    acme: Company, sink: SmtpServer, inbox: Path, status: str, words: str, reason: str
) -> None:
    intent = a_sent_mail(acme)
    bounced(inbox, intent, status=status, words=words)
    assert fetch(acme) == {"returned": 1}
    assert reasons_of(intent) == [reason]


@pytest.mark.parametrize(("action", "state"), [("delayed", "delayed"), ("relayed", "passed")])
def test_a_delay_changes_nothing(
    acme: Company, sink: SmtpServer, inbox: Path, action: str, state: str
) -> None:
    intent = a_sent_mail(acme)
    bounced(inbox, intent, action=action, status="4.4.1")
    assert fetch(acme) == {state: 1}
    assert state_of(intent) == "accepted"
    assert only_mail().intent_id == intent.id


def test_a_report_settles_what_was_uncertain(acme: Company, sink: SmtpServer, inbox: Path) -> None:
    intent = a_mail(acme)
    sink.play(Script(dot=Cut(keep=True)))
    assert send(acme) == {"uncertain": 1}
    bounced(inbox, intent)
    assert fetch(acme) == {"returned": 1}
    assert reasons_of(intent)[-2:] == ["came_back", "address_is_dead"]
    hold_invariants(acme, sink)


def test_a_report_waits_while_the_message_is_being_handed_over(
    acme: Company, sink: SmtpServer, inbox: Path
) -> None:
    intent = a_sent_mail(acme)
    path = bounced(inbox, intent)
    with transaction.atomic():
        Intent.objects.filter(id=intent.id).update(state="data_started")
    assert fetch(acme) == {}
    assert path.exists()
    with transaction.atomic():
        Intent.objects.filter(id=intent.id).update(state="accepted")
    assert fetch(acme) == {"returned": 1}


# ------------------------------------------------------------------------------------------ each mail once


@pytest.mark.parametrize("place", ["mails_taken", "mails_kept"])
def test_s08_a_mail_is_taken_once_wherever_the_machine_dies(
    acme: Company, sink: SmtpServer, inbox: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    intent = a_sent_mail(acme)
    bounced(inbox, intent)
    monkeypatch.setenv("DEBITORA_FAILPOINT", f"{place}:raise")
    with pytest.raises(FailpointReached):
        fetch(acme)
    monkeypatch.delenv("DEBITORA_FAILPOINT")
    assert fetch(acme) == {"returned": 1}
    assert fetch(acme) == {}
    assert state_of(intent) == "returned"
    with reading():
        assert IncomingMail.objects.count() == 1
        assert Attempt.objects.filter(state="returned").count() == 1
    assert [path.name for path in (inbox / "done").iterdir()] == ["1.eml"]


def test_the_same_bytes_twice_are_one_mail_and_a_second_report_changes_nothing(
    acme: Company, sink: SmtpServer, inbox: Path
) -> None:
    intent = a_sent_mail(acme)
    for name in ("1.eml", "2.eml"):
        bounced(inbox, intent, name)
    bounced(inbox, intent, "3.eml", remark="again")
    assert fetch(acme) == {"returned": 2, "nothing": 1}
    with reading():
        assert sorted(IncomingMail.objects.values_list("state", flat=True)) == ["nothing", "returned"]
        assert Attempt.objects.filter(state="returned").count() == 1


def test_two_workers_at_once_take_each_mail_once(acme: Company, sink: SmtpServer, inbox: Path) -> None:
    mails = [a_mail(acme, str(20_000 + number)) for number in range(8)]
    assert send(acme) == {"accepted": 8}
    for number, intent in enumerate(mails):
        bounced(inbox, intent, f"{number}.eml")
    abreast([partial(fetch, acme), partial(fetch, acme)])
    with reading():
        assert IncomingMail.objects.filter(state="returned").count() == IncomingMail.objects.count() == 8
        assert Attempt.objects.filter(state="returned").count() == 8
        assert Record.objects.filter(verb="delivery.returned").count() == 8
    assert len(list((inbox / "done").iterdir())) == 8
    hold_invariants(acme, sink)


def test_mails_are_taken_from_a_maildir_and_not_while_they_grow(
    acme: Company, sink: SmtpServer, inbox: Path
) -> None:
    intent = a_sent_mail(acme)
    bounced(inbox / "new", intent, "1699.M1P1.host")
    dropped(inbox / "cur", b"From: a@b.example\n\nPaid.\n", "1699.M2P1.host:2,S")
    dropped(inbox / "tmp", b"half", "1699.M3P1.host")
    dropped(inbox, b"half", "growing.eml", at=LATER - timedelta(seconds=30))
    dropped(inbox, b"half", "unfinished.part")
    assert fetch(acme) == {"returned": 1, "other": 1}
    left = [path.name for path in inbox.rglob("*") if path.is_file() and path.parent.name != "done"]
    assert sorted(left) == ["1699.M3P1.host", "growing.eml", "unfinished.part"]


def test_what_cannot_be_read_lies_apart_with_its_reason(acme: Company, inbox: Path) -> None:
    dropped(inbox, b"")
    dropped(inbox, a_report("", "payer@debtor.example"), "2.eml")
    assert fetch(acme) == {"unread": 2}
    with reading():
        assert sorted(IncomingMail.objects.values_list("reason", flat=True)) == ["empty", "no_name"]
    found = mailbox(company_code=acme.code)
    assert (found.exists, found.waiting, found.unread) == (True, 0, 2)


# ---------------------------------------------------------------------------------------- what is believed


def test_s09_a_forged_report_changes_nothing(acme: Company, sink: SmtpServer, inbox: Path) -> None:
    """Neither an invented id, nor our subject and address, nor another recipient's address is enough."""
    intent = a_sent_mail(acme)
    other = a_sent_mail(acme, "10002")
    forged = {
        "invented.eml": a_report("<11111111-2222-4333-8444-555555555555@acme.example>", intent.recipient),
        "number.eml": a_report(f"<{intent.id}@acme.example>", intent.recipient),
        "other.eml": a_report(name_of(intent), other.recipient),
        "verp.eml": a_report("<1@x.example>", intent.recipient).replace(
            SENDER["email"].encode(), f"{intent.public_id}@acme.example".encode()
        ),
    }
    for name, data in forged.items():
        dropped(inbox, data, name)
    assert fetch(acme) == {"not_ours": 3, "other_recipient": 1}
    assert (state_of(intent), state_of(other)) == ("accepted", "accepted")
    assert len(list((inbox / "done").iterdir())) == len(forged)
    with reading():
        assert not Record.objects.filter(verb="delivery.returned").exists()
    hold_invariants(acme, sink)


def test_s10_a_machines_answer_changes_nothing_and_nothing_is_answered(
    acme: Company, sink: SmtpServer, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = a_sent_mail(acme)
    before = len(sink.mails)

    def refused(*_arguments: object, **_options: object) -> None:
        pytest.fail("something was to be sent while mails were taken")

    away = (
        f"From: {intent.recipient}\nIn-Reply-To: {name_of(intent)}\nAuto-Submitted: auto-replied\n"
        "Subject: Automatic reply: Zahlungserinnerung\n\nI am away.\n"
    )
    dropped(inbox, away.encode())
    dropped(
        inbox, f"From: MAILER-DAEMON@x.example\nIn-Reply-To: {name_of(intent)}\n\nHello\n".encode(), "2.eml"
    )
    bounced(inbox, intent, "3.eml", remark="hard")
    with monkeypatch.context() as closed:
        closed.setattr(socket, "create_connection", refused)
        closed.setattr("debitora.kit.smtp.Conversation.open", refused)
        assert fetch(acme) == {"automatic": 1, "other": 1, "returned": 1}
    with reading():
        assert Intent.objects.count() == 1
    assert len(sink.mails) == before


# ----------------------------------------------------------------------------------------------- the storm


def a_storm(company: Company, folder: Path, *, sent: int, back: int) -> None:
    mails = [a_mail(company, str(20_000 + number)) for number in range(sent)]
    assert send(company) == {"accepted": sent}
    for number, intent in enumerate(mails[:back]):
        bounced(folder, intent, f"{number}.eml")


@pytest.mark.parametrize(("sent", "back", "locks"), [(25, 25, True), (25, 19, False)])
def test_s08_a_storm_pauses_sending_until_a_person_has_looked(
    acme: Company, sink: SmtpServer, inbox: Path, sent: int, back: int, locks: bool
) -> None:
    a_storm(acme, inbox, sent=sent, back=back)
    assert fetch(acme) == {"returned": back}
    with reading():
        lock = lock_in_force(company=acme.id)
    assert (lock is not None) == locks
    waiting = a_mail(acme, "30000")
    assert send(acme, LATER) == ({} if locks else {"accepted": 1})
    if lock is None:
        return
    assert lock.reason == "many_returned"
    with reading():
        record = Record.objects.filter(verb="sending.locked").get()
        assert (record.facts["returned"], record.facts["left"]) == (back, sent)
    unlock_sending(company=acme.id, by=TESTS, at=LATER)
    bounced(inbox, Intent(public_id=waiting.public_id, recipient=waiting.recipient), "late.eml")
    assert send(acme, LATER) == {"accepted": 1}
    assert fetch(acme, LATER + timedelta(minutes=2)) == {"returned": 1}
    with reading():
        assert lock_in_force(company=acme.id) is None, "what a person has looked at is not counted again"
    hold_invariants(acme, sink)


def test_s08_a_person_s_lock_is_left_alone(acme: Company, sink: SmtpServer, inbox: Path) -> None:
    a_storm(acme, inbox, sent=22, back=22)
    lock_sending(company=acme.id, note="Audit", by=TESTS, at=LATER)
    assert fetch(acme) == {"returned": 22}
    with reading():
        assert [lock.reason for lock in SendLock.objects.all()] == ["person"]


def test_s08_three_hundred_reports_are_taken_in_batches(acme: Company, sink: SmtpServer, inbox: Path) -> None:
    """Most of them about nothing of ours; one that is lies among them, and is found."""
    intent = a_sent_mail(acme)
    for number in range(300):
        dropped(inbox, a_report(f"<{number}@elsewhere.example>", "x@debtor.example"), f"{number:03}.eml")
    bounced(inbox, intent, "150a.eml")
    assert fetch(acme) == {"not_ours": 300, "returned": 1}
    assert state_of(intent) == "returned"
    with reading():
        assert Record.objects.filter(verb="mails.taken").count() == 4
