"""Calls as they count: those that nobody took back."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from debitora.messaging.models import Call, CallUndo

REACHED = ("reached", "promised")
"""Outcomes with which the customer was contacted."""


def live_calls() -> QuerySet[Call]:
    """Every call that was not taken back."""
    undone = CallUndo.objects.filter(company_id=OuterRef("company_id"), call_id=OuterRef("id"))
    return Call.objects.filter(~Exists(undone))


def calls_about(*, kind: str, subjects: Collection[int]) -> list[Call]:
    """What was telephoned about these, oldest first."""
    found = live_calls().filter(kind=kind, subject_id__in=list(subjects)).select_related("wording")
    return list(found.order_by("id"))


def newest_call(*, kind: str, subject: int) -> Call | None:
    """The last call about it that still counts."""
    return live_calls().filter(kind=kind, subject_id=subject).order_by("-id").first()
