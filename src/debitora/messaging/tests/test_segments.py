"""A message to many customers: who gets it and who not, each once, in her language; tried, stopped, and refused when it cannot go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client

from debitora.kit.runtime import clock_at
from debitora.messaging.actions import lock_sending, send_due
from debitora.messaging.actions.optouts import end_by_hand
from debitora.messaging.actions.segments import (
    NobodyToWriteTo,
    NothingToSay,
    SegmentNotADraft,
    SegmentNotSending,
    SendingNotReady,
    WordingHasFaults,
    add_segment,
    cancel_segment,
    make_segment,
    save_segment,
    start_segment,
    try_segment,
)
from debitora.messaging.models import Attempt, Intent, Segment, SegmentReceiver
from debitora.messaging.queries.segments import forecast, result_of
from debitora.messaging.rules.segments import Receiver, Wording, outcome_of, spoken_to, standing_of
from debitora.messaging.testing import MOMENT, TESTS, a_queued_mail, a_sender
from debitora.people.models import Company, User
from debitora.receivables.actions import park_customer
from debitora.receivables.testing import a_customer
from tests.smtp_server import SmtpServer

Sign = Callable[[Any], Client]
ON = date(2026, 11, 18)
PAGE = "/c/acme/segments/"
ANNA = Receiver(1, 1, "10001", "Anna", "anna@x.example", "de", parked=False)
TEXTS = {
    "de": Wording("Rechnungen an {{ customer.name }}", "Guten Tag,\n\nbitte stellen Sie um."),
    "en": Wording("Invoices for {{ customer.name }}", "Dear {{ customer.number }},\n\nplease switch."),
}


def a_segment(company: Company, *, query: str = "", quiet_days: int = 7) -> Segment:
    made = add_segment(company=company, name=" E-invoices ", query=query, by=TESTS, at=MOMENT)
    save_segment(segment=made.id, name="E-invoices", quiet_days=quiet_days, texts=TEXTS, by=TESTS, at=MOMENT)
    return Segment.objects.get(id=made.id)


@pytest.fixture
def customers(company: Company) -> dict[str, int]:
    """One to write to in German, one in French, one without address, one parked."""
    found = {
        "german": a_customer(company.id, "1", name="Eins & Co", email="eins@x.example", language="de"),
        "french": a_customer(company.id, "2", name="Deux", email="deux@x.example", language="fr"),
        "silent": a_customer(company.id, "3", name="Drei"),
        "parked": a_customer(company.id, "4", name="Vier", email="vier@x.example"),
    }
    park_customer(company=company.id, customer=found["parked"], reason="test", by=TESTS, at=MOMENT)
    return found


def started(company: Company, segment: Segment) -> int:
    return start_segment(company=company, segment=segment.id, on=ON, by=TESTS, at=MOMENT)


def made(company: Company, segment: Segment) -> None:
    make_segment(company=company, segment=segment.id, by=TESTS, clock=lambda: MOMENT)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "queued"),
        ({"email": ""}, "no_address"),
        ({"email": "dead@x.example"}, "dead_address"),
        ({"email": "No@x.example"}, "opted_out"),
        ({"parked": True}, "parked"),
        ({"customer": 7}, "contacted"),
        ({"customer": 7, "email": ""}, "no_address"),
    ],
)
def test_who_gets_it(changes: dict[str, Any], outcome: str) -> None:
    given = {name: getattr(ANNA, name) for name in ANNA.__slots__} | changes
    known = {"dead": {"dead@x.example"}, "declined": {"no@x.example"}, "contacted": {7}}
    assert outcome_of(standing_of(Receiver(**given), **known), languages=["de"]) == outcome
    assert outcome_of(standing_of(ANNA, **known), languages=[]) == "no_text"


def test_in_which_language() -> None:
    assert spoken_to(ANNA, TEXTS, usual="en") == "de"
    assert spoken_to(ANNA, {"en": TEXTS["en"], "fr": TEXTS["de"]}, usual="fr") == "fr"
    assert spoken_to(ANNA, {"en": TEXTS["en"]}, usual="nl") == "en"


def test_each_gets_it_once_in_her_language_and_the_others_are_told_why(
    company: Company, customers: dict[str, int]
) -> None:
    segment = a_segment(company)
    before = forecast(company=company, segment=segment, on=ON)
    assert before.outcomes == {"queued": 2, "no_address": 1, "parked": 1}
    assert before.languages == {"de": 1, "fr": 1}
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        assert started(company, segment) == 4
        for _twice in range(2):
            made(company, segment)
            send_due(company=company.id, clock=lambda: MOMENT)
    mails = {
        mail.recipients[0]: message_from_bytes(mail.data, policy=policy.default) for mail in server.mails
    }
    assert len(server.mails) == 2
    assert mails["eins@x.example"]["Subject"] == "Rechnungen an Eins & Co"
    html = mails["eins@x.example"].get_body(("html",))
    assert html is not None
    assert "bitte stellen Sie um." in html.get_content()
    assert mails["deux@x.example"]["Subject"] == "Rechnungen an Deux"  # the company's language
    result = result_of(segment=segment.id)
    assert (result.outcomes, result.states) == ({"no_address": 1, "parked": 1, "queued": 2}, {"accepted": 2})
    assert Segment.objects.get().state == "sent"


def test_whoever_was_contacted_lately_is_spared(company: Company, customers: dict[str, int]) -> None:
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_queued_mail(company.id, customers["german"])
        send_due(company=company.id, clock=lambda: MOMENT)
    for quiet_days, outcomes in ((7, 1), (0, 2)):
        segment = a_segment(company, quiet_days=quiet_days)
        assert forecast(company=company, segment=segment, on=ON).outcomes["queued"] == outcomes
    later = forecast(company=company, segment=a_segment(company), on=ON + timedelta(days=7))
    assert later.outcomes["queued"] == 2


def test_only_whom_the_list_finds(company: Company, customers: dict[str, int]) -> None:
    a_sender(company.id)
    segment = a_segment(company, query="reachable=yes&text=Deux&nonsense=1")
    assert started(company, segment) == 1
    assert SegmentReceiver.objects.get().customer_id == customers["french"]
    with pytest.raises(NobodyToWriteTo):
        started(company, a_segment(company, query="text=nobody"))


def test_it_starts_once_and_only_when_it_can_go(company: Company, customers: dict[str, int]) -> None:
    segment = a_segment(company)
    with pytest.raises(SendingNotReady):
        started(company, segment)
    a_sender(company.id)
    empty = add_segment(company=company, name="Empty", query="", by=TESTS, at=MOMENT)
    with pytest.raises(NothingToSay):
        started(company, empty)
    started(company, segment)
    with pytest.raises(SegmentNotADraft):
        started(company, segment)
    with pytest.raises(SegmentNotADraft):
        save_segment(segment=segment.id, name="Other", quiet_days=0, texts=TEXTS, by=TESTS, at=MOMENT)
    lock_sending(company=company.id, note="", by=TESTS, at=MOMENT)
    with pytest.raises(SendingNotReady):
        started(company, a_segment(company))


def test_a_text_that_cannot_be_filled_is_not_kept(company: Company) -> None:
    segment = a_segment(company)
    wrong = {"de": Wording("{{ notice.total }}", "{% include 'x' %}")}
    with pytest.raises(WordingHasFaults) as refused:
        save_segment(segment=segment.id, name="x", quiet_days=0, texts=wrong, by=TESTS, at=MOMENT)
    assert {(language, field) for language, field, _fault in refused.value.faults} == {
        ("de", "subject"),
        ("de", "body"),
    }


def test_stopping_takes_back_what_has_not_left(company: Company, customers: dict[str, int]) -> None:
    a_sender(company.id)
    segment = a_segment(company)
    with pytest.raises(SegmentNotSending):
        cancel_segment(segment=segment.id, by=TESTS, at=MOMENT)
    started(company, segment)
    made(company, segment)
    assert cancel_segment(segment=segment.id, by=TESTS, at=MOMENT) == 2
    made(company, segment)
    assert set(Intent.objects.values_list("state", "stop_reason")) == {("cancelled", "segment_cancelled")}
    with pytest.raises(SegmentNotSending):
        cancel_segment(segment=segment.id, by=TESTS, at=MOMENT)
    other = a_segment(company)
    started(company, other)
    assert cancel_segment(segment=other.id, by=TESTS, at=MOMENT) == 0
    made(company, other)
    assert result_of(segment=other.id).waiting == 4


def test_a_test_goes_to_oneself_only(company: Company, customers: dict[str, int]) -> None:
    segment = a_segment(company)
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        known = {"company": company, "segment": segment.id, "at": MOMENT, "address": "me@acme.example"}
        assert try_segment(customer=customers["german"], **known)
        with pytest.raises(NothingToSay):
            try_segment(customer=2**40, **known)
    [mail] = server.mails
    assert mail.recipients == ("me@acme.example",)
    assert b"eins@x.example" not in mail.data
    assert not Intent.objects.exists()


def test_from_the_list_to_the_result(
    client_of: Sign, company: Company, manager: User, auditor: User, customers: dict[str, int]
) -> None:
    a_sender(company.id)
    client = client_of(manager)
    assert (
        "/c/acme/segments/new/?reachable=yes"
        in client.get("/c/acme/customers/?reachable=yes").content.decode()
    )
    assert "finds 3 customers" in client.get(f"{PAGE}new/?reachable=yes").content.decode()
    assert client.post(f"{PAGE}added/", {"name": "", "query": ""}).status_code == 422
    here = client.post(f"{PAGE}added/", {"name": "E-invoices", "query": "reachable=yes"}).headers["Location"]
    wording = {
        "name": "E-invoices",
        "quiet_days": "7",
        "purpose": "optional",
        "subject_en": "Hi {{ customer.name }}",
        "body_en": "Please.",
    }
    for wrong in (
        {"subject_en": ""},
        {"quiet_days": "-1"},
        {"body_en": "{{ nobody }}"},
        {"name": ""},
        {"purpose": "x"},
    ):
        assert client.post(f"{here}texts/", {**wording, **wrong}).status_code == 422
    assert client.post(f"{here}texts/", wording).status_code == 303
    page = client.get(f"{here}?customer={customers['french']}").content.decode()
    assert "Hi Deux" in page
    with clock_at(MOMENT):
        assert client.post(f"{here}start/").status_code == 303
    made(company, Segment.objects.get())
    assert "Waiting" in client.get(here).content.decode()
    assert "E-invoices" in client_of(auditor).get(PAGE).content.decode()
    assert client.post(f"{here}start/", follow=True).status_code == 200
    assert client.post(f"{here}cancellation/").status_code == 303
    assert Segment.objects.get().state == "cancelled"


def test_the_forecast_counts_as_the_making_decides(company: Company, customers: dict[str, int]) -> None:
    """What is counted over all at once, and what is decided for each, is one answer, whatever stands against somebody."""
    with SmtpServer() as server:
        a_sender(company.id, port=server.port)
        a_queued_mail(company.id, customers["german"])
        send_due(company=company.id, clock=lambda: MOMENT)
    dead = a_customer(company.id, "5", name="Fünf", email="dead@x.example")
    refused = a_queued_mail(company.id, dead, subject=2)
    Attempt.objects.create(
        company=company,
        intent=refused,
        state="refused_perm",
        reason="address_is_dead",
        actor_label="test",
        recorded_at=MOMENT,
    )
    a_customer(company.id, "6", name="Sechs", email="Six@x.example")
    spared = a_customer(company.id, "7", name="Sieben", email="six@x.example")
    end_by_hand(company=company.id, customer=spared, ended=True, by=TESTS, at=MOMENT)
    for purpose in ("optional", "contract"):
        segment = a_segment(company)
        Segment.objects.filter(id=segment.id).update(purpose=purpose)
        before = forecast(company=company, segment=Segment.objects.get(id=segment.id), on=ON)
        started(company, segment)
        made(company, segment)
        assert result_of(segment=segment.id).outcomes == before.outcomes
        assert before.found == sum(before.outcomes.values()) == 7
        cancel_segment(segment=segment.id, by=TESTS, at=MOMENT)
    assert before.outcomes == {"queued": 3, "no_address": 1, "dead_address": 1, "parked": 1, "contacted": 1}
