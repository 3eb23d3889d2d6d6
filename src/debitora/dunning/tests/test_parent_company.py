"""Notices of the customers of one parent company go to the parent: a notice for each, addressed as the parent stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from debitora.dunning.models import Notice
from debitora.dunning.queries.contents import contents
from debitora.dunning.queries.letters import Stock, compose
from debitora.dunning.rules.policy import Channel, Grouping
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, TESTS, a_released_run, a_run, a_strategy
from debitora.messaging.models import Intent
from debitora.messaging.queries.edge import conditions_of, facts_now
from debitora.messaging.rules.sheet import sheet_of
from debitora.people.models import Company
from debitora.receivables.actions import edit_customer, keep_contact
from debitora.receivables.models import Customer
from debitora.receivables.testing import a_customer, an_open_item

PARENT = {"street": "Hauptstr. 1", "postcode": "20095", "city": "Hamburg", "email": "group@debtor.example"}


@pytest.fixture
def group(acme: Company) -> dict[str, int]:
    """A parent company with two subsidiaries, each with something overdue, and a customer of her own."""
    a_strategy(acme, kind="business", grouping=Grouping.PARENT, contact_cap=None)
    parent = a_customer(acme.id, "1", name="Group SE", kind="business", **PARENT)
    known = {"parent": parent}
    for number, above in (("2", "1"), ("3", "1"), ("4", "")):
        known[number] = a_customer(
            acme.id, number, name=f"Debtor {number} GmbH", kind="business", email=f"{number}@debtor.example",
            parent_number=above,
        )  # fmt: skip
        an_open_item(acme.id, known[number], number=f"R-{number}", minor=1_000, due_on=date(2026, 11, 1))
    return known


def sent(company: Company) -> dict[int, Intent]:
    return {one.customer_id: one for one in Intent.objects.filter(company_id=company.id)}


def test_the_parent_gets_a_notice_for_each_of_hers(acme: Company, group: dict[str, int]) -> None:
    a_released_run(acme)
    mails = sent(acme)
    assert {one.recipient for key, one in mails.items() if key != group["4"]} == {"group@debtor.example"}
    assert mails[group["4"]].recipient == "4@debtor.example"
    assert {key: one.via_id for key, one in mails.items()} == {
        group["2"]: group["parent"],
        group["3"]: group["parent"],
        group["4"]: None,
    }
    for mail in mails.values():
        assert facts_now(mail, at=MOMENT).recipient == conditions_of(mail).recipient


def test_the_letter_says_who_owes(acme: Company, group: dict[str, int]) -> None:
    a_run(acme)
    notice = Notice.objects.get(company_id=acme.id, customer_id=group["2"])
    composed = compose(stock=Stock(acme), content=contents(notices=[notice.id])[notice.id], at=MOMENT)
    assert composed.letter.recipient[0] == "Group SE"
    assert composed.letter.customer_name == "Debtor 2 GmbH"
    assert ["Kunde", "Debtor 2 GmbH"] in sheet_of(composed.letter)["info"]
    own = Notice.objects.get(company_id=acme.id, customer_id=group["4"])
    alone = compose(stock=Stock(acme), content=contents(notices=[own.id])[own.id], at=MOMENT)
    assert "Kunde" not in dict(sheet_of(alone.letter)["info"])


def test_a_contact_of_the_parent_reads_it(acme: Company, group: dict[str, int]) -> None:
    steps = tuple(replace(step, to="payables") for step in preset("de-business").steps)
    a_strategy(acme, kind="consumer", grouping=Grouping.PARENT, contact_cap=None, steps=steps)
    keep_contact(
        company=acme.id, customer=group["parent"], role="payables", name="Frau Ott", email="ap@group.example",
        by=TESTS, at=MOMENT,
    )  # fmt: skip
    Customer.objects.filter(company_id=acme.id, id=group["2"]).update(kind="consumer")
    a_released_run(acme)
    mail = sent(acme)[group["2"]]
    assert (mail.recipient, mail.via_id) == ("ap@group.example", group["parent"])
    assert facts_now(mail, at=MOMENT).recipient == "ap@group.example"


def test_another_parent_or_address_stops_it_at_the_edge(acme: Company, group: dict[str, int]) -> None:
    a_released_run(acme)
    mails = sent(acme)
    edit_customer(
        company=acme.id,
        customer=group["parent"],
        version=1,
        changes={"email": "new@debtor.example"},
        by=TESTS,
        at=MOMENT,
    )
    assert (
        facts_now(mails[group["2"]], at=MOMENT).recipient
        == "new@debtor.example"
        != mails[group["2"]].recipient
    )
    Customer.objects.filter(company_id=acme.id, id=group["3"]).update(parent_id=None)
    assert facts_now(mails[group["3"]], at=MOMENT).recipient == ""


def test_letters_go_to_the_parents_address(acme: Company, group: dict[str, int]) -> None:
    steps = tuple(replace(step, channel=Channel.LETTER) for step in preset("de-business").steps)
    a_strategy(acme, kind="consumer", grouping=Grouping.PARENT, contact_cap=None, steps=steps)
    Customer.objects.filter(company_id=acme.id, id=group["2"]).update(kind="consumer")
    a_released_run(acme)
    letter = sent(acme)[group["2"]]
    assert letter.channel == "letter"
    assert facts_now(letter, at=MOMENT).recipient == conditions_of(letter).recipient
    assert "Group SE" in conditions_of(letter).recipient
