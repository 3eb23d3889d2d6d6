"""One case with its items and steps, and who can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from debitora.disputes.models import Case, CaseHold, CaseItem, CaseStep
from debitora.disputes.queries.cases import CaseRow, case_row
from debitora.disputes.rules.outcomes import Disputed
from debitora.disputes.rules.steps import Step, StepKind
from debitora.kit.pg.bulk import rows
from debitora.people.models import Company
from debitora.people.queries import away, members
from debitora.people.rules import looked_after_by, may, sees_only_own_customers
from debitora.receivables.models import Customer
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import Money


@dataclass(frozen=True, slots=True)
class ItemOfCase:
    """An item of a case: what of it is disputed, and how it stands today. `amount_minor` None: all of it."""

    item: int
    number: str
    currency: str
    amount_minor: int | None
    claimed_minor: int
    open_minor: int
    due_on: date
    level: int

    @property
    def disputed(self) -> Money:
        """What was disputed when the case was opened."""
        return Money(self.claimed_minor, self.currency)

    @property
    def open(self) -> Money:
        """What of the item is open."""
        return Money(self.open_minor, self.currency)


@dataclass(frozen=True, slots=True)
class StepOfCase:
    """A step as people read it; `assignee` and `by` are logins or names."""

    kind: str
    wording: str
    assignee_id: int | None
    due_on: date | None
    outcome: str
    until_on: date | None
    amount_minor: int | None
    recorded_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """A case with all that its page shows, the newest step first."""

    row: CaseRow
    question: str
    items: tuple[ItemOfCase, ...]
    steps: tuple[StepOfCase, ...]

    @property
    def disputed(self) -> Money:
        """What of the disputed sum is open today."""
        known = (Disputed(one.item, one.amount_minor, one.open_minor).minor for one in self.items)
        return Money(sum(known), self.row.currency)


def case_sheet(*, case: int, scope: Scope = EVERYTHING) -> CaseSheet | None:
    """The case with its items and steps, if its customer is within the scope."""
    row = case_row(case=case, scope=scope)
    if row is None:
        return None
    steps = CaseStep.objects.filter(case_id=case).select_related("wording").order_by("-id")
    return CaseSheet(
        row=row,
        question=Case.objects.select_related("wording").get(id=case).wording.text,
        items=tuple(ItemOfCase(**one) for one in _items(case)),
        steps=tuple(_step(one) for one in steps),
    )


def steps_of(*, company: int, case: int) -> list[Step]:
    """The steps of a case in their order, as the rules fold them."""
    found = CaseStep.objects.filter(company_id=company, case_id=case).order_by("id")
    return [Step(StepKind(one.kind), one.assignee_id, one.due_on, one.outcome, one.until_on) for one in found]


def answered_by(*, company: int, case: int) -> int | None:
    """Whose answer the last step of the case is, comments apart; None where it is none."""
    steps = CaseStep.objects.filter(company_id=company, case_id=case).exclude(kind=StepKind.COMMENTED)
    last = steps.order_by("-id").first()
    return last.done_by_id if last is not None and last.kind == StepKind.ANSWERED else None


def holds_of(*, company: int, case: int) -> dict[int, int]:
    """Item -> the hold that the case placed on it last."""
    found = CaseHold.objects.filter(company_id=company, case_id=case).order_by("id")
    return dict(found.values_list("item_id", "hold_id"))


def pending_cases(*, company: int, items: Sequence[int]) -> dict[int, int]:
    """Item -> the case, not closed, that it stands in."""
    found = CaseItem.objects.filter(company_id=company, item_id__in=items).exclude(
        case__state__state="closed"
    )
    return dict(found.values_list("item_id", "case_id"))


def may_be_asked(*, company: Company, salesperson: int | None, on: date) -> dict[int, str]:
    """Who can answer a case of a customer on a day: user id -> name. Salespeople answer for their own customers only, and
    for those of whoever they stand in for."""
    hers = looked_after_by(salesperson, away(on=on))
    return {
        one.user_id: one.name
        for one in members(company=company)
        if one.is_active
        and may(one.role, "cases.answer")
        and (one.user_id in hers or not sees_only_own_customers(one.role))
    }


def salesperson_of(*, customer: int) -> int | None:
    """Who looks after the customer, if somebody does."""
    return Customer.objects.filter(id=customer).values_list("salesperson_id", flat=True).first()


def _items(case: int) -> list[dict[str, Any]]:
    return rows(
        """select i.id as item, i.number, i.currency, c.amount_minor, c.claimed_minor, s.open_minor, s.due_on, s.level
           from disputes_caseitem c
           join receivables_item i on i.company_id = c.company_id and i.id = c.item_id
           join receivables_itemstate s on s.company_id = c.company_id and s.item_id = c.item_id
           where c.case_id = %(case)s order by i.id""",
        case=case,
    )


def _step(one: CaseStep) -> StepOfCase:
    return StepOfCase(
        kind=one.kind,
        wording=one.wording.text if one.wording else "",
        assignee_id=one.assignee_id,
        due_on=one.due_on,
        outcome=one.outcome,
        until_on=one.until_on,
        amount_minor=one.amount_minor,
        recorded_at=one.recorded_at,
        by=one.done_by_label,
    )
