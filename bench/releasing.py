"""Releasing exactly so many letters, for the benchmarks that write or send them. No benchmark itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import ground

if TYPE_CHECKING:
    from bench.lists import Lists
    from debitora.people.models import Company


def releasable(lists: Lists, *, letters: int, port: int = 25) -> tuple[Company, int]:
    """As `ground.approved`, with exactly so many notices to release, each to a mail address; the others are held back."""
    from django.db import transaction

    from debitora.dunning.actions import withhold
    from debitora.dunning.queries.contents import contents
    from debitora.dunning.queries.notices import to_render
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    company, run = ground.approved(lists, port=port)
    with serving(company.id), transaction.atomic():
        notices = to_render(run=run, after=0, most=10 * letters)
        found = contents(notices=notices)
        mailed = [notice for notice in notices if found[notice].recipient.email][:letters]
        if len(mailed) < letters:
            raise RuntimeError(f"only {len(mailed)} notices")
        rest = sorted(set(notices) - set(mailed))
        withhold(company=company.id, notices=rest, note="", by=system("bench"), at=now())
    return company, run


def release(company: Company, run: int, *, letters: int) -> None:
    """Release the run as the product does; so many letters must come of it."""
    from debitora.dunning.actions import release_run
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    with serving(company.id):
        ended = release_run(company=company, run=run, by=system("bench"), clock=now)
    if ended != {"rendered": letters}:
        raise RuntimeError(str(ended))
