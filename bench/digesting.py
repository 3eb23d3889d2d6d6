"""So many digests made and queued: each a salesperson's with customers of her own, over a hundred times as many items.

Everybody has all parts of a digest; HTML and text are made, and the rows are committed. Nobody is sent anything. In the end everybody must
have exactly one mail for each day that was made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from bench import ground
from bench.lists import DAY, write_lists

if TYPE_CHECKING:
    from debitora.people.models import Company

SIZES = (100, 1_000, 10_000)
UNIT = "digests"
ITEMS_EACH = 100
_companies: list[tuple[Company, int]] = []


def times(size: int) -> int:
    """How often the work is measured."""
    return 3


def prepare(size: int) -> Callable[[], object]:
    """A company with so many salespeople who want a digest; each run of the work makes those of another day."""
    ground.lay()
    lists = write_lists(Path(mkdtemp(prefix="debitora-bench-")), rows=size * ITEMS_EACH)
    company = ground.found()
    ground.bring_in(company, lists.customers, kind="customers")
    ground.bring_in(company, lists.first)
    _people(company, size)
    _companies.append((company, size))
    ground.tidy()
    days = _working_days(DAY, times(size))
    return lambda: _make(company, days.pop(0), size)


def also() -> dict[str, float]:
    """How many mails wait; raises RuntimeError unless everybody has one for each day."""
    from django.db import transaction

    from debitora.kit.pg.bulk import rows
    from debitora.kit.pg.company import serving

    company, size = _companies[0]
    with serving(company.id), transaction.atomic():
        found = rows(
            """select count(*) as mails, count(distinct user_id) as people, count(distinct key) as days,
                      (avg(length(html)) / 1024)::float as kib from messaging_personmail"""
        )[0]
    if found["people"] != size or found["mails"] != size * found["days"]:
        raise RuntimeError(str(found))
    return {"mails": found["mails"], "html_kib": round(found["kib"], 1)}


def _people(company: Company, size: int) -> None:
    from django.db import transaction

    from debitora.kit.pg.bulk import execute
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.messaging.models import MailChoice
    from debitora.messaging.rules.own_mails import PARTS
    from debitora.people.models import Grant, User

    at = now()
    with serving(company.id), transaction.atomic():
        people = User.objects.bulk_create(
            User(login=f"s{place}", name=f"S {place}", email=f"s{place}@bench.example", language="de", created_at=at)
            for place in range(size)
        )  # fmt: skip
        Grant.objects.bulk_create(
            Grant(company=company, user=user, role="sales", granted_at=at) for user in people
        )
        MailChoice.objects.bulk_create(
            MailChoice(
                company=company, user_id=user.id, rhythm="daily", weekday=0, hour=7, parts=list(PARTS), alerts=[],
                begun_on=DAY, chosen_at=at,
            )
            for user in people
        )  # fmt: skip
        execute(
            "update receivables_customer set salesperson_id = %(first)s + id %% %(size)s",
            first=min(user.id for user in people),
            size=size,
        )


def _working_days(after: date, most: int) -> list[date]:
    from debitora.values.days import next_working_day

    found: list[date] = []
    while len(found) < most:
        found.append(next_working_day((found[-1] if found else after) + timedelta(days=1), "DE"))
    return found


def _make(company: Company, on: date, size: int) -> None:
    from debitora.desk.actions import make_digests
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now

    with serving(company.id):
        made = make_digests(company=company, base="https://bench.example/c/b", on=on, hour=9, at=now())
    if made != size:
        raise RuntimeError(f"{made} digests")
