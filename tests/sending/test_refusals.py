"""What servers answer, or do not (S01 to S15): retried, refused, uncertain, or never tried.

The sink is the scripted SMTP server: what it kept is the truth of what left the house.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.test import override_settings

from debitora.kit.postgres import Server
from debitora.messaging.actions import allow_recipient, confirm_installation, save_sender, settle
from debitora.messaging.models import Intent
from debitora.messaging.rules.states import RETRY_DELAYS
from debitora.messaging.testing import MOMENT, TESTS, a_queued_mail
from debitora.people.models import Company
from tests.sending.scenes import a_debtor, a_mail, hold_invariants, reading, reasons_of, send, state_of
from tests.smtp_server import Cut, Reply, Script, SmtpServer, Stall


def test_s01_a_greylisted_mail_is_tried_again_later(acme: Company, sink: SmtpServer) -> None:
    intent = a_mail(acme)
    sink.play(Script(rcpt=Reply(451, "4.7.1 greylisted, come back")), Script())
    assert send(acme) == {"refused_temp": 1}
    assert send(acme, MOMENT + timedelta(minutes=4)) == {}
    assert send(acme, MOMENT + RETRY_DELAYS[0]) == {"accepted": 1}
    assert len(sink.mails) == 1
    with reading():
        assert Intent.objects.get(id=intent.id).attempts == 1
    hold_invariants(acme, sink)


def test_s01_after_the_last_try_it_is_refused_for_good(acme: Company, sink: SmtpServer) -> None:
    intent = a_mail(acme)
    sink.play(Script(rcpt=Reply(451, "not today")))
    at, states = MOMENT, []
    for wait in (*RETRY_DELAYS, timedelta()):
        states.append(send(acme, at))
        at += wait
    assert states == [{"refused_temp": 1}] * len(RETRY_DELAYS) + [{"refused_perm": 1}]
    assert reasons_of(intent)[-1] == "attempts_used_up"
    assert send(acme, at + timedelta(days=9)) == {}
    assert not sink.mails
    hold_invariants(acme, sink)


def test_s02_a_dead_address_is_refused_flagged_and_not_written_to_again(
    acme: Company, sink: SmtpServer
) -> None:
    customer, item = a_debtor(acme)
    first = a_queued_mail(acme.id, customer, [item], subject=1)
    second = a_queued_mail(acme.id, customer, [item], subject=2)
    sink.play(Script(rcpt=(Reply(550, "5.1.1 no such user"), Reply(250))))
    assert send(acme) == {"refused_perm": 1, "stopped": 1}
    assert reasons_of(first) == ["address_is_dead"]
    assert reasons_of(second) == ["suppressed"]
    assert send(acme, MOMENT + timedelta(days=2)) == {}
    hold_invariants(acme, sink)


def test_s03_refused_after_the_dot_is_refused_and_not_uncertain(acme: Company, sink: SmtpServer) -> None:
    intent = a_mail(acme)
    sink.play(Script(dot=Reply(554, "5.7.1 smells of spam")))
    assert send(acme) == {"refused_perm": 1}
    assert reasons_of(intent) == ["message"]
    assert not sink.mails
    hold_invariants(acme, sink)


def test_s23_a_provider_that_takes_ten_a_second_gets_no_more(acme: Company, sink: SmtpServer) -> None:
    for number in range(6):
        a_mail(acme, str(10001 + number))
    with override_settings(MAILS_PER_SECOND=10):
        began = time.monotonic()
        assert send(acme) == {"accepted": 6}
        assert time.monotonic() - began >= 0.6
    hold_invariants(acme, sink)


def test_s23_two_workers_do_not_share_the_pace(acme: Company, sink: SmtpServer, server: Server) -> None:
    """The second one's round ends at once; the mails stay for the first."""
    mail = a_mail(acme)
    found = server.credentials("app", str(connection.settings_dict["NAME"]))
    held = psycopg.connect(**found.kwargs(), autocommit=True)
    held.execute("select pg_advisory_lock(hashtextextended('debitora.pace', %s))", [acme.id])
    with override_settings(MAILS_PER_SECOND=10):
        assert send(acme) == {}
        assert state_of(mail) == "queued"
        held.close()
        assert send(acme) == {"accepted": 1}


