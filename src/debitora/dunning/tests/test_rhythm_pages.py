"""The page that says how runs come, and where a follow-up tells why it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from debitora.dunning.actions import choose_rhythm, follow_up
from debitora.dunning.forms.rhythm import RhythmForm
from debitora.dunning.models import Rhythm as Chosen
from debitora.dunning.queries.rhythm import rhythm_of_company
from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.dunning.testing import MOMENT, ON, TESTS, a_late_payer, a_run
from debitora.kit.runtime import clock_at
from debitora.people.models import Company, User

ClientOf = Callable[[User], Client]


def test_a_manager_chooses_how_runs_come_and_sees_it_where_runs_are(
    acme: Company, manager: User, clerk: User, client_of: ClientOf
) -> None:
    page = client_of(manager)
    assert "from 5:00 on" in page.get("/c/acme/settings/runs/").content.decode()
    chosen = {"mode": "continuous", "begins": "6", "ends": "20"}
    told = page.post("/c/acme/settings/runs/chosen/", chosen, follow=True).content.decode()
    assert "Runs come so from now on." in told
    assert "changes are followed up until 20:00" in told
    assert (
        "Nothing has changed."
        in page.post("/c/acme/settings/runs/chosen/", chosen, follow=True).content.decode()
    )
    assert rhythm_of_company() == Rhythm(Mode.CONTINUOUS, 6, 20)
    assert "followed up until 20:00" in client_of(clerk).get("/c/acme/runs/").content.decode()
    assert client_of(clerk).post("/c/acme/settings/runs/chosen/", chosen).status_code == 403
    assert Chosen.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"mode": "hourly", "begins": "5", "ends": "18"}, "mode"),
        ({"mode": "daily", "begins": "24", "ends": "24"}, "begins"),
        ({"mode": "daily", "begins": "9", "ends": "9"}, "ends"),
        ({"mode": "daily", "begins": "x", "ends": "18"}, "begins"),
        ({"mode": "daily", "begins": "9"}, "ends"),
    ],
)
def test_nonsense_is_told_at_its_field_and_changes_nothing(
    acme: Company, manager: User, client_of: ClientOf, typed: dict[str, str], field: str
) -> None:
    assert list(RhythmForm(typed).errors) == [field]
    assert client_of(manager).post("/c/acme/settings/runs/chosen/", typed).status_code == 422
    assert not Chosen.objects.exists()


def test_a_follow_up_says_what_had_changed(acme: Company, manager: User, client_of: ClientOf) -> None:
    choose_rhythm(company=acme, wanted=Rhythm(Mode.CONTINUOUS), by=TESTS, at=MOMENT)
    a_run(acme)
    a_late_payer(acme, "1")
    found = follow_up(company=acme, by=TESTS, at=MOMENT)
    assert found is not None
    client = client_of(manager)
    with clock_at(MOMENT):
        said = "1 list or new item"
        assert said in client.get(f"/c/acme/runs/{found.run}/").content.decode()
        assert said in client.get("/c/acme/runs/").content.decode()
        assert said in client.get("/c/acme/settings/runs/").content.decode()
        assert "proposes 1 notice. It waits for approval." in client.get("/c/acme/").content.decode()


@pytest.mark.parametrize(
    ("rhythm", "hour", "expected"),
    [
        (Rhythm(), 4, (False, False)),
        (Rhythm(), 5, (True, False)),
        (Rhythm(Mode.HAND), 12, (False, False)),
        (Rhythm(Mode.CONTINUOUS), 4, (False, False)),
        (Rhythm(Mode.CONTINUOUS), 5, (True, True)),
        (Rhythm(Mode.CONTINUOUS), 17, (True, True)),
        (Rhythm(Mode.CONTINUOUS), 18, (True, False)),
    ],
)
def test_hours_say_what_comes(rhythm: Rhythm, hour: int, expected: tuple[bool, bool]) -> None:
    local = datetime(ON.year, ON.month, ON.day, hour)  # the company's own wall clock
    assert (rhythm.wants_run(local), rhythm.follows(local)) == expected
