"""What sales was asked before a step and what it said, as decisions read it: levels that are free, of a run or a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.db.models import Q

from debitora.dunning.models import Notice, SalesAnswer, SalesQuestion
from debitora.dunning.queries.notices import courses
from debitora.dunning.rules.facts import Gate
from debitora.dunning.rules.policy import Policy, Silence
from debitora.dunning.rules.sales import free_bits
from debitora.kit.pg.bulk import frame, rows
from debitora.people.rules import PERMISSIONS
from debitora.receivables.models import Hold, HoldRelease, ItemState
from debitora.receivables.rules.items import Scope

_SQL: Final = Path(__file__).parent.parent / "sql" / "reading" / "sales_gates.sql"
_ASKABLE: Final = """select c.id as customer_id from receivables_customer c
    join people_grant g on g.company_id = c.company_id and g.user_id = c.salesperson_id and g.role = any(%(roles)s)
    join people_user u on u.id = g.user_id and u.is_active
    where c.company_id = current_setting('app.company')::bigint
      and (%(customer)s::bigint is null or c.id = %(customer)s)"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is not over, by id, with what decisions read of it."""

    question: int
    customer: int
    gate: Gate


def asked(*, customer: int | None = None) -> list[Asked]:
    """The questions that are not over, the newest of each customer and level; of one customer, or all."""
    return [
        Asked(row["question"], row["customer_id"], gate_of(row))
        for row in rows(_statement(), customer=customer)
    ]


def gate_of(row: Mapping[str, Any]) -> Gate:
    """The fact of a question with its newest answer."""
    return Gate(
        level=row["level"],
        until_on=row["until_on"],
        silence=Silence(row["silence"]),
        released_on=row["answered_on"] if row["answer"] == "released" else None,
        stopped=row["answer"] == "stopped",
        stopped_until_on=row["stopped_until_on"],
    )


def released_levels(*, policies: Sequence[Policy], on: date, customer: int | None = None) -> pl.DataFrame:
    """The customers with levels that need no word of sales on the day: `customer_id`, `released` as the engine reads it.

    Those who have nobody that could be asked stand in it with every level. Where no policy asks nothing is read.
    """
    shape = {"customer_id": pl.Int64, "released": pl.Int16}
    if not any(step.asks_sales for policy in policies for step in policy.steps):
        return pl.DataFrame(schema=shape)
    gates: dict[int, list[Gate]] = {}
    for one in asked(customer=customer):
        gates.setdefault(one.customer, []).append(one.gate)
    everybody = frame(
        "select id as customer_id from receivables_customer where (%(customer)s::bigint is null or id = %(customer)s)",
        {"customer_id": pl.Int64},
        customer=customer,
    )
    alone = everybody.join(_askable(customer), on="customer_id", how="anti")["customer_id"].to_list()
    free = {one: free_bits(found, has_sales=True, on=on) for one, found in gates.items()}
    free |= dict.fromkeys(alone, free_bits((), has_sales=False, on=on))
    return pl.DataFrame([(one, bits) for one, bits in free.items() if bits], schema=shape, orient="row")


def has_sales(*, customer: int) -> bool:
    """Whether the customer has a salesperson who may answer."""
    return not _askable(customer).is_empty()


def newest_answer(*, question: int) -> SalesAnswer | None:
    """The last word about a question; None before the first."""
    return (
        SalesAnswer.objects.filter(question_id=question).select_related("wording").order_by("-place").first()
    )


def waiting_items(*, question: SalesQuestion) -> list[int]:
    """The items of a question that are still open and were not reminded of since; none = it is over."""
    found = ItemState.objects.filter(item_id__in=question.items, open_minor__gt=0)
    unreminded = Q(last_reminded_on=None) | Q(last_reminded_on__lt=question.asked_on)
    return list(found.filter(unreminded).order_by("item_id").values_list("item_id", flat=True))


def holds_of_answer(*, question: SalesQuestion, answer: SalesAnswer) -> list[int]:
    """The holds that were placed with a stop and not released since, by id."""
    found = Hold.objects.filter(
        item__in=question.items,
        reason=answer.reason,
        until_on=answer.until_on,
        recorded_at=answer.answered_at,
    ).exclude(id__in=HoldRelease.objects.values("hold_id"))
    return list(found.order_by("id").values_list("id", flat=True))


def notices_since(*, question: SalesQuestion) -> list[int]:
    """The notices that runs made for a question's customer and level since it was put, and that have not come to an end."""
    found = Notice.objects.filter(
        customer=question.customer_id,
        level=question.level,
        created_at__gte=question.asked_at,
        run__state__in=("proposed", "approved", "released"),
    )
    course = courses(notices=list(found.order_by("id").values_list("id", flat=True)))
    return [notice for notice, one in course.items() if not one.has_ended]


def question_within(*, question: int, scope: Scope) -> SalesQuestion | None:
    """The question with its customer, if she is within the scope."""
    found = SalesQuestion.objects.select_related("customer__party").filter(id=question)
    if scope.salespeople is not None:
        found = found.filter(customer__salesperson_id__in=scope.salespeople)
    return found.first()


def _askable(customer: int | None) -> pl.DataFrame:
    roles = sorted(PERMISSIONS["notices.answer"])
    return frame(_ASKABLE, {"customer_id": pl.Int64}, roles=roles, customer=customer)


@cache
def _statement() -> str:
    return _SQL.read_text("utf-8").rstrip()
