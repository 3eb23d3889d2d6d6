"""Releasing exactly so many letters, for the benchmarks that write or send them. No benchmark itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from bench import ground
from bench.lists import write_lists

if TYPE_CHECKING:
    from bench.lists import Lists
    from debitora.people.models import Company


ROWS_PER_LETTER = 30
"""So long a list that there are enough notices, wherever they go."""
_WARM = 20


def prepared(size: int, *, on_paper: bool) -> Callable[[], object]:
    """The ground, and three approved runs with so many letters each; every call releases one of them.

    A few letters of another company come first, outside the measured time: what a process reads once is no letter's cost.
    """
    ground.lay()
    folder = Path(mkdtemp(prefix="debitora-bench-"))
    lists = write_lists(folder, rows=size * ROWS_PER_LETTER)
    few = write_lists(folder, rows=_WARM * ROWS_PER_LETTER)
    waiting = [releasable(lists, letters=size, on_paper=on_paper) for _ in range(3)]
    release(*releasable(few, letters=_WARM, on_paper=on_paper), letters=_WARM)
    ground.tidy()

    def work() -> None:
        release(*waiting.pop(), letters=size)

    return work


def releasable(lists: Lists, *, letters: int, port: int = 25, on_paper: bool = False) -> tuple[Company, int]:
    """As `ground.approved`, with exactly so many notices to release, each to a mail address (or, on paper, to a street); the
    others are held back."""
    from django.db import transaction

    from debitora.dunning.actions import withhold
    from debitora.dunning.queries.contents import contents
    from debitora.dunning.queries.notices import to_render
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    company, run = ground.approved(lists, port=port, before_run=_by_post if on_paper else None)
    with serving(company.id), transaction.atomic():
        notices = to_render(run=run, after=0, most=10 * letters)
        found = {notice: one.recipient for notice, one in contents(notices=notices).items()}
        reached = [one for one in notices if (found[one].has_address if on_paper else found[one].email)][
            :letters
        ]
        if len(reached) < letters:
            raise RuntimeError(f"only {len(reached)} notices")
        rest = sorted(set(notices) - set(reached))
        withhold(company=company.id, notices=rest, note="", by=system("bench"), at=now())
    return company, run


def _by_post(company: Company) -> None:
    """Let every step of the company's strategies go as a letter."""
    from dataclasses import replace

    from debitora.dunning.actions import change_strategy
    from debitora.dunning.queries.strategies import strategies
    from debitora.dunning.rules.policy import Channel
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    for strategy in strategies():
        steps = tuple(replace(step, channel=Channel.LETTER) for step in strategy.policy.steps)
        change_strategy(
            company=company.id,
            strategy=strategy.id,
            version=strategy.version,
            policy=replace(strategy.policy, steps=steps),
            by=system("bench"),
            at=now(),
        )


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
