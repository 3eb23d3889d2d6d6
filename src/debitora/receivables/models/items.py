"""Item, its terms, level events, list marks and product groups (append-only), and ItemState, the projection that lists read.

Their references, the company included, are checked per statement (walls.checked_in_bulk): lists bring a million rows.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.customers import Customer

KINDS = ("invoice", "credit", "payment", "charge")
DEBITS = ("invoice", "charge")


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )


class Item(models.Model):
    """An open item (offener Posten): one claim or credit, never edited after it is posted.

    Known by (company, source, customer, number key, position), and by currency and kind, so that an invoice that turns
    into a credit on a later list is a second item. The number stands in front in the index, which so finds numbers too. `amount_minor` is what it was opened with, in minor units of its
    currency: positive for a debit, negative for a credit.
    """

    company = _company()
    source_id = models.BigIntegerField()
    customer = Ref(Customer)
    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60, db_collation="C")
    position = models.CharField(max_length=20, blank=True, default="")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    issued_on = models.DateField(null=True)
    order_reference = models.CharField(max_length=60, blank=True, default="")
    product_group = models.CharField(max_length=60, blank=True, default="", db_default="")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    list_import_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "number_key", "source_id", "customer", "position", "currency", "kind"],
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
        indexes: ClassVar = [
            models.Index(fields=["company", "id"], name="item_charges", condition=Q(kind="charge")),
            models.Index(fields=["company", "-id"], name="item_payments", condition=Q(kind="payment")),
        ]


class Terms(models.Model):
    """When an item is due, from some day on. A changed due day adds a row; the newest counts. `agreed`: with the customer.

    Its key in the database is (company, item, id): nothing asks for a row of terms but by its item.
    """

    company = _company()
    item = Ref(Item)
    due_on = models.DateField()
    agreed = models.BooleanField(default=False, db_default=False)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    list_import_id = models.BigIntegerField(null=True)


class LevelEvent(models.Model):
    """An item was reminded by a notice that was accepted or printed, and `level` is what it reached.

    `raised` is 1 where the notice listed it as due, 0 where it only reminded (before the due day). Withdrawing a notice
    appends the opposite row with `withdrawn`.
    """

    company = _company()
    item = Ref(Item)
    notice_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    raised = models.SmallIntegerField(default=1)
    withdrawn = models.BooleanField(default=False)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "item", "notice_id", "withdrawn"], name="one_rise_per_notice"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False, raised__in=(0, 1)) | Q(withdrawn=True, raised__in=(0, -1)),
                name="level_moves_by_one",
            ),
            models.CheckConstraint(condition=Q(level__gte=0), name="level_event_not_negative"),
        ]


class ListMark(models.Model):
    """A list showed more open than the ledger, which knows of payments or decisions that the list does not (behind).

    `listed_minor` is what the list showed. A later row takes the mark back; the newest counts.
    """

    company = _company()
    item = Ref(Item)
    behind = models.BooleanField()
    listed_minor = models.BigIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    list_import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "item", "id"], name="mark_of_item")]


class ItemGroup(models.Model):
    """A list named another product group for an item than it was known with (`Item.product_group` at first); the newest counts."""

    company = _company()
    item = Ref(Item)
    product_group = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    list_import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "item", "id"], name="product_group_of_item")]


class ItemState(models.Model):
    """What an item is worth now: the projection of its entries, allocations, terms, level events, list marks and product groups.

    `listed_due_on` is the due day that the list names while another one is agreed, and null otherwise.
    `arose_on`, by which claims lapse, is the earlier of invoice and due day; `issued_on` is that of the item, for its sake.

    The only table of the ledger that is updated, always in the transaction that adds the row it follows from. Between
    zero and the raising entries, on the item's side of zero: the database refuses over-allocation even to wrong code.
    """

    company = _company()
    item = models.OneToOneField(
        Item, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="state"
    )
    customer = Ref(Customer)
    source_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    raised_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()
    issued_on = models.DateField(null=True)
    due_on = models.DateField()
    listed_due_on = models.DateField(null=True)
    arose_on = models.GeneratedField(
        expression=Least("issued_on", "due_on"), output_field=models.DateField(), db_persist=True
    )
    level = models.SmallIntegerField(default=0)
    last_reminded_on = models.DateField(null=True)
    list_behind = models.BooleanField(default=False)
    product_group = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["company", "due_on", "item"], name="open_by_due", condition=~Q(open_minor=0)
            ),
            models.Index(
                fields=["company", "open_minor", "item"], name="open_by_amount", condition=~Q(open_minor=0)
            ),
            models.Index(
                fields=["company", "arose_on", "item"], name="open_by_arising", condition=Q(open_minor__gt=0)
            ),
            models.Index(
                fields=["company", "level", "item"], name="open_by_level", condition=~Q(open_minor=0)
            ),
            models.Index(
                fields=["company", "due_on", "item"], name="settled_by_due", condition=Q(open_minor=0)
            ),
            models.Index(fields=["company", "item"], name="open_behind", condition=Q(list_behind=True)),
            models.Index(
                fields=["company", "product_group", "item"],
                name="open_by_product_group",
                condition=~Q(open_minor=0) & ~Q(product_group=""),
            ),
            models.Index(
                fields=["company", "customer", "item"],
                include=["currency", "due_on", "open_minor", "product_group"],
                name="state_of_customer",
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
