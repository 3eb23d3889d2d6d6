"""Gates of disputes: unknown, another company's, another salesperson's: all are equally not there."""

from __future__ import annotations

from django.http import Http404

from debitora.disputes.queries.sheet import CaseSheet, case_sheet
from debitora.receivables.rules.items import Scope


def case(*, case: int, scope: Scope) -> CaseSheet:
    """The case with its items and steps, if its customer is within the scope. Raises Http404."""
    found = case_sheet(case=case, scope=scope)
    if found is None:
        raise Http404
    return found
