"""Tell how far long work is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from debitora.kit.pg.aside import aside
from debitora.people.models import Progress
from debitora.trail.rules import Actor


def begin_progress(*, company: int, kind: str, subject: int, total: int, by: Actor, at: datetime) -> Progress:
    """Announce a long piece of work; its page polls the row."""
    progress, _made = Progress.objects.update_or_create(
        company_id=company,
        kind=kind,
        subject_id=subject,
        defaults={
            "state": "waiting",
            "done": 0,
            "total": total,
            "problem": "",
            "started_by_id": by.id,
            "created_at": at,
            "changed_at": at,
        },
    )
    return progress


def tell_progress(
    *,
    company: int,
    kind: str,
    subject: int,
    at: datetime,
    state: str = "running",
    done: int | None = None,
    total: int | None = None,
    problem: str = "",
) -> None:
    """Say how far the work is, or that it is done or failed (with a code of what went wrong)."""
    changes: dict[str, object] = {"state": state, "changed_at": at, "problem": problem}
    if done is not None:
        changes["done"] = done
    if total is not None:
        changes["total"] = total
    Progress.objects.filter(company_id=company, kind=kind, subject_id=subject).update(**changes)


@contextmanager
def progress_aside(
    *, kind: str, subject: int, clock: Callable[[], datetime]
) -> Iterator[Callable[[int, int], None]]:
    """Tell how far one long transaction is while it lasts: call the answer with (done, total)."""
    with aside() as say:

        def tell(done: int, total: int) -> None:
            say(
                """update people_progress set state = 'running', done = %(done)s, total = %(total)s, changed_at = %(at)s
                   where kind = %(kind)s and subject_id = %(subject)s""",
                {"done": done, "total": total, "at": clock(), "kind": kind, "subject": subject},
            )

        yield tell
