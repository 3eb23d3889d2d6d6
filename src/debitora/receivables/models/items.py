"""Item, its terms and level events (append-only), and ItemState, the projection that lists read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer

KINDS = ("invoice", "credit", "payment", "charge")


class Item(models.Model):
    """An open item (offener Posten): one claim or credit, never edited after it is posted.

    Known by (company, source, customer, number key, position). `amount_minor` is what it was opened with, in minor units
    of its currency: positive for a debit, negative for a credit.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    source_id = models.BigIntegerField()
    customer = Ref(Customer)
    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60)
    position = models.CharField(max_length=20, blank=True, default="")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    issued_on = models.DateField(null=True)
    order_reference = models.CharField(max_length=60, blank=True, default="")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    list_import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "customer"], name="item_by_customer"),
            models.Index(fields=["company", "number_key", "id"], name="item_by_number"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "source_id", "customer", "number_key", "position"],
                name="item_identity_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="item_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=("invoice", "charge"), amount_minor__gte=0)
                | Q(kind__in=("credit", "payment"), amount_minor__lte=0),
                name="item_sign_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=-(10**15)) & Q(amount_minor__lt=10**15),
                name="item_amount_in_range",
            ),
        ]


class Terms(models.Model):
    """When an item is due, from some day on. A changed due day adds a row; the newest counts."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    item = Ref(Item)
    due_on = models.DateField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    list_import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "item", "id"], name="terms_of_item")]


class LevelEvent(models.Model):
    """An item rose to a level, because a notice that lists it as due was accepted or printed. `raised` is 1, or -1 to undo."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    item = Ref(Item)
    notice_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    raised = models.SmallIntegerField(default=1)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "item", "notice_id", "raised"], name="one_rise_per_notice"
            ),
            models.CheckConstraint(condition=Q(raised__in=(1, -1)), name="level_moves_by_one"),
        ]


class ItemState(models.Model):
    """What an item is worth now: the projection of its entries, allocations, terms and level events.

    The only table of the ledger that is updated, always in the transaction that adds the row it follows from. Between
    zero and the raising entries, on the item's side of zero: the database refuses over-allocation even to wrong code.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    item = models.OneToOneField(
        Item, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="state"
    )
    customer = Ref(Customer)
    source_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    raised_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()
    due_on = models.DateField()
    level = models.SmallIntegerField(default=0)
    last_reminded_on = models.DateField(null=True)
    list_behind = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["company", "due_on", "item"], name="open_by_due", condition=~Q(open_minor=0)
            ),
            models.Index(
                fields=["company", "open_minor", "item"], name="open_by_amount", condition=~Q(open_minor=0)
            ),
            models.Index(fields=["company", "customer", "item"], name="state_by_customer"),
            models.Index(
                fields=["company", "source_id", "item"], name="open_by_source", condition=~Q(open_minor=0)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(raised_minor__gte=0, open_minor__gte=0, open_minor__lte=F("raised_minor"))
                | Q(raised_minor__lt=0, open_minor__lte=0, open_minor__gte=F("raised_minor")),
                name="open_between_zero_and_raised",
            ),
            models.CheckConstraint(condition=Q(level__gte=0), name="level_not_negative"),
        ]
