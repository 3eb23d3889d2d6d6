"""Gates of disputes: unknown, another company's, another salesperson's: all are equally not there."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404

from debitora.disputes.queries.sheet import CaseSheet, case_sheet
from debitora.disputes.queries.telling import Linked, mail_of_mark
from debitora.disputes.queries.telling import linked as _linked
from debitora.people.models import Company
from debitora.receivables.rules.items import Scope


def case(*, case: int, scope: Scope) -> CaseSheet:
    """The case with its items and steps, if its customer is within the scope. Raises Http404."""
    found = case_sheet(case=case, scope=scope)
    if found is None:
        raise Http404
    return found


def linked(*, company: Company, mail: int, at: datetime) -> Linked:
    """What the link of a mail leads to, if that mail went. Raises Http404."""
    found = _linked(company=company, mail=mail, at=at)
    if found is None:
        raise Http404
    return found


def linked_by_mark(*, company: Company, mark: str, at: datetime) -> Linked:
    """The same by what stands in the link. Raises Http404 for what we have not made."""
    mail = mail_of_mark(company=company.id, mark=mark, use="link")
    return linked(company=company, mail=mail or 0, at=at)
