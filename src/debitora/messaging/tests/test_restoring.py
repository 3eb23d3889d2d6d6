"""What the sent journal tells a database that has forgotten: adopted, left to a person, parked, or only said."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from debitora.kit.journal import write_line
from debitora.kit.runtime import new_uuid
from debitora.messaging.actions import Replayed, cancel_delivery, confirm_restored
from debitora.messaging.actions.sending import write_journal
from debitora.messaging.models import Installation, Intent
from debitora.messaging.queries import is_home
from debitora.messaging.queries.journal import Sent
from debitora.messaging.testing import MOMENT, TESTS, a_queued_mail
from debitora.people.models import Company
from debitora.receivables.models import Customer
from debitora.receivables.testing import a_customer
from debitora.trail.models import Record


@pytest.fixture
def restored(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Of four mails the journal knows two, one of them cancelled; and one more that the database never saw."""
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path))
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    names = ("forgotten", "cancelled", "waiting", "unwritten")
    ids = {}
    for subject, name in enumerate(names, start=1):
        customer = a_customer(company.id, str(subject), email=f"{name}@debtor.example")
        ids[name] = a_queued_mail(company.id, customer, subject=subject).id
    for name in ("forgotten", "cancelled"):
        write_journal(Intent.objects.select_related("document").get(id=ids[name]), MOMENT)
    cancel_delivery(company=company.id, intent=ids["cancelled"], note="", by=TESTS, at=MOMENT)
    Intent.objects.filter(id=ids["unwritten"]).update(state="accepted")
    ids["parked"] = Customer.objects.get(number="3").id
    for customer in (ids["parked"], 4711):
        write_line(company=company.id, line=str(Sent(MOMENT, new_uuid(), "notice", 9, customer, "-")))
    return ids


def test_o02_everything_that_differs_is_told_and_done_once(
    company: Company, restored: dict[str, int]
) -> None:
    told = Replayed(
        company=company.id,
        lines=4,
        adopted=(restored["forgotten"],),
        left=(restored["cancelled"],),
        unknown=2,
        parked=(restored["parked"],),
        not_in_journal=(restored["unwritten"],),
    )
    assert confirm_restored(companies=[company.id], by=TESTS, at=MOMENT) == [told]
    assert is_home()
    states = dict(Intent.objects.values_list("id", "state"))
    assert [states[restored[name]] for name in ("forgotten", "cancelled", "waiting", "unwritten")] == [
        "accepted",
        "cancelled",
        "queued",
        "accepted",
    ]
    assert list(Customer.objects.exclude(parked_at=None).values_list("id", "parked_reason")) == [
        (restored["parked"], "restored")
    ]
    (again,) = confirm_restored(companies=[company.id], by=TESTS, at=MOMENT)
    assert (again.adopted, again.parked) == ((), told.parked)
    assert Record.objects.filter(verb="customer.parked").count() == 1


def test_a_look_changes_nothing(company: Company, restored: dict[str, int]) -> None:
    with transaction.atomic():
        (told,) = confirm_restored(companies=[company.id], by=TESTS, at=MOMENT, dry=True)
    assert told.adopted == (restored["forgotten"],)
    assert not Installation.objects.exists()
    assert not Intent.objects.filter(id=restored["forgotten"], state="accepted").exists()
    assert not Record.objects.filter(verb="installation.confirmed").exists()
