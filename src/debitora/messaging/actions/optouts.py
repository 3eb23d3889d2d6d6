"""Keep that an address wants no more messages to many customers, or wants them again: by the link of a message, or by a person."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from debitora.messaging.actions.intents import cancel_intents
from debitora.messaging.models import OptOut, Segment, SegmentReceiver
from debitora.messaging.queries.optouts import declined_among
from debitora.messaging.queries.segments import receivers
from debitora.receivables.actions import lock_customer
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject, system

BY_LINK = system("messaging.optout")
"""Nobody has signed in: whoever had the message says so."""


class NoAddressToEnd(Exception):
    """The customer has no e-mail address that could be spared."""


def end_by_link(*, company: int, receiver: int, ended: bool, at: datetime) -> bool:
    """Keep what was said by the link of a message; False where it was so before.

    Raises SegmentReceiver.DoesNotExist where there is no such message.
    """
    with transaction.atomic():
        found = SegmentReceiver.objects.select_related("intent").get(company_id=company, id=receiver)
        if found.intent is None:
            raise SegmentReceiver.DoesNotExist
        return _say(
            company=company,
            customer=found.customer_id,
            email=found.intent.recipient,
            receiver=receiver,
            ended=ended,
            by=BY_LINK,
            at=at,
        )


def end_by_hand(*, company: int, customer: int, ended: bool, by: Actor, at: datetime) -> bool:
    """Keep what a customer told us, for the address that she has now; False where it was so before. Raises NoAddressToEnd."""
    with transaction.atomic():
        [found] = receivers(customers=[customer])
        if not (email := found.email):
            raise NoAddressToEnd(customer)
        return _say(company=company, customer=customer, email=email, receiver=None, ended=ended, by=by, at=at)


def _say(
    *, company: int, customer: int, email: str, receiver: int | None, ended: bool, by: Actor, at: datetime
) -> bool:
    """One of two who say the same at once is enough: the key of an address and its place keeps the second out.

    Messages that are being made are waited for: what a worker makes at this moment is seen and stays here, the next batch knows.
    """
    try:
        with transaction.atomic():
            list(
                Segment.objects.select_for_update().filter(state="sending", purpose="optional").order_by("id")
            )
            lock_customer(company=company, customer=customer)
            address = email.lower()
            if (address in declined_among([address])) == ended:
                return False
            made = OptOut.objects.create(
                company_id=company,
                receiver_id=receiver,
                customer_id=customer,
                email=address,
                place=OptOut.objects.filter(email=address).count() + 1,
                kind="given" if ended else "withdrawn",
                recorded_by_label=by.label,
                recorded_at=at,
            )
            subject = Subject("optout", made.id, customer=customer)
            record(company=company, by=by, at=at, verb=f"optout.{made.kind}", subjects=[subject])
            if ended:
                _stop_what_waits(company, address, by, at)
    except IntegrityError:
        return False
    return True


def _stop_what_waits(company: int, address: str, by: Actor, at: datetime) -> None:
    """Mails to the address that were made and have not left stay here; those that the contract asks for go."""
    waiting = SegmentReceiver.objects.filter(
        outcome="queued", segment__purpose="optional", intent__recipient__iexact=address
    ).filter(intent__state__in=("queued", "refused_temp"))
    cancel_intents(
        company=company,
        kind="segment",
        subjects=list(waiting.values_list("id", flat=True)),
        reason="opted_out",
        by=by,
        at=at,
    )
