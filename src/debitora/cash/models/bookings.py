"""EntryState, Booking and BookedPart: what became of each bank entry, to the cent. Corrected by a reversing booking."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.cash.models.statements import BankAccount, BankEntry
from debitora.cash.rules.spreading import RATE_SOURCES
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models import Allocation, Customer, Item

BOOKING_KINDS = ("payment", "returned", "refunded", "ignored")
ORIGINS = ("sure", "proposal", "by_hand")
PART_KINDS = ("allocated", "discount", "written_off", "exchange", "returned", "refunded")
IGNORED_FOR = ("", "own_transfer", "interest", "bank_fee", "no_receivable", "other")


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)


class EntryState(models.Model):
    """How much of an entry is still open, signed as the entry: amount - live bookings. A projection, updated with each of them.

    confidence: of the best proposal, in basis points; null without one.
    """

    company = _company()
    entry = models.OneToOneField(
        BankEntry, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="state"
    )
    account = Ref(BankAccount)
    booked_on = models.DateField()
    minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()
    confidence = models.SmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["company", "booked_on", "entry"], name="entry_open_by_day", condition=~Q(open_minor=0)
            ),
            models.Index(
                fields=["company", "confidence", "entry"],
                name="entry_open_by_sureness",
                condition=~Q(open_minor=0),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minor__gt=0, open_minor__gte=0, open_minor__lte=F("minor"))
                | Q(minor__lt=0, open_minor__lte=0, open_minor__gte=F("minor")),
                name="entry_open_between_zero_and_minor",
            ),
        ]


class Booking(models.Model):
    """What a part of an entry was: a customer's payment, a payment returned, a credit paid back, or nothing of ours.

    minor: signed as the entry; a reversal has the opposite and names what it takes back. item: the payment that it opened, or the item
    that money was taken from. exchanged_minor: what `minor` counts as in the item's currency, where that is not the account's, and rate_source
    who said so; the rate is the one by the other. third_party: the customer whose account paid, where she paid for another. proposal: what
    was proposed at the time, the chosen and the others, as codes, ids and sums.
    """

    company = _company()
    entry = Ref(BankEntry)
    kind = models.CharField(max_length=10)
    minor = models.BigIntegerField()
    customer = Ref(Customer, null=True)
    item = Ref(Item, null=True)
    exchanged_minor = models.BigIntegerField(null=True)
    rate_source = models.CharField(max_length=10, blank=True, default="")
    third_party = Ref(Customer, null=True)
    ignored_for = models.CharField(max_length=20, blank=True, default="")
    wording_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=10)
    confidence = models.SmallIntegerField(null=True)
    proposal = models.JSONField(default=dict)
    booked_at = models.DateTimeField()
    booked_by_label = models.CharField(max_length=64)
    reverses = Ref("self", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "entry", "id"], name="booking_of_entry"),
            models.Index(fields=["company", "item"], name="booking_of_item", condition=~Q(item=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "reverses"], name="booking_reversed_once"),
            models.CheckConstraint(condition=Q(kind__in=BOOKING_KINDS), name="booking_kind_known"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="booking_origin_known"),
            models.CheckConstraint(condition=~Q(minor=0), name="booking_of_something"),
            models.CheckConstraint(
                condition=Q(exchanged_minor=None, rate_source="")
                | Q(kind__in=("payment", "returned"), rate_source__in=RATE_SOURCES)
                & (Q(minor__gt=0, exchanged_minor__gt=0) | Q(minor__lt=0, exchanged_minor__lt=0)),
                name="booking_exchanged_at_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(kind="ignored", customer=None, item=None) & ~Q(ignored_for="")
                | ~Q(kind="ignored") & Q(customer__isnull=False, item__isnull=False, ignored_for=""),
                name="booking_names_what_it_is",
            ),
        ]


class BookedPart(models.Model):
    """What a booking did to one item: put money against it, or took a discount or small difference off it.

    minor is above zero. allocation or ledger_entry: the row of the ledger that did it. reason: of an allocation, why this item.
    """

    company = _company()
    booking = Ref(Booking)
    item = Ref(Item)
    kind = models.CharField(max_length=12)
    minor = models.BigIntegerField()
    allocation = Ref(Allocation, null=True)
    ledger_entry_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "booking", "id"], name="part_of_booking"),
            models.Index(fields=["company", "item", "id"], name="part_of_item"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=PART_KINDS), name="part_kind_known"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="part_above_zero"),
        ]
