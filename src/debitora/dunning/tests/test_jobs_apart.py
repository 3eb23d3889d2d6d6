"""Jobs that mail people run as a worker runs them: outside of any transaction, where a table of a company tells nothing."""

from __future__ import annotations

import pytest
from django.db import transaction

from debitora.dunning import jobs
from debitora.dunning.models import SalesMail
from debitora.dunning.testing import MOMENT, a_late_payer, a_ready_company, a_run
from debitora.dunning.tests.test_sales import asking
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at
from debitora.messaging.testing import a_sender
from debitora.people.models import Company, User
from tests.smtp_server import SmtpServer


@pytest.mark.usefixtures("committed")
def test_salespeople_are_mailed_outside_of_a_transaction(company: Company, sales: User) -> None:
    with SmtpServer() as server:
        with serving(company.id), transaction.atomic():
            a_ready_company(company)
            a_sender(company.id, port=server.port)
            asking(company)
            a_late_payer(company, "10001", salesperson_id=sales.id)
            User.objects.filter(id=sales.id).update(email="anna@acme.example")
            a_run(company)
        with serving(company.id), clock_at(MOMENT):
            jobs.tell_salespeople(company=company.id)
            jobs.tell_of_copies(company=company.id)
    assert len(server.mails) == 1
    with serving(company.id), transaction.atomic():
        assert SalesMail.objects.count() == 1