@pytest.mark.parametrize("phase", ["greeting", "ehlo", "mail", "rcpt", "data"])
@pytest.mark.parametrize("fault", [Stall(), Cut(), Cut(reset=True)], ids=["stall", "cut", "reset"])
def test_s04_silence_before_the_dot_is_tried_again(
    acme: Company, sink: SmtpServer, phase: str, fault: Stall | Cut
) -> None:
    intent = a_mail(acme)
    sink.play(Script(**{phase: fault}), Script())
    assert send(acme) == {"refused_temp": 1}
    assert not sink.mails
    assert send(acme, MOMENT + RETRY_DELAYS[0]) == {"accepted": 1}
    assert state_of(intent) == "accepted"
    hold_invariants(acme, sink)


@pytest.mark.parametrize(
    "fault", [Cut(keep=True), Cut(keep=False), Stall(keep=True), Stall(keep=False), Reply(354, "again?")]
)
def test_s05_silence_after_the_dot_is_uncertain(
    acme: Company, sink: SmtpServer, fault: Cut | Stall | Reply
) -> None:
    intent = a_mail(acme)
    sink.play(Script(dot=fault), Script())
    assert send(acme) == {"uncertain": 1}
    for days in range(1, 4):
        assert send(acme, MOMENT + timedelta(days=days)) == {}
    assert state_of(intent) == "uncertain"
    assert len(sink.mails) <= 1
    hold_invariants(acme, sink)


def test_s05_a_person_lets_it_go_again_under_the_same_message_id(acme: Company, sink: SmtpServer) -> None:
    intent = a_mail(acme)
    sink.play(Script(dot=Cut(keep=True)), Script())
    send(acme)
    settle(company=acme.id, intent=intent.id, finding="resend", note="Not in his inbox", by=TESTS, at=MOMENT)
    assert send(acme) == {"accepted": 1}
    first, second = sink.mails
    assert first.data == second.data
    hold_invariants(acme, sink, most_per_mail=2)


@pytest.mark.parametrize(("finding", "state"), [("sent", "accepted"), ("dropped", "cancelled")])
def test_s05_a_person_settles_it_without_sending(
    acme: Company, sink: SmtpServer, finding: str, state: str
) -> None:
    intent = a_mail(acme)
    sink.play(Script(dot=Cut()), Script())
    send(acme)
    settle(company=acme.id, intent=intent.id, finding=finding, note="She has called", by=TESTS, at=MOMENT)
    assert send(acme) == {}
    assert state_of(intent) == state
    assert not sink.mails
    hold_invariants(acme, sink)


def test_s06_every_recipient_has_a_state_of_his_own(acme: Company, sink: SmtpServer) -> None:
    customer, item = a_debtor(acme)
    other, _ = a_debtor(acme, "10002")
    first = a_queued_mail(acme.id, customer, [item], subject=1)
    second = a_queued_mail(acme.id, other, subject=2)
    sink.play(Script(rcpt=(Reply(250), Reply(550, "5.1.1 unknown"))))
    assert send(acme) == {"accepted": 1, "refused_perm": 1}
    assert (state_of(first), state_of(second)) == ("accepted", "refused_perm")
    hold_invariants(acme, sink)


def test_a_server_that_is_down_costs_one_message_a_try_and_the_others_nothing(
    acme: Company, sink: SmtpServer
) -> None:
    mails = [a_mail(acme, str(10001 + number)) for number in range(5)]
    sink.play(Script(greeting=Reply(421, "not now")), Script())
    assert send(acme) == {"refused_temp": 1}
    assert [state_of(mail) for mail in mails] == ["refused_temp", *["queued"] * 4]
    assert send(acme) == {"accepted": 4}
    hold_invariants(acme, sink)


def test_a_connection_closed_between_two_mails_is_opened_again(acme: Company, sink: SmtpServer) -> None:
    for number in range(4):
        a_mail(acme, str(10001 + number))
    sink.play(Script(mail=(None, None, Reply(421, "two are enough"))), Script())
    assert send(acme) == {"accepted": 4}
    assert sink.connections == 2
    hold_invariants(acme, sink)


