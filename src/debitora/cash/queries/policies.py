"""How bold a company is when lines are matched."""

from __future__ import annotations

from debitora.cash.models import MatchPolicy


def policy_of(company: int) -> MatchPolicy:
    """The policy that counts now; the defaults where nobody has decided yet, unsaved."""
    return MatchPolicy.objects.filter(company=company).order_by("-id").first() or MatchPolicy(
        company_id=company
    )
