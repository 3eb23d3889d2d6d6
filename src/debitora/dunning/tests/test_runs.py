"""A run on a real database: decided once per item, in balance, approved by whom it may; what SQL alone may not do."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from debitora.dunning.actions import (
    RunExists,
    RunNeedsConfirmation,
    RunNotApproved,
    RunNotProposed,
    approve_run,
    discard_run,
    may_approve_itself,
    propose_run,
    release_run,
)
from debitora.dunning.models import Decision, Notice, NoticeEvent, NoticeLine, Run, RunApproval
from debitora.dunning.rules.policy import Approval
from debitora.dunning.rules.reasons import Reason
from debitora.dunning.testing import (
    MOMENT,
    ON,
    TESTS,
    a_late_payer,
    a_released_run,
    a_run,
    a_strategy,
)
from debitora.kit.pg.bulk import rows
from debitora.messaging.models import Intent
from debitora.people.actions import add_company
from debitora.people.models import Company, User
from debitora.receivables.actions import place_hold
from debitora.receivables.models import Customer, Item, ItemState
from debitora.receivables.testing import a_customer, an_open_item
from debitora.trail.models import Record
from debitora.trail.rules import Actor
from debitora.values.money import Money

LATER = MOMENT + timedelta(days=20)


def person(user: User) -> Actor:
    return Actor(id=user.id, kind="user", label=user.login)


def the_notice() -> Notice:
    return Notice.objects.get()


# ------------------------------------------------------------------------------------------------- proposing


def test_every_overdue_item_has_exactly_one_decision_and_they_balance(acme: Company) -> None:
    a_late_payer(acme, "1", minors=(11_900, 400, 20_000))
    a_late_payer(acme, "2", minors=(5_000,))
    held = a_late_payer(acme, "3", minors=(7_000,))
    place_hold(company=acme.id, customer=held, reason="complaint", from_on=ON, by=TESTS, at=MOMENT)
    an_open_item(acme.id, held, number="later", due_on=ON)
    proposed = a_run(acme)
    overdue = ItemState.objects.filter(open_minor__gt=0, due_on__lt=ON)
    assert set(Decision.objects.values_list("item_id", flat=True)) == set(
        overdue.values_list("item_id", flat=True)
    )
    assert proposed.overdue_items == 5 == sum(proposed.decisions.values())
    noticed = Decision.objects.filter(reason=1).count()
    assert noticed + Decision.objects.exclude(reason=1).count() == proposed.overdue_items
    assert NoticeLine.objects.filter(kind="due").count() == noticed == 3
    kept = Counter(Reason(one).code for one in Decision.objects.values_list("reason", flat=True))
    assert kept == proposed.decisions == {"notice": 3, "below_minimum": 1, "held_customer": 1}


def test_the_digest_is_that_of_the_rows(acme: Company) -> None:
    a_late_payer(acme, "1", minors=(11_900, 400))
    a_late_payer(acme, "2", minors=(5_000,), kind="unknown")
    run = Run.objects.get(id=a_run(acme).run)
    lines = rows(
        """select concat_ws(',', item_id, customer_id, currency, reason, level_before, level_to, days_overdue, open_minor,
                  held_minor, coalesce(strategy_version_id, 0)) as line
           from dunning_decided where run_id = %(run)s order by item_id""",
        run=run.id,
    )
    text = "".join(f"{row['line']}\n" for row in lines)
    assert hashlib.sha256(text.encode()).digest() == bytes(run.digest)
    assert bytes(Record.objects.get(verb="run.proposed").digest or b"") == bytes(run.digest)


def test_notices_add_up_to_their_lines_and_to_what_is_open(acme: Company) -> None:
    customer = a_late_payer(acme, "1", minors=(11_900, 20_000, 400))
    an_open_item(acme.id, customer, number="G-1", minor=-1_900)
    a_run(acme)
    notice = the_notice()
    assert (notice.due_minor, notice.credit_minor, notice.also_open_minor) == (31_900, -1_900, 400)
    assert notice.total_minor == 30_000
    by_item = {line.item_id: line for line in NoticeLine.objects.all()}
    assert {line.open_minor for line in by_item.values()} == {11_900, 20_000, 400, -1_900}
    assert all(
        ItemState.objects.get(item_id=item).open_minor == line.open_minor for item, line in by_item.items()
    )


def test_nothing_held_is_noticed_and_a_held_amount_stays_out_of_the_sum(acme: Company) -> None:
    customer = a_late_payer(acme, "1", minors=(11_900, 20_000))
    first, second = Item.objects.order_by("id")
    common = {"company": acme.id, "customer": customer, "reason": "clarification", "from_on": ON}
    place_hold(**common, item=first.id, by=TESTS, at=MOMENT)
    place_hold(**common, item=second.id, amount=Money(5_000, "EUR"), by=TESTS, at=MOMENT)
    a_run(acme)
    assert [line.item_id for line in NoticeLine.objects.filter(kind="due")] == [second.id]
    assert the_notice().due_minor == 15_000


def test_a_dry_run_writes_nothing(acme: Company) -> None:
    a_late_payer(acme)
    before = Record.objects.count()
    tried = propose_run(company=acme, on=ON, by=TESTS, at=MOMENT, dry=True)
    assert (tried.run, tried.overdue_items, tried.notices) == (None, 1, 1)
    assert not Run.objects.exists()
    assert Record.objects.count() == before


def test_a_new_proposal_takes_the_place_of_the_one_before(acme: Company) -> None:
    a_late_payer(acme)
    first, second = a_run(acme).run, a_run(acme).run
    assert dict(Run.objects.values_list("id", "state")) == {first: "discarded", second: "proposed"}
    with pytest.raises(RunNotProposed):
        approve_run(company=acme.id, run=first or 0, by=TESTS, at=MOMENT)


def test_a_period_is_run_once_even_if_its_run_was_thrown_away(acme: Company) -> None:
    a_late_payer(acme)
    daily = propose_run(company=acme, on=ON, by=TESTS, at=MOMENT, schedule="daily").run or 0
    discard_run(company=acme.id, run=daily, note="wrong list", by=TESTS, at=MOMENT)
    with pytest.raises(RunExists):
        propose_run(company=acme, on=ON, by=TESTS, at=MOMENT, schedule="daily")
    assert propose_run(company=acme, on=ON + timedelta(days=1), by=TESTS, at=MOMENT, schedule="daily").run


def test_the_daily_run_leaves_a_run_by_hand_alone(acme: Company) -> None:
    a_late_payer(acme)
    by_hand = a_run(acme).run
    with pytest.raises(RunExists):
        propose_run(company=acme, on=ON, by=TESTS, at=MOMENT, schedule="daily")
    assert Run.objects.get().id == by_hand


def test_an_item_on_its_way_is_pending(acme: Company) -> None:
    a_late_payer(acme)
    a_released_run(acme)
    again = a_run(acme)
    assert dict(again.decisions) == {"pending_notice": 1}
    assert again.notices == 0


# ------------------------------------------------------------------------------------------------- approving


def test_approving_twice_is_refused_and_leaves_one_approval(acme: Company) -> None:
    a_late_payer(acme)
    run = a_run(acme).run or 0
    approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    with pytest.raises(RunNotProposed):
        approve_run(company=acme.id, run=run, by=TESTS, at=MOMENT)
    assert RunApproval.objects.count() == 1


def test_h15_a_run_ten_times_the_usual_stops_and_the_usual_does_not(acme: Company) -> None:
    """A list with a wrong due-date column makes everything overdue at once."""
    for number in range(2):
        a_late_payer(acme, f"{number}")
    usual = a_run(acme)
    assert not usual.stopped_by_bound
    approve_run(company=acme.id, run=usual.run or 0, by=TESTS, at=MOMENT)
    release_run(company=acme, run=usual.run or 0, by=TESTS, clock=lambda: MOMENT)
    for number in range(100, 160):
        a_late_payer(acme, f"{number}")
    wrong = a_run(acme)
    assert wrong.stopped_by_bound
    with pytest.raises(RunNeedsConfirmation):
        approve_run(company=acme.id, run=wrong.run or 0, by=TESTS, at=MOMENT)
    assert RunApproval.objects.count() == 1


def test_h15_a_first_run_beyond_the_bound_needs_a_word(acme: Company) -> None:
    for number in range(51):
        a_late_payer(acme, f"{number}")
    proposed = a_run(acme)
    assert proposed.stopped_by_bound
    with pytest.raises(RunNeedsConfirmation):
        approve_run(company=acme.id, run=proposed.run or 0, by=TESTS, at=MOMENT)
    approve_run(company=acme.id, run=proposed.run or 0, by=TESTS, at=MOMENT, confirmed=True)
    assert Record.objects.get(verb="run.approved").facts == {"confirmed": True, "notices": 51}


def test_the_first_live_run_waits_for_a_person_whatever_the_policy_says(acme: Company, manager: User) -> None:
    for kind in ("business", "consumer"):
        a_strategy(acme, kind=kind, approval=Approval.AUTOMATIC)
    a_late_payer(acme)
    first = a_run(acme).run or 0
    assert not may_approve_itself(company=acme, run=first)
    approve_run(company=acme.id, run=first, by=person(manager), at=MOMENT)
    second = a_run(acme).run or 0
    assert may_approve_itself(company=acme, run=second)


def test_a_person_is_asked_about_a_notice_above_the_limit(acme: Company, manager: User) -> None:
    for kind in ("business", "consumer"):
        a_strategy(acme, kind=kind, approval=Approval.AUTOMATIC, approval_above=(Money(20_000, "EUR"),))
    a_late_payer(acme, minors=(20_000,))
    approve_run(company=acme.id, run=a_run(acme).run or 0, by=person(manager), at=MOMENT)
    a_late_payer(acme, "2", minors=(20_000,))
    assert may_approve_itself(company=acme, run=a_run(acme).run or 0)
    a_late_payer(acme, "3", minors=(20_000, 1_000))
    assert not may_approve_itself(company=acme, run=a_run(acme).run or 0)


def test_a_person_is_asked_if_one_strategy_wants_her(acme: Company, manager: User) -> None:
    a_strategy(acme, kind="business", approval=Approval.AUTOMATIC)
    a_late_payer(acme)
    approve_run(company=acme.id, run=a_run(acme).run or 0, by=person(manager), at=MOMENT)
    assert not may_approve_itself(company=acme, run=a_run(acme).run or 0)


def test_what_is_proposed_or_discarded_is_never_released(acme: Company) -> None:
    a_late_payer(acme)
    run = a_run(acme).run or 0
    with pytest.raises(RunNotApproved):
        release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    discard_run(company=acme.id, run=run, note="", by=TESTS, at=MOMENT)
    with pytest.raises(RunNotApproved):
        release_run(company=acme, run=run, by=TESTS, clock=lambda: MOMENT)
    assert not Intent.objects.exists()


# ----------------------------------------------------------------------------------------- what SQL may not do


def a_notice_more(items: str) -> str:
    """SQL for a second notice to the same customer, with a line for each of these items."""
    kept = (
        "company_id, run_id, number, customer_id, currency, level, due_minor, also_open_minor, credit_minor, fee_minor,"
        " total_minor, item_count, strategy_version_id, created_at"
    )
    numbers = "array_fill({}, array[cardinality(items)])"
    return (
        f"insert into dunning_notice ({kept}, group_key, line_items, line_kinds, line_open_minor, line_levels_from,"
        f" line_levels_to) select {kept}, group_key || ' again', items, {numbers.format('1::smallint')},"
        f" {numbers.format('100::bigint')}, {numbers.format('0::smallint')}, {numbers.format('1::smallint')}"
        f" from dunning_notice cross join lateral (select {items}) as more (items)"
    )


def a_decision_more(item: str) -> str:
    """SQL for a decision of the run about an item of the notice's customer."""
    return (
        "insert into dunning_decision (company_id, run_id, month, item_id, customer_id, currency, reason, level_before,"
        f" level_to, days_overdue, open_minor, held_minor) select company_id, run_id, month, ({item}), customer_id,"
        " currency, 20, 0, 0, 17, 400, 0 from dunning_decision limit 1"
    )


