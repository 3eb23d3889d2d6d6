"""Open a case: what is disputed is held at once, somebody is asked, the rest of the customer keeps running."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from debitora.disputes.actions.steps import (
    Doing,
    keep_step,
    place_holds,
    record_step,
    refuse_assignee,
    refuse_day,
)
from debitora.disputes.models import Case, CaseItem, CaseRoute, CaseState
from debitora.disputes.queries.routing import facts_of_new, routing_of
from debitora.disputes.queries.sheet import pending_cases
from debitora.disputes.rules.outcomes import Disputed
from debitora.disputes.rules.routing import Route, answer_by, route
from debitora.disputes.rules.routing_file import written_rule
from debitora.disputes.rules.steps import CaseStatus, Step, StepKind
from debitora.people.models import Company
from debitora.receivables.actions.holds import HeldAmountIsNotOpen, ItemOfAnotherCustomer
from debitora.receivables.actions.locks import lock_customer, lock_items
from debitora.receivables.models import ItemState
from debitora.trail.actions import put_wording
from debitora.trail.rules import Actor
from debitora.values.money import Money


class NothingToClarify(Exception):
    """No item was named, or one of them is not an open debit."""


class ReasonNotOffered(Exception):
    """The company has no such reason, or has retired it."""


class SeveralCurrencies(Exception):
    """A case is about items of one currency."""


class AlreadyInClarification(Exception):
    """An item stands in a case that is not closed; `case` is its id."""

    def __init__(self, case: int) -> None:
        super().__init__(str(case))
        self.case = case


@dataclass(frozen=True, slots=True)
class Part:
    """An item that is disputed: all of it, or an amount."""

    item: int
    amount: Money | None = None


def open_case(
    *,
    company: Company,
    customer: int,
    parts: Sequence[Part],
    reason: str,
    question: str,
    on: date,
    by: Actor,
    at: datetime,
    assignee: int | None = None,
    due_on: date | None = None,
) -> Case:
    """This will hold what is disputed from today on and put the question to the assignee, or to whom the rules say.

    Raises ReasonNotOffered, NothingToClarify, SeveralCurrencies, AlreadyInClarification, ItemOfAnotherCustomer, HeldAmountIsNotOpen,
    CustomerUnknown, ItemUnknown, AssigneeMayNotAnswer and DayIsPast.
    """
    doing = Doing(company, by, on, at)
    with transaction.atomic():
        salesperson = lock_customer(company=company.id, customer=customer).salesperson_id
        states = lock_items(company=company.id, items=[part.item for part in parts])
        currency = _refuse_nonsense(customer, parts, states)
        if standing := pending_cases(company=company.id, items=sorted(states)):
            raise AlreadyInClarification(min(standing.values()))
        if assignee is not None:
            refuse_assignee(doing, assignee, salesperson)
        refuse_day(doing, due_on)
        disputed = [
            Disputed(part.item, part.amount.minor if part.amount else None, states[part.item].open_minor)
            for part in parts
        ]
        money = Money(sum(one.minor for one in disputed), currency)
        groups = sorted({state.product_group for state in states.values() if state.product_group})
        version, given = _routed(doing, customer, reason, money, groups)
        case = Case.objects.create(
            company_id=company.id,
            customer_id=customer,
            currency=currency,
            reason=reason,
            wording=put_wording(company=company.id, text=question),
            opened_on=on,
            opened_at=at,
            opened_by_id=by.id,
            opened_by_label=by.label[:64],
        )
        known = due_on or answer_by(
            given.rule.days, on=on, country=company.country, subdivision=company.subdivision
        )
        _keep_route(case, version, given)
        _begin(doing, case, disputed, given.assignee if assignee is None else assignee, known, question)
    return case


def _refuse_nonsense(customer: int, parts: Sequence[Part], states: Mapping[int, ItemState]) -> str:
    """The currency of what is disputed."""
    if not parts or len(states) != len(parts):
        raise NothingToClarify
    for part in parts:
        state = states[part.item]
        if state.customer_id != customer:
            raise ItemOfAnotherCustomer(part.item)
        if state.open_minor <= 0:
            raise NothingToClarify(part.item)
        amount = part.amount
        if amount and (amount.currency != state.currency or not 0 < amount.minor <= state.open_minor):
            raise HeldAmountIsNotOpen(str(amount.minor))
    currencies = {state.currency for state in states.values()}
    if len(currencies) > 1:
        raise SeveralCurrencies(", ".join(sorted(currencies)))
    return currencies.pop()


def _routed(
    doing: Doing, customer: int, reason: str, disputed: Money, groups: Sequence[str]
) -> tuple[int, Route]:
    """The number of the routing in force, and what its rules say about the case."""
    kept = routing_of(company=doing.company.id)
    if reason not in kept.routing.offered:
        raise ReasonNotOffered(reason)
    facts = facts_of_new(
        on=doing.on,
        company=doing.company,
        routing=kept.routing,
        customer=customer,
        reason=reason,
        minor=disputed.minor,
        currency=disputed.currency,
        opener=doing.by.id,
        product_groups=groups,
    )
    return kept.number, route(kept.routing, facts)


def _keep_route(case: Case, version: int, given: Route) -> None:
    CaseRoute.objects.create(
        company_id=case.company_id,
        case=case,
        version=version,
        place=given.place,
        rule=written_rule(given.rule),
        asked_id=given.assignee,
    )


def _begin(
    doing: Doing, case: Case, disputed: Sequence[Disputed], assignee: int | None, due_on: date, question: str
) -> None:
    """Items, first step, state, holds and record of a new case."""
    company = doing.company.id
    for one in disputed:
        CaseItem.objects.create(
            company_id=company,
            case=case,
            item_id=one.item,
            amount_minor=one.amount_minor,
            claimed_minor=one.minor,
        )
    row = keep_step(doing, case, Step(StepKind.OPENED, assignee, due_on))
    CaseState.objects.create(
        company_id=company,
        case=case,
        customer_id=case.customer_id,
        state=CaseStatus.OPEN,
        assignee_id=assignee,
        due_on=due_on,
        amount_minor=sum(one.minor for one in disputed),
        last_step_at=doing.at,
    )
    shares = {one.item: one.amount_minor for one in disputed}
    place_holds(doing, row, shares, reason="clarification")
    record_step(doing, case, row, items=sorted(shares), note=question)
