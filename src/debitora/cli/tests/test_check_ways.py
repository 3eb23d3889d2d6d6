"""`debitora check` finds nothing wrong with calls, notices that went both ways, and contacts by role; and names a rise without any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from debitora.cli.checks.examination import Depth, examine
from debitora.cli.checks.questions import questions
from debitora.dunning.actions import answer_call, follow, take_call_back
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.rules.policy import Channel, WrittenTo
from debitora.dunning.rules.presets import preset
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_ready_company, a_released_run, a_strategy
from debitora.kit.runtime import now
from debitora.messaging.actions import mark_printed
from debitora.messaging.models import Intent
from debitora.people.models import Company
from debitora.receivables.actions import keep_contact

HOME = {"street": "Weg 1", "postcode": "10115", "city": "Berlin"}
BASE = preset("de-business")
Scene = Callable[[Company], None]


def called(company: Company) -> None:
    """One was reached, one promised, one was missed, and one word was taken back."""
    a_strategy(
        company, kind="business", steps=(replace(BASE.steps[0], channel=Channel.CALL), *BASE.steps[1:])
    )
    for number in ("1", "2", "3", "4"):
        a_late_payer(company, number)
    a_released_run(company, at=now())
    promised = now().date() + timedelta(days=5)
    notices = list(Notice.objects.order_by("id").values_list("id", flat=True))
    outcomes: list[tuple[str, date | None]] = [
        ("reached", None),
        ("promised", promised),
        ("not_reached", None),
        ("promised", promised),
    ]
    for notice, (outcome, until) in zip(notices, outcomes, strict=True):
        last = answer_call(
            company=company, notice=notice, outcome=outcome, promised_on=until, by=TESTS, at=now()
        )
    take_call_back(company=company, call=last.id, by=TESTS, at=now())


def both_ways(company: Company) -> None:
    """A letter was printed, its mail waits; it went to management."""
    step = replace(BASE.steps[0], channel=Channel.BOTH, to=WrittenTo.MANAGEMENT)
    a_strategy(company, kind="business", steps=(step, *BASE.steps[1:]))
    customer = a_late_payer(company, **HOME)
    keep_contact(
        company=company.id,
        customer=customer,
        role="management",
        name="Frau Ott",
        email="ott@debtor.example",
        by=TESTS,
        at=now(),
    )
    a_released_run(company, at=now())
    letters = list(Intent.objects.filter(channel="letter").values_list("id", flat=True))
    mark_printed(company=company.id, intents=letters, by=TESTS, at=now())
    follow(company=company, by=TESTS, at=now())


@pytest.mark.parametrize("scene", [called, both_ways])
def test_ways_leave_nothing_to_be_found(committed: str, company: Company, scene: Scene) -> None:
    with transaction.atomic():
        a_ready_company(company)
        scene(company)
    report = examine(database=committed, now=now(), depth=Depth.FULL)
    asked = {"I20", "I21", "I22", "I23", "I24", "I26", "I44", "D6"}
    assert not [
        (one.invariant, one.object, one.difference) for one in report.findings if one.invariant in asked
    ]


def test_a_rise_through_a_call_that_was_never_made_is_named(company: Company) -> None:
    a_ready_company(company)
    called(company)
    question = next(one for one in questions() if one.name == "I26_levels")
    with connection.cursor() as cursor:
        cursor.execute(
            question.broken.replace("'called'", "'never'"), {"company": company.id, "since": MOMENT}
        )
        found = [str(difference) for _object, _customer, difference in cursor.fetchall()]
    assert any("never left" in one for one in found)
    assert NoticeEvent.objects.filter(kind="called").count() == 3
