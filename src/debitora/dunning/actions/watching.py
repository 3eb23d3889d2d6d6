"""How far the runs of a company have read the record."""

from __future__ import annotations

from datetime import datetime

from debitora.dunning.models import Watch
from debitora.people.models import Company
from debitora.trail.queries import last_seal


def move_on(*, company: Company, at: datetime, upto: int | None = None) -> None:
    """Note that everything up to seal `upto`, by default the newest, is seen by the look that follows in this transaction.

    What is sealed is committed, so a snapshot taken after this one has it. Never goes back. Hold the company's row.
    """
    newest = last_seal(company=company.id) if upto is None else None
    seen = (newest.sequence if newest else 0) if upto is None else upto
    watch, made = Watch.objects.get_or_create(
        company_id=company.id, defaults={"sequence": seen, "looked_at": at}
    )
    if not made:
        watch.sequence, watch.looked_at = max(watch.sequence, seen), at
        watch.save(update_fields=["sequence", "looked_at"])
