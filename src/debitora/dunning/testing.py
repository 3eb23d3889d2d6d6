"""Builders for tests: a company that may send, a strategy, a customer with something overdue, a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from debitora.dunning.actions import (
    Proposed,
    add_strategy,
    approve_run,
    assign,
    install_presets,
    propose_run,
    release_run,
)
from debitora.dunning.rules.policy import Channel, Policy
from debitora.dunning.rules.presets import preset
from debitora.messaging.actions import confirm_installation, install_texts, save_sender
from debitora.messaging.queries import knows_any_installation
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.rules import Actor, system

TESTS = system("tests")
MOMENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 18)
SENDER = {
    "name": "Acme Werkzeuge GmbH",
    "street": "Hafenstr. 1",
    "postcode": "20095",
    "city": "Hamburg",
    "contact_name": "Erika Musterfrau",
    "phone": "+49 40 1234",
    "email": "mahnung@acme.example",
    "iban": "DE02120300000000202051",
    "bank": "Beispielbank",
    "imprint": "Geschäftsführerin: E. Musterfrau\nAmtsgericht Hamburg HRB 1234",
}


def a_ready_company(company: Company) -> Company:
    """The company with the shipped strategies and texts and a complete letterhead; it has no mail server."""
    install_presets(company=company, by=TESTS, at=MOMENT)
    install_texts(company=company.id, by=TESTS, at=MOMENT)
    save_sender(company=company.id, changes=SENDER, by=TESTS, at=MOMENT)
    if not knows_any_installation():
        confirm_installation(at=MOMENT)
    return company


def a_strategy(company: Company, *, kind: str = "consumer", base: str = "de-business", **changes: Any) -> int:
    """The id of a strategy for a kind of customer: a shipped one with changes (fields of Policy)."""
    policy: Policy = replace(preset(base), **{"name": f"Tests {kind}", **changes})
    version = add_strategy(company=company.id, policy=policy, by=TESTS, at=MOMENT)
    assign(company=company.id, customer_kind=kind, strategy=version.strategy_id, by=TESTS, at=MOMENT)
    return version.strategy_id


def a_late_payer(
    company: Company, number: str = "10001", *, minors: tuple[int, ...] = (11_900,), **fields: Any
) -> int:
    """The id of a business customer with a mail address whose items have been due since 1 November 2026."""
    known = {"kind": "business", "email": f"payer{number}@debtor.example", **fields}
    customer = a_customer(company.id, number, **known)
    for place, minor in enumerate(minors, start=1):
        an_open_item(
            company.id, customer, number=f"R-{number}-{place}", minor=minor, due_on=date(2026, 11, 1)
        )
    return customer


def a_run(company: Company, *, on: date = ON, at: datetime = MOMENT, by: Actor = TESTS) -> Proposed:
    """A proposed run by hand."""
    return propose_run(company=company, on=on, by=by, at=at)


def a_released_run(company: Company, *, on: date = ON, at: datetime = MOMENT, by: Actor = TESTS) -> int:
    """The id of a run that was proposed, approved and released."""
    run = propose_run(company=company, on=on, by=by, at=at).run or 0
    approve_run(company=company.id, run=run, by=by, at=at, confirmed=True, despite=True)
    release_run(company=company, run=run, by=by, clock=lambda: at)
    return run


def copies_go_along(company: Company, channel: Channel = Channel.BOTH) -> int:
    """The id of a strategy for businesses whose first step sends copies of the invoices."""
    first, *others = preset("de-business").steps
    first = replace(first, channel=channel, enclose_copies=True)
    return a_strategy(company, kind="business", steps=(first, *others))
