"""The last look before sending, read under the customer's lock: what the message was made for, and how things stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from debitora.messaging.models import Attempt, Intent, IntentItem
from debitora.messaging.queries.deliveries import sent_today
from debitora.messaging.queries.sender import is_home, lock_in_force, may_write_to, sender_of
from debitora.messaging.rules.recheck import Conditions, Facts, ItemFact
from debitora.people.models import Company
from debitora.receivables.models import Party
from debitora.receivables.queries import conditions
from debitora.values.money import Money

MOST_PER_CUSTOMER_AND_DAY = 3


def conditions_of(intent: Intent) -> Conditions:
    """What the message was made for."""
    rows = IntentItem.objects.filter(intent=intent).select_related("item")
    return Conditions(
        customer=intent.customer_id,
        recipient=intent.recipient if intent.channel == "mail" else _address_of(intent.party_id),
        items={row.item_id: Money(row.open_minor, row.item.currency) for row in rows},
    )


def facts_now(intent: Intent, *, at: datetime) -> Facts:
    """How things stand at this moment; a hold counts on the company's calendar day."""
    company = Company.objects.get(id=intent.company_id)
    day = at.astimezone(ZoneInfo(company.time_zone)).date()
    items = list(IntentItem.objects.filter(intent=intent).values_list("item_id", flat=True))
    now = conditions(customer=intent.customer_id, items=items, on=day)
    is_mail = intent.channel == "mail"
    return Facts(
        items={
            one.item: ItemFact(customer=one.customer, open=Money(one.free_minor, one.currency), held=one.held)
            for one in now.items
        },
        recipient=now.email if is_mail else _address_of(now.party),
        customer_held=now.customer_held,
        customer_parked=now.customer_parked,
        sending_locked=lock_in_force(company=intent.company_id) is not None or not is_home(),
        **(_facts_of_mail(intent, company, day) if is_mail else {}),
    )


def _facts_of_mail(intent: Intent, company: Company, day: date) -> dict[str, bool]:
    """What only matters on the wire: dead addresses, daily bounds, a test system's list."""
    sender = sender_of(company=company.id)
    midnight = datetime.combine(day, time(), ZoneInfo(company.time_zone))
    return {
        "suppressed": is_suppressed(intent.recipient),
        "bound_reached": _bound_reached(intent, sender.daily_bound, midnight),
        "allowlisted": may_write_to(sender=sender, recipient=intent.recipient),
    }


def _address_of(party: int) -> str:
    """To whom a letter goes: as it stands on the envelope, so that a new phone number changes nothing."""
    lines = Party.objects.values_list("name", "contact_name", "street", "postcode", "city", "country")
    return "\n".join(lines.get(id=party))


def is_suppressed(recipient: str) -> bool:
    """Whether a server has said that this mailbox does not exist: nothing goes there until a person enters another one."""
    return bool(suppressed_among([recipient]))


def suppressed_among(recipients: Iterable[str]) -> frozenset[str]:
    """Those of the addresses whose mailbox does not exist, as a server has said."""
    dead = Attempt.objects.filter(intent__recipient__in=list(recipients), reason="address_is_dead")
    return frozenset(dead.values_list("intent__recipient", flat=True).distinct())


def _bound_reached(intent: Intent, daily_bound: int, midnight: datetime) -> bool:
    of_customer = Intent.objects.filter(
        customer_id=intent.customer_id,
        state__in=("accepted", "uncertain", "data_started"),
        state_at__gte=midnight,
    )
    return sent_today(since=midnight) >= daily_bound or of_customer.count() >= MOST_PER_CUSTOMER_AND_DAY
