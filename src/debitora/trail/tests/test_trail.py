from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from debitora.trail.actions import record, seal
from debitora.trail.models import Record, Seal, Wording
from debitora.trail.queries import sealed_content, timeline_of_customer
from debitora.trail.rules import GENESIS, Actor, Subject, chain_hash

CLERK = Actor(id=7, kind="user", label="erika")


def test_a_record_stands_in_the_timeline_of_every_customer_it_concerns(
    company: Any, moment: datetime
) -> None:
    record(
        company=company.id, by=CLERK, at=moment, verb="hold.placed", wording="complains about quality",
        subjects=[Subject("item", 5, customer=1), Subject("item", 6, customer=2)],
    )  # fmt: skip
    (row,) = timeline_of_customer(customer=2)
    assert (row.verb, row.actor, row.wording, row.object_id) == (
        "hold.placed",
        "erika",
        "complains about quality",
        6,
    )


def test_sealing_chains_every_record_without_a_gap(company: Any, moment: datetime) -> None:
    for number in range(3):
        record(company=company.id, by=CLERK, at=moment, verb=f"test.{number}", facts={"n": number})
    assert seal(company=company.id, at=moment) == Record.objects.count()
    assert seal(company=company.id, at=moment) == 0
    before = GENESIS
    for expected, found in enumerate(Seal.objects.order_by("sequence"), start=1):
        assert found.sequence == expected
        before = chain_hash(before, sealed_content(found.sequence, Record.objects.get(id=found.record_id)))
        assert bytes(found.hash) == before


def test_erased_words_leave_the_chain_valid(company: Any, moment: datetime) -> None:
    made = record(company=company.id, by=CLERK, at=moment, verb="note.written", wording="secret")
    seal(company=company.id, at=moment)
    kept = Seal.objects.get(record_id=made)
    Wording.objects.update(text="", salt=b"", erased_at=moment)
    row = Record.objects.get(id=made)
    others = Seal.objects.filter(sequence=kept.sequence - 1).first()
    assert chain_hash(bytes(others.hash) if others else GENESIS, sealed_content(kept.sequence, row)) == bytes(
        kept.hash
    )


@pytest.mark.parametrize(
    "statement", ["update trail_record set verb = 'x'", "delete from trail_seal", "truncate trail_subject"]
)
def test_a01_the_app_role_changes_nothing_in_the_trail(company: Any, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_tests_run_as_the_app_role_behind_the_wall(company: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("debitora_app", False)
