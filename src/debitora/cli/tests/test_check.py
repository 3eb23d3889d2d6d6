"""The checker is quiet about a company that walked the road, and names each fault that is planted in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from debitora.cli import checks
from debitora.cli.checks.examination import examine
from debitora.cli.checks.questions import questions
from debitora.cli.tests.road import AFTER, Walked
from debitora.cli.tests.scenes import Look, Scene, named, one, told

OWED = "I1 I3 I5 I6 I7 I11 I20 I21 I22 I23 I24 I25 I26 I43 I44 I27 I28 I40 I41 I42 I47".split()


# ---------------------------------------------------------------------------------------------- nothing is wrong


def test_a_company_that_walked_the_road_is_clean(walked: tuple[str, Path, Walked], house: Path) -> None:
    report = examine(database=walked[0], now=AFTER)
    assert told(report) == ""
    assert {*OWED, "D5", "D6"} <= report.checked.keys()
    assert all(report.checked[invariant] for invariant in [*OWED[:16], "I28", "I47", "D5", "D6"])


def test_every_question_says_what_holds_and_what_to_do() -> None:
    assert len({one.name for one in questions()}) > 20
    assert all(len(one.holds) > 30 and len(one.advice) > 30 for one in questions())


# -------------------------------------------------------------------------------------------------- planted rows

DUE_LINE = """select l.item_id from dunning_noticeline l join dunning_noticeevent e
               on e.notice_id = l.notice_id and e.kind = 'accepted' where l.kind = 'due' order by 1 limit 1"""
ACCEPTED = "select id from messaging_intent where state = 'accepted' order by id limit 1"
QUEUED = "select id from messaging_intent where state = 'queued' and channel = 'mail' order by id limit 1"
PRINTED = "select id from messaging_intent where state = 'printed' order by id limit 1"
NOTICE = "select notice_id from dunning_noticeevent where kind = 'accepted' order by id limit 1"
RUN = "select max(id) from dunning_run where state = 'released'"
HER = "(select customer_id from messaging_intent where id = {id})"

PLANTED = [
    ("an entry's amount", "I1", "item {id}", DUE_LINE,
     "update receivables_entry set amount_minor = amount_minor + 1 where item_id = {id}"),
    ("an item's open sum", "I1", "item {id}", DUE_LINE,
     "update receivables_itemstate set open_minor = open_minor - 100 where item_id = {id}"),
    ("an item's due day", "I1", "item {id}", DUE_LINE,
     "update receivables_itemstate set due_on = due_on + 1 where item_id = {id}"),
    ("an item's invoice day, as its state has it", "I1", "item {id}", DUE_LINE,
     "update receivables_itemstate set issued_on = due_on - 400 where item_id = {id}"),
    ("an item without a state", "I1", "item {id}", DUE_LINE,
     "delete from receivables_itemstate where item_id = {id}"),
    ("an allocation beyond what is open", "I3", "item {id}",
     "select debit_item_id from receivables_allocation where reverses_id is null order by id desc limit 1",
     "update receivables_allocation set amount_minor = 99999999 where debit_item_id = {id} and reverses_id is null"),
    ("a balance moved to a stranger", "I5", "customer {id} in EUR",
     "select customer_id from receivables_itemstate where open_minor > 0 order by 1 limit 1",
     """update receivables_itemstate set customer_id = (select max(id) from receivables_customer where company_id = 1)
        where customer_id = {id}"""),
    ("an allocation across customers", "I6", "allocation {id}",
     "select id from receivables_allocation where reverses_id is null order by id desc limit 1",
     """update receivables_allocation set credit_item_id = (
            select i.id from receivables_item i where i.kind = 'credit' and i.company_id = 1 order by i.id limit 1
        ) where id = {id}"""),
    ("a reversal of another amount", "I11", "entry {id}",
     "select id from receivables_entry where reverses_id is not null order by id limit 1",
     "update receivables_entry set amount_minor = amount_minor - 7 where id = {id}"),
    ("two notices of one group", "I20", "notice {id}", "select 900001 as id",
     """create temp table doubled as select * from dunning_notice order by id limit 1;
        update doubled set id = {id};
        alter table dunning_notice drop constraint one_notice_per_group;
        insert into dunning_notice select * from doubled"""),
    ("a second acceptance", "I21", "message {id}", ACCEPTED,
     """alter table messaging_attempt drop constraint if exists accepted_at_most_once;
        drop index if exists accepted_at_most_once;
        insert into messaging_attempt (company_id, intent_id, state, token, reply, reason, actor_label, recorded_at)
        select company_id, intent_id, state, token, reply, reason, actor_label, recorded_at
        from messaging_attempt where intent_id = {id} and state = 'accepted'"""),
    ("a state that no attempt led to", "I21", "message {id}", QUEUED,
     "update messaging_intent set state = 'accepted' where id = {id}"),
    ("a claim of a dead worker", "I21", "message {id}", QUEUED,
     """update messaging_intent set state = 'claimed', claimed_at = clock_timestamp() - interval '1 hour'
        where id = {id}"""),
    ("a resend without a person", "I21", "message {id}", ACCEPTED,
     "update messaging_attempt set state = 'uncertain' where intent_id = {id} and state = 'data_started'"),
    ("a return that no mail tells of", "I21", "message {id}", ACCEPTED,
     """update messaging_intent set state = 'returned' where id = {id};
        insert into messaging_attempt (company_id, intent_id, state, token, reply, reason, actor_label, recorded_at)
        select company_id, id, 'returned', '', '', 'address_is_dead', 'x', state_at from messaging_intent where id = {id}"""),
    ("a message without its approver", "I22", "message {id}", PRINTED,
     "update messaging_intent set approved_by_label = 'nobody' where id = {id}"),
    ("another notice's document", "I22", "message {id}", ACCEPTED,
     """update messaging_intent set document_id = (
            select document_id from messaging_intent where id <> {id} and company_id = 1 order by id limit 1
        ) where id = {id}"""),
    ("a notice's total", "I23", "notice {id}", NOTICE,
     "update dunning_notice set total_minor = total_minor + 500 where id = {id}"),
    ("a line's sum", "I23", "notice {id}", NOTICE,
     "update dunning_notice set line_open_minor[1] = line_open_minor[1] + 1 where id = {id}"),
    ("a recipient of another company", "I24", "message {id}", ACCEPTED,
     """update messaging_intent set customer_id = (
            select min(id) from receivables_customer where company_id <> 1
        ) where id = {id}"""),
    ("another address", "I24", "message {id}", ACCEPTED,
     "update messaging_intent set recipient = 'stranger@elsewhere.example' where id = {id}"),
    ("the party of another customer", "I24", "message {id}", ACCEPTED,
     """update messaging_intent set party_id = (
            select party_id from receivables_customer where company_id = 1 and id <> (
                select customer_id from messaging_intent where id = {id}) order by id limit 1
        ) where id = {id}"""),
    ("a demand of what was paid", "I25", "message {id}", ACCEPTED,
     """insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at)
        select company_id, min(item_id), 'paid_per_list', -100, '2026-11-18', '2026-11-18 20:00+00'
        from messaging_intentitem where intent_id = {id} and due group by company_id"""),
    ("a demand under a hold", "I25", "message {id}", ACCEPTED,
     """insert into receivables_hold (company_id, customer_id, reason, from_on, placed_by_label, recorded_at)
        select company_id, customer_id, 'other', '2026-11-18', 'tests', '2026-11-18 20:00+00'
        from messaging_intent where id = {id}"""),
    ("a notice under a hold", "D6", "run {id}", RUN,
     """insert into receivables_hold (company_id, customer_id, reason, from_on, placed_by_label, recorded_at)
        select company_id, customer_id, 'other', '2026-11-18', 'tests', '2026-11-18 20:00+00'
        from dunning_decided where run_id = {id} and reason = 1"""),
    ("more notices than the contact budget", "D6", "run {id}", RUN,
     """update dunning_strategyversion set policy = policy || '{{"contact_cap": {{"touches": 0, "days": 7}}}}'"""),
    ("an item lowered to level 0", "I26", "item {id}", DUE_LINE,
     "update receivables_itemstate set level = 0 where item_id = {id}"),
    ("a level raised twice", "I26", "item {id}", DUE_LINE,
     """alter table receivables_levelevent drop constraint one_rise_per_notice;
        insert into receivables_levelevent
            (company_id, item_id, notice_id, level, raised, withdrawn, effective_on, recorded_at)
        select company_id, item_id, notice_id, level + 1, 1, false, effective_on, recorded_at
        from receivables_levelevent where item_id = {id} order by id limit 1;
        update receivables_itemstate set level = level + 1 where item_id = {id}"""),
    ("a rise through a notice that never left", "I26", "item {id}", DUE_LINE,
     "delete from dunning_noticeevent where kind in ('accepted', 'printed')"),
    ("a rise before the days between were over", "I26", "item {id}", DUE_LINE,
     """update dunning_runstep set step = step || '{{"min_gap_days": 400}}';
        insert into receivables_levelevent
            (company_id, item_id, notice_id, level, raised, withdrawn, effective_on, recorded_at)
        select company_id, item_id, 900001, 1, 1, false, '2026-11-01', '2026-11-01 12:00+00'
        from receivables_levelevent where item_id = {id} order by id limit 1;
        update receivables_levelevent set id = id + 1000000, level = level + 1 where item_id = {id} and notice_id <> 900001"""),
    ("a rise after payment", "I26", "item {id}", DUE_LINE,
     """insert into receivables_entry (company_id, item_id, kind, amount_minor, effective_on, recorded_at)
        select company_id, item_id, 'paid_per_list', -open_minor, '2026-11-01', '2026-11-01 12:00+00'
        from receivables_itemstate where item_id = {id}"""),
    ("a bound that was exceeded", "I27", "day 2026-11-19", "select 0 as id",
     "update messaging_sender set daily_bound = 1; delete from trail_record where verb = 'sender.saved'"),
    ("an unlikely run that nobody confirmed", "I27", "run {id}", RUN,
     """update dunning_run set stopped_by_bound = true where id = {id};
        update trail_record set facts = '{{}}' where verb = 'run.approved'"""),
    ("a movement on the bank's account", "I7", "bank account {id}", "select min(id) from cash_bankaccount where company_id = 1",
     "update cash_bankentry set minor = minor + 1 where id = (select min(id) from cash_bankentry where company_id = 1)"),
    ("a balance of the bank's account", "I7", "bank account {id}", "select min(id) from cash_bankaccount where company_id = 1",
     "update cash_bankaccount set closing_minor = closing_minor - 1 where id = {id}"),
    ("a line of a statement missing", "I7", "statement {id}",
     "select min(statement_id) from cash_telling where company_id = 1",
     "delete from cash_telling where id = (select max(id) from cash_telling where statement_id = {id})"),
    ("a decision missing", "D5", "run {id}", RUN,
     """delete from dunning_decision where (run_id, item_id) = (
            select run_id, item_id from dunning_decision where run_id = {id} and reason > 2 order by item_id limit 1
        )"""),
    ("a decision changed", "I43", "run {id}", RUN,
     "update dunning_decision set days_overdue = days_overdue + 1 where run_id = {id}"),
    ("a decision changed on its notice", "I43", "run {id}", RUN,
     "update dunning_notice set line_days_overdue[1] = line_days_overdue[1] + 1 where run_id = {id}"),
    ("a decision that names nothing", "I41", "decision of run {id} for item 900001", RUN,
     """update dunning_decision set item_id = 900001 where (run_id, item_id) = (
            select run_id, item_id from dunning_decision where run_id = {id} order by item_id limit 1
        )"""),
    ("an entry of no item", "I41", "entry {id}", "select max(id) from receivables_entry where company_id = 1",
     "update receivables_entry set item_id = 900001 where id = {id}"),
    ("a key that a row breaks", "I41", "key messaging_attempt_intent_id_ref of messaging_attempt", "select 0 as id",
     "update messaging_attempt set intent_id = 900001 where id = (select min(id) from messaging_attempt)"),
    ("rows of a company that does not exist", "I41", "table receivables_listmark", "select 0 as id",
     """insert into receivables_listmark (company_id, item_id, behind, listed_minor, effective_on, recorded_at)
        values (99, 1, true, 1, '2026-11-01', now())"""),
    ("A02: a trail row", "I43", "record {id}", "select record_id from trail_seal where company_id = 1 and sequence = 3",
     "update trail_record set actor_label = 'somebody else' where id = {id}"),
    ("a subject of a trail row", "I43", "record {id}",
     "select min(record_id) from trail_subject where company_id = 1 and kind = 'run'",
     "delete from trail_subject where record_id = {id}"),
    ("a seal missing", "I43", "record {id}", "select record_id from trail_seal where company_id = 1 and sequence = 5",
     "delete from trail_seal where company_id = 1 and sequence = 4"),
    ("a free text", "I43", "record {id}",
     "select id from trail_record where wording_id is not null and company_id = 1 order by id limit 1",
     "update trail_wording set text = 'other words' where id = (select wording_id from trail_record where id = {id})"),
    ("a trail that nobody seals", "I43", "record {id}", "select record_id from trail_seal order by record_id desc limit 1",
     "delete from trail_seal where record_id = {id}"),
    ("a hold that nobody recorded", "I44", "hold {id}", "select 900001 as id",
     """insert into receivables_hold (id, company_id, customer_id, reason, from_on, placed_by_label, recorded_at)
        select {id}, 1, min(id), 'other', '2026-11-01', 'ghost', '2026-11-01 12:00+00'
        from receivables_customer where company_id = 1"""),
    ("an approval without record", "I44", "approval of run {id}", RUN,
     """delete from trail_subject where record_id in (
            select id from trail_record where verb = 'run.approved') and object_id = {id}"""),
    ("a record without actor", "I44", "record {id}", "select max(id) from trail_record where company_id = 1",
     "update trail_record set actor_label = '' where id = {id}"),
    ("a due mail without a job", "I47", "message {id}", QUEUED,
     """delete from procrastinate_jobs where task_name = 'messaging.send';
        update messaging_intent set due_at = state_at where id = {id}"""),
    ("a job of a dead worker", "I47", "job {id} (messaging.send)",
     "select id from procrastinate_jobs where task_name = 'messaging.send' order by id limit 1",
     """update procrastinate_jobs set status = 'doing', worker_id = null where id = {id};
        insert into procrastinate_events (job_id, type, at) values ({id}, 'started', now() - interval '1 hour')"""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("invariant", "thing", "where", "plant"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_a_planted_fault_is_found_and_named(
    scene: Scene, looked: Look, invariant: str, thing: str, where: str, plant: str
) -> None:
    planted_in = one(scene, where)
    for statement in plant.format(id=planted_in).split(";"):
        scene.execute(statement.encode())
    report = looked(scene)
    assert named(report, invariant, thing.format(id=planted_in)), told(report)


def test_an_overdue_item_without_decision_is_named(scene: Scene, looked: Look) -> None:
    """Also where somebody made the run's own count fit."""
    run = one(scene, RUN)
    item = one(
        scene, f"select item_id from dunning_decision where run_id = {run} and reason > 2 order by 1 limit 1"
    )
    scene.execute("delete from dunning_decision where run_id = %s and item_id = %s", [run, item])
    assert named(looked(scene), "D5", f"run {run}, item {item}")
    scene.execute("update dunning_run set overdue_items = overdue_items - 1 where id = %s", [run])
    assert named(looked(scene), "D5", f"run {run}, item {item}")


def test_the_checker_shares_no_code_with_the_writers() -> None:
    """Of the house it knows where the data lies and what time it is, nothing else; for interest what law and strategies say of one debt.

    Runs compute that in frames, which are not among it.
    """
    known = ("debitora.cli.checks", "debitora.kit.pg.cluster", "debitora.kit.runtime")
    laws = ("debitora.dunning.rules.", "debitora.values.")
    imported = {
        node.module
        for path in Path(checks.__file__).parent.glob("*.py")
        for known_here in [(*known, *laws) if path.name == "interest.py" else known]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("debitora")
        if not node.module.startswith(known_here)
    }
    assert not imported
