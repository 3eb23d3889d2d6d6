"""The last look before sending, read under the customer's lock: what the message was made for, and how things stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from debitora.kit.instance import instance_id
from debitora.kit.pg.bulk import rows
from debitora.messaging.models import Attempt, Intent, IntentItem
from debitora.messaging.queries.deliveries import gone_or_held
from debitora.messaging.queries.sender import sender_of
from debitora.messaging.rules.recheck import Conditions, Facts, ItemFact
from debitora.people.models import Company
from debitora.receivables.models import Contact, Customer, Party
from debitora.receivables.queries import Standing, conditions
from debitora.values.money import Money

MOST_PER_CUSTOMER_AND_DAY = 3


_NOW = """select
        exists (select from messaging_sendlock l where l.company_id = %(company)s and not exists (
            select from messaging_sendunlock u where u.company_id = l.company_id and u.lock_id = l.id)) as locked,
        exists (select from messaging_installation where instance_id = %(instance)s) as home,
        exists (select from messaging_attempt a
            join messaging_intent i on i.company_id = a.company_id and i.id = a.intent_id
            where a.reason = 'address_is_dead' and i.recipient = %(recipient)s) as suppressed,
        (select count(*) from messaging_intent i
            where i.customer_id = %(customer)s and i.state in ('accepted', 'uncertain', 'data_started')
              and i.state_at >= %(midnight)s) as sent,
        not coalesce((select s.only_allowed from messaging_sender s where s.company_id = %(company)s), false)
            or exists (select from messaging_allowedrecipient r
                       where r.company_id = %(company)s and r.pattern = any(%(patterns)s)) as allowed"""
"""Whether anything may leave the house at all, and what only matters on the wire: dead addresses, the bound of a customer's
day, a test system's list."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The company's days."""

    time_zone: str

    def day(self, at: datetime) -> date:
        """The company's day at a moment."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def midnight(self, at: datetime) -> datetime:
        """When that day began."""
        return datetime.combine(self.day(at), time(), ZoneInfo(self.time_zone))


def conditions_of(intent: Intent) -> Conditions:
    """What the message was made for."""
    return conditions_of_all([intent])[intent.id]


def conditions_of_all(intents: Sequence[Intent]) -> dict[int, Conditions]:
    """What messages were made for, by intent: it never changes."""
    items: dict[int, dict[int, Money]] = {intent.id: {} for intent in intents}
    for row in IntentItem.objects.filter(intent__in=list(items)).select_related("item").order_by("id"):
        items[row.intent_id][row.item_id] = Money(row.open_minor, row.item.currency)
    return {
        intent.id: Conditions(
            customer=intent.customer_id,
            recipient=intent.recipient if intent.channel == "mail" else _address_of(intent.party_id),
            items=items[intent.id],
        )
        for intent in intents
    }


def facts_now(
    intent: Intent,
    *,
    at: datetime,
    items: Collection[int] | None = None,
    calendar: Calendar | None = None,
    bound_reached: bool = False,
) -> Facts:
    """How things stand at this moment, in three statements; a hold counts on the company's calendar day.

    `items` are those of the message and `calendar` is the company's, where they are known; `bound_reached`: the company's daily
    bound, as the claim shared it out.
    """
    calendar = calendar or calendar_of(company=intent.company_id)
    if items is None:
        items = IntentItem.objects.filter(intent=intent).values_list("item_id", flat=True)
    here = _here(intent, calendar.midnight(at))
    now = conditions(customer=intent.customer_id, items=list(items), on=calendar.day(at))
    is_mail = intent.channel == "mail"
    return Facts(
        items={
            one.item: ItemFact(customer=one.customer, open=Money(one.free_minor, one.currency), held=one.held)
            for one in now.items
        },
        recipient=_recipient(intent, now),
        customer_held=now.customer_held,
        customer_parked=now.customer_parked,
        sending_locked=here["locked"] or not here["home"],
        suppressed=is_mail and here["suppressed"],
        bound_reached=is_mail and (bound_reached or here["sent"] >= MOST_PER_CUSTOMER_AND_DAY),
        allowlisted=here["allowed"] or not is_mail,
    )


def calendar_of(*, company: int) -> Calendar:
    """The days of a company."""
    return Calendar(Company.objects.values_list("time_zone", flat=True).get(id=company))


def _here(intent: Intent, midnight: datetime) -> dict[str, Any]:
    address = intent.recipient.lower()
    return rows(
        _NOW,
        company=intent.company_id,
        instance=instance_id(),
        recipient=intent.recipient,
        customer=intent.customer_id,
        midnight=midnight,
        patterns=[address, address[address.rfind("@") :]],
    )[0]


def left_today(*, company: int, at: datetime) -> int:
    """How many mails may still go today; what workers hold counts as gone. Lock the sender first (actions.lock_sender)."""
    since = calendar_of(company=company).midnight(at)
    return sender_of(company=company).daily_bound - gone_or_held(since=since)


def _recipient(intent: Intent, now: Standing) -> str:
    """Where the message would go now: an address of mail or of an envelope; empty where nobody stands there any more."""
    party, email = now.party, now.email
    if intent.via_id is not None:
        parent = Customer.objects.filter(id=intent.customer_id, parent_id=intent.via_id).select_related(
            "parent__party"
        )
        found = parent.first()
        if found is None or found.parent is None:
            return ""
        party, email = found.parent.party_id, found.parent.party.email
    return _mailed_to(intent, email) if intent.channel == "mail" else _address_of(party)


def _mailed_to(intent: Intent, own: str) -> str:
    """To which address the mail would go now: that of its contact while she stands there, else the customer's own."""
    if intent.contact_id is None:
        return own
    live = Contact.objects.filter(id=intent.contact_id, ended_at=None)
    return live.values_list("email", flat=True).first() or ""


def _address_of(party: int) -> str:
    """To whom a letter goes: as it stands on the envelope, so that a new phone number changes nothing."""
    lines = Party.objects.values_list("name", "contact_name", "street", "postcode", "city", "country")
    return "\n".join(lines.get(id=party))


def suppressed_among(recipients: Iterable[str]) -> frozenset[str]:
    """Those of the addresses whose mailbox does not exist, as a server has said."""
    dead = Attempt.objects.filter(intent__recipient__in=list(recipients), reason="address_is_dead")
    return frozenset(dead.values_list("intent__recipient", flat=True).distinct())
