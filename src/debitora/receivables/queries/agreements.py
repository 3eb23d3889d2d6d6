"""What was agreed with a customer, and the terms that her invoices show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from debitora.kit.pg.bulk import rows
from debitora.receivables.models import AgreementChange
from debitora.receivables.rules.agreements import counts

_AGREEMENTS: Final = """
    select a.id as agreement, a.kind, w.text, a.with_whom, a.from_on, a.until_on, a.entered_at, a.entered_by_id,
           a.entered_by_label, coalesce(last.kind, '') = 'ended' as is_ended
    from receivables_agreement a
    join trail_wording w on w.company_id = a.company_id and w.id = a.wording_id
    left join lateral (
        select c.kind from receivables_agreementchange c
        where c.company_id = a.company_id and c.agreement_id = a.id order by c.place desc limit 1
    ) last on true
    where a.customer_id = %(customer)s
    order by a.id desc limit %(most)s"""
_TERMS: Final = """
    select s.due_on - i.issued_on as days, count(*) as invoices
    from receivables_itemstate s
    join receivables_item i on i.company_id = s.company_id and i.id = s.item_id
    where s.company_id = current_setting('app.company')::bigint and s.customer_id = %(customer)s and i.kind = 'invoice'
      and i.issued_on >= %(since)s and s.due_on >= i.issued_on
    group by 1 order by 2 desc, 1"""
_TEXTS: Final = """
    select a.id as agreement, w.text from receivables_agreement a
    join trail_wording w on w.company_id = a.company_id and w.id = a.wording_id
    where a.id = any(%(agreements)s)"""
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement with what became of it."""

    agreement: int
    kind: str
    text: str
    with_whom: str
    from_on: date
    until_on: date | None
    entered_at: datetime
    entered_by_id: int | None
    entered_by_label: str
    is_ended: bool

    def counts(self, *, on: date) -> bool:
        """Whether it is in force on the day."""
        return not self.is_ended and counts(from_on=self.from_on, until_on=self.until_on, on=on)


@dataclass(frozen=True, slots=True)
class UsualTerms:
    """Until when most invoices of the last year were to be paid: days after their date; so many of so many invoices."""

    days: int
    invoices: int
    of: int


def agreements_of_customer(*, customer: int, most: int) -> list[AgreementRow]:
    """The newest agreements of a customer, the newest in front."""
    return [AgreementRow(**row) for row in rows(_AGREEMENTS, customer=customer, most=most)]


def agreement_texts(*, agreements: Collection[int]) -> dict[int, str]:
    """What was agreed, by id."""
    found = rows(_TEXTS, agreements=sorted(agreements)) if agreements else []
    return {row["agreement"]: row["text"] for row in found}


def agreement_state(*, agreement: int) -> tuple[int, bool]:
    """How often the agreement was changed, and whether somebody ended it."""
    newest = AgreementChange.objects.filter(agreement_id=agreement).order_by("-place").first()
    return (newest.place, newest.kind == "ended") if newest else (0, False)


def usual_terms(*, customer: int, on: date) -> UsualTerms | None:
    """The terms that most invoices of the last year have; None where there is no invoice."""
    found = rows(_TERMS, customer=customer, since=on - YEAR)
    if not found:
        return None
    return UsualTerms(found[0]["days"], found[0]["invoices"], sum(row["invoices"] for row in found))
