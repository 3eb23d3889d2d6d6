"""The recipient ladder: a step writes to accounts payable, management or who signed, else to the next above, else to the customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from debitora.documents.queries import read_bytes
from debitora.dunning.actions import follow, release_run
from debitora.dunning.models import Notice
from debitora.dunning.queries.addressee import Addressee, addressee
from debitora.dunning.queries.contents import contents
from debitora.dunning.queries.lists import notice_row
from debitora.dunning.queries.notices import runs_to_release, waiting_for_recipient
from debitora.dunning.queries.papers import messages_of
from debitora.dunning.rules.policy import Channel, WrittenTo
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.presets import preset
from debitora.dunning.templatetags.strategy_prose import prose
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_released_run, a_run, a_strategy
from debitora.dunning.tests.test_strategy_pages import here
from debitora.messaging.actions.intents import move
from debitora.messaging.models import Intent
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.messaging.rules.recheck import Reason, recheck
from debitora.messaging.rules.states import Event
from debitora.people.models import Company, User
from debitora.receivables.actions import edit_customer, end_contact, keep_contact
from debitora.receivables.models import Contact, Customer, ItemState

BASE = preset("de-business")
HOME = {"street": "Weg 1", "postcode": "10115", "city": "Berlin"}
LATER = MOMENT + timedelta(hours=1)


def writes_to(company: Company, to: WrittenTo, channel: Channel = Channel.MAIL) -> None:
    first = replace(BASE.steps[0], to=to, channel=channel)
    a_strategy(company, kind="business", steps=(first, *BASE.steps[1:]))


def a_contact(company: Company, customer: int, role: str, email: str = "") -> Contact:
    return keep_contact(
        company=company.id,
        customer=customer,
        role=role,
        name=f"Frau {role}",
        email=email,
        by=TESTS,
        at=MOMENT,
    )


def told() -> Addressee | None:
    notice = Notice.objects.order_by("-id")[0]
    return addressee(notice=notice, sent=messages_of(notice=notice.id))


def stops(intent: Intent) -> list[Reason]:
    found = recheck(conditions_of(intent), facts_now(intent, at=LATER))
    return [one.reason for one in found]


def test_a_step_writes_to_the_contact_in_its_role(acme: Company) -> None:
    writes_to(acme, WrittenTo.MANAGEMENT)
    customer = a_late_payer(acme)
    a_contact(acme, customer, "payables", "ap@debtor.example")
    a_contact(acme, customer, "management", "boss@debtor.example")
    a_released_run(acme)
    sent = Intent.objects.get()
    assert (sent.recipient, sent.contact_id) == (
        "boss@debtor.example",
        Contact.objects.get(role="management").id,
    )
    assert told() == Addressee("management", "management", "Frau management")
    assert Reason.RECIPIENT_CHANGED not in stops(sent)


def test_the_next_above_reads_what_nobody_is_there_for(acme: Company) -> None:
    writes_to(acme, WrittenTo.PAYABLES)
    customer = a_late_payer(acme)
    a_contact(acme, customer, "signer", "signer@debtor.example")
    a_run(acme)
    before = told()
    assert before is not None
    assert (before.role, before.fell_back) == ("signer", True)
    a_released_run(acme)
    assert Intent.objects.get().recipient == "signer@debtor.example"


def test_without_any_contact_the_customer_reads_it_and_the_page_says_so(
    acme: Company, clerk: User, client_of: Callable[[User], Client]
) -> None:
    writes_to(acme, WrittenTo.SIGNER)
    customer = a_late_payer(acme)
    a_contact(acme, customer, "payables", "ap@debtor.example")
    a_released_run(acme)
    assert (Intent.objects.get().recipient, Intent.objects.get().contact_id) == (
        "payer10001@debtor.example",
        None,
    )
    assert told() == Addressee("signer", "", "")
    page = client_of(clerk).get(here("notice", Notice.objects.get().id)).content.decode()
    assert "Meant for: Who signed the contract" in page


def test_a_contact_without_a_mail_address_is_named_on_the_letter(acme: Company) -> None:
    writes_to(acme, WrittenTo.PAYABLES, Channel.LETTER)
    customer = a_late_payer(acme, **HOME, contact_name="Herr Alt")
    a_contact(acme, customer, "payables")
    a_released_run(acme)
    notice = Notice.objects.get()
    recipient = contents(notices=[notice.id])[notice.id].recipient
    assert recipient.address(home="DE", language="de")[1] == "Frau payables"
    assert (recipient.email, recipient.contact) == ("payer10001@debtor.example", None)
    document = Intent.objects.get().document
    assert document is not None
    assert read_bytes(document).startswith(b"%PDF")


def test_a_contact_alone_is_enough_to_be_reached(acme: Company) -> None:
    writes_to(acme, WrittenTo.PAYABLES)
    customer = a_late_payer(acme, email="")
    a_contact(acme, customer, "payables", "ap@debtor.example")
    a_run(acme)
    row = notice_row(notice=Notice.objects.get().id)
    assert row is not None
    assert (row.way, row.state) == ("mail", "proposed")


def test_a_notice_without_recipient_is_made_when_somebody_to_write_to_is_kept(acme: Company) -> None:
    writes_to(acme, WrittenTo.PAYABLES)
    customer = a_late_payer(acme, email="")
    run = a_released_run(acme)
    assert [one.customer for one in waiting_for_recipient()] == [customer]
    assert runs_to_release() == []
    keep_contact(company=acme.id, customer=customer, role="signer", name="Frau Ott", by=TESTS, at=LATER)
    assert (waiting_for_recipient(), runs_to_release()) == ([], [run])
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: LATER) == {"no_recipient": 1}
    assert runs_to_release() == []  # she has no address: nothing is tried again and again
    assert [one.customer for one in waiting_for_recipient()] == [customer]
    later = LATER + timedelta(hours=1)
    keep_contact(
        company=acme.id,
        customer=customer,
        role="payables",
        name="Frau Kant",
        email="ap@debtor.example",
        by=TESTS,
        at=later,
    )
    assert runs_to_release() == [run]
    assert release_run(company=acme, run=run, by=TESTS, clock=lambda: later) == {"rendered": 1}
    assert Intent.objects.get().recipient == "ap@debtor.example"
    assert (waiting_for_recipient(), runs_to_release()) == ([], [])


@pytest.mark.parametrize("replaced", [False, True])
def test_a_contact_who_has_gone_is_not_written_to(acme: Company, replaced: bool) -> None:
    writes_to(acme, WrittenTo.PAYABLES)
    customer = a_late_payer(acme)
    contact = a_contact(acme, customer, "payables", "ap@debtor.example")
    a_released_run(acme)
    if replaced:
        a_contact(acme, customer, "payables", "new@debtor.example")
    else:
        end_contact(company=acme.id, contact=contact.id, by=TESTS, at=LATER)
    assert Reason.RECIPIENT_CHANGED in stops(Intent.objects.get())


def test_h11_whoever_moved_in_the_gap_is_never_written_to_where_she_was(acme: Company) -> None:
    customer = a_late_payer(acme, email="old@debtor.example")
    a_released_run(acme)
    sent, found = Intent.objects.get(), Customer.objects.get(id=customer)
    changes = {"name": "Merged GmbH", "email": "new@debtor.example"}
    edit_customer(
        company=acme.id, customer=customer, version=found.version, changes=changes, by=TESTS, at=LATER
    )
    assert Reason.RECIPIENT_CHANGED in stops(sent)
    other = a_late_payer(acme, "20002")
    with pytest.raises(ProgrammingError), transaction.atomic():
        ItemState.objects.filter(customer_id=customer).update(customer_id=other)
    move(sent, Event.CANCEL, by=TESTS, at=LATER)
    follow(company=acme, by=TESTS, at=LATER)
    a_released_run(acme, at=LATER)
    assert Intent.objects.filter(customer_id=customer, state="queued").get().recipient == "new@debtor.example"


def test_the_ladder_is_kept_in_the_file_and_said_in_prose() -> None:
    assert "to" not in as_document(BASE)["steps"][0]
    policy = replace(BASE, steps=(replace(BASE.steps[0], to=WrittenTo.SIGNER), *BASE.steps[1:]))
    assert from_document(as_document(policy)) == (policy, ())
    assert "Who signed the contract" in prose(policy).steps[0]
