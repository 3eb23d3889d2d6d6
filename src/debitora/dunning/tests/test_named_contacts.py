"""Notices for each contact whom invoices name: gathered apart, sent to her, and stopped where she has gone."""

from __future__ import annotations

from datetime import date

from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.queries.contents import contents
from debitora.dunning.rules.policy import Grouping
from debitora.dunning.testing import MOMENT, TESTS, a_released_run, a_run, a_strategy
from debitora.messaging.models import Intent
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.people.models import Company
from debitora.receivables.actions import end_contact, name_contact
from debitora.receivables.models import Contact
from debitora.receivables.testing import a_customer, an_open_item

NAMED = {"R-1": "ana@debtor.example", "R-2": "ben@debtor.example", "R-3": "ANA@debtor.example", "R-4": ""}


def a_named_customer(company: Company) -> int:
    customer = a_customer(company.id, "1", kind="business", email="payer@debtor.example")
    for number, email in NAMED.items():
        item = an_open_item(company.id, customer, number=number, minor=1_000, due_on=date(2026, 11, 1))
        if email:
            name_contact(
                company=company.id,
                item=item.id,
                name=email.partition("@")[0],
                email=email,
                by=TESTS,
                at=MOMENT,
            )
    return customer


def test_each_contact_gets_what_names_her_and_the_customer_the_rest(acme: Company) -> None:
    a_strategy(acme, kind="business", grouping=Grouping.CONTACT, contact_cap=None)
    a_named_customer(acme)
    a_released_run(acme)
    sent = {one.recipient: one for one in Intent.objects.filter(company_id=acme.id)}
    sums = {address: Notice.objects.get(id=one.subject_id).total_minor for address, one in sent.items()}
    assert sums == {"ana@debtor.example": 2_000, "ben@debtor.example": 1_000, "payer@debtor.example": 1_000}
    assert {address for address, one in sent.items() if one.contact_id} == set(sums) - {
        "payer@debtor.example"
    }


def test_by_customer_the_names_on_invoices_count_for_nothing(acme: Company) -> None:
    a_strategy(acme, kind="business", contact_cap=None)
    a_named_customer(acme)
    a_released_run(acme)
    assert [one.recipient for one in Intent.objects.filter(company_id=acme.id)] == ["payer@debtor.example"]


def test_who_has_gone_before_sending_stops_her_mail(acme: Company) -> None:
    a_strategy(acme, kind="business", grouping=Grouping.CONTACT, contact_cap=None)
    a_named_customer(acme)
    a_released_run(acme)
    mail = Intent.objects.get(company_id=acme.id, recipient="ben@debtor.example")
    assert facts_now(mail, at=MOMENT).recipient == conditions_of(mail).recipient
    end_contact(company=acme.id, contact=mail.contact_id, by=TESTS, at=MOMENT)
    assert facts_now(mail, at=MOMENT).recipient == ""


def test_who_has_gone_before_the_letter_gives_way_to_the_customer(acme: Company) -> None:
    a_strategy(acme, kind="business", grouping=Grouping.CONTACT, contact_cap=None)
    a_named_customer(acme)
    ana = Contact.objects.get(company_id=acme.id, email="ana@debtor.example")
    end_contact(company=acme.id, contact=ana.id, by=TESTS, at=MOMENT)
    a_released_run(acme)
    assert sorted(one.recipient for one in Intent.objects.filter(company_id=acme.id)) == [
        "ben@debtor.example",
        "payer@debtor.example",
    ]


def test_a_notice_of_a_run_keeps_to_its_group_when_a_name_comes_later(acme: Company) -> None:
    """What names two contacts now goes to the customer: nobody reads another's items."""
    a_strategy(acme, kind="business", grouping=Grouping.CONTACT, contact_cap=None)
    customer = a_customer(acme.id, "1", kind="business", email="payer@debtor.example")
    items = [
        an_open_item(acme.id, customer, number=f"R-{place}", minor=1_000, due_on=date(2026, 11, 1)).id
        for place in (1, 2)
    ]
    a_run(acme)
    assert Notice.objects.filter(company_id=acme.id).count() == 1
    name_contact(company=acme.id, item=items[0], name="", email="ana@debtor.example", by=TESTS, at=MOMENT)
    notice = Notice.objects.get(company_id=acme.id)
    assert contents(notices=[notice.id])[notice.id].recipient.email == "payer@debtor.example"
    assert not NoticeEvent.objects.filter(company_id=acme.id).exists()
