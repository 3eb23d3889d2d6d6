"""Mails that cannot be put on the wire: stopped with a reason, before anything is said to a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from debitora.messaging.actions import send_due
from debitora.messaging.models import Intent
from debitora.messaging.testing import MOMENT, a_queued_mail, a_sender
from debitora.people.models import Company
from debitora.receivables.testing import a_customer


@pytest.mark.parametrize(
    ("fault", "reason"),
    [({"body": None}, "document_missing"), ({"recipient": "a@x.example, b@y.example"}, "address_refused")],
    ids=["no bytes", "two addresses"],
)
def test_what_cannot_be_sent_stops_and_says_so(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: dict[str, object], reason: str
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path))
    a_sender(company.id, port=9)
    mail = a_queued_mail(company.id, a_customer(company.id, email="payer@debtor.example"))
    Intent.objects.filter(id=mail.id).update(**fault)
    assert send_due(company=company.id, clock=lambda: MOMENT) == {"stopped": 1}
    mail.refresh_from_db()
    assert (mail.state, mail.stop_reason) == ("stopped", reason)
    assert list(tmp_path.iterdir()) == []


def test_a_notice_has_one_mail_to_one_recipient(company: Company) -> None:
    customer = a_customer(company.id, email="payer@debtor.example")
    assert a_queued_mail(company.id, customer).id == a_queued_mail(company.id, customer).id
    assert Intent.objects.count() == 1
