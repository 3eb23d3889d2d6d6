"""Absences: who answers for whom on which day, what is refused, and who may enter it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from debitora.kit.runtime import clock_at
from debitora.people.actions import (
    AbsenceInThePast,
    AbsenceIsOver,
    AbsencesMeet,
    MayNotStandIn,
    StandsInACircle,
    end_absence,
    enter_absence,
    grant,
    resume_absence,
    revoke,
)
from debitora.people.models import Absence, Company, User
from debitora.people.queries import absences, away
from debitora.people.rules import Away, answering, circle_on, looked_after_by, may_stand_in, stood_for
from debitora.trail.models import Record
from debitora.trail.rules import system

ClientOf = Callable[[User], Client]
ON = date(2026, 11, 18)
DAY = timedelta(days=1)
HERE = "/c/acme/absences/"
BY = system("tests")


@pytest.mark.parametrize(
    ("away", "user", "expected"),
    [
        ({}, 1, 1),
        ({1: 2}, 1, 2),
        ({1: 2}, 2, 2),
        ({1: 2, 2: 3}, 1, 3),
        ({1: 2, 2: 1}, 1, 1),
        ({1: 2, 2: 3, 3: 2}, 1, 1),
    ],
)
def test_who_answers(away: dict[int, int], user: int, expected: int) -> None:
    assert answering(user, away) == expected


@given(st.dictionaries(st.integers(1, 6), st.integers(1, 6), max_size=6))
def test_everybody_is_answered_for_by_one_person(away: dict[int, int]) -> None:
    """Who is stood for by somebody is answered by just that one, and nobody stands in for herself."""
    for user in range(1, 7):
        other = answering(user, away)
        assert (other != user) == (user in stood_for(other, away))
        assert looked_after_by(user, away) == {user, other}
    assert looked_after_by(None, away) == frozenset()


def test_only_who_sees_no_less_stands_in() -> None:
    roles = ("clerk", "manager", "sales", "auditor")
    found = {(one, other) for one in roles for other in roles if may_stand_in(one, for_role=other)}
    assert found == {
        *((one, other) for one in ("clerk", "manager") for other in roles),
        ("sales", "sales"),
    }


def test_a_circle_is_found_on_its_first_day() -> None:
    new = Away(1, 2, ON, None)
    assert circle_on(new, [Away(2, 3, ON, None)]) is None
    assert circle_on(new, [Away(2, 3, ON, None), Away(3, 1, ON + 5 * DAY, ON + 9 * DAY)]) == ON + 5 * DAY
    assert circle_on(new, [Away(2, 1, ON - 9 * DAY, ON - DAY)]) is None
    assert circle_on(new, [Away(2, 1, ON - 9 * DAY, ON)]) == ON


def entered(
    company: Company, user: User, stand_in: User, first: int = 0, last: int | None = 6, **given: Any
) -> Absence:
    """Days counted from today."""
    until = None if last is None else ON + last * DAY
    known: dict[str, Any] = {
        "from_on": ON + first * DAY,
        "until_on": until,
        "on": ON,
        "by": BY,
        "at": given.pop("at"),
    }
    return enter_absence(company=company, user=user, stand_in=stand_in, **known)


def test_away_from_the_first_to_the_last_day(
    company: Company, sales: User, manager: User, moment: Any
) -> None:
    entered(company, sales, manager, 1, 3, at=moment)
    assert [bool(away(on=ON + day * DAY)) for day in range(5)] == [False, True, True, True, False]
    assert away(on=ON + DAY) == {sales.id: manager.id}
    assert [one.user_id for one in absences(since=ON + 3 * DAY)] == [sales.id]
    assert absences(since=ON + 4 * DAY) == []


def test_back_early_and_away_again(company: Company, sales: User, manager: User, moment: Any) -> None:
    known: dict[str, Any] = {"company": company, "by": BY, "at": moment}
    one = entered(company, sales, manager, last=None, at=moment)
    end_absence(**known, absence=one.id, on=ON + 2 * DAY)
    assert [bool(away(on=ON + day * DAY)) for day in range(4)] == [True, True, False, False]
    with pytest.raises(AbsenceIsOver):
        end_absence(**known, absence=one.id, on=ON + 2 * DAY)
    for _twice in range(2):
        resume_absence(**known, absence=one.id)
        assert away(on=ON + 9 * DAY) == {sales.id: manager.id}
    verbs = list(
        Record.objects.filter(verb__startswith="absence.").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["absence.entered", "absence.ended", "absence.resumed"]


def test_who_has_not_left_yet_never_goes(company: Company, sales: User, manager: User, moment: Any) -> None:
    one = entered(company, sales, manager, 5, 9, at=moment)
    end_absence(company=company, absence=one.id, on=ON, by=BY, at=moment)
    assert not any(away(on=ON + day * DAY) for day in range(12))
    over = entered(company, sales, manager, 0, 1, at=moment)
    with pytest.raises(AbsenceIsOver):
        end_absence(company=company, absence=over.id, on=ON + 2 * DAY, by=BY, at=moment)


def test_what_is_refused(
    company: Company, sales: User, clerk: User, auditor: User, stranger: User, moment: Any
) -> None:
    with pytest.raises(AbsenceInThePast):
        entered(company, sales, clerk, -5, -1, at=moment)
    with pytest.raises(AbsenceInThePast):
        entered(company, sales, clerk, 5, 4, at=moment)
    for wrong in (sales, auditor, stranger):
        with pytest.raises(MayNotStandIn):
            entered(company, sales, wrong, at=moment)
    with pytest.raises(MayNotStandIn):
        entered(company, clerk, sales, at=moment)
    one = entered(company, sales, clerk, at=moment)
    with pytest.raises(AbsencesMeet) as met:
        entered(company, sales, clerk, 6, 12, at=moment)
    assert met.value.met == one
    assert Absence.objects.count() == 1


def test_a_circle_is_refused_also_when_an_end_is_taken_back(
    company: Company, manager: User, clerk: User, moment: Any
) -> None:
    known: dict[str, Any] = {"company": company, "by": BY, "at": moment}
    one = entered(company, manager, clerk, at=moment)
    with pytest.raises(StandsInACircle):
        entered(company, clerk, manager, 3, 9, at=moment)
    end_absence(**known, absence=one.id, on=ON)
    entered(company, clerk, manager, 3, 9, at=moment)
    with pytest.raises(StandsInACircle):
        resume_absence(**known, absence=one.id)


def test_who_has_left_stands_in_for_nobody(company: Company, sales: User, clerk: User, moment: Any) -> None:
    entered(company, sales, clerk, at=moment)
    revoke(company=company, user=clerk, by=BY, at=moment)
    assert away(on=ON) == {}
    grant(company=company, user=clerk, role="auditor", by=BY, at=moment)
    assert away(on=ON) == {}
    grant(company=company, user=clerk, role="clerk", by=BY, at=moment)
    User.objects.filter(id=clerk.id).update(is_active=False)
    assert away(on=ON) == {}


def test_the_database_refuses_nonsense(company: Company, sales: User, clerk: User, moment: Any) -> None:
    one = entered(company, sales, clerk, at=moment)
    for wrong in ({"stand_in": sales}, {"until_on": ON - DAY}, {"back_on": ON - DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(id=one.id).update(**wrong)


def typed(**changes: object) -> dict[str, object]:
    return {"from_on": "18.11.2026", "until_on": "24.11.2026", **changes}


def test_one_enters_ones_own(
    company: Company, sales: User, manager: User, client_of: ClientOf, moment: Any
) -> None:
    with clock_at(moment):
        client = client_of(sales)
        answer = client.post(HERE, typed(user=sales.id, stand_in=manager.id), follow=True)
        assert "is asked" in answer.content.decode()
        [one] = Absence.objects.all()
        assert (one.user_id, one.stand_in_id, one.from_on, one.until_on) == (
            sales.id,
            manager.id,
            ON,
            ON + 6 * DAY,
        )
        assert "away now" in client.get(HERE).content.decode()
        told = client_of(manager).get("/c/acme/notifications/").content.decode()
        assert "you are concerned" in told
        assert "You stand in for" in client_of(manager).get("/c/acme/").content.decode()
        client.post(f"{HERE}{one.id}/end/")
        assert "Nobody is away" in client.get(HERE).content.decode()
        assert "answers again" not in client.post(f"{HERE}{one.id}/end/", follow=True).content.decode()
        assert "as was entered" in client.post(f"{HERE}{one.id}/resumption/", follow=True).content.decode()
        assert away(on=ON) == {sales.id: manager.id}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"until_on": "17.11.2026", "from_on": "10.11.2026"}, "That day has passed"),
        ({"until_on": "19.11.2026", "from_on": "20.11.2026"}, "lies before the first"),
        ({"from_on": "31.2."}, "This is not a day"),
        ({"from_on": ""}, "This field is required"),
        ({"stand_in": ""}, "This field is required"),
        ({"stand_in": "999999"}, "Select a valid choice"),
    ],
)
def test_nonsense_is_answered_at_its_field(
    company: Company,
    manager: User,
    clerk: User,
    client_of: ClientOf,
    moment: Any,
    changes: dict[str, str],
    expected: str,
) -> None:
    with clock_at(moment):
        answer = client_of(manager).post(HERE, typed(user=clerk.id, stand_in=manager.id) | changes)
    assert answer.status_code == 422
    assert expected in answer.content.decode()
    assert not Absence.objects.exists()


def test_only_who_looks_after_people_enters_anothers(
    company: Company, sales: User, clerk: User, manager: User, client_of: ClientOf, moment: Any
) -> None:
    with clock_at(moment):
        assert client_of(clerk).post(HERE, typed(user=sales.id, stand_in=clerk.id)).status_code == 422
        assert client_of(manager).post(HERE, typed(user=sales.id, stand_in=clerk.id)).status_code == 303
        again = client_of(manager).post(HERE, typed(user=sales.id, stand_in=clerk.id))
        assert "begins on 18/11/2026" in again.content.decode()
        circle = client_of(clerk).post(HERE, typed(user=clerk.id, stand_in=clerk.id))
        assert circle.status_code == 422
        [one] = Absence.objects.all()
        assert client_of(clerk).post(f"{HERE}{one.id}/end/").status_code == 404
        assert "Sales Acme" in client_of(clerk).get(HERE).content.decode()


def test_salespeople_are_told_of_what_concerns_them(
    company: Company, sales: User, clerk: User, manager: User, client_of: ClientOf, moment: Any
) -> None:
    with clock_at(moment):
        entered(company, clerk, manager, at=moment)
        assert "Nobody is away" in client_of(sales).get(HERE).content.decode()
        refused = client_of(manager).post(HERE, typed(user=manager.id, stand_in=sales.id))
        assert "sees at least the same customers" in refused.content.decode()
        circle = client_of(manager).post(HERE, typed(user=manager.id, stand_in=clerk.id))
        assert "nobody would be left" in circle.content.decode()
        one = Absence.objects.get()
        client_of(manager).post(f"{HERE}{one.id}/end/")
        client_of(manager).post(HERE, typed(user=manager.id, stand_in=clerk.id))
        late = client_of(manager).post(f"{HERE}{one.id}/resumption/", follow=True)
        assert "entered since" in late.content.decode()
