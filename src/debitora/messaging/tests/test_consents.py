"""Consent by the link of a message: one click, kept once, taken back, shown on the sheet; and nothing for a link that is not ours."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.kit.marks import marked
from debitora.kit.runtime import clock_at
from debitora.messaging.actions.consents import answer_consent
from debitora.messaging.actions.segments import add_segment, make_segment, save_segment, start_segment
from debitora.messaging.models import Consent, SegmentReceiver
from debitora.messaging.queries.consents import agreed_of, consent_link
from debitora.messaging.rules.segments import Wording, wording_faults
from debitora.messaging.testing import MOMENT, TESTS, a_sender
from debitora.messaging.tests.test_segments import ON
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer
from debitora.trail.models import Record

ClientOf = Callable[[User], Client]
TEXT = Wording("Rechnungen", "Bitte stimmen Sie zu: {{ consent.link }}")


@pytest.fixture
def receiver(company: Company) -> SegmentReceiver:
    """A customer whose message with a link was made."""
    a_sender(company.id)
    a_customer(company.id, "10001", name="Berg", email="berg@x.example", language="de")
    made = add_segment(company=company, name="E-invoices", query="", by=TESTS, at=MOMENT)
    save_segment(segment=made.id, name="E-invoices", quiet_days=0, texts={"de": TEXT}, by=TESTS, at=MOMENT)
    start_segment(company=company, segment=made.id, on=ON, by=TESTS, at=MOMENT)
    make_segment(company=company, segment=made.id, by=TESTS, clock=lambda: MOMENT)
    return SegmentReceiver.objects.get()


def path_of(company: Company, receiver: SegmentReceiver) -> str:
    return (
        consent_link(company, receiver.id).partition("/c/")[1]
        + consent_link(company, receiver.id).partition("/c/")[2]
    )


def kinds() -> list[str]:
    return list(Consent.objects.order_by("id").values_list("kind", flat=True))


def test_the_mail_carries_the_link_of_its_receiver(company: Company, receiver: SegmentReceiver) -> None:
    assert receiver.intent is not None
    assert receiver.intent.body is not None
    mail = message_from_bytes(read_bytes(receiver.intent.body), policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert consent_link(company, receiver.id) in body.get_content()
    assert not list(wording_faults(TEXT))


def test_one_click_agrees_looking_does_not_and_it_is_taken_back(
    company: Company, receiver: SegmentReceiver
) -> None:
    reader, path = Client(), path_of(company, receiver)
    with clock_at(MOMENT):
        page = reader.get(path).content.decode()
        assert "Rechnungen per E-Mail?" in page
        assert "berg@x.example" in page
        assert kinds() == []
        for _twice in range(2):
            assert "Danke" in reader.post(path, {"answer": "give"}).content.decode()
        assert kinds() == ["given"]
        assert "zurückgenommen" in reader.post(path, {"answer": "withdraw"}).content.decode()
        reader.post(path, {"answer": "give"})
    assert kinds() == ["given", "withdrawn", "given"]
    agreed = agreed_of(customer=receiver.customer_id)
    assert agreed is not None
    assert (agreed.given, agreed.email, agreed.at) == (True, "berg@x.example", MOMENT)
    told = Record.objects.filter(verb__startswith="consent.").order_by("id").values_list("verb", flat=True)
    assert list(told) == ["consent.given", "consent.withdrawn", "consent.given"]


def test_nothing_is_taken_back_that_was_not_given(company: Company, receiver: SegmentReceiver) -> None:
    assert not answer_consent(company=company.id, receiver=receiver.id, given=False, at=MOMENT)
    assert kinds() == []


def test_a_link_that_is_not_ours_is_not_there(
    company: Company, other_company: Company, receiver: SegmentReceiver
) -> None:
    good, reader = path_of(company, receiver), Client()
    foreign = marked(receiver.id, about=f"messaging.consent/{other_company.id}")
    unknown = marked(receiver.id + 1, about=f"messaging.consent/{company.id}")
    for path in (
        good.replace("/acme/", f"/{other_company.code}/"),
        good.replace("/acme/", "/nowhere/"),
        f"/c/acme/consent/{foreign}/",
        f"/c/acme/consent/{unknown}/",
        f"/c/acme/consent/{receiver.id}-aaaaaaaaaaaaaaaaaaaaaaaaaa/",
        "/c/acme/consent/nonsense/",
    ):
        assert reader.get(path).status_code == reader.post(path).status_code == 404, path
    assert kinds() == []


def test_the_sheet_shows_what_was_said_last(
    company: Company, receiver: SegmentReceiver, manager: User, client_of: ClientOf
) -> None:
    answer_consent(company=company.id, receiver=receiver.id, given=True, at=MOMENT)
    panel = f"/c/acme/customers/{receiver.customer_id}/deliveries/"
    assert "Invoices by e-mail: agreed" in client_of(manager).get(panel).content.decode()
    answer_consent(company=company.id, receiver=receiver.id, given=False, at=MOMENT)
    assert "Invoices by e-mail: taken back" in client_of(manager).get(panel).content.decode()


def test_an_answer_is_never_changed(company: Company, receiver: SegmentReceiver) -> None:
    answer_consent(company=company.id, receiver=receiver.id, given=True, at=MOMENT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.update(kind="withdrawn")
