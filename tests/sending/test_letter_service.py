"""S07, S22: a pile handed to a letter service through a folder lies there once, whole, or not at all; what nobody knows is shown."""

from __future__ import annotations

import csv
import hashlib
import io
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pikepdf
import pytest
from django.db import connection
from django.test import Client

from debitora.kit import failpoints
from debitora.kit.failpoints import FailpointReached
from debitora.messaging import jobs
from debitora.messaging.actions import Handed, NothingWaits, lock_sending, make_pile, mark_printed, settle
from debitora.messaging.actions.dropping import NothingToDrop, PileDropped, drop_pile, rescue_drops
from debitora.messaging.actions.settling import SendingIsLocked
from debitora.messaging.models import Attempt, Intent, PileDrop
from debitora.messaging.testing import MOMENT, TESTS, a_queued_letter, a_sender
from debitora.people.models import Company, User
from debitora.receivables.actions import place_hold
from debitora.receivables.testing import ON, a_customer, an_open_item

PLACES = ("drop_claimed:1", "drop_prepared:1", "drop_started:1", "drop_published:1", "drop_published:2")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, company: Company) -> Path:
    monkeypatch.setenv("DEBITORA_OUTBOX", str(tmp_path / "outbox"))
    found = tmp_path / "outbox" / company.code / "letters"
    found.mkdir(parents=True)
    return found


@pytest.fixture
def pile(company: Company) -> int:
    """Three letters, joined."""
    a_sender(company.id)
    for place in range(1, 4):
        customer = a_customer(
            company.id, number=f"K{place}", country="DE", postcode=f"1000{place}", street="Weg 1", city="Ort"
        )
        item = an_open_item(company.id, customer, number=f"R{place}")
        a_queued_letter(company.id, customer, [item], subject=place)
    return make_pile(company=company, chosen=None, duplex=True, by=TESTS, at=MOMENT).id


def drop(company: Company, pile: int) -> PileDrop:
    return drop_pile(company=company, pile=pile, by=TESTS, clock=lambda: MOMENT)


def states() -> list[str]:
    return list(Intent.objects.order_by("id").values_list("state", flat=True))


def seen(folder: Path) -> list[str]:
    """What a reader of the folder sees, by kind: hidden files are none of his business."""
    return sorted(path.suffix for path in folder.iterdir() if not path.name.startswith("."))


def index_in(folder: Path) -> list[dict[str, str]]:
    (path,) = folder.glob("[!.]*.csv")
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def is_whole(folder: Path) -> bool:
    """What the index names lies there, with every page."""
    rows = index_in(folder)
    data = (folder / rows[0]["file"]).read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    return hashlib.sha256(data).hexdigest() == rows[0]["file_sha256"] and pages == sum(
        int(row["pages"]) for row in rows
    )


def the_lease_ends() -> None:
    with connection.cursor() as cursor:
        cursor.execute("update messaging_piledrop set claimed_at = claimed_at - interval '16 minutes'")


def test_s07_a_pile_is_handed_over_once_with_its_index(company: Company, pile: int, folder: Path) -> None:
    assert drop(company, pile).state == "handed"
    assert states() == ["printed"] * 3
    assert seen(folder) == [".csv", ".pdf"]
    assert is_whole(folder)
    rows = index_in(folder)
    assert [row["key"] for row in rows] == [str(one.public_id) for one in Intent.objects.order_by("id")]
    assert [(row["first_page"], row["postcode"]) for row in rows] == [
        ("1", "10001"),
        ("2", "10002"),
        ("3", "10003"),
    ]
    assert list(
        Attempt.objects.filter(intent_id=Intent.objects.order_by("id")[0].id)
        .order_by("id")
        .values_list("state", flat=True)
    ) == ["queued", "claimed", "data_started", "printed"]
    with pytest.raises(PileDropped):
        drop(company, pile)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("place", PLACES)
