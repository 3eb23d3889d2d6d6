"""Entry and Allocation: everything that ever changed or settled an item. Append-only; corrected by a reversing row."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.people.models import Company
from debitora.receivables.models.items import Item

ENTRY_KINDS = (
    "opened",
    "corrected",
    "charged",
    "paid_per_list",
    "settled_per_list",
    "exchange",
    "written_off",
    "discount",
    "returned",
    "refunded",
)

PER_LIST = ("paid_per_list", "settled_per_list")


class Entry(models.Model):
    """A signed change of one item, in minor units of its currency.

    Raising entries carry the item's sign (opened, charged, corrected upwards), settling ones the other. A reversal
    carries the kind of the entry it reverses, the opposite amount, and `reverses`. Entries of one import lie side by side,
    so that a few pages' bounds (BRIN) find them. Its key in the database is (company, item, id): an entry is asked for by its
    item.
    """

    company = models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    item = Ref(Item)
    kind = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    list_import_id = models.BigIntegerField(null=True)
    reverses = Ref("self", null=True)

    class Meta:
        indexes: ClassVar = [
            BrinIndex(fields=["list_import_id"], name="entry_of_import", autosummarize=True),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "reverses"], name="entry_reversed_once", condition=~Q(reverses=None)
            ),
            models.CheckConstraint(condition=Q(kind__in=ENTRY_KINDS), name="entry_kind_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=-(10**15)) & Q(amount_minor__lt=10**15),
                name="entry_amount_in_range",
            ),
        ]


class Allocation(models.Model):
    """A part of a credit item put against a debit item (Ausgleich), in minor units of their common currency.

    A release is a row with the opposite amount that names what it reverses; live is what has no release.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    credit_item = Ref(Item)
    debit_item = Ref(Item)
    amount_minor = models.BigIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    reverses = Ref("self", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "credit_item", "id"], name="allocation_of_credit"),
            models.Index(fields=["company", "debit_item", "id"], name="allocation_of_debit"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "reverses"], name="allocation_reversed_once"),
            models.CheckConstraint(
                condition=Q(reverses=None, amount_minor__gt=0)
                | Q(reverses__isnull=False, amount_minor__lt=0),
                name="allocation_sign",
            ),
            models.CheckConstraint(
                condition=~Q(credit_item=models.F("debit_item")), name="allocation_joins_two_items"
            ),
        ]
