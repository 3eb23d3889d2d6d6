"""TRUST T05: workers whose clocks differ by two hours do not take each other's messages, for leases are in database time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from debitora.kit.runtime import clock_at
from debitora.messaging.actions import rescue_abandoned
from debitora.messaging.actions.claims import claim
from debitora.messaging.models import Intent
from debitora.messaging.testing import a_queued_mail, a_sender
from debitora.people.models import Company
from debitora.receivables.testing import MOMENT, TESTS, a_customer

SKEWS = [timedelta(hours=-2), timedelta(hours=2)]


@pytest.mark.parametrize("skew", SKEWS)
def test_t05_a_fast_or_slow_clock_takes_nothing_from_a_living_worker(
    company: Company, skew: timedelta
) -> None:
    _claimed(company)
    with clock_at(MOMENT + skew):
        assert rescue_abandoned(company=company.id, at=MOMENT + skew) == {}
    assert Intent.objects.get().state == "claimed"


@pytest.mark.parametrize("skew", SKEWS)
def test_t05_and_still_finds_a_dead_one(company: Company, skew: timedelta) -> None:
    _claimed(company)
    with connection.cursor() as cursor:
        cursor.execute("update messaging_intent set claimed_at = clock_timestamp() - interval '16 minutes'")
    with clock_at(MOMENT + skew):
        assert rescue_abandoned(company=company.id, at=MOMENT + skew) == {"queued": 1}


def _claimed(company: Company) -> None:
    a_sender(company.id)
    a_queued_mail(company.id, a_customer(company.id))
    assert len(claim(company=company.id, by=TESTS, at=MOMENT).intents) == 1
