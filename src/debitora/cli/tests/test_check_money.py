"""The checker on money in: faults planted in what became of bank lines, each found, named by its object, and told in words."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from debitora.cli.check import answer, check, sentences
from debitora.cli.checks.examination import Depth, examine
from debitora.cli.tests.road import AFTER, Walked
from debitora.cli.tests.scenes import Look, Scene, named, one, told, words
from debitora.kit.postgres import Server
from debitora.kit.runtime import clock_at

LIVE = """b.reverses_id is null and not exists (select from cash_booking r where r.reverses_id = b.id)"""
PAID = f"select b.id from cash_booking b where b.kind = 'payment' and {LIVE} order by b.id limit 1"
PAYMENT = f"select b.item_id from cash_booking b where b.kind = 'payment' and {LIVE} order by b.id limit 1"
REVERSAL = "select id from cash_booking where reverses_id is not null order by id limit 1"
LINE = f"select b.entry_id from cash_booking b where b.kind = 'payment' and {LIVE} order by b.id limit 1"
OPEN_LINE = "select entry_id from cash_entrystate where open_minor = minor and minor = 4444"
HALF_OPEN = (
    "select entry_id from cash_entrystate where open_minor > 0 and open_minor < minor order by 1 limit 1"
)
ANNOUNCED = "select entry_id from cash_telling where weight = 'announced' order by 1 limit 1"
DISCOUNT = "select b.booking_id from cash_bookedpart b where b.kind = 'discount' order by 1 limit 1"
EXCHANGED = "select id from cash_booking where exchanged_minor is not null"
REFUND = f"select b.id from cash_booking b where b.kind = 'refunded' and {LIVE} order by b.id limit 1"
IGNORED = "select min(id) from cash_booking where kind = 'ignored'"

PLANTED = [
    ("a payment larger than its line brought", "I2", "payment {id}", PAYMENT, "differs by 100",
     "update cash_booking set minor = minor + 100 where item_id = {id} and kind = 'payment'"),
    ("money of a payment put against an item twice", "I2", "payment {id}", PAYMENT, "differs by -100",
     """insert into receivables_allocation
            (company_id, credit_item_id, debit_item_id, amount_minor, effective_on, recorded_at, reason)
        select company_id, credit_item_id, debit_item_id, 100, effective_on, recorded_at, 'by_hand'
        from receivables_allocation where credit_item_id = {id} and reverses_id is null order by id limit 1"""),
    ("a payment that no bank line brought", "I2", "payment {id}", PAYMENT, "no bank line says that it came",
     "delete from cash_booking where item_id = {id}"),
    ("a part that tells another sum than the ledger", "I2", "booking {id}", PAID, "says 9801 of item",
     "update cash_bookedpart set minor = minor + 1 where booking_id = {id} and kind = 'allocated'"),
    ("a discount larger than was booked", "I2", "booking {id}", DISCOUNT, "says 200 discount of item",
     """update receivables_entry set amount_minor = -300
        where id = (select ledger_entry_id from cash_bookedpart where booking_id = {id} and kind = 'discount')"""),
    ("a discount that nobody granted", "I2", "entry {id}", "select max(id) + 1 from receivables_entry",
     "a discount or exchange difference that no booking granted",
     """insert into receivables_entry (id, company_id, item_id, kind, amount_minor, effective_on, recorded_at)
        select {id}, company_id, item_id, 'discount', -50, effective_on, recorded_at
        from receivables_entry where kind = 'opened' and amount_minor > 100 order by id limit 1"""),
    ("a payment of a stranger's account", "I6", "booking {id}", PAID, "names another customer than its item",
     "update cash_booking set customer_id = (select max(id) from receivables_customer where company_id = 1) where id = {id}"),
    ("a third party who is not named", "I6", "booking {id}",
     "select id from cash_booking where third_party_id is not null", "does not say that customer",
     "update cash_booking set third_party_id = null where id = {id}"),
    ("a rate that is not the bank's", "I6", "booking {id}", EXCHANGED, "the bank does not say that",
     "update cash_bankentry set original_minor = 9800 where id = (select entry_id from cash_booking where id = {id})"),
    ("a rate that was forgotten", "I6", "booking {id}", EXCHANGED, "and no rate stands between them",
     "update cash_booking set exchanged_minor = null, rate_source = '' where id = {id}"),
    ("a rate that was changed", "I2", "payment {id}",
     "select item_id from cash_booking where exchanged_minor is not null", "differs by 100",
     "update cash_booking set exchanged_minor = exchanged_minor + 100 where item_id = {id}"),
    ("a difference that no exchange left", "I2", "booking {id}", EXCHANGED, "says 100 exchange of item",
     "update receivables_entry set amount_minor = -150 where kind = 'exchange'"),
    ("another currency than the account's", "I6", "booking {id}", PAID, "is in EUR, its item in USD",
     "update receivables_item set currency = 'USD' where id = (select item_id from cash_booking where id = {id})"),
    ("a line that was made smaller", "I7", "bank line {id}", OPEN_LINE, "differs by -44",
     "update cash_bankentry set minor = minor - 44 where id = {id}"),
    ("a line whose rest has gone", "I7", "bank line {id}", HALF_OPEN, "differs by 500",
     "update cash_entrystate set open_minor = 0 where entry_id = {id}"),
    ("a line set aside without a reason", "I7", "bank line {id}",
     "select entry_id from cash_booking where kind = 'ignored' order by id limit 1", "differs by -900",
     """alter table cash_booking drop constraint booking_names_what_it_is;
        update cash_booking set ignored_for = '' where entry_id = {id}"""),
    ("a line without a state", "I45", "bank line {id}", LINE, "has no state",
     "delete from cash_entrystate where entry_id = {id}"),
    ("a line as open as its bookings do not say", "I45", "bank line {id}", HALF_OPEN, "differs by 7",
     "update cash_entrystate set open_minor = open_minor + 7 where entry_id = {id}"),
    ("a booking that vanished", "I45", "bank line {id}", LINE, "differs by -9800",
     "delete from cash_booking where entry_id = {id}"),
    ("a state of another day", "I45", "bank line {id}", LINE, "amount, day or account differ from the line's",
     "update cash_entrystate set booked_on = booked_on + 1 where entry_id = {id}"),
    ("a booking of what is only announced", "I45", "bank line {id}", LINE, "is only announced, and is booked",
     "update cash_telling set weight = 'announced' where entry_id = {id}"),
    ("an outgoing line booked as a payment", "I45", "bank line {id}",
     "select entry_id from cash_booking where kind = 'refunded'", "took money out, and a booking brought some",
     "update cash_booking set kind = 'payment' where entry_id = {id}"),
    ("a booking taken back by another sum", "I11", "booking {id}", REVERSAL, "takes back another line, kind, sum",
     "update cash_booking set minor = minor + 11 where id = {id}"),
    ("a booking taken back twice", "I11", "booking {id}", "select max(id) + 1 from cash_booking",
     "which another booking takes back as well",
     """alter table cash_booking drop constraint booking_reversed_once;
        create temp table doubled as select * from cash_booking where reverses_id is not null order by id limit 1;
        update doubled set id = {id};
        insert into cash_booking select * from doubled"""),
    ("a reversal that the ledger does not know", "I11", "booking {id}", REFUND,
     "was taken back, and what it did to item",
     """create temp table doubled as select * from cash_booking where id = {id};
        update doubled set id = id + 1000, minor = -minor, reverses_id = id;
        insert into cash_booking select * from doubled"""),
    ("a payment taken back in the ledger alone", "I11", "booking {id}", PAID, "counts, and its payment is 0",
     """insert into receivables_entry
            (company_id, item_id, kind, amount_minor, effective_on, recorded_at, reverses_id)
        select e.company_id, e.item_id, e.kind, -e.amount_minor, e.effective_on, e.recorded_at, e.id
        from receivables_entry e join cash_booking b on b.item_id = e.item_id
        where b.id = {id} and e.kind = 'opened'"""),
    ("a booking of a stranger's item", "I41", "booking {id}", PAID, "names no item of this company",
     """update cash_booking set item_id = (select min(id) from receivables_item where company_id <> 1) where id = {id}"""),
    ("a proposal to nobody", "I41", "proposal {id}", "select 900001 as id", "names no customer of this company",
     """insert into cash_proposal
            (id, company_id, entry_id, rank, customer_id, kind, confidence, parts, evidence, exchanged_currency, ignored_for,
             pattern, made_at)
        select {id}, company_id, entry_id, 1, 900001, 'one', 5000, '[]', '[]', '', '', '', now()
        from cash_entrystate where open_minor <> 0 order by entry_id limit 1"""),
    ("a proposal for a line that is closed", "I45", "bank line {id}", LINE, "nothing of it is open, and a proposal waits",
     """insert into cash_proposal
            (id, company_id, entry_id, rank, customer_id, kind, confidence, parts, evidence, exchanged_currency, ignored_for,
             pattern, made_at)
        select 900001, company_id, {id}, 1, customer_id, 'one', 5000, '[]', '[]', '', '', '', now()
        from cash_booking where entry_id = {id} order by id limit 1"""),
    ("a booking that nobody recorded", "I44", "booking {id}", IGNORED, "no record of",
     "update trail_record set verb = 'something' where verb = 'bank_entry.ignored'"),
]  # fmt: skip


def test_the_road_left_bookings_of_every_kind(scene: Scene) -> None:
    kinds = scene.execute(
        "select distinct kind, reverses_id is null as standing from cash_booking"
    ).fetchall()
    assert len(kinds) == 5
    parts = scene.execute("select distinct kind from cash_bookedpart").fetchall()
    assert {row["kind"] for row in parts} == {"allocated", "discount", "exchange", "returned", "refunded"}
    assert one(scene, OPEN_LINE) == one(scene, ANNOUNCED)


@pytest.mark.parametrize(
    ("invariant", "thing", "where", "says", "plant"),
    [row[1:] for row in PLANTED],
    ids=[row[0] for row in PLANTED],
)
def test_a_fault_planted_in_money_in_is_found_named_and_told(
    scene: Scene, looked: Look, invariant: str, thing: str, where: str, says: str, plant: str
) -> None:
    planted_in = one(scene, where)
    for statement in plant.format(id=planted_in).split(";"):
        scene.execute(statement.encode())
    report = looked(scene)
    found = thing.format(id=planted_in)
    assert named(report, invariant, found), told(report)
    spoken = list(sentences(report, []))
    about = [line for line in spoken if line.startswith(f"{invariant}: acme, {found}: ")]
    assert any(says in line for line in about), "\n".join(spoken)


def test_fast_leaves_dear_questions_out_and_says_so(
    walked: tuple[str, Path, Walked], house: Path, scene: Scene
) -> None:
    report = examine(database=walked[0], now=AFTER, depth=Depth.FAST)
    assert told(report) == ""
    assert {"I1", "I2", "I7", "I11", "I43", "I45"} <= report.checked.keys()
    assert "I5" not in report.checked
    spoken = "\n".join(sentences(report, []))
    assert (
        "Left out, to be fast: I1 item states, I2 parts, I3 over allocation, I5 balances, I41 bank lines,"
        in spoken
    )
    assert answer(report)["left_out"] == report.left_out
    full = examine(database=walked[0], now=AFTER, depth=Depth.FULL)
    assert (full.left_out, told(full)) == ([], "")
    assert full.checked["I45"] == report.checked["I45"] == one(scene, "select count(*) from cash_bankentry")


def test_the_command_ends_with_1_and_parks_whom_a_fault_of_money_concerns(
    at_home: Walked, capsys: pytest.CaptureFixture[str], server: Server, walked: tuple[str, Path, Walked]
) -> None:
    with psycopg.connect(
        **server.credentials("superuser", walked[0]).kwargs(), row_factory=dict_row
    ) as scene:
        payment = one(scene, PAYMENT)
        scene.execute("set session_replication_role = replica")
        fault = "update cash_booking set minor = minor + %s where item_id = %s and kind = 'payment'"
        for minor, code in ((100, 1), (-100, 0)):
            scene.execute(fault, [minor, payment])
            scene.commit()
            with clock_at(AFTER):
                assert check(words(company="acme")) == code
    said = capsys.readouterr().out
    assert f"I2: acme, payment {payment}: differs by 100." in said
    assert "Parked, so that nothing is sent to them" in said