A_NOTICED_ITEM = (
    "select line_items[1] from dunning_notice n where n.customer_id = dunning_decision.customer_id"
)
A_DECIDED_ITEM = """insert into dunning_notice (company_id, run_id, number, customer_id, currency, level, due_minor,
        also_open_minor, credit_minor, fee_minor, total_minor, item_count, strategy_version_id, created_at, group_key,
        line_items, line_kinds, line_open_minor, line_levels_from, line_levels_to, line_days_overdue, line_held_minor)
    select n.company_id, n.run_id, n.number, n.customer_id, n.currency, n.level, 0, 0, 0, 0, 0, 1, strategy_version_id,
        created_at, 'again', array[s.item_id], '{{{kind}}}', '{{400}}', '{{0}}', '{{1}}', '{{17}}', '{{0}}'
    from dunning_notice n join receivables_itemstate s on s.customer_id = n.customer_id and s.open_minor = 400"""
A_STRANGERS_ITEM = """array(select s.item_id from receivables_itemstate s
    where s.customer_id <> dunning_notice.customer_id order by 1 limit 1)"""


def test_a_notice_with_its_own_lines_may_be_written(acme: Company) -> None:
    """What the refusals below are held against."""
    a_late_payer(acme)
    a_released_run(acme)
    before = Notice.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(a_notice_more("line_items"))
    assert Notice.objects.count() == 2 * before


