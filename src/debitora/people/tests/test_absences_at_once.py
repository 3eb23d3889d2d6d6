"""Two who enter an absence at once: one is told of the other's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections, transaction

from debitora.kit.pg.company import serving
from debitora.people.actions import AbsencesMeet, StandsInACircle, absences, enter_absence
from debitora.people.models import Absence, Company, Grant, User
from debitora.trail.rules import system

ON = date(2026, 11, 18)


def both(company: Company, people: list[tuple[User, User]], at: datetime) -> list[str]:
    """What came of two absences that are entered at the same moment."""
    start = Barrier(2)

    def one(who: tuple[User, User]) -> str:
        try:
            with serving(company.id):
                start.wait()
                enter_absence(
                    company=company, user=who[0], stand_in=who[1], from_on=ON, until_on=ON + timedelta(days=9),
                    on=ON, by=system("tests"), at=at,
                )  # fmt: skip
        except (AbsencesMeet, StandsInACircle):
            return "refused"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, people))


def test_the_second_is_refused(
    committed: str, company: Company, clerk: User, manager: User, sales: User, moment: datetime
) -> None:
    assert both(company, [(sales, clerk), (sales, manager)], moment) == ["done", "refused"]
    assert both(company, [(manager, clerk), (clerk, manager)], moment) == ["done", "refused"]
    with transaction.atomic(), serving(company.id):
        assert Absence.objects.count() == 2


def test_control_without_the_lock_both_are_entered(
    committed: str,
    company: Company,
    clerk: User,
    manager: User,
    moment: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both look before either writes, and nothing but the lock tells them apart."""
    looked = Barrier(2)

    def unlocked(company: Company) -> dict[int, str]:
        return dict(Grant.objects.filter(company=company).values_list("user_id", "role"))

    def after_both(new: object, others: object) -> None:
        looked.wait()

    monkeypatch.setattr(absences, "_locked_roles", unlocked)
    monkeypatch.setattr(absences, "circle_on", after_both)
    assert both(company, [(manager, clerk), (clerk, manager)], moment) == ["done", "done"]