def test_s07_what_dies_in_the_middle_is_done_again_or_uncertain(
    company: Company, pile: int, folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    name, _, nth = place.partition(":")
    _fails_at(monkeypatch, name, int(nth))
    with pytest.raises(FailpointReached):
        drop(company, pile)
    monkeypatch.delenv("DEBITORA_FAILPOINT")
    assert ".csv" not in seen(folder) or is_whole(folder)
    with pytest.raises(PileDropped):
        drop(company, pile)
    assert rescue_drops(company=company, at=MOMENT) == {}
    the_lease_ends()
    if name in ("drop_claimed", "drop_prepared"):
        assert rescue_drops(company=company, at=MOMENT) == {"failed": 1}
        assert seen(folder) == []
        assert drop(company, pile).state == "handed"
    elif place == "drop_published:2":
        assert rescue_drops(company=company, at=MOMENT) == {"handed": 1}
    else:
        assert rescue_drops(company=company, at=MOMENT) == {"uncertain": 1}
        assert states() == ["uncertain"] * 3
        with pytest.raises(PileDropped):
            drop(company, pile)
        return
    assert states() == ["printed"] * 3
    assert seen(folder) == [".csv", ".pdf"]
    assert is_whole(folder)


def _fails_at(monkeypatch: pytest.MonkeyPatch, name: str, nth: int) -> None:
    failpoints._passed.clear()
    monkeypatch.setenv("DEBITORA_TEST", "1")
    monkeypatch.setenv("DEBITORA_FAILPOINT", f"{name}:raise:{nth}")


def test_s07_a_person_settles_what_is_uncertain(
    company: Company, pile: int, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEBITORA_JOURNAL", str(tmp_path / "journal"))
    _fails_at(monkeypatch, "drop_started", 1)
    with pytest.raises(FailpointReached):
        drop(company, pile)
    monkeypatch.delenv("DEBITORA_FAILPOINT")
    the_lease_ends()
    rescue_drops(company=company, at=MOMENT)
    first, second, third = Intent.objects.order_by("id")
    for letter, finding in ((first, "sent"), (second, "resend"), (third, "dropped")):
        settle(company=company.id, intent=letter.id, finding=finding, note="asked", by=TESTS, at=MOMENT)
    assert states() == ["accepted", "queued", "cancelled"]
    again = make_pile(company=company, chosen=None, duplex=True, by=TESTS, at=MOMENT)
    assert (again.letters, drop(company, again.id).state) == (1, "handed")
    assert [row["key"] for row in index_in(folder)] == [str(second.public_id)]


def test_a_letter_whose_ground_has_gone_stays_out(company: Company, pile: int, folder: Path) -> None:
    paid = Intent.objects.order_by("id")[1]
    place_hold(
        company=company.id, customer=paid.customer_id, reason="promise", from_on=ON, by=TESTS, at=MOMENT
    )
    assert drop(company, pile).state == "handed"
    assert states() == ["printed", "stopped", "printed"]
    assert len(index_in(folder)) == 2
    assert is_whole(folder)


def test_a_hold_placed_while_the_files_are_written_lets_nothing_out(
    company: Company, pile: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Intent.objects.order_by("id")[1]
    moments = iter(range(9))

    def clock() -> datetime:
        if next(moments) == 1:  # after the claim, before the last look
            place_hold(
                company=company.id,
                customer=held.customer_id,
                reason="promise",
                from_on=ON,
                by=TESTS,
                at=MOMENT,
            )
        return MOMENT

    ended = drop_pile(company=company, pile=pile, by=TESTS, clock=clock)
    assert (ended.state, ended.reason) == ("failed", "changed_meanwhile")
    assert states() == ["queued", "stopped", "queued"]
    assert list(folder.iterdir()) == []
    assert drop(company, pile).state == "handed"
    assert states() == ["printed", "stopped", "printed"]


@pytest.mark.parametrize("fault", ["missing", "link", "file"])
def test_without_its_folder_nothing_leaves_and_the_letters_wait(
    company: Company, pile: int, folder: Path, tmp_path: Path, fault: str
) -> None:
    folder.rmdir()
    if fault == "link":
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    elif fault == "file":
        folder.touch()
    ended = drop(company, pile)
    assert (ended.state, ended.reason) == ("failed", "folder_missing")
    assert states() == ["queued"] * 3


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What this process writes to a file beyond so many bytes is refused, even to root, who passes every closed door."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_folder_that_takes_nothing_is_told(company: Company, pile: int, folder: Path) -> None:
    with files_of_at_most(100):
        ended = drop(company, pile)
    assert (ended.state, ended.reason) == ("failed", "folder_closed")
    assert states() == ["queued"] * 3
    assert seen(folder) == []
    assert drop(company, pile).state == "handed"
    assert is_whole(folder)


def test_while_sending_is_locked_no_pile_leaves(company: Company, pile: int, folder: Path) -> None:
    lock_sending(company=company.id, note="", by=TESTS, at=MOMENT)
    with pytest.raises(SendingIsLocked):
        drop(company, pile)
    assert list(folder.iterdir()) == []


def test_s22_a_letter_leaves_one_way_only(company: Company, pile: int, folder: Path) -> None:
    first, *_others = Intent.objects.order_by("id")
    mark_printed(company=company.id, intents=[first.id], by=TESTS, at=MOMENT)
    assert drop(company, pile).state == "handed"
    assert str(first.public_id) not in [row["key"] for row in index_in(folder)]
    letters = list(Intent.objects.values_list("id", flat=True))
    assert mark_printed(company=company.id, intents=letters, by=TESTS, at=MOMENT) == Handed()
    with pytest.raises(NothingWaits):
        make_pile(company=company, chosen=None, duplex=True, by=TESTS, at=MOMENT)


def test_nothing_is_handed_over_where_nothing_waits(company: Company, pile: int, folder: Path) -> None:
    letters = list(Intent.objects.values_list("id", flat=True))
    mark_printed(company=company.id, intents=letters, by=TESTS, at=MOMENT)
    with pytest.raises(NothingToDrop):
        drop(company, pile)


def test_the_page_offers_the_service_where_its_folder_is(
    company: Company, pile: int, folder: Path, client_of: Callable[[User], Client], clerk: User, auditor: User
) -> None:
    address = f"/c/acme/deliveries/letters/piles/{pile}/"
    client = client_of(clerk)
    assert "Letter service" in client.get(address).content.decode()
    told = client.post(f"{address}service/", follow=True).content.decode()
    assert "The pile goes to the letter service now." in told
    jobs.drop(company=company.id, pile=pile)
    jobs.drop(company=company.id, pile=pile)  # asked twice, it goes once
    shown = client.get(address).content.decode()
    assert "Handed to the letter service" in shown
    assert "Hand to the letter service?" not in shown
    assert client_of(auditor).post(f"{address}service/").status_code in (403, 404)


def test_without_a_folder_the_page_offers_nothing_and_says_why(
    company: Company, pile: int, folder: Path, client_of: Callable[[User], Client], clerk: User
) -> None:
    folder.rmdir()
    address = f"/c/acme/deliveries/letters/piles/{pile}/"
    client = client_of(clerk)
    assert "Hand to the letter service?" not in client.get(address).content.decode()
    assert "its folder is not there" in client.post(f"{address}service/", follow=True).content.decode()


def test_who_signed_in_long_ago_is_asked_again(
    company: Company, pile: int, folder: Path, client_of: Callable[[User], Client], clerk: User
) -> None:
    client = client_of(clerk)
    session = client.session
    session.pop("confirmed", None)
    session.save()
    client.post(f"/c/acme/deliveries/letters/piles/{pile}/service/")
    assert not PileDrop.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'messaging.drop'")
        assert cursor.fetchone() == (0,)
