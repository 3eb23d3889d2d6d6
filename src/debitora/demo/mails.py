"""What customers of the demo write: two mails that wait in the inbox, and an answer that a machine gave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from django.db import transaction

from debitora.disputes.actions.placing import sort_mails
from debitora.disputes.models import CaseItem
from debitora.messaging.actions.incoming import Brought, take_mails
from debitora.people.models import Company
from debitora.receivables.models import Item, ItemState
from debitora.trail.rules import Actor

_PAID = (
    "Zahlung {number}",
    (
        "Guten Tag,\n\nRechnung {number} haben wir letzte Woche überwiesen. Bitte prüfen Sie das noch einmal.\n\n"
        "Freundliche Grüße\nDie Buchhaltung\n"
    ),
)
_MISSING = (
    "Ihre Lieferung",
    (
        "Hallo zusammen,\n\nzu {number} haben Sie meine Kollegin gefragt: Der Lieferschein ist unterschrieben, es fehlen "
        "aber zwei Positionen. Ich rufe morgen an.\n\nMit freundlichen Grüßen\nT. Ohlenrath, Wareneingang\n"
    ),
)
_AWAY = ("Abwesend: Ihre Zahlungserinnerung", "Ich bin bis Ende des Monats nicht im Haus.\n")


def customers_write(company: Company, *, by: Actor, at: datetime) -> int:
    """A customer says that she has paid, a colleague of another writes about a case from an address that nobody knows, and a
    machine says that somebody is away. Returns how many mails came in."""
    with transaction.atomic():
        mails = [_brought(place, mail, at) for place, mail in enumerate(_mails())]
    take_mails(company=company.id, brought=mails, by=by, at=at)
    sort_mails(company=company, by=by, at=at)
    return len(mails)


def _mails() -> Iterator[EmailMessage]:
    overdue = ItemState.objects.filter(open_minor__gt=2_000, customer__party__email__gt="")
    paid = overdue.select_related("customer__party").order_by("due_on", "item_id").first()
    disputed = CaseItem.objects.order_by("-case_id").first()
    if paid is not None:
        number = Item.objects.get(id=paid.item_id).number
        yield _mail(paid.customer.party.email, _PAID, number)
        yield _mail(paid.customer.party.email, _AWAY, "", automatic=True)
    if disputed is not None:
        yield _mail("wareneingang@werk-zwei.example", _MISSING, Item.objects.get(id=disputed.item_id).number)


def _mail(sender: str, words: tuple[str, str], number: str, *, automatic: bool = False) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["Subject"] = words[0].format(number=number)
    if automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(words[1].format(number=number))
    return mail


def _brought(place: int, mail: EmailMessage, at: datetime) -> Brought:
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<demo-{place}@customers.example>"
    data = mail.as_bytes()
    return Brought(name=f"{place}.eml", sha256=sha256(data).hexdigest(), size=len(data), data=data)
