"""What people keep for themselves: views, how far they have read; and when they are away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from debitora.people.actions import end_absence, enter_absence, mark_news_read, save_view, set_default_view
from debitora.people.models import Company, User
from debitora.trail.rules import Actor


def with_views(
    people: Mapping[str, User], *, company: Company, said: Callable[[str, str], str], at: datetime
) -> None:
    """Everybody keeps a view of her own; nobody but her may read its name. The manager shares another one."""
    for login, user in people.items():
        by = Actor(user.id, "user", user.login)
        view = save_view(
            company=company, owner=user, of="items", query="state=overdue", shared=False, at=at, name=said("view", login),
            by=by,
        )  # fmt: skip
        set_default_view(user=user, view=view)
        mark_news_read(company=company, user=user, up_to=0, at=at)
    manager = people["manager"]
    save_view(
        company=company, owner=manager, of="customers", query="", shared=True, at=at, name=said("shared view", "manager"),
        by=Actor(manager.id, "user", manager.login),
    )  # fmt: skip


def with_absences(people: Mapping[str, User], *, company: Company, by: Actor, on: date, at: datetime) -> None:
    """The clerk is away for a week, the salesperson will be; the rival wanted to be, for good. `people`: by login without the
    mark."""
    known: dict[str, Any] = {"company": company, "by": by, "at": at, "on": on}
    clerk, manager, rival = (people[name] for name in ("clerk", "manager", "rival"))
    enter_absence(**known, user=clerk, stand_in=manager, from_on=on, until_on=on + timedelta(days=6))
    enter_absence(
        **known, user=people["sales"], stand_in=manager, from_on=on + timedelta(days=90), until_on=None
    )
    left = enter_absence(**known, user=rival, stand_in=manager, from_on=on + timedelta(days=9), until_on=None)
    end_absence(**known, absence=left.id)
