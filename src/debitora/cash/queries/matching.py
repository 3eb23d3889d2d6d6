"""What matching reads: open lines, what they may pay, who paid before, and what people decided."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl
from django.db.models import Exists, OuterRef

from debitora.cash.models import Booking, Habit, MatchPolicy, Payer, Tally
from debitora.cash.queries.fitting import statement_sql
from debitora.cash.rules.exchanging import TOLD_LINES
from debitora.cash.rules.explaining import Terms
from debitora.cash.rules.proposing import Known
from debitora.cash.rules.sureness import Counts
from debitora.engine.matching import PAYERS
from debitora.kit.pg.bulk import frame
from debitora.receivables.models import ItemState
from debitora.receivables.queries import payable_frames


def open_lines() -> pl.DataFrame:
    """TOLD_LINES of all money that came in and is still open."""
    return frame(statement_sql("open_lines"), TOLD_LINES).with_columns(
        pl.col("payer", "name", "text", "paid_currency").fill_null("")
    )


def known_to(policy: MatchPolicy, *, listed_since: date) -> Known:
    """What lines are held against."""
    items, customers = payable_frames(listed_since=listed_since)
    return Known(
        items=items.with_columns(pl.col("number").fill_null("")),
        customers=customers.with_columns(pl.col("name").fill_null("")),
        payers=_payers(),
        terms=terms_of(policy),
        charges=_charges(),
        habits=_habits(),
        own=own_counts(),
    )


def terms_of(policy: MatchPolicy) -> Terms:
    """What the policy lets be taken off."""
    return Terms(policy.discount_bp, policy.discount_days, policy.grace_days, policy.write_off_minor)


def own_counts() -> Counts:
    """By pattern, how often this company's people found it right and wrong."""
    return {one.pattern: (one.right, one.wrong) for one in Tally.objects.all()}


def _charges() -> frozenset[int]:
    """Open items that are costs or interest."""
    found = ItemState.objects.filter(open_minor__gt=0, item__kind="charge")
    return frozenset(found.values_list("item_id", flat=True))


def _payers() -> pl.DataFrame:
    found = Payer.objects.filter(times__gt=0).order_by("account", "customer")
    return pl.DataFrame(
        list(found.values_list("account", "customer", "times")), schema=dict(PAYERS), orient="row"
    )


def _habits() -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for customer, kind, times in Habit.objects.filter(times__gt=0).values_list("customer", "kind", "times"):
        found[customer][kind] = times
    return found


def ignored_lines() -> int:
    """How many lines were set aside with a reason, and still are."""
    reversal = Booking.objects.filter(reverses=OuterRef("id"))
    return Booking.objects.filter(~Exists(reversal), kind="ignored", reverses=None).count()
