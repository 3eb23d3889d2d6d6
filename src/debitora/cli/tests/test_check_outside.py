"""What lies outside the database, and the command as a whole: files, journal, anchors, exit codes, parking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from debitora.cli.check import check
from debitora.cli.checks.chain import Head, drop_anchor
from debitora.cli.checks.examination import examine
from debitora.cli.tests.road import AFTER, Walked
from debitora.cli.tests.scenes import Look, Scene, named, one, told, words
from debitora.kit.pg.company import serving
from debitora.kit.postgres import Server
from debitora.kit.runtime import clock_at
from debitora.receivables.models import Customer
from debitora.trail.models import Record

SENT_PDF = """select b.id from messaging_intent i join documents_blob b on b.id = i.document_id
              where i.state = 'accepted' order by i.id limit 1"""


def place_of(scene: Scene, house: Path, blob: int) -> Path:
    row = (
        scene.execute("select company_id, sha256 from documents_blob where id = %s", [blob]).fetchone() or {}
    )
    company, digest = str(row["company_id"]), str(row["sha256"])
    return house / "documents" / company / digest[:2] / digest


def test_a_flipped_byte_is_found(scene: Scene, looked: Look, house: Path) -> None:
    blob = one(scene, SENT_PDF)
    place = place_of(scene, house, blob)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    report = looked(scene)
    assert named(report, "I23", f"document {blob}"), told(report)
    assert all(one.customer for one in report.findings)


def test_missing_bytes_are_found_but_a_tombstone_is_none(scene: Scene, looked: Look, house: Path) -> None:
    blob = one(scene, SENT_PDF)
    place_of(scene, house, blob).unlink()
    assert named(looked(scene), "I23", f"document {blob}")
    scene.execute("update documents_blob set erased_at = now() where id = %s", [blob])
    assert not named(looked(scene), "I23", f"document {blob}")


def journal_of(house: Path, walked: tuple[str, Path, Walked]) -> Path:
    return house / "journal" / f"sent-{walked[2].company}.log"


def test_a_mail_that_the_journal_lacks_is_found(
    scene: Scene, looked: Look, house: Path, walked: tuple[str, Path, Walked]
) -> None:
    place = journal_of(house, walked)
    lines = place.read_text().splitlines(keepends=True)
    place.write_text("".join(lines[1:]))
    accepted = one(
        scene, "select id from messaging_intent where public_id::text = '" + lines[0].split()[1] + "'"
    )
    report = looked(scene)
    assert named(report, "I28", f"message {accepted}"), told(report)


def test_a_mail_that_the_database_lacks_is_found(
    scene: Scene, looked: Look, house: Path, walked: tuple[str, Path, Walked]
) -> None:
    stranger = "00000000-0000-4000-8000-000000000001"
    with journal_of(house, walked).open("a") as file:
        file.write(f"2026-11-19T09:00:00+00:00 {stranger} notice 1 1 -\n")
        file.write("2026-11-19T09:00:00+00:00 cut sho")
    report = looked(scene)
    assert named(report, "I28", f"journal line of {stranger}"), told(report)
    assert len(report.findings) == 1


@pytest.mark.parametrize(("confirmed", "named_again"), [(1, False), (0, True), (2, True)])
def test_a_confirmed_line_is_explained_as_long_as_the_number_fits(
    scene: Scene,
    looked: Look,
    house: Path,
    walked: tuple[str, Path, Walked],
    confirmed: int,
    named_again: bool,
) -> None:
    """I28 after a restore: the person who confirmed it saw that many mails of which the database knows nothing."""
    stranger = "00000000-0000-4000-8000-000000000001"
    with journal_of(house, walked).open("a") as file:
        file.write(f"2026-11-19T09:00:00+00:00 {stranger} notice 1 1 -\n")
    scene.execute(
        "insert into trail_record (company_id, recorded_at, actor_kind, actor_label, verb, facts) values "
        "(%s, '2026-11-19T10:00:00Z', 'system', 'tests', 'installation.confirmed', %s)",
        [walked[2].company, f'{{"unknown": {confirmed}}}'],
    )
    assert named(looked(scene), "I28", f"journal line of {stranger}") is named_again


def test_a_mail_that_left_and_was_forgotten_is_found(
    scene: Scene, looked: Look, house: Path, walked: tuple[str, Path, Walked]
) -> None:
    """A failed-over database: the mail left, and stands as queued; it would be sent again."""
    row = scene.execute(
        "select id, public_id from messaging_intent where state = 'queued' and channel = 'mail' order by id limit 1"
    ).fetchone() or {}  # fmt: skip
    with journal_of(house, walked).open("a") as file:
        file.write(f"2026-11-19T09:00:00+00:00 {row['public_id']} notice 1 1 -\n")
    report = looked(scene)
    assert named(report, "I28", f"message {row['id']}"), told(report)


def test_a_tail_cut_off_is_found_by_its_anchor_only(
    scene: Scene, looked: Look, house: Path, walked: tuple[str, Path, Walked]
) -> None:
    head = scene.execute(
        "select sequence, hash from trail_seal where company_id = 1 order by sequence desc limit 1"
    ).fetchone() or {}  # fmt: skip
    drop_anchor(company=walked[2].company, head=Head(head["sequence"], bytes(head["hash"])), at=AFTER)
    assert not looked(scene).findings
    scene.execute(
        "with lost as (delete from trail_seal where company_id = 1 and sequence = %s returning record_id)"
        " delete from trail_record where id in (select record_id from lost)",
        [head["sequence"]],
    )
    assert named(looked(scene), "I43", f"seal {head['sequence']}")


def test_a_rewritten_chain_is_found_by_its_anchor(
    scene: Scene, looked: Look, house: Path, walked: tuple[str, Path, Walked]
) -> None:
    drop_anchor(company=walked[2].company, head=Head(2, b"\1" * 32), at=AFTER)
    findings = [one for one in looked(scene).findings if one.invariant == "I43"]
    assert [one.difference for one in findings] == [
        "is anchored outside with another hash: the chain was rewritten"
    ]


# ------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def planted(at_home: Walked, walked: tuple[str, Path, Walked], server: Server) -> Iterator[int]:
    """A customer one of whose items was changed by hand, committed; put right afterwards."""
    found = server.credentials("superuser", walked[0]).kwargs()
    with psycopg.connect(**found, autocommit=True) as hand:
        hand.execute("set session_replication_role = replica")
        item, customer = hand.execute(
            "select item_id, customer_id from receivables_itemstate where company_id = 1 and open_minor > 100"
            " and customer_id not in (select id from receivables_customer where parked_at is not null)"
            " order by item_id limit 1"
        ).fetchone() or (0, 0)
        change = "update receivables_itemstate set open_minor = open_minor - %s where item_id = %s"
        hand.execute(change, [100, item])
        yield customer
        hand.execute(change, [-100, item])


def test_a_clean_house_exits_0_and_counts(at_home: Walked, capsys: pytest.CaptureFixture[str]) -> None:
    with clock_at(AFTER):
        assert check(words(json=True)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["findings"] == []
    assert answer["checked"]["I1"] > 20


def test_a_finding_exits_1_and_parks_its_customer(
    at_home: Walked, planted: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with clock_at(AFTER):
        assert check(words(json=True, no_park=True, company="acme")) == 1
        assert parked(at_home, planted) == ""
        assert check(words()) == 1
    first, _, rest = capsys.readouterr().out.partition("\n")
    found = [one for one in json.loads(first)["findings"] if one["invariant"] == "I1"]
    assert [one["difference"] for one in found if one["object"].startswith("item ")] == [-100]
    assert f"Parked, so that nothing is sent to them until a person has looked: acme/{planted}." in rest
    assert parked(at_home, planted) == "check"


def parked(at_home: Walked, customer: int) -> str:
    """Why a customer is parked; her parking must stand in the trail."""
    with serving(at_home.company), transaction.atomic():
        reason = Customer.objects.get(id=customer).parked_reason
        records = Record.objects.filter(
            verb="customer.parked", actor_label="check", facts={"reason": "check"}
        )
        assert records.exists() == (reason == "check")
        return reason


def test_one_company_is_looked_at_alone(at_home: Walked, planted: int) -> None:
    report = examine(database=str(connection.settings_dict["NAME"]), now=AFTER, company="umbra")
    assert told(report) == ""
    assert report.companies == {"umbra": at_home.other}


def test_what_cannot_be_looked_at_exits_2(at_home: Walked) -> None:
    assert check(words(company="nobody")) == 2
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "NAME", "debitora_that_is_not")
        assert check(words()) == 2


def test_anchors_are_dropped_for_sound_chains(at_home: Walked, house: Path) -> None:
    with clock_at(AFTER):
        check(words(anchor=True, company="umbra"))
        check(words(anchor=True, company="umbra"))
    lines = (house / "journal" / f"anchor-{at_home.other}.log").read_text().splitlines()
    assert len(lines) == 2
    assert lines[0] == lines[1]
