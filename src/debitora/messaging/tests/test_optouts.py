"""No more messages to many: one click ends them for an address, kept once, taken back, shown; notices and needed messages still come."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.kit.marks import marked
from debitora.kit.runtime import clock_at
from debitora.messaging.actions import send_due
from debitora.messaging.actions.optouts import NoAddressToEnd, end_by_hand, end_by_link
from debitora.messaging.actions.segments import add_segment, make_segment, save_segment, start_segment
from debitora.messaging.models import Intent, OptOut, Segment, SegmentReceiver
from debitora.messaging.queries.optouts import declined_among, end_link
from debitora.messaging.queries.segments import forecast
from debitora.messaging.rules.segments import Wording
from debitora.messaging.testing import MOMENT, TESTS, a_queued_mail, a_sender
from debitora.messaging.tests.test_segments import ON
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer
from debitora.trail.models import Record
from tests.smtp_server import SmtpServer

ClientOf = Callable[[User], Client]
TEXTS = {"de": Wording("Neues", "Guten Tag, das ist neu.")}


def a_message(company: Company, *, purpose: str = "optional") -> Segment:
    made = add_segment(company=company, name="News", query="", by=TESTS, at=MOMENT)
    known = {"name": "News", "quiet_days": 0, "texts": TEXTS, "purpose": purpose}
    save_segment(segment=made.id, **known, by=TESTS, at=MOMENT)
    return Segment.objects.get(id=made.id)


def made(company: Company, segment: Segment) -> SegmentReceiver:
    start_segment(company=company, segment=segment.id, on=ON, by=TESTS, at=MOMENT)
    make_segment(company=company, segment=segment.id, by=TESTS, clock=lambda: MOMENT)
    return SegmentReceiver.objects.filter(segment=segment).order_by("id")[0]


@pytest.fixture
def berg(company: Company) -> int:
    a_sender(company.id)
    return a_customer(company.id, "10001", name="Berg", email="Berg@x.example", language="de")


@pytest.fixture
def receiver(company: Company, berg: int) -> SegmentReceiver:
    """A customer whose message was made and has not left."""
    return made(company, a_message(company))


def mail_of(receiver: SegmentReceiver) -> EmailMessage:
    assert receiver.intent is not None
    assert receiver.intent.body is not None
    return message_from_bytes(read_bytes(receiver.intent.body), policy=policy.default)


def path_of(company: Company, receiver: SegmentReceiver) -> str:
    return "/c/" + end_link(company, receiver.id).partition("/c/")[2]


def kinds() -> list[str]:
    return list(OptOut.objects.order_by("id").values_list("kind", flat=True))


def test_a_mail_offers_its_end_in_headers_and_in_both_texts(
    company: Company, receiver: SegmentReceiver
) -> None:
    mail, link = mail_of(receiver), end_link(company, receiver.id)
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert link in body.get_content()
        assert "Keine solchen Nachrichten mehr" in body.get_content()


def test_what_the_contract_needs_offers_no_end_and_reaches_everybody(company: Company, berg: int) -> None:
    end_by_hand(company=company.id, customer=berg, ended=True, by=TESTS, at=MOMENT)
    needed, optional = a_message(company, purpose="contract"), a_message(company)
    assert forecast(company=company, segment=needed, on=ON).outcomes == {"queued": 1}
    assert forecast(company=company, segment=optional, on=ON).outcomes == {"opted_out": 1}
    assert "List-Unsubscribe" not in mail_of(made(company, needed))
    assert made(company, optional).outcome == "opted_out"


def test_looking_is_no_answer_one_click_ends_and_it_is_taken_back(
    company: Company, receiver: SegmentReceiver
) -> None:
    reader, path = Client(), path_of(company, receiver)
    with clock_at(MOMENT):
        assert "berg@x.example" in reader.get(path).content.decode()
        assert reader.head(path).status_code == 200
        assert kinds() == []
        for _twice in range(2):
            answer = reader.post(path, {"List-Unsubscribe": "One-Click"})
            assert "keine Nachrichten dieser Art mehr" in answer.content.decode()
        assert kinds() == ["given"]
        assert reader.post(path, {"answer": "again"}).status_code == 200
    assert kinds() == ["given", "withdrawn"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert declined_among(["berg@x.example"]) == frozenset()
    told = Record.objects.filter(verb__startswith="optout.").order_by("id").values_list("verb", flat=True)
    assert list(told) == ["optout.given", "optout.withdrawn"]


def test_what_waits_to_leave_stays_here_and_a_notice_still_goes(
    company: Company, receiver: SegmentReceiver
) -> None:
    end_by_link(company=company.id, receiver=receiver.id, ended=True, at=MOMENT)
    assert Intent.objects.get().stop_reason == "opted_out"
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_queued_mail(company.id, receiver.customer_id, recipient="Berg@x.example")
        send_due(company=company.id, clock=lambda: MOMENT)
    assert [mail.recipients for mail in server.mails] == [("Berg@x.example",)]


def test_an_address_counts_not_a_customer(company: Company, receiver: SegmentReceiver) -> None:
    a_customer(company.id, "10002", name="Same house", email="BERG@x.example")
    a_customer(company.id, "10003", name="Other house", email="tal@x.example")
    end_by_link(company=company.id, receiver=receiver.id, ended=True, at=MOMENT)
    found = forecast(company=company, segment=a_message(company), on=ON)
    assert found.outcomes == {"opted_out": 2, "queued": 1}


def test_a_link_that_is_not_ours_is_not_there(
    company: Company, other_company: Company, receiver: SegmentReceiver
) -> None:
    good, reader = path_of(company, receiver), Client()
    foreign = marked(receiver.id, about=f"messaging.end_messages/{other_company.id}")
    consent = marked(receiver.id, about=f"messaging.consent/{company.id}")
    unknown = marked(receiver.id + 1, about=f"messaging.end_messages/{company.id}")
    for path in (
        good.replace("/acme/", f"/{other_company.code}/"),
        good.replace("/acme/", "/nowhere/"),
        *(f"/c/acme/messages/end/{mark}/" for mark in (foreign, consent, unknown, "nonsense")),
    ):
        assert reader.get(path).status_code == reader.post(path).status_code == 404, path
    assert kinds() == []


def test_a_person_writes_down_what_she_was_told(
    company: Company, berg: int, manager: User, auditor: User, client_of: ClientOf
) -> None:
    silent = a_customer(company.id, "10004", name="No address")
    with pytest.raises(NoAddressToEnd):
        end_by_hand(company=company.id, customer=silent, ended=True, by=TESTS, at=MOMENT)
    client, panel, there = client_of(manager), "deliveries/", "messages/end/"
    sheet = f"/c/acme/customers/{berg}/"
    assert "She wants no messages to many" in client.get(f"{sheet}{panel}").content.decode()
    assert client.post(f"{sheet}{there}", {"answer": "end"}).status_code == 303
    assert "She wants them again" in client.get(f"{sheet}{panel}").content.decode()
    watching = client_of(auditor)
    assert "She wants them again" not in watching.get(f"{sheet}{panel}").content.decode()
    assert watching.post(f"{sheet}{there}", {"answer": "again"}).status_code == 403
    assert client.post(f"{sheet}{there}", {"answer": "again"}).status_code == 303
    assert kinds() == ["given", "withdrawn"]
    assert client.post(f"/c/acme/customers/{silent}/{there}").status_code == 303


def test_the_sheet_names_the_message_by_which_it_was_said(
    company: Company, receiver: SegmentReceiver, manager: User, client_of: ClientOf
) -> None:
    end_by_link(company=company.id, receiver=receiver.id, ended=True, at=MOMENT)
    panel = client_of(manager).get(f"/c/acme/customers/{receiver.customer_id}/deliveries/").content.decode()
    assert "by the link in News" in panel


def test_what_was_said_is_never_changed(company: Company, receiver: SegmentReceiver) -> None:
    end_by_link(company=company.id, receiver=receiver.id, ended=True, at=MOMENT)
    with pytest.raises(DatabaseError), transaction.atomic():
        OptOut.objects.update(kind="withdrawn")