def test_what_is_only_mentioned_may_have_its_decision_beside(acme: Company) -> None:
    """What the refusals of what is decided twice are held against."""
    customer = a_late_payer(acme, minors=(11_900, 400))
    a_released_run(acme)
    an_open_item(acme.id, customer, number="later", minor=400, due_on=ON)
    with connection.cursor() as cursor:
        cursor.execute(a_decision_more("select max(item_id) from receivables_itemstate"))
        assert cursor.rowcount == 1
        cursor.execute(A_DECIDED_ITEM.format(kind=2) + " order by s.item_id limit 1")
        assert cursor.rowcount == 1


@pytest.mark.parametrize(
    "attempt",
    [
        "update dunning_decision set reason = 1",
        "delete from dunning_decision",
        "truncate dunning_decision",
        "update dunning_notice set total_minor = 1",
        "delete from dunning_notice",
        "update dunning_runstep set step = '{}'",
        "delete from dunning_noticeline",
        "update dunning_noticeevent set kind = 'accepted'",
        "delete from dunning_runapproval",
        "delete from dunning_run",
        "update dunning_strategyversion set policy = '{}'",
        "insert into dunning_notice select * from dunning_notice",
        (
            "insert into dunning_runapproval (company_id, run_id, approved_by_label, recorded_at)"
            " select company_id, run_id, 'again', recorded_at from dunning_runapproval"
        ),
        (
            "insert into dunning_decision select company_id + 1, run_id, item_id + 1000000, customer_id, currency, reason,"
            " level_before, level_to, days_overdue, open_minor, held_minor, strategy_version_id from dunning_decision"
        ),
        a_notice_more("array(select item + 1000000 from unnest(line_items) item)"),
        a_notice_more("array[line_items[1], line_items[1]]"),
        a_notice_more("array[line_items[1], null]"),
        a_notice_more(A_STRANGERS_ITEM),
        a_decision_more(A_NOTICED_ITEM),
        A_DECIDED_ITEM.format(kind=1),
        A_DECIDED_ITEM.format(kind=4),
    ],
)
def test_the_database_refuses_by_itself(acme: Company, attempt: str) -> None:
    a_late_payer(acme, minors=(11_900, 400))
    a_late_payer(acme, "10002")
    a_released_run(acme)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)


def test_another_company_sees_none_of_it(acme: Company) -> None:
    from debitora.kit.pg.company import serving

    a_late_payer(acme)
    a_released_run(acme)
    other = add_company(code="umbra", name="Umbra", country="DE", currency="EUR", by=TESTS, at=MOMENT)
    with serving(other.id):
        for model in (Run, Decision, Notice, NoticeLine, NoticeEvent, RunApproval, Customer):
            assert not model.objects.exists()
        a_customer(other.id, "10001")
        assert a_run(other).overdue_items == 0
