"""Keep what a customer answers by the link of a message: that invoices may come by e-mail, or not any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from debitora.messaging.models import Consent, SegmentReceiver
from debitora.messaging.queries.consents import asked_by
from debitora.trail.actions import record
from debitora.trail.rules import Subject, system

BY_LINK = system("messaging.consent")
"""Nobody has signed in: whoever had the message answers."""


def answer_consent(*, company: int, receiver: int, given: bool, at: datetime) -> bool:
    """This will keep the answer; False where the same was answered by this link last, so that twice is once.

    Raises SegmentReceiver.DoesNotExist where there is no such message.
    """
    with transaction.atomic():
        found = SegmentReceiver.objects.select_for_update().get(company_id=company, id=receiver)
        asked = asked_by(receiver=receiver)
        if asked is None:
            raise SegmentReceiver.DoesNotExist
        if asked.said == ("given" if given else "withdrawn") or (not given and not asked.said):
            return False
        place = Consent.objects.filter(receiver=found).count() + 1
        made = Consent.objects.create(
            company_id=company,
            receiver=found,
            customer_id=found.customer_id,
            place=place,
            kind="given" if given else "withdrawn",
            email=asked.email,
            recorded_at=at,
        )
        record(
            company=company,
            by=BY_LINK,
            at=at,
            verb=f"consent.{made.kind}",
            subjects=[Subject("consent", made.id, customer=found.customer_id)],
        )
    return True
