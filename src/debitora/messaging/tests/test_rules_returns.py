"""What a delivery report means for a message, and which reports are not believed (S08, S09, S10)."""

from __future__ import annotations

from uuid import UUID

import pytest

from debitora.formats.mail.incoming import read_incoming
from debitora.formats.mail.reports import Outcome, Report
from debitora.messaging.rules.returns import (
    IncomingState,
    found_about,
    found_without_message,
    is_storm,
    own_ids,
    reason_of,
)
from debitora.messaging.rules.states import State
from debitora.messaging.testing import a_report

OWN = UUID("0b9f4a52-7c1e-4d8a-9a55-2f0c3d1e4b6a")
NAME = f"<{OWN}@acme.example>"
TO = "payer@debtor.example"


def report(status: str, words: str = "", outcome: Outcome = Outcome.FAILED) -> Report:
    return Report((TO,), outcome, status, words)


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        ("5.1.1", "550 5.1.1 no such user", "address_is_dead"),
        ("5.1.2", "Host unknown", "address_is_dead"),
        ("5.1.10", "RecipientNotFound", "address_is_dead"),
        ("5.1.351", "Remote server returned unknown recipient", "address_is_dead"),
        ("5.2.1", "account is disabled", "address_is_dead"),
        ("5.4.4", "Host or domain name not found", "address_is_dead"),
        ("5.0.0", "550 Unknown user kijitora@example.net", "address_is_dead"),
        ("5.0.0", "550-5.1.1 The account does not exist", "address_is_dead"),
        ("", "550 No such user here", "address_is_dead"),
        ("5.1.7", "bad sender's mailbox", "not_accepted"),
        ("5.1.8", "Domain of sender address does not exist", "not_accepted"),
        ("5.2.2", "mailbox full", "not_accepted"),
        ("5.3.4", "message too big", "not_accepted"),
        ("5.7.1", "smells of spam", "not_accepted"),
        ("5.5.0", "550 Requested action not taken: mailbox unavailable", "not_accepted"),
        ("", "", "not_accepted"),
        ("4.4.7", "message expired", "in_vain"),
        ("4.1.1", "450 4.1.1 User unknown", "in_vain"),
    ],
)
def test_s08_only_a_mailbox_that_is_none_is_called_dead(status: str, words: str, reason: str) -> None:
    assert reason_of(report(status, words)) == reason


@pytest.mark.parametrize(
    ("outcome", "state", "found"),
    [
        (Outcome.FAILED, State.ACCEPTED, IncomingState.RETURNED),
        (Outcome.FAILED, State.UNCERTAIN, IncomingState.RETURNED),
        (Outcome.FAILED, State.RETURNED, IncomingState.NOTHING),
        (Outcome.FAILED, State.QUEUED, IncomingState.NOTHING),
        (Outcome.FAILED, State.CANCELLED, IncomingState.NOTHING),
        (Outcome.FAILED, State.DATA_STARTED, None),
        (Outcome.DELAYED, State.ACCEPTED, IncomingState.DELAYED),
        (Outcome.PASSED, State.ACCEPTED, IncomingState.PASSED),
    ],
)
def test_what_a_report_is_depends_on_where_the_message_stands(
    outcome: Outcome, state: State, found: IncomingState | None
) -> None:
    said = read_incoming(a_report(NAME, TO, action={"passed": "relayed"}.get(outcome, outcome)))
    answer = found_about(said, recipient=TO, state=state)
    assert (answer.state if answer else None) == found


@pytest.mark.parametrize(
    ("recipient", "is_hers"),
    [
        (TO, True),
        ("Payer@Debtor.Example", True),
        ("payer@debtor.example.evil", False),
        ("other@debtor.example", False),
        ("", False),
    ],
)
def test_s09_a_report_about_another_recipient_changes_nothing(recipient: str, is_hers: bool) -> None:
    said = read_incoming(a_report(NAME, TO))
    found = found_about(said, recipient=recipient, state=State.ACCEPTED)
    assert found is not None
    assert found.state == (IncomingState.RETURNED if is_hers else IncomingState.OTHER_RECIPIENT)


def test_s13_an_address_of_letters_beyond_ascii_is_known_by_its_ascii_form() -> None:
    said = read_incoming(a_report(NAME, "post@xn--mller-kva.example"))
    found = found_about(said, recipient="post@müller.example", state=State.ACCEPTED)
    assert found is not None
    assert found.state is IncomingState.RETURNED


@pytest.mark.parametrize(
    "name",
    [
        "<notice-1@acme.example>",
        f"<x{OWN}@acme.example>",
        f"<{str(OWN)[:-1]}@acme.example>",
        f"<{OWN}.1@acme.example>",
        "<>",
    ],
)
def test_s09_only_an_id_of_our_shape_is_looked_up(name: str) -> None:
    assert own_ids(read_incoming(a_report(name, TO))) == []


def test_s09_the_id_is_found_where_servers_put_it() -> None:
    assert own_ids(read_incoming(a_report(NAME, TO))) == [OWN]
    bare = a_report("", TO).replace(b"Subject:", f"In-Reply-To: {NAME}\r\nSubject:".encode())
    assert own_ids(read_incoming(bare)) == [OWN]


def test_a_report_that_changes_nothing_still_says_about_whom_it_is() -> None:
    said = read_incoming(a_report(NAME, TO, words="550 nobody"))
    for found in (
        found_without_message(said),
        found_about(said, recipient="x@y.example", state=State.ACCEPTED),
    ):
        assert found is not None
        assert found.report is not None
        assert (found.report.addresses, found.report.words) == ((TO,), "550 nobody")


def test_s10_what_a_machine_or_a_person_writes_is_about_no_message() -> None:
    away = b"From: a@b.example\nAuto-Submitted: auto-replied\nSubject: Away\n\nBack in May.\n"
    person = b"From: a@b.example\nSubject: Re: Notice\n\nI have paid.\n"
    assert found_without_message(read_incoming(away)).state is IncomingState.AUTOMATIC
    assert found_without_message(read_incoming(person)).state is IncomingState.OTHER
    assert found_without_message(read_incoming(b" ")).state is IncomingState.UNREAD
    assert found_without_message(read_incoming(a_report(NAME, TO))).state is IncomingState.NOT_OURS


@pytest.mark.parametrize(
    ("returned", "left", "storm"),
    [(19, 19, False), (20, 200, True), (20, 201, False), (500, 5000, True), (0, 0, False)],
)
def test_s08_a_storm_is_many_and_a_large_part(returned: int, left: int, storm: bool) -> None:
    assert is_storm(returned=returned, left=left, least=20, percent=10) is storm
