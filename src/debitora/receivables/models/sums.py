"""OpenSum: what is open by day, kept up to date by the database, so that no page adds up a million items."""

from __future__ import annotations

from django.db import models

from debitora.people.models import Company


class OpenSum(models.Model):
    """A change of what is open, in one currency, due on one day and arisen in one year: so many items more or fewer, so many minor units.

    Written by triggers on ItemState, a row per statement, currency, day, year and side (`credit`); the rows of a day add up to what
    is open. They are folded into one every night. Only sums of them mean anything.
    """

    company = models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    arose_in = models.SmallIntegerField()
    credit = models.BooleanField()
    items = models.BigIntegerField()
    minor = models.DecimalField(max_digits=38, decimal_places=0)