def test_a_server_that_fails_midway_gives_the_rest_back(acme: Company, sink: SmtpServer) -> None:
    mails = [a_mail(acme, str(10001 + number)) for number in range(4)]
    sink.play(Script(rcpt=(None, Cut())), Script(greeting=Reply(554, "go away")))
    assert send(acme) == {"accepted": 1, "refused_temp": 1}
    assert [state_of(mail) for mail in mails] == ["accepted", "refused_temp", "queued", "queued"]
    hold_invariants(acme, sink)


def test_a_refused_sender_locks_sending_after_one_mail(acme: Company, sink: SmtpServer) -> None:
    mails = [a_mail(acme, str(10001 + number)) for number in range(4)]
    sink.play(Script(mail=Reply(550, "5.7.1 sender not allowed")))
    assert send(acme) == {"refused_perm": 1}
    assert send(acme) == {}
    assert [state_of(mail) for mail in mails][1:] == ["queued"] * 3


def test_s12_a_line_break_in_a_subject_or_name_begins_no_header(acme: Company, sink: SmtpServer) -> None:
    """The bytes are composed by messaging.rules.mail, which refuses; an address that smuggles is refused as well."""
    customer, item = a_debtor(acme)
    intent = a_queued_mail(acme.id, customer, [item])
    with transaction.atomic():
        Intent.objects.filter(id=intent.id).update(recipient="a@kunde.example>\r\nRCPT TO:<b@evil.example")
    assert send(acme) == {"stopped": 1}
    assert reasons_of(intent) == ["address_refused"]
    assert not any("evil" in line for line in sink.commands())


@pytest.mark.parametrize(
    "address",
    [
        "a@x.example,b@y.example",
        '"quoted part"@x.example',
        "ä@x.example",
        "",
        "a@straße.example",
        "a@@x.example",
    ],
)
def test_s13_what_is_not_exactly_one_address_is_not_written_to(
    acme: Company, sink: SmtpServer, address: str
) -> None:
    intent = a_mail(acme)
    with transaction.atomic():
        Intent.objects.filter(id=intent.id).update(recipient=address)
    assert send(acme) == {"stopped": 1}
    assert not any(line.startswith("RCPT") for line in sink.commands())


@pytest.mark.parametrize(
    ("address", "on_the_wire"),
    [
        ("o'brien+tag=1@kunde.example", "o'brien+tag=1@kunde.example"),
        ("Max.MUSTER@Kunde.Example", "Max.MUSTER@Kunde.Example"),
        ("post@müller.example", "post@xn--mller-kva.example"),
        (f"{'l' * 64}@{'d' * 60}.{'e' * 60}.example", f"{'l' * 64}@{'d' * 60}.{'e' * 60}.example"),
    ],
)
def test_s13_the_mail_goes_to_exactly_the_recorded_address(
    acme: Company, sink: SmtpServer, address: str, on_the_wire: str
) -> None:
    customer, item = a_debtor(acme, email=address)
    a_queued_mail(acme.id, customer, [item])
    assert send(acme) == {"accepted": 1}
    assert sink.mails[0].recipients == (on_the_wire,)
    hold_invariants(acme, sink)


def test_s15_a_copied_database_sends_nothing_until_an_operator_confirms(
    acme: Company, sink: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = a_mail(acme)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "documents").symlink_to(Path(os.environ["DEBITORA_HOME"]) / "documents")
    monkeypatch.setenv("DEBITORA_HOME", str(copy))
    assert send(acme) == {}
    assert state_of(intent) == "queued"
    assert sink.connections == 0
    confirm_installation(at=MOMENT)
    assert send(acme) == {"accepted": 1}


def test_s15_a_test_system_writes_only_to_whom_it_may(acme: Company, sink: SmtpServer) -> None:
    save_sender(company=acme.id, changes={"only_allowed": True}, by=TESTS, at=MOMENT)
    allow_recipient(company=acme.id, pattern="@ours.example", by=TESTS, at=MOMENT)
    customer, item = a_debtor(acme)
    ours, item_of_ours = a_debtor(acme, "10002", email="test@ours.example")
    a_queued_mail(acme.id, customer, [item], subject=1)
    a_queued_mail(acme.id, ours, [item_of_ours], subject=2)
    assert send(acme) == {"stopped": 1, "accepted": 1}
    assert [mail.recipients for mail in sink.mails] == [("test@ours.example",)]
    hold_invariants(acme, sink)
