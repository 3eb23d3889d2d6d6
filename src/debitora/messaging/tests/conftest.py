"""A company that may send, as the page tests find it."""

from __future__ import annotations

import pytest

from debitora.messaging.actions import install_texts
from debitora.messaging.testing import MOMENT, TESTS, a_queued_letter, a_queued_mail, a_sender
from debitora.people.models import Company
from debitora.receivables.testing import a_customer, an_open_item


@pytest.fixture
def scene(company: Company) -> dict[str, int]:
    """A company that may send, with a mail and a letter to one customer, and its texts."""
    a_sender(company.id)
    install_texts(company=company.id, by=TESTS, at=MOMENT)
    customer = a_customer(
        company.id, name="Wald & Wiese <b>KG</b>", email="buch@wald.example", street="Weg 1", city="Ulm"
    )
    item = an_open_item(company.id, customer)
    mail = a_queued_mail(company.id, customer, [item], subject=1)
    letter = a_queued_letter(company.id, customer, [item], subject=2)
    return {"customer": customer, "item": item.id, "mail": mail.id, "letter": letter.id}
