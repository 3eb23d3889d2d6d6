"""How items are gathered into notices: by customer, level or order; and steps that wait for the end of a month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from debitora.dunning.models import Notice, NoticeEvent, NoticeLine
from debitora.dunning.queries.lists import DecisionFilters, decisions_page
from debitora.dunning.rules.decide import decide
from debitora.dunning.rules.facts import Decided, Facts, Item, LineKind
from debitora.dunning.rules.policy import AfterLastStep, ContactCap, DebtorKind, Grouping, Policy, Step
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.testing import MOMENT, a_late_payer, a_released_run, a_run, a_strategy
from debitora.people.models import Company, User
from debitora.receivables.actions.levels import raise_levels
from debitora.receivables.models import Item as OpenItem
from debitora.receivables.testing import a_customer, an_open_item
from debitora.values.money import Money

ON = date(2026, 3, 16)
LADDER = Policy(
    name="gathering",
    debtor=DebtorKind.BUSINESS,
    country="DE",
    language="de",
    steps=(Step(text="reminder", days_after_due=1), Step(text="final", days_after_due=2, min_gap_days=1)),
)


def item(
    item_id: int, minor: int, *, level: int = 0, order: int | None = None, contact: int | None = None
) -> Item:
    return Item(
        item_id=item_id,
        currency="EUR",
        due_on=date(2026, 3, 1),
        open_minor=minor,
        level=level,
        order_item=order,
        contact_item=contact,
    )


def asked(*items: Item, **changes: object) -> Decided:
    return decide(Facts(customer_id=1, items=items, policy=replace(LADDER, **changes)), on=ON)


def notices(decided: Decided) -> list[tuple[int, int, int, int]]:
    """Part, level, credits and the sum asked for, of each notice."""
    return [(one.part, one.level, one.credit_minor, one.total_minor) for one in decided.notices]


MIXED = (
    item(1, 100, order=1),
    item(2, 200, level=1, order=2, contact=2),
    item(3, 400, order=2),
    item(4, 800, contact=2),
)


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        pytest.param(Grouping.CUSTOMER_CURRENCY, [(0, 2, 0, 1500)], id="all at the highest level"),
        pytest.param(Grouping.LEVEL, [(1, 1, 0, 1300), (2, 2, 0, 200)], id="one per level"),
        pytest.param(Grouping.ORDER, [(0, 1, 0, 800), (1, 1, 0, 100), (2, 2, 0, 600)], id="one per order"),
        pytest.param(Grouping.CONTACT, [(0, 1, 0, 500), (2, 2, 0, 1000)], id="one per contact"),
    ],
)
def test_items_gather_as_the_strategy_says(
    grouping: Grouping, expected: list[tuple[int, int, int, int]]
) -> None:
    assert notices(asked(*MIXED, grouping=grouping)) == expected


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        pytest.param(-50, [(1, 1, 0, 1300), (2, 2, -50, 150)], id="lowers the highest level"),
        pytest.param(-200, [(1, 1, -200, 1100)], id="covers the highest level and lowers the next"),
        pytest.param(-1299, [(1, 1, -1299, 1)], id="leaves a cent"),
        pytest.param(-1300, [], id="covers each of them"),
    ],
)
def test_credits_count_once_on_the_first_notice_that_they_do_not_cover(
    credit: int, expected: list[tuple[int, int, int, int]]
) -> None:
    decided = asked(*MIXED, item(9, credit), grouping=Grouping.LEVEL)
    assert notices(decided) == expected
    shown = [(line.part, line.open_minor) for line in decided.lines if line.kind is LineKind.CREDIT]
    assert shown == [(part, less) for part, _level, less, _total in expected if less]


def test_credits_that_are_only_shown_lower_nothing_and_cover_nothing() -> None:
    decided = asked(*MIXED, item(9, -5_000), offset_credits=False)
    assert notices(decided) == [(0, 2, 0, 1500)]
    assert [line.open_minor for line in decided.lines if line.kind is LineKind.CREDIT] == [-5_000]
    assert not asked(*MIXED, item(9, -5_000), offset_credits=False, consider_credits=False).lines[4:]


def test_what_is_also_open_stands_on_the_first_notice_only() -> None:
    late = replace(item(5, 1600), due_on=ON.replace(day=15), level=1)
    decided = asked(*MIXED, late, grouping=Grouping.LEVEL)
    assert [(one.part, one.also_open_minor) for one in decided.notices] == [(1, 0), (2, 1600)]


def test_every_notice_is_a_contact_of_its_own() -> None:
    decided = asked(*MIXED, grouping=Grouping.LEVEL, contact_cap=ContactCap(touches=1, days=7))
    assert notices(decided) == [(2, 2, 0, 200)]
    reasons = {one.item_id: one.reason for one in decided.decisions}
    assert reasons == {
        1: Reason.CONTACT_CAP,
        2: Reason.NOTICE,
        3: Reason.CONTACT_CAP,
        4: Reason.CONTACT_CAP,
    }


def test_the_minimum_of_a_notice_counts_for_each() -> None:
    steps = tuple(replace(step, minimum_notice=(Money(300, "EUR"),)) for step in LADDER.steps)
    assert notices(asked(*MIXED, grouping=Grouping.ORDER, steps=steps)) == [(0, 1, 0, 800), (2, 2, 0, 600)]


@pytest.mark.parametrize(
    ("due_on", "first_day"),
    [
        pytest.param(date(2026, 1, 10), date(2026, 2, 28), id="thirty days lie in February"),
        pytest.param(date(2026, 1, 29), date(2026, 2, 28), id="on its last day"),
        pytest.param(date(2026, 1, 30), date(2026, 3, 31), id="a day later: a month later"),
        pytest.param(date(2024, 1, 5), date(2024, 2, 29), id="leap year"),
        pytest.param(date(2026, 12, 1), date(2026, 12, 31), id="December"),
    ],
)
def test_b_thirty_days_end_of_month(due_on: date, first_day: date) -> None:
    steps = (Step(text="reminder", days_after_due=30, month_end=True),)
    facts = Facts(
        customer_id=1, items=(replace(item(1, 100), due_on=due_on),), policy=replace(LADDER, steps=steps)
    )
    before = decide(facts, on=date.fromordinal(first_day.toordinal() - 1))
    assert [one.reason for one in before.decisions] == [Reason.GRACE]
    assert [one.reason for one in decide(facts, on=first_day).decisions] == [Reason.NOTICE]


def test_the_grace_comes_after_the_end_of_the_month() -> None:
    steps = (Step(text="reminder", days_after_due=30, month_end=True),)
    policy = replace(LADDER, steps=steps, grace_days=3)
    facts = Facts(customer_id=1, items=(replace(item(1, 100), due_on=date(2026, 1, 10)),), policy=policy)
    assert decide(facts, on=date(2026, 3, 2)).notices == ()
    assert len(decide(facts, on=date(2026, 3, 3)).notices) == 1


def test_files_say_it_only_where_it_is_chosen() -> None:
    """So a version stored before keeps its fingerprint."""
    assert "month_end" not in as_document(LADDER)["steps"][0]
    chosen = replace(
        LADDER, grouping=Grouping.ORDER, steps=(replace(LADDER.steps[0], month_end=True), LADDER.steps[1])
    )
    assert from_document(as_document(chosen)) == (chosen, ())


def test_a_run_writes_a_notice_for_each_level(acme: Company) -> None:
    a_strategy(acme, kind="business", grouping=Grouping.LEVEL, steps=LADDER.steps)
    customer = a_late_payer(acme, "1", minors=(11_900, 20_000))
    reminded = OpenItem.objects.get(company_id=acme.id, number="R-1-1").id
    raise_levels(company=acme.id, notice=1, items=[(reminded, 1)], on=date(2026, 11, 3), at=MOMENT)
    an_open_item(acme.id, customer, number="G-1", minor=-1_900)
    a_run(acme)
    found = Notice.objects.filter(company_id=acme.id, customer_id=customer).order_by("level")
    assert [(one.level, one.credit_minor, one.total_minor) for one in found] == [
        (1, 0, 20_000),
        (2, -1_900, 10_000),
    ]
    assert len({one.group_key for one in found}) == 2
    carried = NoticeLine.objects.filter(company_id=acme.id, kind="credit")
    assert [line.notice_id for line in carried] == [found[1].id]


def test_a_letter_shows_a_credit_that_it_does_not_set_off(acme: Company) -> None:
    a_strategy(acme, kind="business", offset_credits=False)
    customer = a_late_payer(acme, "1", minors=(11_900,))
    an_open_item(acme.id, customer, number="G-1", minor=-1_900)
    a_released_run(acme)
    found = Notice.objects.get(company_id=acme.id)
    assert (found.credit_minor, found.total_minor) == (0, 11_900)
    assert NoticeEvent.objects.get(company_id=acme.id, notice=found).kind == "rendered"
    assert NoticeLine.objects.filter(company_id=acme.id, notice_id=found.id, kind="credit").count() == 1


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (AfterLastStep.AGENCY, "Inkasso vorschlagen"),
        (AfterLastStep.WRITE_OFF, "Ausbuchung vorschlagen"),
        (AfterLastStep.STOP_DELIVERY, "Lieferstopp vorschlagen"),
        (AfterLastStep.STOP, ""),
    ],
)
def test_the_list_of_a_run_says_what_to_decide_after_the_last_step(
    acme: Company, manager: User, client_of: Callable[[User], Client], after: AfterLastStep, word: str
) -> None:
    a_strategy(acme, kind="business", after_last_step=after, steps=LADDER.steps[:1])
    a_late_payer(acme, "1", minors=(11_900, 1))
    reminded = OpenItem.objects.get(company_id=acme.id, number="R-1-1").id
    raise_levels(company=acme.id, notice=1, items=[(reminded, 1)], on=date(2026, 11, 3), at=MOMENT)
    run = a_run(acme).run
    rows = decisions_page(filters=DecisionFilters(run=run or 0)).rows
    assert {(row.reason, row.proposal) for row in rows} == {
        (Reason.LAST_STEP_DONE.value, after.value if word else "")
    }
    client = client_of(manager)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    page = client.get(f"/c/acme/runs/{run}/?tab=others").content.decode()
    assert word in page
    assert ("vorschlagen" in page) == bool(word)
    file = b"".join(client.get(f"/c/acme/runs/{run}/others.csv").streaming_content).decode()
    assert "Nach der letzten Stufe" in file
    assert ("Propose" in file) == bool(word)


def test_a_run_writes_a_notice_for_each_order(acme: Company) -> None:
    a_strategy(acme, kind="business", grouping=Grouping.ORDER, contact_cap=None)
    customer = a_customer(acme.id, "1", kind="business", email="payer@debtor.example")
    for number, order in (("R-1", "A"), ("R-2", "B"), ("R-3", "A"), ("R-4", "")):
        an_open_item(acme.id, customer, number=number, minor=1_000, due_on=date(2026, 11, 1), order=order)
    a_run(acme)
    found = Notice.objects.filter(company_id=acme.id, customer_id=customer)
    assert sorted(one.total_minor for one in found) == [1_000, 1_000, 2_000]
